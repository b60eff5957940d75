"""What headers say about coming back."""

from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.freshness import LONGEST_MAX_AGE, LONGEST_RETRY_AFTER, freshness
from monitor.model import Freshness

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DATE = "Sun, 22 Nov 2026 15:00:00 GMT"  # the server's clock is three hours fast
LATER = "Sun, 22 Nov 2026 16:00:00 GMT"
EARLIER = "Sun, 22 Nov 2026 14:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        pytest.param({}, None, id="nothing said"),
        pytest.param({"Cache-Control": "max-age=7200"}, 7200, id="max-age"),
        pytest.param({"Cache-Control": "max-age=7200", "Age": "600"}, 6600, id="less its age"),
        pytest.param({"Cache-Control": 'public, MAX-AGE="60"'}, 60, id="quoted and shouted"),
        pytest.param({"Cache-Control": "max-age=60", "Age": "90"}, None, id="older than its age"),
        pytest.param({"Cache-Control": "max-age=0"}, None, id="zero"),
        pytest.param({"Cache-Control": "max-age=-5"}, None, id="negative"),
        pytest.param({"Cache-Control": "max-age=1e9"}, None, id="not a number"),
        pytest.param({"Cache-Control": "s-maxage=999"}, None, id="for shared caches only"),
        pytest.param({"Cache-Control": "max-age=31536000"}, LONGEST_MAX_AGE, id="a year"),
        pytest.param({"Cache-Control": "max-age=" + "9" * 400}, None, id="four hundred nines"),
        pytest.param({"Cache-Control": "no-cache, max-age=60"}, None, id="no-cache"),
        pytest.param({"Cache-Control": "no-store"}, None, id="no-store"),
        pytest.param({"Expires": LATER, "Date": DATE}, 3600, id="Expires against Date"),
        pytest.param({"Expires": EARLIER, "Date": DATE}, None, id="expired"),
        pytest.param({"Expires": "0", "Date": DATE}, None, id="Expires: 0"),
        pytest.param({"Expires": "-1"}, None, id="Expires: -1"),
        pytest.param({"Expires": LATER}, 4 * 3600, id="Expires without Date"),
        pytest.param({"Expires": LATER, "Date": "never"}, 4 * 3600, id="unreadable Date"),
        pytest.param(
            {"Expires": LATER, "Date": DATE, "Cache-Control": "max-age=5"}, 5, id="max-age wins"
        ),
    ],
)
def test_max_age(headers: dict[str, str], expected: float | None) -> None:
    assert freshness(httpx.Headers(headers), NOW).max_age == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3600", 3600, id="seconds"),
        pytest.param(" 0 ", 0, id="at once"),
        pytest.param(LATER, 3600, id="a date on the server's clock"),
        pytest.param("Sunday, 22-Nov-26 16:00:00 GMT", 3600, id="the date form of RFC 850"),
        pytest.param("Sun Nov 22 16:00:00 2026", 3600, id="the date form of asctime"),
        pytest.param(EARLIER, None, id="a date that is past"),
        pytest.param("-5", None, id="negative"),
        pytest.param("99999999999", LONGEST_RETRY_AFTER, id="three thousand years"),
        pytest.param("soon", None, id="a word"),
        pytest.param("1.5", None, id="a fraction"),
        pytest.param("", None, id="empty"),
        pytest.param("٣٦٠٠", None, id="digits of another script"),
        pytest.param("Sun, 99 Nov 99999 99:99:99 GMT", None, id="no date"),
    ],
)
def test_retry_after(text: str, expected: float | None) -> None:
    headers = {"retry-after": text, "date": DATE}
    assert freshness(headers, NOW).retry_after == expected


HEADER_TEXT = st.text(max_size=40) | st.integers().map(str) | st.just(LATER)


@given(st.dictionaries(
    st.sampled_from(["cache-control", "age", "expires", "date", "retry-after"]),
    HEADER_TEXT | HEADER_TEXT.map(lambda text: f"max-age={text}"),
))  # fmt: skip
def test_any_headers_give_bounded_hints(headers: dict[str, str]) -> None:
    hints: Freshness = freshness(headers, NOW)
    assert hints.max_age is None or 0 < hints.max_age <= LONGEST_MAX_AGE
    assert hints.retry_after is None or 0 <= hints.retry_after <= LONGEST_RETRY_AFTER
