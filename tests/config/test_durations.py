"""Durations and sizes as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.durations import duration, duration_text, size, size_text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("90s", 90, id="seconds"),
        pytest.param("15m", 900, id="minutes"),
        pytest.param("6h", 21_600, id="hours"),
        pytest.param("2d", 172_800, id="days"),
        pytest.param("1.5h", 5_400, id="decimals"),
        pytest.param("0s", 0, id="nothing"),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "15",
        "6 hours",
        "m",
        "-5m",
        "5 m",
        "5M",
        "1e3s",
        "٣m",
        "5m\n",
        "999999999d",
        "inf",
        "1h30m",
        "1,5h",
    ],
)
def test_what_is_no_duration_is_refused_with_the_mend(text: str) -> None:
    with pytest.raises(ValueError, match=r"Write a (number and a unit|shorter)"):
        duration(text)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("10MB", 10_000_000, id="megabytes are decimal"),
        pytest.param("500kB", 500_000, id="kilobytes"),
        pytest.param("1GB", 1_000_000_000, id="gigabytes"),
        pytest.param("10mb", 10_000_000, id="in any case"),
        pytest.param("12B", 12, id="bytes"),
        pytest.param("1.5MB", 1_500_000, id="decimals"),
    ],
)
def test_sizes(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["", "10", "10MiB", "MB", "10 MB", "-1MB", "10MB\n", "9" * 400])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="Write a number and a unit"):
        size(text)


@given(st.integers(0, 10**9))
def test_writing_and_reading_agree(number: int) -> None:
    """Whatever the program writes, it reads back as the same value."""
    assert size(size_text(number)) == number
    assert duration(duration_text(number % 10**6)) == number % 10**6
