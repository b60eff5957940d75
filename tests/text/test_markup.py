"""Markup to plain text."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.markup import has_markup, line_of, plain_text, tidy


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        pytest.param("<p>One.</p><p>Two.</p>", "One.\n\nTwo.", id="paragraphs are parted"),
        pytest.param(
            "One<br>two<br><br>three", "One two\n\nthree", id="two breaks make a paragraph"
        ),
        pytest.param("<b>M</b>istral", "Mistral", id="inline tags part nothing"),
        pytest.param(
            "AT&amp;T ?a&copy=2 &amp;lt;", "AT&T ?a&copy=2 &lt;", id="decoded exactly once"
        ),
        pytest.param("a<script>x<y</script>b", "ab", id="scripts go"),
        pytest.param("a<figure><figcaption>c</figcaption></figure>b", "a\n\nb", id="captions go"),
        pytest.param("5 < 6 and a<b", "5 < 6 and a<b", id="a sign is no tag"),
        pytest.param('<img alt="a > b">c', "c", id="a sign in an attribute"),
        pytest.param("a<!-- b > c -->d", "ad", id="comments go"),
        pytest.param("a<!-- b", "a", id="a comment without end"),
        pytest.param("<![CDATA[a]]>", "a", id="character data"),
        pytest.param("x\x00\ud800y", "xy", id="nothing that cannot be stored"),
    ],
)
def test_plain_text(markup: str, expected: str) -> None:
    assert plain_text(markup) == expected


def test_named_elements_are_left_out_unless_they_are_most_of_it() -> None:
    markup = "<p>A sentence that is long enough.</p><div class='x cap'><div>no</div>no</div>end"
    assert (
        plain_text(markup, lambda name: name == "cap") == "A sentence that is long enough.\n\nend"
    )
    assert plain_text("<div class=cap>everything</div>a", lambda name: True) == "everything\n\na"


@pytest.mark.parametrize(
    "piece",
    ['<a "', "<", "<!--", "<p>", "<a b='", "<a '\"", "&", '""<a ', "<script>", "<div class=x>"],
)
def test_time_is_linear(piece: str) -> None:
    markup = piece * 50_000
    began = time.process_time()
    plain_text(markup, lambda name: True)
    has_markup(markup)
    assert time.process_time() - began < 2.0


@given(st.text())
def test_anything_gives_storable_text(text: str) -> None:
    for result in (plain_text(text), line_of(text), tidy(text)):
        assert unicodedata.is_normalized("NFC", result)
        assert "\x00" not in result
        result.encode("utf-8")
