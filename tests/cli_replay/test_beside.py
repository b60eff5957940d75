"""Values worked out in a process of their own."""

import os
import sys
from collections.abc import Iterator
from itertools import count, islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.cli.beside import beside
from monitor.errors import MonitorError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one process")


@settings(max_examples=8, deadline=None)
@given(st.lists(st.text(), max_size=150))
def test_the_values_come_in_their_order(values: list[str]) -> None:
    assert list(beside(iter(values))) == values


def test_they_are_worked_out_elsewhere() -> None:
    (pid,) = beside(os.getpid() for _ in range(1))
    assert pid != os.getpid()


def test_what_goes_wrong_there_is_raised_here_after_the_values_before_it() -> None:
    def failing() -> Iterator[int]:
        yield from range(64)
        raise LookupError("the sixty-fifth")

    got = []
    with pytest.raises(LookupError, match="sixty-fifth"):
        for value in beside(failing()):
            got.append(value)
    assert got == list(range(64))


def test_a_process_that_is_killed_is_told() -> None:
    def dying() -> Iterator[int]:
        yield from range(32)
        os._exit(9)

    with pytest.raises(MonitorError, match="was ended"):
        list(beside(dying()))


def test_whoever_stops_asking_ends_the_work() -> None:
    values = beside(count())
    assert list(islice(values, 100)) == list(range(100))
    values.close()  # type: ignore[attr-defined]  # a generator
