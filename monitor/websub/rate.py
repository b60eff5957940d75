"""How often one hub may call about one subscription.

Layer 1, pure. A bound for the work that strangers can make us do; a hub in its senses is far below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_CALLS: Final = 30  # in one window, for one subscription
WINDOW: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Window:
    """Calls counted since a moment."""

    since: datetime
    calls: int


def counted(window: Window | None, now: datetime) -> Window:
    """The window after one more call at ``now``."""
    if window is None or not window.since <= now < window.since + WINDOW:
        return Window(now, 1)
    return Window(window.since, window.calls + 1)


def is_too_often(window: Window) -> bool:
    """Whether the last call in ``window`` is one too many."""
    return window.calls > MOST_CALLS


def still_open(windows: Mapping[str, Window], now: datetime) -> dict[str, Window]:
    """The windows that still count; the others are forgotten."""
    return {
        token: window
        for token, window in windows.items()
        if window.since <= now < window.since + WINDOW
    }
