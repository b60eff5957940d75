"""When the parsers' processes die again and again: not one bad feed, but the parsers themselves.

Layer 1, pure. One feed whose document kills a parser every time is that feed's trouble; several
feeds within minutes mean that the machine kills the processes (memory), or a broken library.
"""

from datetime import datetime, timedelta
from typing import Final

from monitor.health.notices import NEEDS_A_PERSON, Condition

WINDOW: Final = timedelta(minutes=10)
FEEDS: Final = 3  # different feeds whose parser died within the window
CRASHED: Final = "the parser crashed"  # how ``monitor.workers`` tells it

Crashes = tuple[tuple[str, datetime], ...]  # (feed, when), each feed once


def noted(crashes: Crashes, feed: str, error: str | None, now: datetime) -> Crashes:
    """The crashes of the last ten minutes, after a poll of ``feed`` that ended with ``error``."""
    others = tuple(one for one in crashes if one[0] != feed and abs(now - one[1]) < WINDOW)
    if error is not None and error.startswith(CRASHED):
        return (*others, (feed, now))[-64:]
    return others


def parser_trouble(crashes: Crashes, now: datetime) -> Condition | None:
    """What the operator is told of ``crashes``, or None."""
    recent = [feed for feed, at in crashes if abs(now - at) < WINDOW]
    if len(recent) < FEEDS:
        return None
    return Condition(
        "parsers", "the parsers die again and again",
        f"Parsers of {len(recent)} feeds died within ten minutes. The machine may be short of "
        "memory, or a library is broken; `news-monitor feeds list` names the feeds.",
        NEEDS_A_PERSON,
    )  # fmt: skip
