"""Payloads and columns: what goes in comes out."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Alert, Entry, Hit, Level, Quality, Snippet, Span
from monitor.store.codec import decode_alert, decode_entry, decode_spans, encode
from monitor.store.columns import clean_text, from_micros, to_micros

ZONES = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
# A day from the ends, so that an offset cannot carry a moment out of the calendar.
MOMENTS = st.datetimes(
    datetime.min + timedelta(days=1), datetime.max - timedelta(days=1), timezones=ZONES
)
ANY_TEXT = st.text(st.characters(), max_size=30)
GOOD_TEXT = ANY_TEXT.map(clean_text)
NUMBERS = st.integers(0, 10**6)


def alerts(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Alert]:
    marks = st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3).map(tuple)
    pairs = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)
    snippets = st.lists(st.builds(Snippet, texts, marks), max_size=2).map(tuple)
    hits = st.builds(Hit, texts, texts, st.sampled_from(Level), texts, snippets, pairs)
    return st.builds(
        Alert,
        texts,
        texts,
        texts,
        texts,
        texts,
        st.none() | MOMENTS,
        MOMENTS,
        st.lists(hits, max_size=3).map(tuple),
        st.sampled_from(Quality),
        texts,
        pairs,
        st.booleans(),
    )


@given(alerts(GOOD_TEXT))
@settings(max_examples=100, deadline=None)
def test_an_alert_comes_back_as_it_went_in(alert: Alert) -> None:
    back = decode_alert(encode(alert))
    assert back == alert
    assert back.created_at.tzinfo is UTC


@given(alerts(st.text(st.sampled_from("a\x00\ud800\udfff\u2028é"), max_size=5)))
@settings(max_examples=50, deadline=None)
def test_no_text_of_an_alert_makes_the_store_stumble(alert: Alert) -> None:
    text = encode(alert)
    text.encode()
    assert encode(decode_alert(text)) == text
    assert decode_alert(text).title == clean_text(alert.title)


@given(st.builds(Entry, GOOD_TEXT, st.none() | GOOD_TEXT, GOOD_TEXT, published=MOMENTS))
@settings(max_examples=50, deadline=None)
def test_an_entry_comes_back_as_it_went_in(entry: Entry) -> None:
    assert decode_entry(encode(entry)) == entry


def test_spans_come_back_as_they_went_in() -> None:
    spans = (Span("title", 0, 4, "=EU"), Span("body", 7, 9, '"a b"'))
    assert decode_spans(encode(spans)) == spans


def test_a_payload_of_an_older_or_newer_version_is_readable() -> None:
    older = '{"id":"i","link":null,"title":"t","something_new":{"a":[1]}}'
    assert decode_entry(older) == Entry("i", None, "t")


@given(MOMENTS)
@settings(deadline=None)
def test_a_moment_comes_back_to_the_microsecond(moment: datetime) -> None:
    assert from_micros(to_micros(moment)) == moment


@pytest.mark.parametrize(
    ("moment", "stored"),
    [
        pytest.param(
            datetime.min.replace(tzinfo=timezone(timedelta(hours=5))),
            datetime.min.replace(tzinfo=UTC),
            id="a moment before the year 1 in UTC becomes the first moment",
        ),
        pytest.param(
            datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))),
            datetime.max.replace(tzinfo=UTC),
            id="a moment after the year 9999 in UTC becomes the last moment",
        ),
    ],
)
def test_moments_outside_the_calendar(moment: datetime, stored: datetime) -> None:
    assert from_micros(to_micros(moment)) == stored
    assert decode_entry(encode(Entry("i", None, "t", published=moment))).published == stored


@pytest.mark.parametrize(
    ("value", "error"),
    [
        pytest.param(
            Entry("i", None, "t", published=datetime(2026, 1, 1)),
            ValueError,
            id="a naive datetime in a payload is refused",
        ),
        pytest.param(object(), TypeError, id="a type that the model does not use is refused"),
    ],
)
def test_refused_payloads(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        encode(value)
