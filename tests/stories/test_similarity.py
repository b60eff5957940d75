"""The parts of a story's score: features, rareness, and what is needed to join."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article
from monitor.stories.features import Feature, features
from monitor.stories.similarity import fading, joined_score, needed, rareness
from monitor.stories.vocabulary import Vocabulary


def of(title: str, text: str = "", language: str | None = "en") -> dict[str, Feature]:
    found = features(Article(id="a", url="", title=title, text=text, language=language))
    return {word.key: word for word in found.words}


@pytest.mark.parametrize(
    ("title", "text", "key", "telling"),
    [
        pytest.param("the deal of Brontek", "", "brontek", True, id="a capital makes a name"),
        pytest.param("Deal of Brontek", "a deal was made", "deal", False, id="a word that also stands small is no name"),
        pytest.param("The Deal", "", "the", False, id="an everyday word is no name, though it stands first"),
        pytest.param("costs 14 crowns", "", "14", True, id="a number is telling"),
        pytest.param("火災が発生", "", "火災", False, id="characters of a script without capitals are no names"),
    ],
)  # fmt: skip
def test_names_and_numbers_are_telling(title: str, text: str, key: str, telling: bool) -> None:
    assert of(title, text)[key].telling is telling


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        pytest.param("paid $2.1 billion for it", "2.1", "$2.1 billion", id="sign before, scale after"),
        pytest.param("kostet 14 Millionen", "14", "14 Millionen", id="a German scale"),
        pytest.param("rose 3 % today", "3", "3 %", id="a share"),
        pytest.param("coûte 12 €.", "12", "12 €", id="a sign after"),
        pytest.param("in 2026.", "2026", "2026", id="a year, the full stop left out"),
    ],
)  # fmt: skip
def test_numbers_are_shown_with_their_sign_and_scale(text: str, key: str, shown: str) -> None:
    assert of("", text)[key].shown == shown


def test_the_headline_weighs_more_than_the_lead_and_the_lead_more_than_the_rest() -> None:
    filler = " ".join(f"w{n}" for n in range(80))
    found = of("alpha", f"beta {filler} gamma")
    assert found["alpha"].weight > found["beta"].weight > found["gamma"].weight


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert len(of("t", " ".join(f"w{n}" for n in range(5_000)))) <= 401


@given(words=st.floats(0, 500), seconds=st.floats(0, 1e7), more=st.floats(0, 1e6))
def test_more_is_needed_the_longer_the_texts_and_the_quiet(
    words: float, seconds: float, more: float
) -> None:
    assert needed(words, seconds) <= needed(words, seconds + more)
    assert needed(words, seconds) <= needed(words + more, seconds)
    assert 0.6 <= fading(seconds) <= 1


UNIT = st.floats(0, 1)


@given(nearest=UNIT, whole=UNIT, missing=UNIT, strange=UNIT, words=st.floats(0, 500))
def test_a_score_is_a_share_and_lacks_only_lower_it(
    nearest: float, whole: float, missing: float, strange: float, words: float
) -> None:
    score = joined_score(nearest, whole, missing, strange, words)
    assert 0 <= score <= joined_score(nearest, whole, 0, 0, words) <= 1


@given(stories=st.integers(0, 10**6), share=UNIT, common=st.integers(1, 900))
def test_rareness_is_positive_and_falls_with_every_story(
    stories: int, share: float, common: int
) -> None:
    holding = int(stories * share)
    assert rareness(stories, holding, common) > 0
    assert rareness(stories, holding, common) >= rareness(stories, holding + 1, common)


def test_a_word_that_nobody_holds_is_forgotten_and_its_number_used_again() -> None:
    words = Vocabulary()
    first = words.number("quay")
    words.hold(first, 1)
    words.hold(first, 2)
    words.let_go(first, {2: None})
    assert (words.find("quay"), words.holding[first]) == (first, 1)
    words.let_go(first, {})
    assert words.find("quay") is None
    assert words.number("crane") == first
    assert list(words.row(first)) == []
