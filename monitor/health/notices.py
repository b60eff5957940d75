"""What the operator is told: one notice per trouble, and one when it is over.

Layer 1, pure. Whoever watches something says what is wrong with it now (``Condition``); here is
decided what of that is news. A trouble that lasts is told once; once more if it turns out to need a
person (``weight`` grows); once when it is over.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final, NamedTuple

from monitor.model import Alert, MessageKind

PASSING: Final = 1  # it may mend itself
NEEDS_A_PERSON: Final = 2  # it will not
MOST_ONE_BY_ONE: Final = 5  # notices of one kind at one time; more become one


@dataclass(frozen=True, slots=True)
class Condition:
    """A trouble as it is now. ``subject`` is stable while it lasts: ``disk``, ``channel desk``."""

    subject: str
    title: str  # a headline: what is wrong
    text: str  # sentences: since when, why, and the mend
    weight: int = PASSING
    since: datetime | None = None  # when it began, where that is known; None: now


@dataclass(frozen=True, slots=True)
class Notice:
    """What is told. ``over`` None: the trouble lasts; else it says when it ended."""

    subject: str
    title: str
    text: str
    since: datetime
    over: datetime | None = None
    weight: int = PASSING


class Judged(NamedTuple):
    """``open``: the notices whose trouble lasts; ``told``: those that are news, in order."""

    open: tuple[Notice, ...]
    told: tuple[Notice, ...]


def nothing_unsure(_subject: str) -> bool:
    """Everything can be judged."""
    return False


def judge(
    before: Iterable[Notice],
    present: Iterable[Condition],
    now: datetime,
    unsure: Callable[[str], bool] = nothing_unsure,
) -> Judged:
    """What is open from now on and what is told, given what was open ``before``.

    ``unsure(subject)``: whether nothing can be said of this subject now (feeds, while our own
    network is down): its trouble neither begins nor ends.
    """
    was = {notice.subject: notice for notice in before}
    still: list[Notice] = []
    told: list[Notice] = []
    for condition in present:
        known = was.pop(condition.subject, None)
        if known is None and unsure(condition.subject):
            continue
        after = _after(known, condition, now)
        still.append(after)
        if known is None or after.weight > known.weight:
            told.append(after)
    for known in was.values():
        if unsure(known.subject):
            still.append(known)
        else:
            told.append(_over(known, now))
    return Judged(tuple(still), tuple(told))


def folded(told: Iterable[Notice], now: datetime) -> tuple[Notice, ...]:
    """``told`` for people: of many of one kind at one time there is one that names them.

    The kind is the first word of the subject. A hundred feeds that break together are one trouble.
    """
    groups: dict[tuple[str, bool], list[Notice]] = {}
    for notice in told:
        kind = notice.subject.partition(" ")[0]
        groups.setdefault((kind, notice.over is None), []).append(notice)
    found: list[Notice] = []
    for (kind, lasts), group in groups.items():
        if len(group) <= MOST_ONE_BY_ONE:
            found.extend(group)
            continue
        what = "are in trouble" if lasts else "work again"
        names = "; ".join(notice.title for notice in group[:MOST_ONE_BY_ONE])
        more = len(group) - MOST_ONE_BY_ONE
        found.append(
            Notice(
                f"{kind}s", f"{len(group)} {kind}s {what}", f"{names}; and {more} more",
                since=min(notice.since for notice in group), over=None if lasts else now,
                weight=max(notice.weight for notice in group),
            )
        )  # fmt: skip
    return tuple(found)


def as_alert(notice: Notice, now: datetime) -> Alert:
    """The notice as a message to ``operations.notify``; the id is the same for the same news."""
    what = f"notice {notice.subject} {notice.since} {notice.weight} {notice.over}"
    return Alert(
        id=sha256(what.encode(errors="replace")).hexdigest()[:16],
        article_id="",
        title=notice.title,
        url="",
        source="News Monitor",
        published=None,
        created_at=now,
        hits=(),
        kind=MessageKind.NOTICE,
        because=notice.text,
    )


def _after(known: Notice | None, condition: Condition, now: datetime) -> Notice:
    if known is None:
        since = min(condition.since or now, now)
        return Notice(
            condition.subject, condition.title, condition.text, since, weight=condition.weight
        )
    if condition.weight > known.weight:  # another trouble of the same thing, and a worse one
        return replace(known, title=condition.title, text=condition.text, weight=condition.weight)
    return known


def _over(known: Notice, now: datetime) -> Notice:
    return replace(
        known, over=now, title=f"over: {known.title}", text=f"It lasted {lasted(known.since, now)}."
    )


def lasted(since: datetime, until: datetime) -> str:
    """A span for people: ``40 seconds``, ``12 minutes``, ``5 hours``, ``3 days``."""
    seconds = max((until - since).total_seconds(), 0.0)
    for size, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        number = round(seconds / size)
        if seconds >= 2 * size or size == 1:
            return f"{number} {name}{'' if number == 1 else 's'}"
    raise AssertionError("a second is the smallest size")
