"""What a template sees of a message: cleaned texts, lists of them, and nothing that can be called.

Layer 1, pure. The names are documented in docs/notifiers.md, "Templates"; names may be added, never
changed. Lists are tuples, mappings are plain; times are in words (UTC) and in ISO 8601.
"""

from datetime import UTC
from typing import Any, Final

from monitor.alerts.compose_digest import compose_digest
from monitor.alerts.compose_links import digest_way
from monitor.alerts.escape import clean
from monitor.alerts.message import Message, compose
from monitor.alerts.render_text import subject, text
from monitor.alerts.render_text_lines import marked
from monitor.model import Alert, MessageKind

NAMES: Final = frozenset(
    """
    also because figures host id items kind left_out level link more notes outlet places published
    rules silence story subject text title urgent when
    """.split()
)
"""What ``values`` gives, so that a template can be checked before there is a message."""


def values(alert: Alert, public_url: str | None = None) -> dict[str, Any]:
    """The values for ``alert``; ``text`` is the whole message as it would be without a template."""
    message = compose(alert, public_url=public_url)
    found = _message(message)
    found |= {
        "id": clean(alert.id),
        "kind": alert.kind.value,
        "level": alert.level.value,
        "subject": subject(alert),
        "text": text(alert, public_url),
        "items": (),
        "left_out": 0,
    }
    if alert.kind is MessageKind.DIGEST:
        digest = compose_digest(alert, public_url=public_url)
        way = digest_way(alert.id, public_url)
        found["items"] = tuple(_message(item) for story in digest.stories for item in story.items)
        found["left_out"] = digest.left_out
        found["more"] = way.link or way.command
    return found


def _message(message: Message) -> dict[str, Any]:
    story = message.story
    return {
        "title": message.title,
        "link": message.link,
        "outlet": message.outlet,
        "host": message.host,
        "when": message.when,
        "published": ""
        if message.published is None
        else message.published.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "urgent": message.urgent,
        "because": message.because,
        "rules": tuple(
            {
                "title": rule.title,
                "why": rule.why,
                "urgent": rule.urgent,
                "sentences": tuple(
                    "".join(run.text for run in snippet) for snippet in rule.snippets
                ),
                "marked": tuple(marked(snippet) for snippet in rule.snippets),
            }
            for rule in message.rules
        ),
        "also": message.also,
        "places": tuple({"outlet": one.outlet, "link": one.link} for one in message.places),
        "notes": message.notes,
        "story": None
        if story is None
        else {"id": story.id, "title": story.title, "articles": story.articles},
        "figures": tuple({"text": one.text, "disputed": one.disputed} for one in message.figures),
        "more": message.more.link or message.more.command,
        "silence": ""
        if message.silence is None
        else message.silence.link or message.silence.command,
    }
