"""A message as a Slack payload: Block Kit, with the hits in bold.

Layer 1, pure. Text from the web stands only in rich text, which needs no escaping; the fallback
``text``, which is markup, is escaped.

Limits (docs.slack.dev/reference/block-kit, read November 2026): 50 blocks a message, 3,000
characters a text, 150 a header. Slack also refuses messages whose blocks are about 13,000
characters of JSON together, which its reference does not say (slackapi/bolt-js, thread 2509).
"""

import json
import re
from collections.abc import Iterator
from typing import Final

from monitor.alerts.compose_digest import compose_digest, fitting
from monitor.alerts.escape import cut
from monitor.alerts.message import Limits, Message, RuleView, compose
from monitor.alerts.render_slack_digest import MOST_ITEMS, digest_blocks
from monitor.alerts.render_slack_elements import (
    Element,
    figures,
    linked,
    moment,
    others,
    quote,
    rich,
    section,
    steps,
    words,
)
from monitor.alerts.render_text import subject, text
from monitor.model import Alert, MessageKind

_JSON_LIMIT: Final = 12_000  # characters of all blocks
_LADDER: Final = (
    Limits(),
    Limits(rules=4, snippets=1, snippet=300, places=4, figures=3, sentences=2),
    Limits(rules=2, snippets=1, snippet=200, places=0, figures=2, sentences=0),
)
_FALLBACK_LIMIT: Final = 2_900  # characters, entities included


def slack_payload(alert: Alert, public_url: str | None = None) -> dict[str, object]:
    """The JSON body of a message; smaller where the whole would not fit."""
    return {
        "text": slack_escape(subject(alert)),
        "blocks": _digest(alert, public_url)
        if alert.kind is MessageKind.DIGEST
        else _message(alert, public_url),
        "unfurl_links": False,
        "unfurl_media": False,
    }


def slack_plain_payload(alert: Alert, public_url: str | None = None) -> dict[str, object]:
    """The same message without blocks, for a Slack that refuses them."""
    if alert.kind is MessageKind.DIGEST:
        shown = fitting(
            MOST_ITEMS,
            lambda most: len(slack_escape(text(alert, public_url, most=most))) <= _FALLBACK_LIMIT,
        )
        lines = slack_escape(text(alert, public_url, most=shown))
    else:
        lines = slack_escape(text(alert, public_url))
    return slack_text_payload(lines, mrkdwn=False)


def slack_text_payload(escaped: str, *, mrkdwn: bool) -> dict[str, object]:
    """A message of text that is escaped already, cut to what Slack takes."""
    if len(escaped) > _FALLBACK_LIMIT:
        escaped = re.sub(r"&[a-z]{0,3}…$", "…", cut(escaped, _FALLBACK_LIMIT))
    return {"text": escaped, "mrkdwn": mrkdwn, "unfurl_links": False, "unfurl_media": False}


def slack_escape(line: str) -> str:
    """``line`` for Slack's mrkdwn: the three characters that begin its tokens, as entities."""
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _message(alert: Alert, public_url: str | None) -> list[Element]:
    for limits in _LADDER:
        blocks = _blocks(compose(alert, limits, public_url))
        if _fits(blocks):
            break
    return blocks


def _digest(alert: Alert, public_url: str | None) -> list[Element]:
    """All alerts with their sentences if they fit, else as many as fit without them."""
    total = compose_digest(alert, MOST_ITEMS, public_url)
    blocks = digest_blocks(total, sentences=True)
    if _fits(blocks):
        return blocks

    def bare(most: int) -> list[Element]:
        return digest_blocks(compose_digest(alert, most, public_url), sentences=False)

    return bare(fitting(MOST_ITEMS, lambda most: _fits(bare(most))))


def _fits(blocks: list[Element]) -> bool:
    return len(json.dumps(blocks)) <= _JSON_LIMIT


def _blocks(message: Message) -> list[Element]:
    blocks: list[Element] = []
    if message.urgent:
        header = {"type": "plain_text", "text": "🚨 Urgent", "emoji": True}
        blocks.append({"type": "header", "text": header})
    blocks.append(rich([section(_head(message))]))
    blocks += [rich([*map(quote, rule.snippets), section(_rule(rule))]) for rule in message.rules]
    blocks.append(rich([section(_foot(message))]))
    return blocks


def _head(message: Message) -> Iterator[Element]:
    if message.kind is MessageKind.UPDATE:
        yield words("Update: ", bold=True)
    yield linked(message.title, message.link, bold=True)
    if message.source:
        yield words("\n" + message.source)
    if message.published is not None:
        yield words(" · " if message.source else "\n")
        yield moment(message.published)
    if message.because:
        yield words("\nAgain: " if message.kind is MessageKind.UPDATE else "\n")
        yield words(message.because)
    if message.part_of:
        yield words(f"\nStory: {message.part_of}")


def _rule(rule: RuleView) -> Iterator[Element]:
    yield words("Rule: ")
    yield words(rule.title, bold=True)
    if rule.urgent:
        yield words(" (urgent)")
    if rule.why:
        yield words(f"\nWhy: {rule.why}", italic=True)


def _foot(message: Message) -> Iterator[Element]:
    if message.more_rules:
        yield words(f"and {message.more_rules} more rules\n")
    yield from figures(message.figures, message.more_figures)
    also = list(others(message.places, message.more_places))
    if also:
        yield from also
        yield words("\n")
    for note in message.notes:
        yield words("⚠ ")
        yield words(note, italic=True)
        yield words("\n")
    yield from steps(message.ways)
