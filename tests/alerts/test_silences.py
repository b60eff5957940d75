"""What a silence keeps back, and what it does not."""

import re
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.silences import Matcher, Silence, read_matcher, silence_id, silenced
from tests.alerts.newsroom import BRUSSELS, NOON, report, rule

HOUR = timedelta(hours=1)


def silence(*words: str, starts: datetime = NOON - HOUR, ends: datetime | None = NOON + HOUR,
            name: str = "q1", comment: str = "") -> Silence:  # fmt: skip
    return Silence(name, read_matcher(words), starts, ends, comment)


REPORT = report(title="Café Futebol: the “EU” opens a probe", source="Example News")


@pytest.mark.parametrize(
    ("words", "fits"),
    [
        pytest.param(["rule=urgent"], True, id="the rule"),
        pytest.param(["rule=urg*"], True, id="a pattern for the rule"),
        pytest.param(["rule=*"], True, id="every rule"),
        pytest.param(["rule=urge"], False, id="the beginning of an id is not it"),
        pytest.param(["desk=deals"], True, id="a label"),
        pytest.param(["team=*"], False, id="a label that the rule has not"),
        pytest.param(["source=news1.example"], True, id="the host, whose www does not count"),
        pytest.param(["source=example"], True, id="a domain covers its subdomains"),
        pytest.param(["source=ews1.example"], False, id="but not what only ends so"),
        pytest.param(["source=EXAMPLE news"], True, id="the outlet, whatever its case"),
        pytest.param(["story=s1"], True, id="the story"),
        pytest.param(["story=s*"], False, id="stories have no patterns"),
        pytest.param(["title=eu opens"], True, id="words in a row, case and quotes aside"),
        pytest.param(["title=cafe"], True, id="accents aside"),
        pytest.param(["title=EU probe"], False, id="words apart"),
        pytest.param(["title=open"], False, id="a part of a word"),
        pytest.param(["rule=urgent", "title=sport"], False, id="all conditions must fit"),
    ],
)
def test_conditions(words: list[str], fits: bool) -> None:
    found = silenced(REPORT, rule("urgent"), "s1", [silence(*words)], NOON, BRUSSELS)
    assert (found is not None) is fits


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        pytest.param(NOON, NOON + HOUR, True, id="from its first moment"),
        pytest.param(NOON + HOUR, None, False, id="not before"),
        pytest.param(NOON - HOUR, NOON, False, id="not at its end"),
        pytest.param(NOON - HOUR, None, True, id="without an end"),
    ],
)
def test_times(starts: datetime, ends: datetime | None, fits: bool) -> None:
    one = silence("rule=*", starts=starts, ends=ends)
    assert (silenced(REPORT, rule(), None, [one], NOON) is not None) is fits


def test_the_reason_names_the_silence_that_ends_last() -> None:
    several = [
        silence("rule=*", name="b2", ends=NOON + 2 * HOUR, comment="known by all"),
        silence("rule=*", name="a1"),
        silence("rule=info", name="c3", ends=None),
    ]
    found = silenced(REPORT, rule(), "s1", several, NOON, BRUSSELS)
    assert found == "silence b2 (rule=*) until Fri 20 Nov 14:00: known by all"
    for_ever = silence("source=Example News", name="d4", ends=None)
    found = silenced(REPORT, rule(), None, [*several, for_ever], NOON, BRUSSELS)
    assert found == "silence d4 (source=Example News) until it is ended"


def test_a_condition_on_a_story_never_fits_an_article_without_one() -> None:
    assert silenced(REPORT, rule(), None, [silence("story=s1")], NOON) is None


def test_a_silence_of_nothing_silences_nothing() -> None:
    nothing = Silence("q", Matcher(), NOON - HOUR, None)
    assert silenced(REPORT, rule(), "s1", [nothing], NOON) is None


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param([], "To silence everything, write 'rule=*'", id="no condition"),
        pytest.param(["football"], "'football' is no condition", id="a word alone"),
        pytest.param(["rule="], "is no condition", id="no value"),
        pytest.param(["=x"], "is no condition", id="no name"),
        pytest.param(["rule=a", "rule=b"], "stands here twice", id="a name twice"),
        pytest.param(["desk=a", "desk=b"], "stands here twice", id="a label twice"),
        pytest.param(["rul=a"], "Did you mean 'rule'?", id="a slip that would be a label"),
        pytest.param(["title=…"], "holds no word", id="no word"),
    ],
)
def test_what_is_no_silence_is_told(words: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_matcher(words)


def test_a_matcher_is_written_as_it_is_read() -> None:
    words = ["rule=eu-*", "source=example.org", "title=a b", "desk=x"]
    made = read_matcher(words)
    assert str(made) == "rule=eu-* source=example.org title=a b desk=x"
    assert silence_id(made, NOON, "analyst") == silence_id(
        read_matcher(reversed(words)), NOON, "analyst"
    )  # type: ignore[arg-type]
    assert silence_id(made, NOON, "analyst") != silence_id(made, NOON, "editor")


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_title_and_no_words_break_it(title: str, words: str) -> None:
    one = Silence("q", Matcher(words=words), NOON - HOUR, None)
    found = silenced(report(title=title), rule(), None, [one], NOON)
    assert found is None or words
