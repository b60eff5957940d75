"""Figures of texts that nobody would write: never an error, never slow, offsets always true."""

import time
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.model import Article, Figure, FigureKind
from monitor.stories.figure_compare import quantity, same, shown
from monitor.stories.figure_notes import new_figures, notes
from monitor.stories.figure_numbers import worth
from monitor.stories.figures import LONGEST_SENTENCE, MOST, figures

LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "it",
    "nl",
    "pt",
    "pl",
    "zh",
    "ja",
    "ko",
    "ar",
    "sv",
    None,
    "EN-gb",
    "x",
]
PIECES = [
    "$", "€", "£", "¥", "R$", "CHF", "USD", "2", "2.1", "2,1", "2.100", "1'000", "10", "2026", "0", "٢", "１０", "²",
    " ", "\u00a0", "\u202f", "-", "–", ".", ",", ":", "/", "(", ")", "%", "％", "\n\n", "'", "’", "§", "#", "\u202e", "\u200f", "\u00ad",
    "billion", "Mrd.", "bn", "m", "million", "euros", "dollars", "亿", "億", "万", "美元", "円", "人", "日", "月", "年", "百分之",
    "Nov.", "November", "mai", "percent", "points", "jobs", "dead", "to", "and", "between", "or", "invests", "worth", "of", "the", "start-up",
    "a", "half a", "three", "Three", "zwei", "d'", "de", "\x00", "\ud800", "𝟚", "😀",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join) | st.text(max_size=80)  # fmt: skip
SECONDS = 10.0  # of processor, for a megabyte; what is not linear needs hours


def read(text: str, language: str | None = "en") -> tuple[Figure, ...]:
    return figures(Article(id="a", url="", title="", text=text, language=language))


@example(title="", text="𝟚CHF2", language="en")
@given(TEXTS, TEXTS, st.sampled_from(LANGUAGES))
@settings(max_examples=300, deadline=None)
def test_places_give_back_the_text(title: str, text: str, language: str | None) -> None:
    found = figures(Article(id="a", url="", title=title, text=text, language=language))
    for figure in found:
        field = title if figure.field == "title" else text
        assert field[figure.start : figure.end] == figure.text != ""
        assert figure.text in figure.sentence
        assert figure.sentence in field
        assert shown(quantity(figure))
    for one, other in pairwise(found):
        assert one.field != other.field or one.end <= other.start, "figures overlap"
    notes([("A", found[::2]), ("B", found[1::2])])
    assert new_figures(found, found) == ()


@given(
    st.decimals(min_value=1, max_value=10**13, places=2),
    st.sampled_from([",", "'", " ", "\u202f", ""]),
)
@settings(max_examples=200, deadline=None)
def test_a_number_is_read_as_it_was_written(number: object, mark: str) -> None:
    written = f"{number:,.2f}".replace(",", mark)
    read_as = worth(written, point=True)
    assert read_as is not None
    assert read_as[0] == number


@given(st.integers(1, 10**9), st.integers(1, 10**9))
@settings(max_examples=200, deadline=None)
def test_sameness_has_no_direction(one: int, other: int) -> None:
    first, second = (quantity(read(f"${number}")[0]) for number in (one, other))
    assert same(first, second) == same(second, first)
    assert same(first, first)


HOSTILE = [
    pytest.param("9" * 1_000_000, 0, id="a megabyte of one number"),
    pytest.param("$" * 100_000, 0, id="dollar signs"),
    pytest.param("$" * 100_000 + "5", 1, id="dollar signs and a number"),
    pytest.param("1 " * 400_000, 0, id="many numbers"),
    pytest.param("$1 " * 300_000, MOST, id="many amounts without a full stop"),
    pytest.param("1,1." * 200_000, 0, id="separators in turn"),
    pytest.param("1 000" * 150_000, 0, id="thousands that never end"),
    pytest.param("1 000 " * 150_000, 0, id="a number of many groups"),
    pytest.param("three " * 150_000, 0, id="number words"),
    pytest.param("1億" * 200_000, 0, id="parts that could add up for ever"),
    pytest.param("(" * 500_000 + "$5", 1, id="brackets"),
    pytest.param("1 to " * 200_000, 0, id="ranges that never end"),
    pytest.param("Nov. " * 200_000, 0, id="months without a day"),
    pytest.param("half a million " * 60_000, 0, id="halves of nothing"),
    pytest.param("1\n\n" * 250_000, 0, id="many paragraphs"),
    pytest.param("a" * 500_000 + " $5 " + "b" * 499_000, 1, id="one figure in a sentence of a megabyte"),
    pytest.param("\u202e$2.1 billion\u202c", 1, id="a change of direction around an amount"),
    pytest.param("²³¹ ½ ④ Ⅷ 𝟚 jobs", 0, id="signs that look like digits"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "most"), HOSTILE)
def test_hostile_texts(text: str, most: int) -> None:
    begun = time.process_time()
    found = read(text)
    assert time.process_time() - begun < SECONDS
    assert len(found) <= (most or MOST)
    assert all(len(figure.sentence) <= LONGEST_SENTENCE + len(figure.text) for figure in found)
    if most:
        assert found


def test_a_story_of_many_figures_is_told_in_time() -> None:
    tellings = [
        (
            f"outlet {place}",
            read(" ".join(f"It invests ${place * 500 + each + 1000}." for each in range(500))),
        )
        for place in range(20)
    ]
    begun = time.process_time()
    found = notes(tellings)
    new = new_figures([each for _, told in tellings[:-1] for each in told], tellings[-1][1])
    assert time.process_time() - begun < SECONDS
    assert found
    assert new


def test_the_work_grows_with_the_text_only() -> None:
    line = (
        "Acme invests $2.1 billion in Zeta, which cut 3,200 jobs or 12 % of its staff on Nov. 22. "
    )

    def seconds(times: int) -> float:
        runs = []
        for _ in range(3):
            begun = time.process_time()
            assert len(read(line * times)) == 4 * times
            runs.append(time.process_time() - begun)
        return min(runs)

    assert seconds(120) < 40 * seconds(12)


@pytest.mark.parametrize("kind", FigureKind)
def test_every_kind_is_read(kind: FigureKind) -> None:
    assert kind in {
        each.kind for each in read("It invests $5 million, or 3 %, on 5 May 2026 for 300 jobs.")
    }
