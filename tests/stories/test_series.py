"""Titles that differ in a number only."""

import pytest

from monitor.stories.series import pattern_fits


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        pytest.param("Quake of magnitude 5.8 hits Exampleland", "Quake of magnitude 6.1 hits Exampleland", False, id="two quakes"),
        pytest.param("Ferry 31 leaves the harbour", "ferry 32 leaves the Harbour!", False, id="numbers of a series"),
        pytest.param("Ferry 31 leaves the harbour", "Ferry 31 leaves the harbour", True, id="the same title"),
        pytest.param("Ferry 31 leaves the harbour", "Harbour: ferry 31 is gone", True, id="other words"),
        pytest.param("Firm pays $2 billion", "Firm pays two billion dollars", True, id="a number in words"),
        pytest.param("No. 5", "No. 6", True, id="too short to tell"),
        pytest.param("Ferry leaves", "Ferry leaves", True, id="no numbers"),
        pytest.param("", "12", True, id="no words"),
        pytest.param("1 " * 5_000, "2 " * 5_000, True, id="numbers alone"),
    ],
)  # fmt: skip
def test_two_titles(one: str, other: str, fits: bool) -> None:
    assert pattern_fits(one, other) == pattern_fits(other, one) == fits
