"""One line of JSON becomes an article, or a sentence about what is wrong with it."""

import json
from contextlib import redirect_stdout
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.cli.articlelines import ArticleLine, NotAnArticle, read_article
from monitor.cli.output import emit


@pytest.mark.parametrize(
    ("line", "told", "column"),
    [
        pytest.param(b"{broken", "not JSON: expecting property name", 2, id="broken JSON"),
        pytest.param(b'{"id": 1', "not JSON", 9, id="a line cut off in the middle"),
        pytest.param(b"{", "must hold a whole article", 2, id="JSON spread over lines"),
        pytest.param(b"[", "must hold a whole article", 2, id="a JSON list spread over lines"),
        pytest.param(b"[1]", "a list; each line must be one article", None, id="a list"),
        pytest.param(b"null", "null; each line", None, id="null"),
        pytest.param(b'"x"', "a text; each line", None, id="a text"),
        pytest.param(b'{"title": 3}', "'title' must be a text, not a number", None, id="number"),
        pytest.param(b'{"text": []}', "'text' must be a text, not a list", None, id="list text"),
        pytest.param(
            b'{"lead": true}', "'lead' must be a text, not true or false", None, id="true as lead"
        ),
        pytest.param(b'{"body": "x"}', "Did you mean 'text'", None, id="body for text"),
        pytest.param(b'{"id": NaN}', "NaN is no number", None, id="NaN, which is no JSON"),
        pytest.param(b'{"id": -Infinity}', "-Infinity is no number", None, id="Infinity"),
        pytest.param(b'{"id": 1e999}', "too large", None, id="a number that is infinite here"),
        pytest.param(b'{"id": ' + b"9" * 5000 + b"}", "not JSON", None, id="a giant integer"),
        pytest.param(b'{"id": ' + b"[" * 100_000, "nested too deeply", None, id="deep nesting"),
        pytest.param(b'{"t":"\xff"}', "not UTF-8", 7, id="bytes that are no UTF-8"),
        pytest.param(None, "too long", None, id="a line that was too long to be read"),
    ],
)
def test_what_is_no_article_is_told_with_its_column(
    line: bytes | None, told: str, column: int | None
) -> None:
    with pytest.raises(NotAnArticle, match=told.replace("(", r"\(")) as caught:
        read_article(line, "x:1")
    assert caught.value.column == column


@pytest.mark.parametrize("line", [b"", b"   ", b"\t"])
def test_a_blank_line_is_nothing(line: bytes) -> None:
    assert read_article(line, "x:1") is None


@pytest.mark.parametrize(
    ("field", "mistake"),
    [
        pytest.param('"published": "yesterday"', "ISO 8601", id="a time in words"),
        pytest.param('"published": 20261122', "not a number", id="a time as a number"),
        pytest.param('"published": "0001-01-01T00:00:00+14:00"', "ISO 8601", id="before year 1"),
        pytest.param('"tags": "eu"', "'tags' must be a list", id="tags as a text"),
        pytest.param('"tags": [1]', "'tags' must be a list", id="numbers as tags"),
    ],
)
def test_a_mistake_in_what_no_rule_reads_is_told_and_costs_no_match(
    field: str, mistake: str
) -> None:
    read = read_article(f'{{"id": 1, "title": "kept", {field}}}'.encode(), "x:1")
    assert read is not None
    assert read.article.title == "kept"
    assert len(read.mistakes) == 1
    assert mistake in read.mistakes[0]


@pytest.mark.parametrize(
    ("key", "strange"),
    [
        pytest.param("titel", True, id="a misspelt title"),
        pytest.param("Text", True, id="a key in capitals"),
        pytest.param("quality", False, id="a key of articles --json"),
        pytest.param("x" * 10_000, False, id="a very long key"),
    ],
)
def test_a_key_that_looks_misspelt_is_noticed(key: str, strange: bool) -> None:
    read = read_article(json.dumps({key: "x", "text": "y"}).encode(), "x:1")
    assert read is not None
    assert read.strange_keys == ((key,) if strange else ())


def test_the_line_stands_for_a_missing_id_in_the_article_only() -> None:
    read = read_article(b'{"title": "x"}', "file:7")
    assert read is not None
    assert (read.given_id, read.article.id) == (None, "file:7")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["id", "title", "text", "lead", "tags", "published", "language", "x"])


@given(st.dictionaries(KEYS, JSON) | JSON)
def test_any_json_is_an_article_or_told(value: object) -> None:
    try:
        read = read_article(json.dumps(value).encode(), "x:1")
    except NotAnArticle as error:
        assert str(error)
    else:
        assert isinstance(read, ArticleLine)
        assert isinstance(value, dict)
        assert read.given_id == value.get("id")


@given(st.binary())
def test_any_bytes_are_an_article_or_blank_or_told(data: bytes) -> None:
    try:
        read_article(data, "x:1")
    except NotAnArticle as error:
        assert str(error)


ANY_TEXT = st.text(st.characters(codec=None, categories=None) | st.characters(categories=["Cs"]))


@given(ANY_TEXT)
def test_any_text_leaves_as_it_came_half_surrogates_too(text: str) -> None:
    shown = StringIO()
    with redirect_stdout(shown):
        emit({"id": text})
    line = shown.getvalue()
    assert line.endswith("\n")
    assert line.count("\n") == 1
    line.encode("utf-8")
    # json joins two halves that follow each other into one character; so does every other reader
    assert json.loads(line)["id"] == json.loads(json.dumps(text))
