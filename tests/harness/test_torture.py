"""``make torture`` in short: real daemons, really killed."""

import pytest

from benchmarks.torture import Figures, kill_daemons, rehearse
from tests.conftest import many


def test_daemons_are_killed_and_nothing_is_lost() -> None:
    figures = kill_daemons(many(2, 100), lanes=2, seed=1, minutes=30)
    assert figures.holds, str(figures)
    assert figures.kills == many(2, 100)
    assert figures.accepted == figures.published >= 100


def test_seeds_are_run_in_processes_of_their_own() -> None:
    found = rehearse(4, 500, float("inf"))
    assert (found.runs, found.broken) == (4, [])


@pytest.mark.parametrize("name", ["lost", "recorded_twice", "outside", "left", "bad_ends"])
def test_one_breach_is_a_breach(name: str) -> None:
    figures = Figures(kills=1)
    setattr(figures, name, 1)
    assert not figures.holds
    assert Figures(kills=1, repeated=7).holds
