"""What a story says of its figures, and which are new. The texts are made up."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import Article, Figure, FigureNote
from monitor.stories.figure_notes import new_figures, notes
from monitor.stories.figures import figures

INVESTS = "Acme invests $2.1 Billion in Zeta to speed up its work."
WORTH = "Acme said it was putting money into the 2 billion euro ($2.1 billion), ten-month-old enterprise."
VALUED = "Zeta was last valued at about €2 billion."


def read(text: str, language: str = "en") -> tuple[Figure, ...]:
    return figures(Article(id="a", url="", title="", text=text, language=language))


def told(*texts: str) -> tuple[FigureNote, ...]:
    return notes([("ABCDEFGH"[place], read(text)) for place, text in enumerate(texts)])


LINES = [
    pytest.param([INVESTS, WORTH, VALUED], [
        ("$2.1 billion: as investment by 1 outlet, as valuation by 1", True),
        ("€2 billion: as valuation by 2 outlets", False),
    ], id="one outlet turns a valuation into an investment"),
    pytest.param([INVESTS, "Zeta is valued at $2.1 billion.", "Zeta, worth $2.1 billion, agreed."], [
        ("$2.1 billion: as investment by 1 outlet, as valuation by 2", True),
    ], id="one number with two meanings is told with its outlets"),
    pytest.param([INVESTS, "Acme puts €2 billion into Zeta.", "Acme will invest €2 billion."], [
        ("investment: $2.1 billion by 1 outlet, €2 billion by 2", True),
    ], id="two numbers for one meaning"),
    pytest.param(["Acme invests $2.1 billion.", "Acme is investing 2,100 million dollars."], [
        ("$2.1 billion: as investment by 2 outlets", False),
    ], id="the same number written in another way is agreement"),
    pytest.param(["Acme invests $2.1 billion.", "Acme is investing $2.07 billion."], [
        ("$2.07 billion: as investment by 2 outlets", False),
    ], id="a rounded number is agreement, the exact one is shown"),
    pytest.param(["Acme invests $2 billion.", "Acme is investing $2.1 billion."], [
        ("investment: $2 billion by 1 outlet, $2.1 billion by 1", True),
    ], id="two and 2.1 billion are not the same"),
    pytest.param(["Acme invests about $2 billion.", "Acme is investing $2.1 billion."], [
        ("$2.1 billion: as investment by 2 outlets", False),
    ], id="about two billion are"),
    pytest.param(["Acme invests $2.05 billion.", "Acme is investing $2.12 billion."], [
        ("investment: $2.05 billion by 1 outlet, $2.12 billion by 1", True),
    ], id="two exact numbers are not rounded into each other"),
    pytest.param(["Acme invests $2 billion.", "Acme is investing $2 million."], [
        ("investment: $2 billion by 1 outlet, $2 million by 1", True),
    ], id="a million for a billion is a slip"),
    pytest.param(["Acme invests $2 billion in Zeta.", "Acme's investment in Omega is $13 billion."], [
        ("$2 billion: as investment by 1 outlet", False), ("$13 billion: as investment by 1 outlet", False),
    ], id="numbers far apart are about different things"),
    pytest.param(["Acme invests $2 billion in Zeta.", "Acme invests $2 billion in Zeta, and $3 billion in Omega."], [
        ("$2 billion: as investment by 2 outlets", False), ("$3 billion: as investment by 1 outlet", False),
    ], id="who gives both numbers disagrees with nobody"),
    pytest.param(["Acme invests $2 billion.", "Acme is investing ¥300 billion."], [
        ("$2 billion: as investment by 1 outlet", False), ("¥300 billion: as investment by 1 outlet", False),
    ], id="currencies that are worth different amounts are not set against each other"),
    pytest.param(["Acme invests $2.1 billion.", "Acme will invest €2 billion, or $2.1 billion.", "Acme puts in €2 billion."], [
        ("$2.1 billion: as investment by 2 outlets", False), ("€2 billion: as investment by 2 outlets", False),
    ], id="two currencies that an outlet calls one amount are agreement"),
    pytest.param(["Zeta raised $600 million.", "The investment of $600 million is done."], [
        ("$600 million: as raise by 1 outlet, as investment by 1", False),
    ], id="what one side invests the other raises"),
    pytest.param([INVESTS, INVESTS, INVESTS], [
        ("$2.1 billion: as investment by 1 outlet", False),
    ], id="copies count once"),
    pytest.param(["Acme invests $2.1 billion.", "There were $2.1 billion on the table."], [
        ("$2.1 billion: as investment by 1 outlet, with no meaning given by 1", False),
    ], id="who does not say what it is does not disagree"),
    pytest.param(["Talk was of $5 million."], [("$5 million: by 1 outlet", False)], id="nobody says what it is"),
    pytest.param(["Acme will cut 3,200 jobs.", "Acme is laying off 3,200 workers."], [
        ("3,200 jobs: as jobs cut by 2 outlets", False),
    ], id="jobs and workers are one figure where they go"),
    pytest.param(["Acme will cut 3,200 jobs.", "Acme is laying off 3,500 workers."], [
        ("jobs cut: 3,200 jobs by 1 outlet, 3,500 jobs by 1", True),
    ], id="counts may be disputed"),
    pytest.param(["The quake killed 12 people.", "9 dead after the quake"], [
        ("dead: 12 people by 1 outlet, 9 people by 1", True),
    ], id="small numbers of dead are told"),
    pytest.param(["It buys a 49% stake.", "It bought 51 % of the shares, a stake of 51 %."], [
        ("stake: 49 % by 1 outlet, 51 % by 1", True),
    ], id="percentages may be disputed"),
    pytest.param(["Prices rose 12 %.", "Prices rose 12 percentage points."], [
        ("12 %: by 1 outlet", False), ("12 percentage points: by 1 outlet", False),
    ], id="percent and points are kept apart"),
    pytest.param(["It ends on 22 November 2026.", "The end came on Nov. 22 here."], [
        ("22 November 2026: by 2 outlets", False),
    ], id="a date without a year is the same day"),
    pytest.param(["The vote is on 22 November 2026.", "The vote is on 23 November 2026.", "The last vote was on 5 May 2022."], [
        ("vote: 22 November 2026 by 1 outlet, 23 November 2026 by 1", True), ("5 May 2022: as vote by 1 outlet", False),
    ], id="dates within a week of each other may be disputed"),
    pytest.param(["One person died.", "A person died."], [("1 person: as dead by 1 outlet", False)], id="one is a person"),
    pytest.param(["It ends on 22 November 2026. Three outlets said so."], [], id="a date of one outlet and tiny counts are not told"),
    pytest.param(["Acme investiert 5 Millionen.", ""], [], id="no figures, no notes"),
]  # fmt: skip


@pytest.mark.parametrize(("texts", "expected"), LINES)
def test_notes(texts: list[str], expected: list[tuple[str, bool]]) -> None:
    assert [(note.text, note.disputed) for note in told(*texts)] == expected


def test_disputed_comes_first_then_most_outlets() -> None:
    found = told(
        "It has 450 stores. Acme fined €5 million.",
        "Profit was $40 million. There are 450 stores here.",
        "In all 450 stores. A fine of €6 million.",
    )
    assert [note.text for note in found] == [
        "fine: €5 million by 1 outlet, €6 million by 1",
        "450 stores: by 3 outlets",
        "$40 million: as profit by 1 outlet",
    ]


def test_each_note_has_the_sentences_of_its_outlets() -> None:
    (note,) = told("First. Acme invests $2.1 billion. Last.", "Zeta is worth $2.1 billion.")
    assert note.sentences == (
        ("A", "Acme invests $2.1 billion."),
        ("B", "Zeta is worth $2.1 billion."),
    )


def test_an_outlet_may_come_twice() -> None:
    first, second = read("Acme invests $5 million."), read("The investment is $5 million.")
    (note,) = notes([("A", first), ("A", second)])
    assert note.text == "$5 million: as investment by 1 outlet"


def test_languages_meet_in_one_note() -> None:
    found = notes(
        [("A", read("Acme invests €2 billion.")), ("B", read("Acme investiert 2 Mrd. Euro.", "de"))]
    )
    assert [note.text for note in found] == ["€2 billion: as investment by 2 outlets"]


NEW = [
    pytest.param("Acme invests $2.1 billion.", "Zeta is valued at $6 billion.", ["$6 billion"], id="another number is new"),
    pytest.param("Acme invests $2.1 billion.", "Zeta is worth $2.1 billion.", [], id="another meaning is no new figure"),
    pytest.param("Acme invests $2.1 billion.", "It is $2.07 billion.", [], id="the exact number of a rounded one is not new"),
    pytest.param("It is $2.07 billion.", "Acme invests $2.1 billion.", [], id="nor is the rounded number"),
    pytest.param("Acme invests $2.1 billion.", "It is $2.2 billion.", ["$2.2 billion"], id="a near number is new"),
    pytest.param("Acme invests €2 billion.", "It is €2 billion ($2.1 billion).", [], id="restated in another currency is not new"),
    pytest.param("Acme invests $2.1 billion.", "It is €2 billion ($2.1 billion).", [], id="the other way round neither"),
    pytest.param("Acme invests.", "It is €2 billion ($2.1 billion).", ["€2 billion"], id="a restated figure is new once"),
    pytest.param("", "It is $5 million. Really, $5 million.", ["$5 million"], id="each new figure once"),
    pytest.param("", "On 22 November 2026 three outlets and 12 firms met.", [], id="dates and tiny counts do not count"),
    pytest.param("", "The quake killed three people.", ["three people"], id="the dead count always"),
    pytest.param("12 dead", "19 dead", ["19 dead"], id="a new toll is new"),
    pytest.param("It rose 12 %.", "It rose 12 percentage points.", ["12 percentage points"], id="points are not percent"),
    pytest.param("$5 million", "€5 million", ["€5 million"], id="another currency is another figure"),
]  # fmt: skip


@pytest.mark.parametrize(("known", "later", "expected"), NEW)
def test_new_figures(known: str, later: str, expected: list[str]) -> None:
    assert [figure.text for figure in new_figures(read(known), read(later))] == expected


TEXTS = st.lists(
    st.sampled_from([INVESTS, WORTH, VALUED, "12 dead", "9 dead here", "Acme invests $2 billion.", "Up 12 %.", "On 22 November 2026."]),
    max_size=6,
)  # fmt: skip


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_disputed_first_and_nothing_new_about_itself(texts: list[str]) -> None:
    flags = [note.disputed for note in told(*texts)]
    assert flags == sorted(flags, reverse=True)
    everything = [figure for text in texts for figure in read(text)]
    assert new_figures(everything, everything) == ()
    assert told(*texts) == told(*texts)


@given(TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_copy_by_another_outlet_changes_nothing(texts: list[str]) -> None:
    tellings = [("ABCDEFGH"[place], read(text)) for place, text in enumerate(texts)]
    copies = [("a copy of " + outlet, found) for outlet, found in tellings]
    assert notes(tellings + copies) == notes(tellings)
