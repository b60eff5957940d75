"""Drafting: the smallest rule that separates, or a refusal with its reason."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.rules.draft.built import Builder, Example
from monitor.rules.draft.outcome import Draft, Refusal
from monitor.rules.draft.separate import draft
from monitor.rules.draft.steady import found_unseen
from tests.rules.draft.made import FILLER, MERGERS, OTHERS, example

YARD = [
    example(f"Nordwind bought the Velta shipyard last week. {FILLER}", "Ship news"),
    example(f"The Velta yard goes to Nordwind, officials say. {FILLER}", "Harbour notes"),
    example(f"Owner of Nordwind wants Velta. {FILLER}", "Boats"),
]
APART = [
    example(f"Nordwind opened a line. {FILLER} In other news Velta hired welders.", "In short"),
    example(f"Velta hired welders. {FILLER} Elsewhere Nordwind opened a line.", "In brief"),
]


def proven(made: Draft | Refusal, yes: Sequence[Example], no: Sequence[Example]) -> Draft:
    assert isinstance(made, Draft), made
    fires = Builder().verdict({"match": made.match})
    assert fires is not None
    assert [one.name for one in yes if not fires(one)] == []
    assert [one.name for one in no if fires(one)] == []
    return made


@pytest.mark.parametrize(
    ("yes", "no", "match"),
    [
        pytest.param(
            MERGERS, OTHERS, {"all": ["EU", "Nordwind"]},
            id="two names that only the yes have together",
        ),
        pytest.param(
            YARD, APART, {"near": {"within": "30", "all": ["Nordwind", "Velta"]}},
            id="near, as wide as the examples allow, where both names stand in a no far apart",
        ),
        pytest.param(
            [example("Nordwind Teams was down.", "Teams outage"),
             example("A new version of Teams shows captions.", "Teams gets captions")],
            [example("Acme teams up with Bolt.", "Acme teams up"), example("Four teams play.")],
            {"any": ["=Teams"]},
            id="the name with its capital where a no has the word without",
        ),
        pytest.param(
            [example("東京で合併が発表された。", "合併を発表", language="ja"),
             example("大手二社の合併を政府が承認した。", "政府が合併承認", language="ja")],
            [example("東京で雨が降った。政府は注意した。", "東京は雨", language="ja")],
            {"any": ["合併"]},
            id="a word of a script without spaces, not a single character of it",
        ),
        pytest.param(
            [example("The port of Ghent ordered a ferry.", "Ferry for Ghent"),
             example("A ferry hit the quay in Ghent.", "Ferry hits quay")],
            [example("A ferry film festival in Ghent opens; the prize goes to a student.",
                     "Ferry festival in Ghent")],
            {"all": ["Ghent", "ferry"], "none": {"in": "title", "any": ["festival"]}},
            id="an exclusion where a no holds all that the yes share",
        ),
    ],
)  # fmt: skip
def test_the_smallest_rule(yes: Sequence[Example], no: Sequence[Example], match: Any) -> None:
    assert proven(draft(yes, no, ()), yes, no).match == match


@pytest.mark.parametrize(
    ("yes", "no", "reason", "why"),
    [
        pytest.param(
            [MERGERS[0]], [MERGERS[0]], "the same text is given as yes and as no",
            ["the same words"], id="one text on both sides",
        ),
        pytest.param(
            [example("Rain fell on Ghent.", "Rain in Ghent"), example("Lima won.", "Lima wins")],
            [], "share no telling words", [], id="yes about different things",
        ),
        pytest.param(
            [example("")], [], "hold no telling words", [], id="an empty yes",
        ),
        pytest.param(
            [example("It was and they were. 12 34 of the, on Monday!")], [],
            "hold no telling words", [], id="a yes of grammar, numbers and days",
        ),
        pytest.param(
            [example("Acme buys Bolt.")], [example("acme buys Bolt and. Acme buys Bolt.")],
            "no small rule", ["stands in it as well"],
            id="a no that holds every word of the yes, in its order",
        ),
    ],
)  # fmt: skip
def test_refusals_say_why(
    yes: list[Example], no: list[Example], reason: str, why: list[str]
) -> None:
    made = draft(yes, no, ())
    assert isinstance(made, Refusal), made
    assert reason in made.reason
    assert made.mend
    assert len(made.clashes) == len(why)
    for clash, told in zip(made.clashes, why, strict=True):
        assert told in clash.why
        assert clash.no
        assert clash.yes


def test_past_articles_make_a_rule_narrower() -> None:
    yes = [example("Acme buys Bolt.", "Acme buys Bolt"), example("Acme owns Bolt.", "Bolt sold")]
    alone = proven(draft(yes, (), ()), yes, ())
    past = [
        example(f"{name} opens shop {n}.", name) for n in range(60) for name in ("Acme", "Bolt")
    ]
    among = proven(draft(yes, (), past), yes, ())
    assert alone.match in ({"any": ["Bolt"]}, {"any": ["Acme"]})
    assert sorted(term.casefold() for term in among.terms) == ["acme", "bolt"]
    assert among.past_hits == 0


@pytest.mark.parametrize(
    "banned",
    [
        pytest.param("Example Times", id="the outlet's own name"),
        pytest.param("City Reporter", id="the author's name"),
        pytest.param("Monday", id="a day"),
    ],
)
def test_accidents_are_no_terms(banned: str) -> None:
    yes = [
        example(f"On Monday the {word} closed, writes City Reporter of the Example Times. "
                "The Acme works stood still.", f"Acme {word}: Example Times, Monday",
                source="Example Times", author="City Reporter")
        for word in ("mill", "yard")
    ]  # fmt: skip
    assert banned not in " ".join(proven(draft(yes, (), ()), yes, ()).terms)


def test_words_of_single_examples_are_told() -> None:
    yes = [
        example("Inquiry: Acme.", "Inquiry into Acme"),
        example("Lawsuit: Acme.", "Acme lawsuit"),
    ]
    topics = ("strike", "shop", "bridge", "choir", "garden", "canteen", "roof", "museum")
    no = [example(f"{topic}: Acme.", f"Acme {topic}") for topic in topics]
    made = proven(draft(yes, no, ()), yes, no)
    assert {"inquiry", "lawsuit"} <= {term.casefold().split()[0] for term in made.terms}
    assert any("single examples" in note for note in made.notes)


WORDS = (
    "Acme",
    "Bolt",
    "ferry",
    "harbour",
    "probe",
    "up",
    "the",
    "Ghent",
    "合併",
    "=x",
    "a*",
    "AND",
)
TEXTS = st.lists(st.sampled_from(WORDS), max_size=8).map(" ".join)
EXAMPLES = st.lists(st.builds(example, TEXTS, TEXTS), max_size=3)


@settings(max_examples=60, deadline=None)
@given(EXAMPLES.filter(bool), EXAMPLES, EXAMPLES)
def test_a_draft_always_separates_and_is_certain(
    yes: list[Example], no: list[Example], past: list[Example]
) -> None:
    made = draft(yes, no, past)
    assert draft(yes, no, past) == made
    if isinstance(made, Draft):
        proven(made, yes, no)
    else:
        assert made.reason


def test_leaving_out_one_example_in_turn() -> None:
    assert found_unseen(MERGERS, OTHERS) == (3, 3)
    assert found_unseen(MERGERS[:2], OTHERS) is None
    odd = [*MERGERS[:2], example("Nordwind and the EU met over Velta.", "EU and Nordwind")]
    found = found_unseen(odd, OTHERS)
    assert found is not None
    assert found[1] == 3
