"""When the program's own loop is too slow: one word of it, not one a second.

Layer 1, pure. Lag is how much later than planned the loop came back, in seconds; times are those of
a monotonic clock. Whatever holds the loop holds everything: polls, sends, the page.
"""

from typing import Final

from monitor.health.notices import Condition

LONG: Final = 5.0  # seconds: one stop of this length is told
NOTABLE: Final = 1.0  # seconds: stops that count …
OFTEN: Final = 5  # … when there are so many …
WINDOW: Final = 300.0  # … within these seconds

Stops = tuple[tuple[float, float], ...]  # (when, how long)


def noted(stops: Stops, at: float, lag: float) -> Stops:
    """The stops of the last five minutes, with this one if it is notable."""
    recent = tuple(stop for stop in stops if 0 <= at - stop[0] < WINDOW)
    return (*recent, (at, lag))[-64:] if lag >= NOTABLE else recent


def lag_trouble(stops: Stops) -> Condition | None:
    """What the operator is told of ``stops``, or None."""
    longest = max((lag for _, lag in stops), default=0.0)
    if longest < LONG and len(stops) < OFTEN:
        return None
    times = "once" if len(stops) == 1 else f"{len(stops)} times"
    return Condition(
        "loop", "the program was held up",
        f"It stood still {times} within five minutes, for up to {longest:.1f} seconds: a machine "
        "short of processor time or memory, or a fault of ours. Polls and sends were late, none "
        "was dropped.",
    )  # fmt: skip
