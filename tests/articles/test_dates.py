"""Dates as pages write them: read if they are plain, None if they could mean two things."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.dates import date_in_path, read_date

TEN = "2024-02-27T10:00:00+00:00"
DAY = "2024-02-27T00:00:00+00:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2024-02-27T10:00:00Z", TEN, id="ISO 8601"),
        pytest.param("20240227T100000Z", TEN, id="ISO 8601, basic"),
        pytest.param("2024-02-27T10:00:00.000+0000", TEN, id="ISO 8601 with thousandths"),
        pytest.param("Tue, 27 Feb 2024 10:00:00 GMT", TEN, id="RFC 5322"),
        pytest.param("1709028000", TEN, id="seconds since 1970"),
        pytest.param("1709028000000", TEN, id="milliseconds since 1970"),
        pytest.param("February 27, 2024 10:00 UTC", TEN, id="English"),
        pytest.param("27. Februar 2024, 10:00 Uhr", TEN, id="German"),
        pytest.param("Dienstag, 27. Februar 2024 um 10.00 Uhr", TEN, id="German, a point in the time"),
        pytest.param("27 février 2024 à 10h00", TEN, id="French"),
        pytest.param("1er mars 2024", "2024-03-01T00:00:00+00:00", id="French, the first"),
        pytest.param("27 de febrero de 2024", DAY, id="Spanish"),
        pytest.param("27 febbraio 2024, ore 10:00", TEN, id="Italian"),
        pytest.param("27 de fevereiro de 2024 às 10:00", TEN, id="Portuguese"),
        pytest.param("27 februari 2024 10:00", TEN, id="Dutch"),
        pytest.param("27 lutego 2024, godz. 10:00", TEN, id="Polish"),
        pytest.param("27. helmikuuta 2024 klo 10.00", TEN, id="Finnish"),
        pytest.param("27 februari 2024 kl. 10.00", TEN, id="Swedish"),
        pytest.param("27. únor 2024", DAY, id="Czech"),
        pytest.param("27 февраля 2024, 10:00", TEN, id="Russian"),
        pytest.param("27 лютого 2024 року", DAY, id="Ukrainian"),
        pytest.param("27 Φεβρουαρίου 2024", DAY, id="Greek"),
        pytest.param("27 Şubat 2024", DAY, id="Turkish"),
        pytest.param("27 فبراير 2024", DAY, id="Arabic"),
        pytest.param("2024年2月27日 10:00", TEN, id="Chinese and Japanese"),
        pytest.param("2024년 2월 27일 10:00", TEN, id="Korean"),
        pytest.param("27.02.2024", DAY, id="figures that can be read in one way only"),
        pytest.param("03.04.2024", None, id="figures that can be read in two ways"),
        pytest.param("12 listopada 2024", None, id="November in Polish, October in Croatian"),
        pytest.param("2 hours ago", None, id="relative"),
        pytest.param("Mai 2024", None, id="no day"),
        pytest.param("30 février 2024", None, id="no such day"),
        pytest.param("2024年13月40日", None, id="no such month"),
        pytest.param("1" * 61, None, id="too long"),
    ],
)  # fmt: skip
def test_dates(text: str, expected: str | None) -> None:
    found = read_date(text)
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://a.example/2024/02/27/story", DAY, id="folders"),
        pytest.param("https://a.example/2024-02-27-story", DAY, id="a prefix"),
        pytest.param("https://a.example/x/2024/2/27/", DAY, id="one figure"),
        pytest.param("https://a.example/2024/02/story", None, id="no day"),
        pytest.param("https://a.example/2024/02/31/story", None, id="no such day"),
        pytest.param("https://a.example/?d=/2024/02/27/", None, id="in the query"),
        pytest.param("https://a.example/120240227/1", None, id="a number"),
    ],
)
def test_date_in_path(url: str, expected: str | None) -> None:
    found = date_in_path(url)
    assert (found and found.isoformat()) == expected


@given(st.text(max_size=70))
def test_no_text_raises(text: str) -> None:
    found = read_date(text)
    assert found is None or 1990 <= found.year < 2100
    date_in_path(text)
