"""Several alerts as one message: after quiet hours, a flood or a limit, or when a plan is due.

Layer 1, pure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import Final

from monitor.alerts.localtime import say_date
from monitor.alerts.timing import FLOOD, GROUP, LIMIT, QUIET
from monitor.model import Alert, Level, MessageKind

_LEVELS: Final = tuple(Level)
_WHY: Final = {
    QUIET: "held during quiet hours",
    LIMIT: "held beyond a limit",
    FLOOD: "held in a flood: more came than the fuse lets through one by one",
    GROUP: "gathered",
}


@dataclass(frozen=True, slots=True)
class DigestItem:
    """One alert that waits, with the hits of its channel's rules; ``plan_name`` says for what.

    ``at``: when it was put there (UTC).
    """

    alert: Alert
    plan_name: str
    at: datetime


def digest(
    notifier: str, due_at: datetime, items: Sequence[DigestItem], zone: tzinfo = UTC
) -> Alert:
    """The message for ``notifier`` that holds ``items``; its title tells the time in ``zone``.

    Items of one story stand together; stories with a louder alert come first, then those that
    began first. The id depends on channel, time and items only, not on their order.

    Raises:
        ValueError: there are no items.
    """
    if not items:
        raise ValueError("a digest of nothing")
    ordered = _grouped(items)
    stories = len({_story(item.alert) for item in items})
    count = "1 report" if len(items) == 1 else f"{len(items)} reports"
    if stories < len(items):
        count += f" in {stories} {'story' if stories == 1 else 'stories'}"
    return Alert(
        id=_digest_id(notifier, due_at, items),
        article_id="",
        title=f"{count}, {say_date(due_at, zone)}",
        url="",
        source="",
        published=None,
        created_at=due_at,
        hits=(),
        kind=MessageKind.DIGEST,
        because=_because(items),
        items=tuple(item.alert for item in ordered),
    )


def _grouped(items: Sequence[DigestItem]) -> list[DigestItem]:
    stories: dict[str, list[DigestItem]] = {}
    for item in sorted(items, key=lambda item: (item.at, item.alert.id)):
        stories.setdefault(_story(item.alert), []).append(item)
    groups = list(stories.values())  # by their beginning; sorting keeps that among equals
    groups.sort(key=lambda group: max(_LEVELS.index(item.alert.level) for item in group),
                reverse=True)  # fmt: skip
    return [item for group in groups for item in group]


def _story(alert: Alert) -> str:
    """What holds alerts together; an alert without a story is one of its own."""
    return f"story {alert.story.id}" if alert.story is not None else f"article {alert.article_id}"


def _because(items: Sequence[DigestItem]) -> str:
    """Why these were not told one by one: ``held during quiet hours``; numbers where it differs."""
    counts: dict[str, int] = {}
    for item in items:
        counts[item.plan_name] = counts.get(item.plan_name, 0) + 1
    said = {_WHY.get(plan, f"the digest of {plan}"): number for plan, number in counts.items()}
    if len(said) == 1:
        return next(iter(said))
    return "; ".join(f"{number} {why}" for why, number in sorted(said.items()))


def _digest_id(notifier: str, due_at: datetime, items: Sequence[DigestItem]) -> str:
    parts = sorted(item.alert.id for item in items)
    text = f"digest {notifier} {due_at.astimezone(UTC).isoformat()} {' '.join(parts)}"
    return sha256(text.encode()).hexdigest()[:12]
