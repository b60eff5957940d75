"""Names of months against CLDR, and dates that no text may break."""

import time
from datetime import UTC, datetime
from itertools import product

import pytest
from babel import Locale
from babel.dates import format_datetime
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.dates import as_text, read_date

LANGUAGES = (
    "en fr de es it pt nl pl ru uk be tr az cs sk hu ro bg el sv da nb fi et lv lt hr sr bs sl mk ca"
    " eu gl ar he hi bn th id ms sq ja ko zh vi"
).split()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_month_of_cldr_is_known(language: str) -> None:
    """Written as outlets would: day, month, year, time, with and without the weekday."""
    locale = Locale.parse(language)
    words = "y年M月d日" if language in ("ja", "zh") else "y년 M월 d일" if language == "ko" else ""
    patterns = [words] if words else ["d MMMM y", "d MMM y", "EEEE d MMMM y", "EEE, d MMM y"]
    if language == "vi":
        patterns = ["d 'tháng' M y"]
    for month, pattern in product(range(1, 13), patterns):
        moment = datetime(2023, month, 17, 10, 30, tzinfo=UTC)
        text = format_datetime(moment, f"{pattern} HH:mm", locale=locale)
        assert read_date(text, language) == moment, text


@given(st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)))
def test_what_is_written_in_the_standard_forms_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert read_date(moment.strftime("%a, %d %b %Y %H:%M:%S GMT")) == moment
    assert read_date(moment.isoformat()) == moment
    assert read_date(as_text(moment) or "") == moment


@given(st.text(max_size=120), st.sampled_from(["", "fr", "hr", "ja"]))
def test_any_text_gives_a_moment_or_none(text: str, language: str) -> None:
    began = time.process_time()
    moment = read_date(text, language)
    assert moment is None or moment.tzinfo is UTC
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    "text", ["1 " * 50, "a " * 50, "1:1 " * 25, "." * 100, "16 nov " * 14, "年1月" * 30]
)
def test_long_texts_are_refused_at_once(text: str) -> None:
    began = time.process_time()
    assert read_date(text[:100]) is None
    assert time.process_time() - began < 0.1
