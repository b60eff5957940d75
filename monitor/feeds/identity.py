"""Which entries of a feed are new, and which were there before under another name.

Layer 1, pure. An entry is known by its id, and else where two of its address, title and time are
those of a known one. Ids change (a new system, http to https), addresses change (a corrected slug),
titles are corrected, dates are set anew: none of this is news. A page that is used again and again
(a live page, a daily column) has entries with other titles and times, which are new. Two entries
that stand in one document beside each other are two.

The names are kept as 8-byte hashes: two of a feed's entries share one by chance about once in
2**64 pairs.
"""

import re
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Final

from monitor.model import Entry
from monitor.text.urls import canonical_url, is_home_page
from monitor.text.words import fold

REWRITTEN_SHARE: Final = 0.5  # of a document's entries: more than this looks like a rewritten feed
REWRITTEN_LEAST: Final = 20  # entries: more than so many
FRESH: Final = timedelta(hours=1)  # dated so shortly before the last poll, an entry may be new
LATELY: Final = timedelta(hours=24)  # polled so lately, a feed cannot be all new and undated
REWRITTEN: Final = "the feed was rewritten: it looks new and is not"
_SHORTEST_TITLE: Final = 12  # characters; many articles of one minute may be called "Briefing"

_UNSTORABLE: Final = re.compile("[\0\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Names:
    """The hashes by which one entry is known; ``pairs`` are those of its address with its title,
    its address with its time, its title with its time, as far as they tell it from others."""

    id: int
    pairs: tuple[int, ...]

    @property
    def all(self) -> tuple[int, ...]:
        """Every name there is, the id's first."""
        return (self.id, *self.pairs)


@dataclass(frozen=True, slots=True)
class Named:
    """An entry and its names."""

    entry: Entry
    names: Names


@dataclass(frozen=True, slots=True)
class Judged:
    """What a document brought. ``new``: to be handled. ``old``: new by its names, but of a feed
    that was rewritten. ``renamed``: known under another name; its names are to be kept."""

    new: tuple[Named, ...]
    old: tuple[Named, ...]
    renamed: tuple[Named, ...]

    @property
    def notice(self) -> str | None:
        """What the operator should be told, if anything."""
        if not self.old:
            return None
        return f"{REWRITTEN}: {len(self.old)} entries are taken as known"


def entry_key(entry_id: str) -> int:
    """The 8 bytes (as a signed number) of an entry's id."""
    return _hash(_UNSTORABLE.sub("\ufffd", entry_id))


def name_entries(entries: Sequence[Entry]) -> tuple[Named, ...]:
    """The entries of one document with their names, the first of each id."""
    by_id: dict[int, Entry] = {}
    for entry in entries:
        by_id.setdefault(entry_key(entry.id), entry)
    pairs = {key: _pairs(entry) for key, entry in by_id.items()}
    times_met = Counter(pair for found in pairs.values() for pair in found)
    return tuple(
        Named(entry, Names(key, tuple(_hash(p) for p in pairs[key] if times_met[p] == 1)))
        for key, entry in by_id.items()
    )


def judge(
    named: Sequence[Named],
    known: Set[int],
    last_success_at: datetime | None,
    now: datetime,
    shown: int | None = None,
) -> Judged:
    """What of a document is new. ``known``: the names of its entries that the feed had before.

    ``last_success_at``: when the feed was last read, None if never. An entry dated after that is
    new whatever the rest of the document looks like. ``shown``: how many entries the document has,
    where those known by their id are not among ``named``.
    """
    shown = len(named) if shown is None else shown
    renamed = [
        each
        for each in named
        if each.names.id not in known and not known.isdisjoint(each.names.all)
    ]
    fresh = [each for each in named if known.isdisjoint(each.names.all)]
    suspicious = len(fresh) > REWRITTEN_LEAST and len(fresh) > REWRITTEN_SHARE * shown
    if not suspicious or last_success_at is None:
        return Judged(tuple(fresh), (), tuple(renamed))
    new: list[Named] = []
    old: list[Named] = []
    for each in fresh:
        (old if _is_old(each.entry, last_success_at, now) else new).append(each)
    if len(old) <= REWRITTEN_LEAST:  # many entries, and few of them old: a busy day
        return Judged(tuple(fresh), (), tuple(renamed))
    return Judged(tuple(new), tuple(old), tuple(renamed))


def _is_old(entry: Entry, last_success_at: datetime, now: datetime) -> bool:
    if entry.published is not None:
        return entry.published < last_success_at - FRESH
    return now - last_success_at < LATELY


def _pairs(entry: Entry) -> tuple[str, ...]:
    """Address, title and time, two by two, as far as each says something."""
    link = "" if not entry.link or is_home_page(entry.link) else canonical_url(entry.link)
    title = " ".join(fold(entry.title).split())
    told = title if len(title) >= _SHORTEST_TITLE else ""
    time = "" if entry.published is None else f"{entry.published.timestamp():.0f}"
    return tuple(
        f"{kind}\n{first}\n{second}"
        for kind, first, second in (
            ("link title", link, title), ("link time", link, time), ("title time", told, time),
        )
        if first and second
    )  # fmt: skip


def _hash(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
