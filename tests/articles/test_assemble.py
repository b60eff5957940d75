"""Which text stands for an article, and which articles have the same words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.assemble import assemble
from monitor.articles.clean import is_furniture_name
from monitor.articles.fingerprint import fingerprint
from monitor.model import Entry, Extracted, Quality

LONG = "word " * 120
LINK = "http://pier-gazette.example/1/?utm_source=rss"


def entry(summary: str = "", content: str = "", link: str | None = LINK) -> Entry:
    return Entry(id="pg-1", link=link, title="Title", summary=summary, content=content)


def page(text: str, quality: Quality, reason: str = "why") -> Extracted:
    return Extracted("Page title", text, "Desk", None, "en", quality, reason)


@pytest.mark.parametrize(
    ("given_entry", "given_page", "quality", "start"),
    [
        pytest.param(
            entry("s"), page("The page.", Quality.OK), Quality.OK, "The page.", id="the page"
        ),
        pytest.param(entry("<p>Sum</p>"), None, Quality.SUMMARY, "Sum", id="no page: the summary"),
        pytest.param(
            entry("s", f"<p>{LONG}"), None, Quality.OK, "word", id="no page: full content"
        ),
        pytest.param(entry("s", "<p>A little.</p>"), None, Quality.SUMMARY, "A little", id="short"),
        pytest.param(entry(), None, Quality.FAILED, "", id="the title alone"),
        pytest.param(
            entry("s", LONG),
            page("Log in.", Quality.STUB),
            Quality.OK,
            "word",
            id="more than a stub",
        ),
        pytest.param(
            entry("s"),
            page("A teaser of a few words.", Quality.STUB),
            Quality.STUB,
            "A teaser",
            id="stub",
        ),
        pytest.param(
            entry("Sum"), page("", Quality.FAILED), Quality.SUMMARY, "Sum", id="a failed page"
        ),
        pytest.param(
            entry("s", f"<p>Word of the page. {LONG}"),
            page("Word of the page.", Quality.OK),
            Quality.OK,
            "Word of the page. word",
            id="the feed has the page's words and far more",
        ),
        pytest.param(
            entry("s", f"<p>{LONG}"),
            page("Other things stand here.", Quality.OK),
            Quality.OK,
            "Other things",
            id="the feed has far more, about something else",
        ),
    ],
)
def test_body(
    given_entry: Entry, given_page: Extracted | None, quality: Quality, start: str
) -> None:
    article = assemble(given_entry, "Pier", "de", given_page, "the page answered 403")
    assert article.quality is quality
    assert article.text.startswith(start) and bool(article.text) == bool(start)
    assert article.quality_reason
    if given_page is None:
        assert "403" in article.quality_reason
    assert article.title == "Title"
    assert article.language == ("en" if given_page else "de")


def test_identity_is_the_canonical_address_else_the_entry() -> None:
    ids = {
        assemble(entry(link=link), "Pier", None, None, None).id
        for link in (LINK, "https://PIER-gazette.example/1", "https://pier-gazette.example/1#x")
    }
    assert len(ids) == 1 and all(len(one) == 16 for one in ids)
    assert assemble(entry(link=None), "Pier", None, None, None).id not in ids
    assert assemble(entry(), "Pier", None, None, None).url == "http://pier-gazette.example/1/"
    assert assemble(entry(link="javascript:x"), "Pier", None, None, None).url == ""


def test_other_stories_in_the_feed_are_left_out() -> None:
    content = f"<p>{LONG}</p><p>Read also: Lumen buys Northgate</p>"
    assert "Lumen" not in assemble(entry(content=content), "Pier", None, None, None).text


def test_furniture_in_the_feed_is_left_out() -> None:
    content = f"<p>{LONG}</p><div class='sharedaddy'>Share</div><p class='wp-caption-text'>Cap</p>"
    text = assemble(entry(content=content), "Pier", None, None, None).text
    assert "Share" not in text and "Cap" not in text


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *[
            pytest.param(name, True, id=f"{name} is furniture")
            for name in (
                "wp-caption wp-caption-text caption photo-credit imageCaption author-bio AuthorBox"
                " about-the-author saboxplugin-wrap wpdiscuz_unauth wpd-form-wrap comment-form"
                " comments related-stories newsletter-signup cookie-banner sharedaddy"
                " jp-relatedposts share-buttons article__related-posts"
            ).split()
        ],
        *[
            pytest.param(name, False, id=f"{name} is not")
            for name in (
                "has-comments no-sidebar with-caption related-to-content article-body story"
                " commentary recaption authority single-post newsletter-article content"
            ).split()
        ],
    ],
)
def test_names_are_read_word_by_word(name: str, expected: bool) -> None:
    assert is_furniture_name(name) is expected


def test_fingerprint() -> None:
    text = "Élan, the pier's ship, sailed on. " * 10
    same = "elan THE PIERS ship\n\nsailed on! " * 10
    assert fingerprint("a", text) == fingerprint("b", same)
    assert fingerprint("a", text) != fingerprint("a", text + "more")
    assert fingerprint("a", "Log in.") != fingerprint("b", "Log in.")
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


@given(st.text(), st.text())
def test_case_and_spacing_never_matter(title: str, text: str) -> None:
    assert fingerprint(title, text) == fingerprint(title, f"  {text}\n\n")
    assert len(fingerprint(title, text)) == 64
