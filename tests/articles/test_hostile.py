"""Bytes of any kind: an answer in bounded time, never an exception."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.articles.extract import extract_page
from monitor.model import Quality

URL = "https://pier-gazette.example/news/1"
SENTENCE = b"The council approved the floating library on Tuesday after a debate of many hours. "
ARTICLE = (
    b"<article>" + b"<p>" + SENTENCE * 2 + b"</p>" * 1 + b"<p>" + SENTENCE * 3 + b"</p></article>"
)
JSON = b'<script type="application/ld+json">'


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"<div>" * 100_000 + ARTICLE, id="100,000 levels of div"),
        pytest.param(b"<b><i>" * 50_000 + ARTICLE, id="100,000 levels of inline elements"),
        pytest.param(b"<blockquote>" * 20_000 + ARTICLE, id="20,000 levels of quotations"),
        pytest.param(b"<html>" + b"<blockquote>a b c</blockquote>" * 4_000, id="4,000 quotations side by side"),
        pytest.param(b"<html><p>" + b"<span class=x>word </span>" * 4_000, id="4,000 named words in a paragraph"),
        pytest.param(b"<html><div>" + b"text <a href=x>link</a> <p></p>" * 1_500, id="1,500 runs of loose text"),
        pytest.param(b"<p>word</p>" * 200_000, id="200,000 paragraphs"),
        pytest.param(b"<html><p>" + b"<br>" * 10_000, id="10,000 line breaks"),
        pytest.param(b"<author>" + b"a" * 30_000 + b"</author>" + ARTICLE, id="an author of 30 kB"),
        pytest.param(b"<html><meta name=author content='" + b"by " * 10_000 + b"'>" + ARTICLE, id="an author stated in 30 kB"),
        pytest.param(b"<p " + b"a=b " * 100_000 + b">" + ARTICLE, id="100,000 attributes"),
        pytest.param(b"<p class='" + b"comment " * 100_000 + b"'>" + ARTICLE, id="a class of 800 kB"),
        pytest.param(b"<title>" + b"x - " * 50_000 + b"</title>" + ARTICLE, id="a title of 50,000 pieces"),
        pytest.param(JSON + b"[" * 100_000 + b"</script>" + ARTICLE, id="JSON-LD nested 100,000 deep"),
        pytest.param((JSON + b'{"@type":"Article","headline":7,"author":[[[]]],"image":{"url":[]}}</script>') * 400 + ARTICLE, id="400 blocks of wrong JSON-LD"),
        pytest.param(JSON + b'[' + b'{"@type":"Article","@id":"#a","author":{"@id":"#a"}},' * 4000 + b'{}]</script>' + ARTICLE, id="descriptions that refer to themselves"),
        pytest.param(b"<html>" + b"<!--" * 100_000 + ARTICLE, id="100,000 open comments"),
        pytest.param(b"<html>&" + b"amp;" * 300_000 + ARTICLE, id="an entity a million long"),
        pytest.param(b"<html><p>" + b"a" * 1_000_000, id="a word of 1 MB"),
        pytest.param(b"<html><p>" + b" \n" * 1_000_000 + SENTENCE, id="2 MB of white space"),
    ],
)  # fmt: skip
def test_hostile_pages_take_bounded_time(body: bytes) -> None:
    began = time.process_time()
    found = extract_page(body, URL, None)
    assert time.process_time() - began < 8.0
    assert found.reason
    assert len(found.title) <= 1000 and len(found.text) <= 1_000_000
    assert len(found.author or "") <= 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        pytest.param(ARTICLE.replace(b"council", b"coun\x00cil"), None, id="NUL in a word"),
        pytest.param(ARTICLE.replace(b"debate", b"d\xe9bat\xff"), "text/html; charset=utf-8", id="not the charset it says"),
        pytest.param(b"<html>" + ARTICLE, "text/html; charset=zlib_codec", id="a codec that is no charset"),
        pytest.param(b"<html>" + ARTICLE, "text/html; charset=utf-7", id="UTF-7"),
        pytest.param(b"\xff\xfe" + ("<html>" + ARTICLE.decode()).encode("utf-16-le"), None, id="UTF-16"),
        pytest.param(b"<?xml version='1.0' encoding='x'?><html>" + ARTICLE, None, id="a strange declaration"),
        pytest.param(b"<html><p>" + SENTENCE * 4, None, id="nothing is closed"),
        pytest.param(b"</p></div></html>" + ARTICLE, None, id="only closed"),
        pytest.param(b"<svg><p>x</p></svg><math><mi>x</math>" + ARTICLE, None, id="foreign elements"),
    ],
)  # fmt: skip
def test_damaged_pages_are_still_read(body: bytes, content_type: str | None) -> None:
    found = extract_page(body, URL, content_type)
    assert "floating library" in found.text
    assert found.quality is Quality.OK
    assert "\x00" not in found.text
    found.text.encode("utf-8")


PIECES = st.sampled_from(
    "<p> </p> <div> </div> <article> <blockquote> <ul><li> <table><tr><td> <br> <span class=link>"
    " <a href=x> </a> <!-- --> <![CDATA[ ]]> <script> </script> <h1> <title> <time datetime=1>"
    " <meta name=author content=' <link rel=amphtml href= &amp; &#0; &#xD800; \x00 \ufeff word"
    ' <div class=comments> <form> <body> </body> <html> <svg> <plaintext> <p><p> \'> " {"@type":'
    " <script type=application/ld+json> <frameset> <noscript> 新闻 خبر 2024-02-27".split(" ")
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=60))
@settings(
    max_examples=60, deadline=4000, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
def test_any_soup_of_tags_gives_an_answer(pieces: list[str]) -> None:
    found = extract_page(
        ("<html>" + "".join(pieces)).encode("utf-8", "surrogatepass"), URL, "text/html"
    )
    assert not found.reason.startswith("the extractor failed"), found.reason
    for text in (found.title, found.text, found.author or "", found.section or ""):
        text.encode("utf-8")
    assert found.quality is not Quality.SUMMARY
    assert bool(found.text.strip()) or found.quality in (Quality.FAILED, Quality.STUB)
    assert "\n\n\n" not in found.text
