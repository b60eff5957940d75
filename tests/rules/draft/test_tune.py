"""Tuning: the smallest safe change, or a refusal with its reason."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.located import Items, Text
from monitor.rules.draft.built import HERE, Builder, Example
from monitor.rules.draft.outcome import Refusal
from monitor.rules.draft.tune import Task, Tuned, search
from tests.rules.draft.made import example


def tuned(
    rule: dict[str, Any], yes: list[Example], no: list[Example], hits: list[Example] | None = None,
    *, keep_hits: bool = False, builder: Builder | None = None,
) -> Tuned | Refusal:  # fmt: skip
    task = Task(rule, tuple(yes), tuple(no), tuple(hits or ()), builder or Builder(), keep_hits)
    return search(task)


DOWN = example("Microsoft Teams was down for two hours.")
UP = example("Microsoft teams up with Velta.")


@pytest.mark.parametrize(
    ("rule", "yes", "no", "after"),
    [
        pytest.param(
            {"match": {"any": ["Teams"]}}, [DOWN],
            [UP, example("Acme teams up with Bolt.")],
            {"match": {"any": ["Teams"], "unless_near": {"within": "0", "any": ["up"]}}},
            id="a word beside every false hit",
        ),
        pytest.param(
            {"match": "Teams"}, [DOWN], [UP, example("Acme teams up with Bolt.")],
            {"match": {"any": ["Teams"], "unless_near": {"within": "0", "any": ["up"]}}},
            id="a rule that is one word",
        ),
        pytest.param(
            {"match": ["Teams", "Microsoft"]}, [DOWN],
            [UP, example("Microsoft teams up with Bolt.")],
            {"match": [{"any": ["Teams"], "unless_near": {"within": "0", "any": ["up"]}}, "Microsoft"]},
            id="a word of the beginner's list",
        ),
        pytest.param(
            {"match": {"any": ["Teams"], "unless_near": {"within": "0", "any": ["away"]}}}, [DOWN],
            [UP, example("Acme teams up with Bolt.")],
            {"match": {"any": ["Teams"], "unless_near": {"within": "0", "any": ["away", "up"]}}},
            id="one more word for an exclusion that is there",
        ),
        pytest.param(
            {"match": {"near": {"within": "20", "all": ["ferry", "harbour"]}}},
            [example("The ferry left the harbour at noon.")],
            [example("The ferry won a prize. On another page of the paper that day, it was said, a harbour was dug.")],
            {"match": {"near": {"within": "12", "all": ["ferry", "harbour"]}}},
            id="a narrower window, no narrower than needed",
        ),
        pytest.param(
            {"match": {"any": ["ferry"]}},
            [example("A ferry sank.", language="en")],
            [example("A ferry sank.", "Ferry", language="nl"), example("De ferry voer uit.", language="nl")],
            {"match": {"any": ["ferry"]}, "source": {"languages": ["en"]}},
            id="a language that no yes has",
        ),
        pytest.param(
            {"match": {"any": ["ferry"]}},
            [example("A ferry sank.", "Ferry", source="Daily")],
            [example("A ferry sank.", "Ferry", source="Toy Review")],
            {"match": {"any": ["ferry"], "none": {"in": "source", "any": ["Toy Review"]}}},
            id="an outlet, where the words are the same",
        ),
    ],
)  # fmt: skip
def test_the_smallest_change(
    rule: dict[str, Any], yes: list[Example], no: list[Example], after: Any
) -> None:
    found = tuned(rule, yes, no)
    assert isinstance(found, Tuned), found
    assert found.rule == after


@pytest.mark.parametrize(
    ("yes", "no", "why"),
    [
        pytest.param([DOWN], [DOWN], "the same words", id="the same text on both sides"),
        pytest.param(
            [example("Teams."), example("Teams win a cup.")], [example("Teams win.")],
            "missing from every yes", id="a no that is part of a yes",
        ),
    ],
)  # fmt: skip
def test_refusals_say_why(yes: list[Example], no: list[Example], why: str) -> None:
    found = tuned({"match": {"any": ["Teams"]}}, yes, no)
    assert isinstance(found, Refusal), found
    assert why in found.clashes[0].why
    assert found.mend


def test_a_refusal_says_how_far_a_change_would_go() -> None:
    found = tuned({"match": {"any": ["Teams"]}}, [DOWN], [UP, DOWN])
    assert isinstance(found, Refusal)
    assert "silences 1 of 2" in found.reason
    assert [clash.no for clash in found.clashes] == [DOWN.name]


def test_past_hits_weigh_and_can_be_kept() -> None:
    no = [example("A toy ferry came out.", "Toy news")]
    hits = [example(f"A toy ferry sank off quay {n}.") for n in range(9)]
    found = tuned({"match": {"any": ["ferry"]}}, [example("The ferry sank.")], no, hits)
    assert isinstance(found, Tuned)
    assert found.removed == ()
    kept = tuned({"match": {"any": ["ferry"]}}, [], [example("A toy ferry.")],
                 [example("A toy ferry.")], keep_hits=True)  # fmt: skip
    assert isinstance(kept, Refusal)


def test_named_lists_stay_named() -> None:
    lists = {"boats": Items((Text("ferry", HERE), Text("barge", HERE)), HERE)}
    found = tuned(
        {"match": {"near": {"within": "5", "all": ["@boats", "harbour"]}}},
        [example("A barge in the harbour.")], [example("The film ferry in the harbour.")],
        builder=Builder(lists),
    )  # fmt: skip
    assert isinstance(found, Tuned)
    assert "@boats" in str(found.rule)


WORDS = ("Teams", "teams", "up", "Acme", "the", "ferry", "won", "down")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
RULES = st.sampled_from([
    {"match": {"any": ["Teams"]}}, {"match": "Teams"}, {"match": "Teams NEAR/3 Acme"},
    {"match": {"all": ["Teams", {"any": ["ferry", "Acme"]}]}},
    {"match": {"any": ["Teams"], "none": {"in": "title", "any": ["won"]}}},
])  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(RULES, st.lists(TEXTS, max_size=4), st.lists(TEXTS, min_size=1, max_size=3))
def test_no_change_ever_loses_a_yes(rule: dict[str, Any], yes: list[str], no: list[str]) -> None:
    before = Builder().verdict(rule)
    assert before is not None
    good = [one for one in map(example, yes) if before(one)]
    bad = [one for one in map(example, no) if before(one)]
    if not bad:
        return
    found = tuned(rule, good, bad)
    if isinstance(found, Tuned):
        after = Builder().verdict(found.rule)
        assert after is not None
        assert all(map(after, good))
        assert not any(map(after, bad))
