"""Windows against every possible choice, tried one by one."""

from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.rules.windows import (
    Place,
    count_apart,
    exists,
    masked,
    shortest,
    windows,
)

PLACES = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 2)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=6,
    unique=True,
)
CHILDREN = st.lists(PLACES, min_size=1, max_size=4)
WITHIN = st.one_of(st.none(), st.integers(0, 8))


def by_hand(children: list[list[Place]], within: int | None, ordered: bool) -> set[Place]:
    """Every choice of one place per child, judged by the words of the manual."""
    found = set()
    for choice in product(*children):
        if any(a[0] <= b[1] and b[0] <= a[1] for a, b in combinations(choice, 2)):
            continue
        if ordered and list(choice) != sorted(choice):
            continue
        inside = sorted(choice)
        gap = inside[-1][0] - inside[0][1] - 1
        if len(inside) > 1 and within is not None and gap > within:
            continue
        found.add((inside[0][0], inside[-1][1]))
    return found


@given(CHILDREN, WITHIN, st.booleans())
def test_all_windows_are_those_found_by_hand(
    children: list[list[Place]], within: int | None, ordered: bool
) -> None:
    found = list(windows(children, within, ordered=ordered))
    assert set(found) == by_hand(children, within, ordered)
    assert len(found) == len(set(found))


@given(CHILDREN, WITHIN, st.booleans())
def test_the_shortest_windows_are_those_that_hold_no_other(
    children: list[list[Place]], within: int | None, ordered: bool
) -> None:
    every = by_hand(children, within, ordered)
    found = shortest(children, within, ordered=ordered)
    expected = {
        one for one in every
        if not any(o != one and one[0] <= o[0] and o[1] <= one[1] for o in every)
    }  # fmt: skip
    assert set(found) == expected
    assert len(found) == len(set(found))


@given(CHILDREN, WITHIN, st.booleans())
def test_one_pass_tells_whether_there_is_a_window(
    children: list[list[Place]], within: int | None, ordered: bool
) -> None:
    assert exists(children, within, ordered=ordered) is bool(by_hand(children, within, ordered))


@given(PLACES, PLACES, st.integers(0, 5))
def test_a_place_is_masked_by_what_overlaps_or_stands_near(
    found: list[Place], exclusions: list[Place], within: int
) -> None:
    def near(a: Place, b: Place) -> bool:
        return max(b[0] - a[1] - 1, a[0] - b[1] - 1) <= within

    expected = [place for place in found if not any(near(place, bad) for bad in exclusions)]
    assert masked(found, exclusions, within) == expected


@given(PLACES)
def test_counting_gives_the_most_places_that_do_not_overlap(found: list[Place]) -> None:
    best = max(
        len(some)
        for size in range(len(found) + 1)
        for some in combinations(found, size)
        if all(a[1] < b[0] or b[1] < a[0] for a, b in combinations(some, 2))
    )
    assert count_apart(found) == best


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(["a", "b"] * 20_000, True, id="forty thousand alternating words are found at once"),
        pytest.param(["a"] * 40_000, False, id="a word without its partner costs nothing"),
        pytest.param(["a"] * 20_000 + ["x"] * 50 + ["b"] * 20_000, False, id="two far crowds never meet"),
    ],
)  # fmt: skip
def test_hostile_lengths_end(text: list[str], expected: bool) -> None:
    children = [[(i, i) for i, word in enumerate(text) if word == name] for name in "ab"]
    assert any(True for _ in windows(children, 10, ordered=False)) is expected
