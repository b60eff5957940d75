"""The flood fuse: never more than its limit in its time, and one message for the rest."""

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.fuse import DEFAULT_FUSE, Fuse, held_until
from tests.alerts.newsroom import NOON

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("fuse", "recent", "blown", "until"),
    [
        pytest.param(Fuse(20), 19, None, None, id="the twentieth goes out"),
        pytest.param(Fuse(20), 20, None, NOON + 10 * MINUTE, id="the next blows the fuse for ten minutes"),
        pytest.param(Fuse(20), 0, NOON + MINUTE, NOON + MINUTE, id="what follows joins the same message"),
        pytest.param(Fuse(20), 0, NOON, None, id="when it is over, the channel is free"),
        pytest.param(Fuse(20), 20, NOON, NOON + 10 * MINUTE, id="it may blow at once again"),
        pytest.param(Fuse(1, 60.0), 1, None, NOON + MINUTE, id="another number and time"),
        pytest.param(None, 999, None, None, id="no fuse"),
    ],
)  # fmt: skip
def test_the_fuse(
    fuse: Fuse | None, recent: int, blown: datetime | None, until: datetime | None
) -> None:
    assert held_until(fuse, recent, blown, NOON) == until


def test_the_default() -> None:
    assert str(DEFAULT_FUSE) == "20 in 10 minutes"


@given(st.lists(st.integers(0, 900), max_size=120), st.integers(1, 5))
def test_no_span_of_time_holds_more_than_the_limit(gaps: list[int], limit: int) -> None:
    """And the messages that hold the surplus are a whole fuse's time apart; none is lost."""
    fuse = Fuse(limit)
    now, blown = NOON, None
    sent: list[datetime] = []
    held: dict[datetime, int] = {}
    for gap in gaps:
        now += timedelta(seconds=gap / 3)
        recent = sum(1 for when in sent if when > now - timedelta(seconds=fuse.within))
        until = held_until(fuse, recent, blown, now)
        if until is None:
            sent.append(now)
        else:
            blown = until
            held[until] = held.get(until, 0) + 1
    assert len(sent) + sum(held.values()) == len(gaps)
    for at, when in enumerate(sent[limit:]):
        assert when - sent[at] >= timedelta(seconds=fuse.within)
    digests = sorted(held)
    assert all(later - one >= timedelta(seconds=fuse.within)
               for one, later in pairwise(digests))  # fmt: skip
