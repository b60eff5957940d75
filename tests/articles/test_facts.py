"""What a page states about itself, in the many ways pages do."""

import json
from typing import Any

import pytest

from monitor.articles.extract import extract_page
from monitor.articles.reading import Alternate, Origin, ReadPage, Way

URL = "https://www.pier-gazette.example/news/floating-library"
TEXT = (
    "The harbour city council approved a floating library on Tuesday, ending a debate that had"
    " divided its members for most of the year and had twice been put off."
)
LONG = "\n\n".join(f"{n}. {TEXT}" for n in range(1, 9))


def read(head: str, inner: str = f"<article><p>{TEXT}</p></article>", url: str = URL) -> ReadPage:
    page = f"<!doctype html><html><head>{head}</head><body>{inner}</body></html>"
    return extract_page(page.encode(), url, None)


def ld(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{text}</script>'


NEWS = {"@type": "NewsArticle", "headline": "Library", "datePublished": "2024-02-27T09:00:00Z",
        "author": {"name": "Harbour Desk"}}  # fmt: skip
GRAPH = {
    "@context": "https://schema.org",
    "@graph": [
        {"@type": "WebPage", "headline": "Wrong", "datePublished": "2020-01-01"},
        {"@type": "Article", "headline": "Library", "author": {"@id": "#desk"},
         "datePublished": "2024-02-27T09:00:00Z", "publisher": {"@id": "#site"}},
        {"@id": "#desk", "@type": "Person", "name": "Harbour Desk"},
        {"@id": "#site", "@type": "Organization", "name": "Pier Gazette"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(ld(NEWS), id="an object"),
        pytest.param(ld([{"@type": "Organization", "name": "x"}, NEWS]), id="in a list"),
        pytest.param(ld([[NEWS]]), id="in a list in a list"),
        pytest.param(ld(GRAPH), id="in a graph, persons by reference"),
        pytest.param(ld({**NEWS, "@type": ["NewsArticle", "Thing"]}), id="several types"),
        pytest.param(ld({**NEWS, "@type": "http://schema.org/NewsArticle"}), id="a full type"),
        pytest.param(ld({"@type": "WebPage", "mainEntity": NEWS}), id="below mainEntity"),
        pytest.param(ld({**NEWS, "author": ["Harbour Desk"]}), id="authors as texts"),
        pytest.param(ld(f"<!-- {json.dumps(NEWS)} -->"), id="in an HTML comment"),
        pytest.param(ld(f"//<![CDATA[\n{json.dumps(NEWS)}\n//]]>"), id="in CDATA"),
        pytest.param(ld(json.dumps(NEWS).replace('"', "&quot;")), id="escaped as HTML"),
        pytest.param(ld(json.dumps(NEWS).replace("Library", "Li\nbrary")[:0] + json.dumps(NEWS) + ";"), id="with a semicolon"),
        pytest.param(ld("{broken") + ld(NEWS), id="after a broken block"),
        pytest.param(ld("[" * 5000) + ld(NEWS), id="after a block nested 5,000 deep"),
    ],
)  # fmt: skip
def test_json_ld(head: str) -> None:
    found = read(head)
    assert found.title == "Library"
    assert found.author == "Harbour Desk"
    assert (
        found.published is not None and found.published.isoformat() == "2024-02-27T09:00:00+00:00"
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(LONG, id="plain, with line breaks"),
        pytest.param("".join(f"<p>{part}</p>" for part in LONG.split("\n\n")), id="HTML"),
        pytest.param(
            "".join(f"&lt;p&gt;{part}&lt;/p&gt;" for part in LONG.split("\n\n")), id="escaped HTML"
        ),
    ],
)
def test_article_body_stands_in_for_a_page_that_shows_little(body: str) -> None:
    found = read(ld({**NEWS, "articleBody": body}), f"<article><p>{TEXT}</p></article>")
    assert found.text.split("\n\n") == LONG.split("\n\n")
    assert found.quality == "ok"


def test_the_posts_of_a_live_blog_stand_in_where_the_page_shows_none() -> None:
    posts = [
        {"@type": "BlogPosting", "headline": f"Post {n}", "articleBody": f"{n}. {TEXT}"}
        for n in range(4)
    ]
    found = read(
        ld({"@type": "LiveBlogPosting", "headline": "Live", "liveBlogUpdate": posts}),
        "<div id=app></div>",
    )
    lines = found.text.split("\n\n")
    assert lines == [line for n in range(4) for line in (f"Post {n}", f"{n}. {TEXT}")]
    assert (found.origin, found.quality) == (Origin.JSON_LD, "ok")


def test_article_body_does_not_replace_a_page_that_shows_the_article() -> None:
    inner = "".join(f"<p>{part}</p>" for part in LONG.split("\n\n"))
    found = read(ld({**NEWS, "articleBody": "Another text. " * 100}), f"<article>{inner}</article>")
    assert found.text == LONG
    assert found.origin is Origin.PAGE


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        pytest.param("Library opens | Pier Gazette", "Library opens", id="bar"),
        pytest.param("Library opens|Pier Gazette", "Library opens", id="bar without spaces"),
        pytest.param("Library opens - Pier Gazette", "Library opens", id="dash"),
        pytest.param("Library opens – The Pier Gazette", "Library opens", id="long dash, article"),
        pytest.param("Library opens · Pier-Gazette", "Library opens", id="dot, spelt otherwise"),
        pytest.param("Pier Gazette | Library opens", "Library opens", id="before"),
        pytest.param("Pier Gazette » Library opens", "Library opens", id="before, arrow"),
        pytest.param("Library opens | Culture | Pier Gazette", "Library opens", id="and section"),
        pytest.param("Library opens - part two", "Library opens - part two", id="its own dash"),
        pytest.param("Lumen | Northgate: a merger", "Lumen | Northgate: a merger", id="its bar"),
        pytest.param(
            "Pier Gazette: what went wrong", "Pier Gazette: what went wrong", id="the site is news"
        ),
        pytest.param("Kiel-Canal closes - Pier Gazette", "Kiel-Canal closes", id="a hyphen stays"),
        pytest.param("图书馆开放 - Pier Gazette", "图书馆开放", id="Chinese"),
        pytest.param("المكتبة تفتح | Pier Gazette", "المكتبة تفتح", id="Arabic"),
        pytest.param("Library &amp;amp; ship - Pier Gazette", "Library & ship", id="escaped twice"),
    ],
)
def test_titles(title: str, expected: str) -> None:
    head = f'<title>{title}</title><meta property="article:section" content="Culture">'
    assert read(head).title == expected


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        pytest.param("Pier Gazette: It opens", "It opens", "It opens", id="Site: before a heading"),
        pytest.param("It opens now - Harbour life", "It opens now", "It opens now", id="a slogan"),
        pytest.param(
            "Ships - and books - sail", "Ships - and books - sail", "Ships - and books - sail",
            id="a heading with dashes stays whole",
        ),
    ],
)  # fmt: skip
def test_a_heading_tells_what_the_title_is(title: str, heading: str, expected: str) -> None:
    inner = f"<article><h1>{heading}</h1><p>{TEXT}</p></article>"
    assert read(f"<title>{title}</title>", inner).title == expected


@pytest.mark.parametrize(
    ("head", "inner", "expected"),
    [
        pytest.param('<meta name="date" content="2024-02-27">', "", "2024-02-27T00:00", id="meta"),
        pytest.param("", '<time datetime="2024-02-27T10:00Z">today</time>', "2024-02-27T10:00", id="time"),
        pytest.param("", '<span class="entry-date">27 février 2024 à 10h00</span>', "2024-02-27T10:00", id="French, in the text"),
        pytest.param("", '<time datetime="2024-02-27">a</time><time datetime="2023-01-01">b</time>', None, id="two times tell nothing"),
        pytest.param('<meta name="date" content="03/04/2024">', "", None, id="March or April"),
    ],
)  # fmt: skip
def test_published(head: str, inner: str, expected: str | None) -> None:
    found = read(head, f"<article>{inner}<p>{TEXT}</p></article>").published
    assert (found and found.isoformat()[:16]) == expected


def test_published_of_the_address_comes_last() -> None:
    url = "https://pier-gazette.example/2024/02/27/library"
    dated = read("", url=url).published
    assert dated is not None and dated.isoformat() == "2024-02-27T00:00:00+00:00"
    stated = read('<meta name="date" content="2024-02-28">', url=url).published
    assert stated is not None and stated.day == 28


@pytest.mark.parametrize(
    ("head", "inner", "expected"),
    [
        pytest.param('<link rel="amphtml" href="/amp/1">', "", Alternate(Way.AMP, "https://www.pier-gazette.example/amp/1"), id="AMP"),
        pytest.param('<link rel="alternate" media="print" href="/p/1">', "", Alternate(Way.PRINT, "https://www.pier-gazette.example/p/1"), id="print"),
        pytest.param("", '<a href="/news/1/print/">Print</a>', Alternate(Way.PRINT, "https://www.pier-gazette.example/news/1/print/"), id="a print link"),
        pytest.param("", '<a href="?print=1">Print</a>', Alternate(Way.PRINT, URL + "?print=1"), id="a print query"),
        pytest.param("", '<a href="/news/printers-strike">Strike</a>', None, id="news of printers"),
        pytest.param('<link rel="amphtml" href="javascript:x">', "", None, id="a script"),
    ],
)  # fmt: skip
def test_alternates(head: str, inner: str, expected: Alternate | None) -> None:
    found = read(head, f"<article><p>{TEXT}</p>{inner}</article>").alternates
    assert found == ((expected,) if expected else ())


@pytest.mark.parametrize(
    ("head", "section", "image"),
    [
        pytest.param('<meta property="article:section" content="Culture"><meta property="og:image" content="/a.jpg">', "Culture", "https://www.pier-gazette.example/a.jpg", id="Open Graph"),
        pytest.param(ld({**NEWS, "articleSection": ["Culture", "x"], "image": {"url": "https://i.example/a.jpg"}}), "Culture", "https://i.example/a.jpg", id="JSON-LD"),
        pytest.param(ld({**NEWS, "image": ["https://i.example/a.jpg"]}), None, "https://i.example/a.jpg", id="a list of images"),
        pytest.param('<meta property="og:image" content="data:image/png;base64,x">', None, None, id="no address"),
        pytest.param(ld({**NEWS, "articleSection": 5, "image": 7}), None, None, id="numbers"),
    ],
)  # fmt: skip
def test_section_and_image(head: str, section: str | None, image: str | None) -> None:
    found = read(head)
    assert (found.section, found.image) == (section, image)


@pytest.mark.parametrize(
    ("declared", "text", "expected"),
    [
        pytest.param(None, TEXT, "en", id="detected"),
        pytest.param("fr", TEXT, "fr", id="a short text does not contradict"),
        pytest.param("fr", LONG, "en", id="a long text does: the template's language stayed"),
        pytest.param("en-GB", LONG, "en", id="declared with a region"),
        pytest.param(None, "Lumen 2024.", None, id="too little to tell"),
        pytest.param("da", "Ministeriet oplyste tirsdag at de nye regler træder i kraft. " * 12, "da", id="near languages are not contradicted"),
    ],
)  # fmt: skip
def test_language(declared: str | None, text: str, expected: str | None) -> None:
    inner = "".join(f"<p>{part}</p>" for part in text.split("\n\n"))
    lang = f" lang={declared}" if declared else ""
    page = (
        f"<html{lang}><head><title>1</title></head><body><article>{inner}</article></body></html>"
    )
    assert extract_page(page.encode(), URL, None).language == expected
