"""In what state a configured feed is, in plain words, from one fetch of it; pure (layer 1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from monitor.feeds.discover_rhythm import Rhythm, ago, rhythm, words
from monitor.feeds.entries import Loss
from monitor.model import Fetched, FetchFailed, FetchProblem, FetchResult, ParsedFeed
from monitor.text.urls import canonical_url

STALE: Final = timedelta(days=365)  # without anything new
_SAME: Final = 0.9  # share of entries that makes two feeds one
_FEWEST: Final = 3  # entries that are enough to compare
_NO_RHYTHM: Final = Rhythm(None, None)


class State(StrEnum):
    """What a check of a feed found."""

    OK = "ok"
    MOVED = "moved"
    GONE = "gone"
    PAGE = "page"  # a web page stands where the feed was
    STALE = "stale"
    DUPLICATE = "duplicate"
    EMPTY = "empty"
    TROUBLE = "trouble"  # it can be read, but not all of it
    UNREACHABLE = "unreachable"
    REFUSED = "refused"  # an address inside the house, or the server wants a login
    WAITING = "waiting"  # the server asked to be left alone
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A feed's state, a sentence about it, and the address to use instead, if there is one."""

    state: State
    message: str
    suggestion: str | None = None
    entries: int = 0
    rhythm: Rhythm = _NO_RHYTHM
    keys: frozenset[str] = frozenset()

    @property
    def fine(self) -> bool:
        """Whether nothing needs a person."""
        return self.state in (State.OK, State.WAITING, State.DISABLED)


@dataclass(frozen=True, slots=True)
class Earlier:
    """A feed that was judged before: what another may be a duplicate of."""

    name: str
    reached: str
    keys: frozenset[str]


def of_failure(failed: FetchFailed) -> Verdict:
    """The verdict on a feed that could not be had."""
    if failed.status in (404, 410):
        return Verdict(State.GONE, f"gone: {failed.message}. Look for its new address")
    if failed.status in (401, 403, 407):
        return Verdict(State.REFUSED, f"{failed.message}: it wants a login, or refuses programs")
    if failed.problem is FetchProblem.REFUSED_ADDRESS:
        return Verdict(State.REFUSED, f"{failed.message} (network.allow_private)")
    if failed.problem is FetchProblem.RATE_LIMITED:
        return Verdict(State.WAITING, f"{failed.message}: it was asked too often just now")
    return Verdict(State.UNREACHABLE, failed.message)


def of_no_feed(result: Fetched, why: str, leads: Sequence[str]) -> Verdict:
    """The verdict on an answer that is no feed; ``leads``: feeds that the page names."""
    named = f"; it names {leads[0]}" if leads else ""
    moved = f" at {result.final_url}" if result.final_url != result.url else ""
    return Verdict(State.PAGE, f"{why}{moved}{named}", leads[0] if leads else None)


def of_feed(
    result: Fetched, parsed: ParsedFeed, earlier: Sequence[Earlier], now: datetime
) -> Verdict:
    """The verdict on a feed that was read. Of several findings the gravest is the state."""
    found = rhythm(parsed.entries, now)
    keys = frozenset(canonical_url(e.link or "") or e.id for e in parsed.entries)
    said = f"{len(parsed.entries)} {'entry' if len(parsed.entries) == 1 else 'entries'}"
    said = f"{said}, {words(found, now)}" if parsed.entries else said
    state, suggestion = State.OK, None
    twin = next((each.name for each in earlier if _same(each, result.final_url, keys)), None)
    moved = result.moved_permanently_to
    if twin is not None:
        state, said = State.DUPLICATE, f"the same entries as {twin}: keep one of them"
    elif moved is not None:
        state, suggestion, said = State.MOVED, moved, f"moved for good to {moved} ({said})"
    elif not parsed.entries:
        state, said = State.EMPTY, "a feed without entries"
    elif found.newest is not None and now - found.newest > STALE:
        state, said = State.STALE, f"nothing new for long: newest {ago(found.newest, now)}"
    elif parsed.warnings:
        lost = any(isinstance(warning, Loss) for warning in parsed.warnings)
        state = State.TROUBLE if lost else State.OK
        said = f"{said}; {'; '.join(parsed.warnings[:3])}"
    return Verdict(state, said, suggestion, len(parsed.entries), found, keys)


def of_result(result: FetchResult) -> Verdict | None:
    """The verdict where there is no body to parse; None where there is one."""
    if isinstance(result, FetchFailed):
        return of_failure(result)
    return None if isinstance(result, Fetched) else Verdict(State.OK, "unchanged")


def _same(each: Earlier, reached: str, keys: frozenset[str]) -> bool:
    if canonical_url(each.reached) == canonical_url(reached):
        return True
    fewer = min(len(keys), len(each.keys))
    return (
        fewer >= _FEWEST
        and len(keys & each.keys) >= _SAME * fewer
        and (max(len(keys), len(each.keys)) <= 2 * fewer)
    )
