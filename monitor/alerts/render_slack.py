"""A message as a Slack payload: Block Kit, with the hits in bold.

Layer 1, pure. Text from the web stands only in ``rich_text`` elements, which Slack never reads as
markup, so there is nothing to escape; the one header holds our own words. Tokens that would be live
in Slack's other text format are broken all the same, and the fallback ``text``, which is markup,
is escaped.

Limits (docs.slack.dev/reference/block-kit, read November 2026): 50 blocks a message, 3,000
characters a text, 150 a header. Slack also refuses messages whose blocks are about 13,000
characters of JSON together, which its reference does not say (slackapi/bolt-js, thread 2509).
"""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from monitor.alerts.escape import Run, cut
from monitor.alerts.message import Limits, Message, RuleView, compose
from monitor.alerts.render_text import subject, text
from monitor.model import Alert

Element = dict[str, Any]

_JSON_LIMIT: Final = 12_000  # characters of all blocks
_LADDER: Final = (
    Limits(),
    Limits(rules=4, snippets=1, snippet=300, places=4),
    Limits(rules=2, snippets=1, snippet=200, places=0),
)
_FALLBACK_LIMIT: Final = 2_900  # characters, entities included
_RUNS_LIMIT: Final = 24  # pieces of a sentence; further hits are not bold
_TOKEN: Final = re.compile(r"<(?=[!@#]|[a-zA-Z][a-zA-Z0-9+.-]{0,20}:)")
_DATE: Final = "{date_short_pretty}, {time}"


def slack_payload(alert: Alert) -> dict[str, object]:
    """The JSON body for an incoming webhook; smaller where the whole would not fit."""
    for limits in _LADDER:
        blocks = _blocks(compose(alert, limits))
        if len(json.dumps(blocks)) <= _JSON_LIMIT:
            break
    return {
        "text": slack_escape(subject(alert)),
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def slack_plain_payload(alert: Alert) -> dict[str, object]:
    """The same message without blocks, for a Slack that refuses them."""
    lines = slack_escape(text(alert))
    if len(lines) > _FALLBACK_LIMIT:
        lines = re.sub(r"&[a-z]{0,3}…$", "…", cut(lines, _FALLBACK_LIMIT))
    return {"text": lines, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


def slack_escape(line: str) -> str:
    """``line`` for Slack's mrkdwn: the three characters that begin its tokens, as entities."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _blocks(message: Message) -> list[Element]:
    blocks: list[Element] = []
    if message.urgent:
        header = {"type": "plain_text", "text": "🚨 Urgent", "emoji": True}
        blocks.append({"type": "header", "text": header})
    blocks.append(_rich([_section(_head(message))]))
    blocks += [_rich([*_quotes(rule), _section(_rule(rule))]) for rule in message.rules]
    blocks.append(_rich([_section(list(_foot(message)))]))
    return blocks


def _head(message: Message) -> list[Element]:
    title: Element = (
        {"type": "link", "url": message.link, "text": _inert(message.title)}
        if message.link
        else {"type": "text", "text": _inert(message.title)}
    )
    elements = [{**title, "style": {"bold": True}}]
    if message.source:
        elements.append(_text("\n" + message.source))
    if message.published is not None:
        elements.append(_text(" · " if message.source else "\n"))
        elements.append(
            {
                "type": "date",
                "timestamp": max(0, int(message.published.timestamp())),
                "format": _DATE,
                "fallback": message.when,
            }
        )
    return elements


def _quotes(rule: RuleView) -> list[Element]:
    return [
        {"type": "rich_text_quote", "elements": [_run(run) for run in _few(snippet)]}
        for snippet in rule.snippets
    ]


def _rule(rule: RuleView) -> list[Element]:
    elements = [_text("Rule: "), _text(rule.title, bold=True)]
    if rule.urgent:
        elements.append(_text(" (urgent)"))
    if rule.why:
        elements.append(_text(f"\nWhy: {rule.why}", italic=True))
    return elements


def _foot(message: Message) -> Iterator[Element]:
    if message.more_rules:
        yield _text(f"and {message.more_rules} more rules\n")
    for position, place in enumerate(message.places):
        yield _text(", " if position else "Also: ")
        if place.link:
            yield {"type": "link", "url": place.link, "text": _inert(place.outlet)}
        else:
            yield _text(place.outlet)
    if message.more_places:
        yield _text(f" (+{message.more_places})" if message.places else "Also in other outlets")
    if message.places or message.more_places:
        yield _text("\n")
    for note in message.notes:
        yield _text("⚠ ")
        yield _text(note, italic=True)
        yield _text("\n")
    yield _text("More: ")
    yield {"type": "text", "text": message.command, "style": {"code": True}}


def _rich(elements: list[Element]) -> Element:
    return {"type": "rich_text", "elements": elements}


def _section(elements: list[Element]) -> Element:
    return {"type": "rich_text_section", "elements": elements}


def _text(words: str, **style: bool) -> Element:
    element: Element = {"type": "text", "text": _inert(words)}
    return {**element, "style": dict(style)} if style else element


def _run(run: Run) -> Element:
    return _text(run.text, bold=True) if run.hit else _text(run.text)


def _few(snippet: tuple[Run, ...]) -> tuple[Run, ...]:
    if len(snippet) <= _RUNS_LIMIT:
        return snippet
    rest = "".join(run.text for run in snippet[_RUNS_LIMIT:])
    return (*snippet[:_RUNS_LIMIT], Run(rest))


def _inert(words: str) -> str:
    """``words`` with the beginnings of Slack's tokens replaced by a look-alike bracket."""
    return _TOKEN.sub("‹", words)
