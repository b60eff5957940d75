"""The rule manual tells the truth: its tables are run, its tutorial leads where it says."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.cli.articlelines import read_article
from monitor.cli.match import match_json
from monitor.config import yamlfile
from monitor.config.rulefiles import RuleSource
from monitor.config.schema import rule_schema
from monitor.located import Mapping
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.examples import run_examples
from monitor.rules.fields import FIELDS
from monitor.rules.load import BECAUSE, load
from monitor.rules.nodes import AllOf, AnyOf, Node, NoneOf
from monitor.rules.oneline_tokens import MOST_DEPTH
from monitor.rules.patterns import LONGEST_PATTERN
from monitor.rules.rule import Rule, RuleTest
from monitor.rules.windows import MOST_CHILDREN
from monitor.text.words import cut

ROOT = Path(__file__).parents[1]
MANUAL = (ROOT / "docs/rules.md").read_text(encoding="utf-8")
TUTORIAL = (ROOT / "docs/rules-tutorial.md").read_text(encoding="utf-8")
SCHEMA = rule_schema()
_CODE = re.compile(r"`([^`]+)`")
_TEXT = re.compile(r"\*([^*]+)\*")


def rows(*head: str) -> list[tuple[str, ...]]:
    """The rows of the manual's table with these column heads, as they stand."""
    start = "| " + " | ".join(head) + " |\n"
    assert MANUAL.count(start) == 1, f"the table {head} is looked for once in docs/rules.md"
    table = MANUAL.split(start)[1].split("\n\n")[0].splitlines()[1:]
    return [tuple(cell.strip() for cell in line.strip("|").split(" | ")) for line in table]


def cases(*head: str) -> list[object]:
    return [pytest.param(*row, id=f"{head[0]}: {row[0]}") for row in rows(*head)]


def code(cell: str) -> str:
    found = _CODE.fullmatch(cell)
    assert found, f"{cell} should be one piece of code"
    return found[1]


def read(text: str) -> tuple[tuple[Rule, ...], list[str]]:
    """The rules of a file and its mistakes."""
    node, problems = yamlfile.parse(text.encode(), "rule.yaml")
    assert isinstance(node, Mapping), problems
    loaded = load([RuleSource("rule.yaml", "rule", node, lists_only=False)])
    found = [p for p in (*problems, *loaded.problems) if p.severity == "error"]
    return loaded.rules, [str(problem) for problem in found]


def tree(match: str) -> Node:
    """The tree of a ``match`` written as YAML; an ``all`` of one is that one."""
    rules, mistakes = read(f"match: {match}\nentities: {{eu: [EU, Brussels]}}")
    assert mistakes == []
    return plain(rules[0].match)


def plain(node: Node) -> Node:
    """The same condition without needless wrapping, so that two ways of writing it compare."""
    if isinstance(node, AllOf | AnyOf):
        children = tuple(plain(child) for child in node.children)
        if len(children) == 1:
            return children[0]
        return replace(node, children=children)
    if isinstance(node, NoneOf):
        return NoneOf(tuple(plain(child) for child in node.children))
    return node


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@pytest.mark.parametrize(("term", "finds", "misses"), cases("term", "finds", "does not find"))
def test_each_term_finds_what_the_manual_says(term: str, finds: str, misses: str) -> None:
    rules, mistakes = read(f"match: {{any: [{quoted(code(term))}]}}")
    assert mistakes == []
    book = RuleBook(rules)
    texts = [*((text, True) for text in _TEXT.findall(finds)),
             *((text, False) for text in _TEXT.findall(misses))]  # fmt: skip
    assert {expected for _, expected in texts} == {True, False}
    for text, expected in texts:
        article = Article(id="a", url="", title="", text=text)
        assert bool(book.match(article)) is expected, text


@pytest.mark.parametrize(("text", "words"), cases("text", "words"))
def test_each_text_is_cut_as_the_manual_says(text: str, words: str) -> None:
    assert cut(code(text)).folds == _CODE.findall(words)


@pytest.mark.parametrize(("line", "same"), cases("one line", "the same as"))
def test_each_line_stands_for_the_tree_of_the_manual(line: str, same: str) -> None:
    assert tree(quoted(code(line))) == tree(code(same))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        *(pytest.param(quoted(code(line)), said, id=line)
          for line, said in rows("one line", "what is said")),
        *(pytest.param(code(match), said, id=match)
          for match, said in rows("match", "what is said")),
    ],
)  # fmt: skip
def test_each_mistake_is_told_as_the_manual_says(written: str, said: str) -> None:
    _, mistakes = read(f"match: {written}")
    assert mistakes
    assert said in mistakes[0]


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        pytest.param("items of one window", MOST_CHILDREN, id="items"),
        pytest.param("`within`", SCHEMA["$defs"]["Window"]["properties"]["within"]["maximum"], id="within"),
        pytest.param("`min_mentions`, `at_least`", SCHEMA["$defs"]["NodeMapping"]["properties"]["at_least"]["maximum"], id="counts"),
        pytest.param("a pattern", LONGEST_PATTERN, id="patterns"),
        pytest.param("parentheses in each other in the one-line form", MOST_DEPTH, id="parentheses"),
    ],
)  # fmt: skip
def test_the_limits_are_those_of_the_program(what: str, limit: int) -> None:
    (told,) = [cell for name, cell in rows("what", "at most") if name == what]
    assert told.split()[0].rstrip(";") == f"{limit:,}"


def test_the_tables_of_fields_and_branches_are_whole() -> None:
    assert {code(row[0]) for row in rows("field", "what it is")} == set(FIELDS)
    because = MANUAL.split("`because` goes with `silent`.")[1].split("\n\n")[0]
    assert set(BECAUSE) <= set(_CODE.findall(because))


def marked(name: str) -> str:
    """The block after the comment ``<!-- match: name -->``."""
    found = re.search(rf"<!-- match: {name} -->\n```\w+\n(.*?)^```$", MANUAL, re.M | re.S)
    assert found
    return found[1]


def test_match_prints_what_the_manual_shows() -> None:
    rules, _ = read(marked("the rule"))
    line = read_article(marked("in").encode(), "article")
    assert line is not None
    matches = [match_json(found) for found in RuleBook(rules).match(line.article)]
    assert {"id": line.given_id, "matches": matches} == json.loads(marked("out"))


STEPS = re.findall(r"^## (\d+\. .*?)$.*?^```yaml\n(.*?)^```$", TUTORIAL, re.M | re.S)


def step(number: int) -> Rule:
    rules, mistakes = read(STEPS[number][1])
    assert mistakes == []
    return rules[0]


def test_the_tutorial_has_about_ten_steps() -> None:
    assert 10 <= len(STEPS) <= 13
    assert [title.split(".")[0] for title, _ in STEPS] == [str(n + 1) for n in range(len(STEPS))]
    assert len(STEPS) == TUTORIAL.count("```yaml")


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[title for title, _ in STEPS])
def test_each_step_keeps_all_earlier_tests(number: int) -> None:
    tests = [renamed(test, number) for before in range(number + 1) for test in step(before).tests]
    results = run_examples([replace(step(number), tests=tuple(tests))])
    assert [(r.test.article.text, r.message) for r in results if not r.passed] == []


def renamed(test: RuleTest, number: int) -> RuleTest:
    """An older test as the tutorial has its reader change it on the way."""
    told = [at for at in range(len(STEPS)) if "`because: same` in your older" in before(at)]
    assert len(told) == 1
    if test.because == "near" and number >= told[0]:
        return replace(test, because="same")
    return test


def before(number: int) -> str:
    """What the tutorial says before the rule of a step."""
    return TUTORIAL.split(f"## {STEPS[number][0]}\n")[1].split("```yaml")[0]


@pytest.mark.parametrize("number", range(1, len(STEPS)), ids=[title for title, _ in STEPS[1:]])
def test_each_step_mends_a_mistake_of_the_one_before(number: int) -> None:
    tests = tuple(replace(test, because=None) for test in step(number).tests)
    failed = {
        result.test.expects
        for result in run_examples([replace(step(number - 1), tests=tests)])
        if not result.passed
    }
    assert ("silent" in failed) is ("**False alarm.**" in before(number))
    assert ("fires" in failed) is ("**Miss.**" in before(number))
