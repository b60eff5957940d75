"""What ``check --fix`` writes: the mended place, everything else as it was, and nothing twice."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.rulefiles import RuleSource
from monitor.config.yamlfile import parse
from monitor.located import Mapping, Place, Problem, plain
from monitor.rules.lint import fix, lint
from monitor.rules.load import load
from tests.rules.lint.test_checks import TODAY


def told(text: str) -> list[Problem]:
    """Everything that is said of a file: by the reader, the loader and lint."""
    node, problems = parse(text.encode(), "a.yaml")
    assert isinstance(node, Mapping)
    sources = [RuleSource("a.yaml", "a", node)]
    loaded = load(sources)
    return [*problems, *loaded.problems, *lint(sources, loaded, today=TODAY)]


MENDS = [
    ("match: ['AT&amp;T', x1]  # kept", "match: ['AT&T', x1]  # kept", "an entity becomes its character, the comment stays"),
    ("match: [AT&amp;T, x1]", "match: [AT&T, x1]", "a plain value stays plain"),
    ("match: [R&#58; x, x1]", "match: ['R: x', x1]", "a value that would not be read back is quoted"),
    ('match: ["Micro\\u200Bsoft", x1]', 'match: ["Microsoft", x1]', "an escaped invisible character goes"),
    ("match:\n  - Mi\u0441rosoft   # typed in a hurry\n  - x1", "match:\n  - Microsoft   # typed in a hurry\n  - x1", "a look-alike becomes Latin"),
    ("match: [삼성전자, x1]", "match: [삼성전자*, x1]", "a Korean word gets its star"),
    ("match: {any: [merger, 'merger*', x1]}", "match: {any: ['merger*', x1]}", "a covered term goes with its comma"),
    ("match: {any: ['merger*', merger]}", "match: {any: ['merger*']}", "the last of a list goes with the comma before it"),
    ("match:\n  any:\n    - merger    # gone\n    - merger*   # stays\n    - x1\n", "match:\n  any:\n    - merger*   # stays\n    - x1\n", "a covered term goes with its line"),
    ("match: {any: [a1, b1, a1]}", "match: {any: [a1, b1]}", "a term that stands twice"),
    ("match: ['opinion:', x1]", "match: ['opinion', x1]", "punctuation at the edge"),
    ("match: [“two words”, x1]", 'match: ["two words", x1]', "typographic quotes become straight"),
    ("match: [a1]\nalert: {notify: [desk, desk]}", "match: [a1]\nalert: {notify: [desk]}", "a notifier named twice"),
    ("match: {at_least: 1, of: [a1, b1]}", "match: {any: [a1, b1]}", "at least one is any"),
    ("match:\n  at_least: 2\n  of: [a1, b1]", "match:\n  all: [a1, b1]", "at least all is all, over two lines"),
    ("match: {any: [a1,\n  a1 # why\n  ]}", "match: {any: [a1,\n  a1 # why\n  ]}", "an item beside a line break is left to a person"),
    ("match: {at_least: 1, of: [a1, b1]}\ntests: [{silent: c1, because: at_least}]", "match: {at_least: 1, of: [a1, b1]}\ntests: [{silent: c1, because: at_least}]", "a branch that a test names stays"),
    ("match: [Apple]", "match: [Apple]", "what changes the meaning is left to a person"),
    ("match: '(AT&amp;T OR x1)'", "match: '(AT&amp;T OR x1)'", "inside the one-line form nothing is touched"),
    ("\ufeffmatch: ['AT&amp;T', x1]\r\ntitle: T\r\n", "\ufeffmatch: ['AT&T', x1]\r\ntitle: T\r\n", "a byte order mark and line ends stay"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), [pytest.param(t, e, id=i) for t, e, i in MENDS]
)  # fmt: skip
def test_a_mend_changes_its_place_only(text: str, expected: str) -> None:
    problems = told(text)
    new, mended = fix(text, problems)
    assert new == expected
    assert bool(mended) == (new != text)
    assert {id(each) for each in mended} <= {id(each) for each in problems}
    assert fix(new, problems)[0] == new, "old problems must do no harm"
    assert fix(new, told(new)) == (new, ())


def test_problems_of_other_files_and_places_that_are_gone_are_left() -> None:
    text = "match: ['AT&amp;T']"
    for place in (Place("names.txt", 1, 9), Place("a.yaml", 7, 1), Place("a.yaml", 1, 10)):
        assert fix(text, [Problem(place, "x", "warning", "html-entity")]) == (text, ())


def test_a_broken_file_is_not_touched() -> None:
    text = "match: ['AT&amp;T'"
    assert fix(text, [Problem(Place("a.yaml", 1, 9), "x", "warning", "html-entity")]) == (text, ())


WORDS = st.sampled_from(
    ["merger", "'merger*'", "AT&amp;T", "opinion:x", "'a: b!'", "삼성전자", "Mi\u0441ro", "EU", "eu", "“q”", "x1"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=8), st.booleans())
def test_mending_ends_and_keeps_a_readable_file(words: list[str], block: bool) -> None:
    items = "".join(f"\n    - {word} # c" for word in words) if block else f"[{', '.join(words)}]"
    text = f"title: T\nmatch:\n  any: {items}\nlevel: info\n"
    for _ in range(4):
        text, mended = fix(text, told(text))
        if not mended:
            break
    assert fix(text, told(text)) == (text, ())
    node, _ = parse(text.encode(), "a.yaml")
    assert node is not None
    kept = plain(node)
    assert isinstance(kept, dict)
    assert (kept["title"], kept["level"]) == ("T", "info")
    assert kept["match"]["any"]
