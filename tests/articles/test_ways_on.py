"""Which page is read next when the first one was a stub, and which of two is kept."""

from typing import Any

import pytest

from monitor.articles.reading import Alternate, ReadPage, Way
from monitor.articles.ways_on import better, next_try
from monitor.model import Quality

URL = "https://www.pier-gazette.example/news/1"
AMP = Alternate(Way.AMP, "https://amp.pier-gazette.example/news/1")
PRINT = Alternate(Way.PRINT, "https://www.pier-gazette.example/news/1/print")


def page(quality: Quality = Quality.STUB, text: str = "A little.", **more: Any) -> ReadPage:
    known: dict[str, Any] = {"alternates": (PRINT, AMP), **more}
    return ReadPage("T", text, None, None, None, quality, "only 2 words", **known)


@pytest.mark.parametrize(
    ("given", "tried", "expected"),
    [
        pytest.param(page(), [], AMP.url, id="AMP before print"),
        pytest.param(page(Quality.FAILED), [], AMP.url, id="a page without text"),
        pytest.param(page(), [AMP.url], PRINT.url, id="then print"),
        pytest.param(page(), [AMP.url, PRINT.url], None, id="two tries at most"),
        pytest.param(page(Quality.OK), [], None, id="a whole article needs nothing"),
        pytest.param(page(free=False), [], None, id="a page that says it is not free"),
        pytest.param(page(alternates=()), [], None, id="no links"),
        pytest.param(
            page(alternates=(Alternate(Way.AMP, "https://cdn.example.org/x"),)),
            [],
            None,
            id="another site",
        ),
        pytest.param(
            page(alternates=(Alternate(Way.PRINT, f"{URL}?utm_source=x"),)),
            [],
            None,
            id="the same page under a tracking address",
        ),
    ],
)
def test_next_try(given: ReadPage, tried: list[str], expected: str | None) -> None:
    found = next_try(given, URL, tried)
    assert (found and found.url) == expected
    if found is not None:
        assert found.way.value in found.reason and "only 2 words" in found.reason


def test_a_site_below_a_country_is_not_every_site_of_it() -> None:
    other = Alternate(Way.AMP, "https://lumen.co.uk/news/1")
    assert next_try(page(alternates=(other,)), "https://gazette.co.uk/news/1", []) is None


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param(page(), page(Quality.OK, "word " * 60), 1, id="a full text before a stub"),
        pytest.param(page(Quality.OK, "w " * 60), page(text="w " * 90), 0, id="even a longer one"),
        pytest.param(page(text="w " * 10), page(text="w " * 20), 1, id="clearly more words"),
        pytest.param(page(text="w " * 10), page(text="w " * 11), 0, id="the first of two alike"),
    ],
)
def test_better(first: ReadPage, second: ReadPage, kept: int) -> None:
    assert better(first, second) is (first, second)[kept]
