"""Changes in the text of a rule file: comments and layout stay, and the file says what was meant."""

import pytest
import yaml

from monitor.rules.draft.change import Add, Change, Path, Put, Replace, applied, at
from monitor.rules.draft.edit import CannotEdit, edited
from monitor.rules.draft.write import id_from, numbered, rule_text
from tests.rules.build import book, loaded

BLOCK = """\
# top
id: x   # the id
match:
  near:                # words
    within: 20
    all: [a, b]        # two
  # behind

tests:
  - fires: "a b"
"""
LIST = "rules:\n- id: a\n  match: 'a NEAR/3 b'  # one\n- id: b\n  match:\n  - x\n  - y # why\n"
UP = {"within": "3", "any": ["up"]}
TITLE = {"in": "title", "any": ["no", "a: b", "#x"]}


@pytest.mark.parametrize(
    ("text", "base", "change"),
    [
        pytest.param(BLOCK, (), Put(("match",), "unless_near", UP), id="a key of a block mapping"),
        pytest.param(BLOCK, (), Replace(("match", "near", "within"), "5"), id="a number"),
        pytest.param(BLOCK, (), Put(("match", "near", "all", 0), "unless_near", UP), id="a word in brackets"),
        pytest.param(BLOCK, (), Add(("tests",), ({"silent": {"title": "x: y", "body": "no"}},)), id="a further test"),
        pytest.param("match: {any: [a]}\n", (), Put(("match",), "none", TITLE), id="a key of a mapping in braces, words quoted"),
        pytest.param("match: {any: [a]}", (), Put((), "tests", [{"silent": "q"}]), id="a file without a last line end"),
        pytest.param("match: [a, b]\n", (), Put(("match",), "none", TITLE), id="a beginner's list"),
        pytest.param("match: a\n", (), Put(("match",), "none", TITLE), id="a single word"),
        pytest.param("match:\n- a\n- b\n", (), Put(("match",), "none", TITLE), id="a list that is not indented"),
        pytest.param(LIST, ("rules", 0), Replace(("match",), {"near": {"within": "3", "all": ["a", "b"]}}), id="a one-line form written out"),
        pytest.param(LIST, ("rules", 1), Put(("match",), "none", TITLE), id="a list inside a list of rules"),
        pytest.param("match: >-\n  a\n  b\nid: z\n", (), Put(("match",), "none", TITLE), id="a folded text"),
        pytest.param("match: {any: [a]}\nsource: {tags: [t]}\n", (), Put(("source",), "languages", ["en"]), id="a condition more"),
    ],
)  # fmt: skip
def test_text_and_value_change_alike(text: str, base: Path, change: Change) -> None:
    before = yaml.load(text, Loader=yaml.BaseLoader)  # texts only
    after = yaml.load(edited(text, base, [change]), Loader=yaml.BaseLoader)
    wanted = yaml.safe_dump(numbered(applied(at(before, base), change)))
    assert at(after, base) == yaml.load(wanted, Loader=yaml.BaseLoader)
    for step in base[-1:]:
        others = [n for n in range(len(before["rules"])) if n != step]
        assert [after["rules"][n] for n in others] == [before["rules"][n] for n in others]


def test_comments_stay() -> None:
    text = edited(
        BLOCK, (), [Put(("match",), "unless_near", UP), Replace(("match", "near", "within"), "5")]
    )
    for comment in ("# top", "# the id", "# words", "# two", "# behind"):
        assert comment in text


def test_a_place_that_is_not_there_is_told() -> None:
    with pytest.raises(CannotEdit, match="match"):
        edited("id: x\n", (), [Put(("match",), "none", TITLE)])


@pytest.mark.parametrize(
    "term",
    [
        pytest.param("no", id="a word that YAML reads as false"),
        pytest.param("a #b", id="a comment sign"),
        pytest.param("Côte d'Ivoire", id="an apostrophe and an accent"),
        pytest.param("合併", id="another script"),
        pytest.param("22:22", id="a time"),
    ],
)
def test_a_written_rule_is_read_back(term: str) -> None:
    text = rule_text(
        "r",
        f"On {term}",
        {"any": [term]},
        [{"fires": f"x {term} y"}, {"silent": {"title": "a: b", "body": "c " * 80}}],
        "About\nit.",
    )
    assert not [each for each in loaded(text).problems if each.severity == "error"]
    assert book(text).rules[0].tests[0].article.text == f"x {term} y"


@pytest.mark.parametrize(
    ("terms", "found"),
    [
        pytest.param(["Nordwind", "Velta AI"], "nordwind-velta-ai", id="from the words"),
        pytest.param(["taken"], "taken-2", id="a number where the id is taken"),
        pytest.param([], "draft", id="without words"),
    ],
)
def test_ids(terms: list[str], found: str) -> None:
    assert id_from(terms, {"taken"}) == found
