"""Every case of the tables, through every way into the engine: docs/rules-conformance.md."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from monitor.articles.extract import extract_page
from monitor.config.rulefiles import find, read_rule_files
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.conditions import expired, refusal
from monitor.rules.examples import run_examples
from monitor.rules.explained import explanation_lines
from monitor.rules.lint import lint
from monitor.rules.load import load
from monitor.rules.rule import Rule
from tests.conformance import engine, marked
from tests.conformance.table import OUTCOMES, Case, Example, cases, day, moment

TODAY = day("2026-11-22")
CASES = cases()
HEADINGS = {
    "A rule file", "Nodes", "Terms", "Words and positions", "What the engine must never do",
}  # fmt: skip


def having(*keys: str) -> list[object]:
    """The cases that have one of these keys; where the engine is known to differ, it must."""
    return [
        pytest.param(number, id=case.says, marks=_differs(case) if "finds" in keys else ())
        for number, case in enumerate(CASES)
        if any(key in case.values or (case.node and case.node.get(key)) for key in keys)
    ]


def _differs(case: Case) -> tuple[pytest.MarkDecorator, ...]:
    reason = case.values.get("differs")
    return () if reason is None else (pytest.mark.xfail(reason=reason, strict=True),)


def slices(article: Article, places: engine.Places | None) -> object:
    """Places as a reader sees them, for the message of a failure."""
    if places is None:
        return "silent"
    return [(name, low, _field(article, name)[low:high]) for name, low, high in places]


def _field(article: Article, name: str) -> str:
    if name == "lead":
        return article.lead or article.text
    return str(getattr(article, "text" if name == "body" else name))


def expected(case: Case, example: Example) -> engine.Places:
    """The places of an example: its marks, or the texts listed by ``places``."""
    if "places" not in case.values:
        return example.places
    found: list[tuple[str, int, int]] = []
    for line in case.texts("places"):
        name, _, text = line.partition(": ")
        before = [low for field, low, _ in found if field == name]
        start = _field(example.article, name).index(text, max(before, default=-1) + 1)
        found.append((name, start, start + len(text)))
    return tuple(found)


def check_everywhere(
    number: int, rule: Rule, article: Article, wanted: engine.Places | None
) -> None:
    """Every way into the engine finds these places (None: is silent)."""
    answers = {
        "alone": engine.alone(rule, article),
        "in the crowd": engine.in_the_crowd(number, article),
        "packed": engine.packed(rule, article),
        "from JSON": engine.from_json(rule, article),
    }
    for way, answer in answers.items():
        found = slices(article, engine.places_of(answer))
        assert found == slices(article, wanted), way
    fires = wanted is not None and refusal(rule.source, article, None, None) is None
    told, places = engine.explained(rule, article)
    assert told.fires is fires, explanation_lines(told, every=True)
    assert (told.misses == 0) is fires
    assert set(wanted or ()) <= {*places, *_leads(places)}
    passed, message = engine.as_a_test(rule, article, fires=fires)
    assert passed, message


def _leads(places: set[tuple[str, int, int]]) -> set[tuple[str, int, int]]:
    """The same places, named by the field that shares the lead's words."""
    swap = {"lead": "body", "body": "lead"}
    return {(swap.get(name, name), low, high) for name, low, high in places}


@pytest.mark.parametrize("number", having("finds", "misses", "holds"))
def test_what_is_found(number: int) -> None:
    case = CASES[number]
    rule = engine.rule_of(number)
    assert rule is not None, case.place
    rules = [rule, *(engine.rewritten(match, case) for match in case.also_written)]
    for each in rules:
        for example in case.examples["finds"]:
            wanted = expected(case, example)
            assert wanted, f"{case.place}: no hit is marked in {example.article.text!r}"
            check_everywhere(number, each, example.article, wanted)
        for example in case.examples["holds"]:
            assert not example.places, f"{case.place}: a mark where nothing is shown"
            check_everywhere(number, each, example.article, ())
        for example in case.examples["misses"]:
            assert not example.places, f"{case.place}: a mark where nothing is found"
            check_everywhere(number, each, example.article, None)


@pytest.mark.parametrize("number", having("holds", "kept_back", "source", "expires", "today"))
def test_what_the_source_and_the_day_say(number: int) -> None:
    case = CASES[number]
    rule = engine.rule_of(number)
    if rule is None:  # it is refused
        return
    now = moment(case.values["now"]) if "now" in case.values else None
    for example in (*case.examples["finds"], *case.examples["holds"]):
        said = refusal(rule.source, example.article, case.values.get("feed"), now)
        said = said or expired(rule.expires, day(case.values.get("today", "2026-11-22")))
        if "kept_back" in case.values:
            assert said is not None
            assert case.values["kept_back"] in said
        else:
            assert said is None


@pytest.mark.parametrize("number", having("why"))
def test_why(number: int) -> None:
    case = CASES[number]
    rule = engine.rule_of(number)
    assert rule is not None
    (example,) = (*case.examples["finds"], *case.examples["misses"])
    told, _ = engine.explained(rule, example.article)
    lines = "\n".join(explanation_lines(told))
    for part in case.texts("why"):
        assert part in lines, lines


@pytest.mark.parametrize("number", having("snippets", "terms"))
def test_evidence(number: int) -> None:
    case = CASES[number]
    rule = engine.rule_of(number)
    assert rule is not None
    (example,) = case.examples["finds"]
    found = engine.alone(rule, example.article)
    assert found is not None
    if "terms" in case.values:
        assert [span.term for span in found.spans] == case.texts("terms")
    if "snippets" in case.values:
        wanted = [marked.read(each) for each in case.texts("snippets")]
        shown = [(each.text, list(each.marks)) for each in found.snippets]
        assert shown == wanted


@pytest.mark.parametrize("number", having("refused"))
def test_what_is_refused(number: int) -> None:
    case = CASES[number]
    told = engine.errors(engine.loaded(case))
    for part in case.texts("refused"):
        assert [line for line in told if part in line], told or "no mistake is told"
    assert len(told) == len(case.texts("refused")), told


@pytest.mark.parametrize("number", having("warned", "not_warned"))
def test_what_is_warned_of(number: int) -> None:
    case = CASES[number]
    sources, problems = engine.sources_of(case)
    result = load(sources)
    told = [*problems, *result.problems, *lint(sources, result, today=TODAY)]
    codes = {each.code for each in told if each.severity == "warning"}
    assert set(case.texts("warned")) <= codes, codes
    assert not codes & set(case.texts("not_warned")), codes


@pytest.mark.parametrize("number", having("tests_say"))
def test_what_its_own_tests_say(number: int) -> None:
    case = CASES[number]
    result = engine.loaded(case)
    assert not engine.errors(result)
    outcomes = run_examples(result.rules)
    said = [f"{'passes' if each.passed else 'fails'}: {each.message}" for each in outcomes]
    wanted = case.texts("tests_say")
    assert len(said) == len(wanted), said
    for line, part in zip(said, wanted, strict=True):
        assert line.startswith(part), said


@pytest.mark.parametrize("number", having("is"))
def test_what_a_rule_is(number: int) -> None:
    case = CASES[number]
    rule = engine.rule_of(number)
    assert rule is not None
    for name, value in case.values["is"].items():
        found = getattr(rule, name)
        shown = dict(found) if name == "labels" else "nothing" if found is None else str(found)
        assert shown == value, name


@pytest.mark.parametrize("number", having("files"))
def test_files(number: int, tmp_path: Path) -> None:
    """Rule files in a folder: which rules are live, what is told, which of them fire."""
    case = CASES[number]
    engine.write_files(case, tmp_path)
    paths = find([tmp_path])
    sources, problems = read_rule_files(paths, tmp_path)
    result = load(sources)
    told = [str(each) for each in (*problems, *result.problems) if each.severity == "error"]
    parts = case.texts("told")
    for part in parts:
        assert [line for line in told if part in line], told
    assert len(told) == len(parts), told
    if "live" in case.values:
        assert [rule.id for rule in result.rules] == case.texts("live")
    if "fires" in case.values:
        (example,) = case.examples["article"]
        found = [each.rule_id for each in RuleBook(result.rules).match(example.article)]
        assert found == case.texts("fires")
        turned = load(tuple(reversed(sources)))
        again = {each.rule_id for each in RuleBook(turned.rules).match(example.article)}
        assert again == set(found), "the order of files changes the answer"


@pytest.mark.parametrize("number", having("page"))
def test_pages(number: int) -> None:
    """What of a web page is its body."""
    case = CASES[number]
    rule = engine.rule_of(number)
    assert rule is not None
    page = f"<!doctype html><html><body>{case.values['page']}</body></html>"
    read = extract_page(page.encode(), "https://news.example/a", "text/html; charset=utf-8")
    article = replace(
        Article(id="a", url="", title=read.title, text=read.text), language=case.language
    )
    assert (engine.alone(rule, article) is not None) is (case.values["fires"] == "yes"), read.text


def test_the_tables_are_large_and_in_many_languages() -> None:
    assert len(CASES) >= 320
    languages = Counter(case.language for case in CASES)
    assert len([name for name, count in languages.items() if count >= 2]) >= 10, languages
    needed = {"zh", "ja", "ko", "th", "ar", "he", "ru", "el", "tr", "de", "fr", "pl", "vi", "hi"}
    assert needed <= set(languages)


def test_each_sentence_stands_once() -> None:
    assert [says for says, count in Counter(case.says for case in CASES).items() if count > 1] == []


def test_every_heading_is_there_and_every_kind_of_outcome() -> None:
    assert {case.chapter for case in CASES} == HEADINGS
    used = {key for case in CASES for key in case.values}
    assert set(OUTCOMES) <= used


def test_the_marks_are_read() -> None:
    text, places = marked.read("⟦Mistral ⟦AI⟧⟧, (3 × x) ⟦EU⟧")
    assert text == "Mistral AI, x x x EU"
    assert [text[low:high] for low, high in places] == ["Mistral AI", "AI", "EU"]
