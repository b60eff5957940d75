"""A message as an HTML mail that reads well on a phone, in light and in dark. Layer 1, pure."""

from markupsafe import Markup

from monitor.alerts.compose_digest import ITEMS, compose_digest
from monitor.alerts.message import Message, RuleView, compose
from monitor.alerts.render_html_digest import digest_body
from monitor.alerts.render_html_parts import (
    BUTTON,
    HEAD,
    KICKER,
    NOTE,
    PARAGRAPH,
    QUOTE,
    RULE,
    SAYING,
    URGENT,
    capital,
    figures,
    foot,
    page,
    places,
    plain,
    sentence,
)
from monitor.model import Alert, MessageKind


def html(alert: Alert, public_url: str | None = None) -> str:
    """``alert`` as a complete HTML document.

    ``public_url`` is where our own page is served; without it commands stand for links.
    """
    if alert.kind is MessageKind.DIGEST:
        digest = compose_digest(alert, ITEMS, public_url)
        first = ", ".join(item.title for story in digest.stories[:3] for item in story.items[:1])
        return page(digest.title, digest.because or first, digest_body(digest))
    message = compose(alert, public_url=public_url)
    body = Markup("").join(
        [
            URGENT if message.urgent else "",
            HEAD.format(kicker=_kicker(message), title=message.title, byline=message.byline),
            _saying(message),
            *(_rule(rule) for rule in message.rules),
            _after(message),
            foot(message.ways),
        ]
    )
    return page(message.title, _preheader(message), body)


def _preheader(message: Message) -> str:
    """What a mailbox shows beside the subject: what is new, or the sentence that was found."""
    if message.because:
        return message.because
    for rule in message.rules:
        for snippet in rule.snippets:
            return plain(snippet)
    return message.byline


def _kicker(message: Message) -> Markup:
    if message.kind is not MessageKind.UPDATE:
        return Markup("")
    story = f"Update · {message.part_of}" if message.part_of else "Update"
    return KICKER.format(words=story)


def _saying(message: Message) -> Markup:
    """Why the message was sent, where that is not told by a rule."""
    if not message.because:
        return Markup("")
    label = "Again: " if message.kind is MessageKind.UPDATE else ""
    return SAYING.format(label=label, words=message.because)


def _rule(rule: RuleView) -> Markup:
    return RULE.format(
        quotes=Markup("").join(QUOTE.format(sentence=sentence(s)) for s in rule.snippets),
        title=rule.title,
        level=" · urgent" if rule.urgent else "",
        why=rule.why,
    )


def _after(message: Message) -> Markup:
    parts: list[Markup] = []
    if message.more_rules:
        parts.append(PARAGRAPH.format(words=f"and {message.more_rules} more rules"))
    parts.append(figures(message.figures, message.more_figures))
    parts += [NOTE.format(words=capital(note)) for note in message.notes]
    if message.link:
        parts.append(BUTTON.format(link=message.link, words=f"Read on {message.host}"))
    parts.append(places(message.places, message.more_places))
    if not any(parts):
        return Markup("")
    return Markup('<div class="pad" style="padding:14px 28px 4px">\n{}</div>\n').format(
        Markup("").join(parts)
    )
