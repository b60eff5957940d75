"""What a page's bytes come to."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.articles.extract import extract_page
from monitor.model import Quality

PAGES = Path(__file__).parents[1] / "data" / "pages"
URL = "https://pier-gazette.example/news/1"
DETECTED = {"json_ld": "en"}  # the page declares none; its words tell
PARAGRAPH = (
    "The harbour city council approved a floating library on Tuesday, ending a debate that had"
    " divided its members for most of the year and had twice been put off. "
)


def page(inner: str, head: str = "") -> bytes:
    return f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>".encode()


def cases() -> list[Any]:
    wanted = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(PAGES.glob("*.json"))]
    return [
        pytest.param(path, want, id=f"{path.stem}: {want['description']}") for path, want in wanted
    ]


@pytest.mark.parametrize(("path", "want"), cases())
def test_pages(path: Path, want: dict[str, Any]) -> None:
    found = extract_page(path.with_suffix(".html").read_bytes(), want["url"], want["content_type"])
    assert found.title == want["title"]
    assert found.quality == want["quality"], found.reason
    assert found.language == (want["language"] or DETECTED[path.stem])
    assert [words for words in want["must"] if words not in found.text] == []
    assert [words for words in want["must_not"] if words in found.text] == []
    for key in ("author", "canonical_url", "site"):
        if key in want:
            assert getattr(found, key) == want[key]
    if "published" in want:
        stated = found.published and found.published.isoformat().replace("+00:00", "Z")
        assert stated == want["published"]


def test_paragraphs_are_parted_by_one_blank_line() -> None:
    inner = "".join(f"<p>{n}. {PARAGRAPH}</p>" for n in range(3))
    found = extract_page(page(f"<article>{inner}</article>"), URL, None)
    assert found.text.split("\n\n") == [f"{n}. {PARAGRAPH.strip()}" for n in range(3)]


@pytest.mark.parametrize(
    "wrapper",
    [
        pytest.param('class="article-body has-comments"', id="has comments"),
        pytest.param('id="related-to-content"', id="related to content"),
        pytest.param('class="comments"', id="comments, but it holds the article"),
        pytest.param('class="sidebar"', id="a side bar that holds the article"),
        pytest.param('class="captioned-story commentary"', id="words that only begin so"),
    ],
)
def test_a_wrapper_that_holds_the_article_stays(wrapper: str) -> None:
    inner = f"<div {wrapper}><p>{PARAGRAPH}</p><p>{PARAGRAPH}</p></div>"
    assert "floating library" in extract_page(page(inner), URL, None).text


@pytest.mark.parametrize(
    ("body", "content_type", "said"),
    [
        pytest.param(b"", None, "empty", id="nothing"),
        pytest.param(b" \n ", None, "empty", id="space"),
        pytest.param(b"%PDF-1.7 ...", "text/html", "PDF", id="a PDF file labelled as a page"),
        pytest.param(b"\x89PNG\r\n", "image/png", "image/png", id="a picture"),
        pytest.param(bytes(range(256)) * 40, None, "not a web page", id="binary"),
        pytest.param(b"/etc/hostname", None, "not a web page", id="the path of a file"),
        pytest.param(b"<div>" * 100_000, None, "no article text", id="100,000 levels"),
        pytest.param(b"<p>word</p>" * 200_000, None, "elements", id="200,000 paragraphs"),
        pytest.param(b"<p a='" + b"x" * 9_000_000 + b"'>", None, "", id="an attribute of 9 MB"),
        pytest.param(b"<p>" + b"x" * 11_000_000, None, "bytes", id="11 MB"),
        pytest.param(b"<html><body></body></html>", None, "no article text", id="an empty page"),
    ],
)
def test_what_cannot_be_read_fails_with_a_reason(
    body: bytes, content_type: str | None, said: str
) -> None:
    began = time.process_time()
    found = extract_page(body, URL, content_type)
    assert found.quality is Quality.FAILED
    assert said in found.reason and found.reason
    assert found.text == ""
    assert time.process_time() - began < 5.0


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise(body: bytes, framed: bool) -> None:
    found = extract_page(b"<html><p>" + body if framed else body, URL, None)
    (found.title + found.text + found.reason).encode("utf-8")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param("<title>A story - Pier Gazette</title>", "A story", id="the host's name"),
        pytest.param("<title>A story | The Pier Gazette</title>", "A story", id="with an article"),
        pytest.param(
            "<title>Pier Gazette: the end</title>", "Pier Gazette: the end", id="a headline"
        ),
        pytest.param("<title>A story - part two</title>", "A story - part two", id="its own dash"),
        pytest.param(
            '<title>x</title><meta property="og:title" content="A story | Pier">'
            '<meta property="og:site_name" content="Pier">',
            "A story",
            id="og:title before title",
        ),
        pytest.param(
            '<meta property="og:title" content="Pier"><meta property="og:site_name" content="Pier">'
            "<title>A story</title>",
            "A story",
            id="a title that is only the site",
        ),
    ],
)
def test_titles(head: str, expected: str) -> None:
    assert extract_page(page("<p>x</p>", head), URL, None).title == expected


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        pytest.param("2024-02-27T10:00:00+01:00", "2024-02-27T09:00:00+00:00", id="with a zone"),
        pytest.param("2024-02-27", "2024-02-27T00:00:00+00:00", id="a day is midnight UTC"),
        pytest.param("February 27, 2024 10:00 EST", "2024-02-27T15:00:00+00:00", id="written out"),
        pytest.param("February 27, 2024 10:00 IST", None, id="a zone with three meanings"),
        pytest.param("02/03/2024", None, id="March or February"),
        pytest.param("2024", None, id="a year"),
        pytest.param("27 February", None, id="no year"),
        pytest.param("9999-99-99", None, id="impossible"),
        pytest.param("0001-01-01", None, id="before the web"),
    ],
)
def test_dates(date: str, expected: str | None) -> None:
    head = f'<meta property="article:published_time" content="{date}">'
    found = extract_page(page("<p>x</p>", head), URL, None).published
    assert (found and found.isoformat()) == expected


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("/news/2", "https://pier-gazette.example/news/2", id="relative"),
        pytest.param("https://pier-gazette.example/", None, id="the home page is no article"),
        pytest.param("javascript:x", None, id="no script"),
        pytest.param("", None, id="empty"),
    ],
)
def test_canonical_address(href: str, expected: str | None) -> None:
    head = f'<link rel="canonical" href="{href}">'
    assert extract_page(page("<p>x</p>", head), URL, None).canonical_url == expected
