"""Reads what ``routes test`` is asked to rehearse: outages, silences, labels, moments.

Layer 5, pure: ``start``, the time of the first report, is given.
"""

import shlex
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import ParamSpec, TypeVar

from monitor.alerts.localtime import moment, read_clock
from monitor.alerts.rehearse import Channel
from monitor.alerts.silences import Silence, read_matcher, silence_id
from monitor.cli.moments import EARLIEST, is_clock, read_later, read_moment
from monitor.cli.user import guess
from monitor.config.durations import duration
from monitor.errors import UsageError

T = TypeVar("T")
P = ParamSpec("P")


def asked(option: str, read: Callable[P, T], *values: P.args, **more: P.kwargs) -> T:
    """What ``read`` makes of the value of an option.

    Raises:
        UsageError: it raised ValueError; the message names the option.
    """
    try:
        return read(*values, **more)
    except (ValueError, OverflowError) as error:
        raise UsageError(f"{option}: {error}") from error


def moments(
    start: datetime, later: Sequence[str], number: int, over: str | None, zone: tzinfo
) -> list[list[datetime]]:
    """When reports come: ``number`` at each moment, or from it on, evenly over a duration.

    Raises:
        UsageError: a moment or the duration cannot be read.
    """
    begins = [start, *(asked("--after", read_later, text, start, zone) for text in later)]
    span = 0.0 if over is None else asked("--over", duration, over)
    step = timedelta(seconds=span / number)
    return [[begin + step * at for at in range(number)] for begin in sorted(begins)]


def channels(
    wishes: Sequence[str], known: Sequence[str], start: datetime, zone: tzinfo
) -> list[Channel]:
    """``newsroom=12:00..15:00`` as outages; times of day are those of the first day.

    Raises:
        UsageError: no such notifier, or no such time.
    """
    down: dict[str, list[tuple[datetime, datetime]]] = {}
    for wish in wishes:
        name, sign, span = wish.partition("=")
        begin, dots, end = span.partition("..")
        if not sign or not dots or not end.strip():
            raise UsageError(f"--down: '{wish[:60]}' is no outage. Write newsroom=12:00..15:00")
        if name not in known:
            mend = guess(name, known, f"Known: {', '.join(known)}")
            raise UsageError(f"--down: no notifier is called '{name[:60]}'. {mend}")
        first = asked("--down", _begin, begin, start, zone)
        from_then = first if begin.strip() else start
        last = asked("--down", read_later, end, from_then, zone)
        down.setdefault(name, []).append((first, last))
    return [Channel(name, tuple(spans)) for name, spans in down.items()]


def _begin(text: str, start: datetime, zone: tzinfo) -> datetime:
    """A moment, or a time of the first day; empty: from ever."""
    text = text.strip()
    if not text:
        return EARLIEST
    if is_clock(text):
        return moment(start.astimezone(zone).date(), read_clock(text), zone)
    return read_moment(text, zone)


def silences(wishes: Sequence[str], start: datetime, zone: tzinfo) -> list[Silence]:
    """``rule=eu-* desk=markets from 12:00 until 14:00`` (or ``for 2h``) as silences.

    Without ``from`` it holds from ever, without ``until`` and ``for`` it does not end.

    Raises:
        UsageError: with a sentence for people.
    """
    return [asked("--silence", _silence, wish, start, zone) for wish in wishes]


def _silence(text: str, start: datetime, zone: tzinfo) -> Silence:
    words = shlex.split(text)
    conditions: list[str] = []
    times: dict[str, str] = {}
    while words:
        word = words.pop(0)
        if word not in ("from", "until", "for"):
            conditions.append(word)
        elif not words:
            raise ValueError(f"after '{word}' a time belongs, as in 'rule=eu-* until 14:00'.")
        else:
            times[word] = words.pop(0)
    if "for" in times and "until" in times:
        raise ValueError("'for' and 'until' are two ends. Keep one.")
    matcher = read_matcher(conditions)
    starts = _begin(times.get("from", ""), start, zone)
    after = starts if "from" in times else start
    ends: datetime | None = None
    if "until" in times:
        ends = read_later(times["until"], after, zone)
    elif "for" in times:
        ends = after + timedelta(seconds=duration(times["for"]))
    return Silence(silence_id(matcher, starts, ""), matcher, starts, ends)


def labels(words: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """``desk=competition`` as labels.

    Raises:
        UsageError: a word is none, or a name stands twice.
    """
    found: dict[str, str] = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise UsageError(f"--label: '{word[:60]}' is no label. Write desk=competition")
        if name.strip() in found:
            raise UsageError(f"--label: '{name.strip()[:60]}' stands here twice")
        found[name.strip()] = value.strip()
    return tuple(found.items())
