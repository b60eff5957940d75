"""The one-line form: the same tree as the YAML form, and mistakes that show the mend."""

import time

import pytest

from monitor.located import Place, Text, plain
from monitor.rules.oneline import is_one_line, read_one_line

START = Place("rule.yaml", 3, 8)


def tree(line: str) -> object:
    """The tree of a line without mistakes."""
    read = read_one_line(Text(line, START))
    assert read.node is not None, read.problems
    return plain(read.node)


def problems(line: str, *, quoted: bool = False) -> list[str]:
    read = read_one_line(Text(line, START, quoted))
    return [f"{problem.place.column}: {problem.message}" for problem in read.problems]


TREES = [
    ("Microsoft AND Mistral", {"all": ["Microsoft", "Mistral"]}, "AND asks for all"),
    ("Microsoft OR MSFT OR Azure", {"any": ["Microsoft", "MSFT", "Azure"]}, "equal operators chain"),
    ("Microsoft AND Mistral AND NOT podcast", {"all": ["Microsoft", "Mistral"], "none": ["podcast"]}, "AND NOT excludes"),
    ("Microsoft AND Mistral NOT podcast", {"all": ["Microsoft", "Mistral"], "none": ["podcast"]}, "NOT alone excludes too"),
    ("NOT podcast", {"none": ["podcast"]}, "NOT may begin the line"),
    ("NOT podcast AND merger", {"all": ["merger"], "none": ["podcast"]}, "NOT first and AND is no question"),
    ("merger NOT (podcast OR newsletter)", {"all": ["merger"], "none": ["podcast", "newsletter"]}, "NOT of alternatives excludes each"),
    ("merger OR NOT podcast", {"any": ["merger", {"none": ["podcast"]}]}, "OR NOT has one reading"),
    ("merger NOT (a1 AND b1)", {"all": ["merger"], "none": [{"all": ["a1", "b1"]}]}, "NOT of a pair excludes the pair"),
    ('(Microsoft OR MSFT) NEAR/20 ("Mistral AI" OR Mistral)', {"near": {"within": "20", "all": [{"any": ["Microsoft", "MSFT"]}, {"any": ["Mistral AI", "Mistral"]}]}}, "the manual's example"),
    ("a1 NEAR/5 b1 NEAR/5 c1", {"near": {"within": "5", "all": ["a1", "b1", "c1"]}}, "equal windows are one window"),
    ("(a1 NEAR/5 b1) NEAR/9 c1", {"near": {"within": "9", "all": [{"near": {"within": "5", "all": ["a1", "b1"]}}, "c1"]}}, "windows in windows need parentheses"),
    ("a1 THEN/0 b1", {"then": {"within": "0", "all": ["a1", "b1"]}}, "THEN keeps the order"),
    ("a1 SAME/sentence b1", {"same": {"unit": "sentence", "all": ["a1", "b1"]}}, "one sentence"),
    ("a1 SAME/paragraph b1", {"same": {"unit": "paragraph", "all": ["a1", "b1"]}}, "one paragraph"),
    ("Teams UNLESS/0 up", {"any": ["Teams"], "unless_near": {"within": "0", "any": ["up"]}}, "UNLESS masks the hit"),
    ("Teams UNLESS/0 (up OR with)", {"any": ["Teams"], "unless_near": {"within": "0", "any": ["up", "with"]}}, "UNLESS with alternatives"),
    ("Teams UNLESS/0 up UNLESS/0 with", {"any": ["Teams"], "unless_near": {"within": "0", "any": ["up", "with"]}}, "equal UNLESS chain"),
    ("(a1 NEAR/5 b1) UNLESS/3 c1", {"near": {"within": "5", "all": ["a1", "b1"]}, "unless_near": {"within": "3", "any": ["c1"]}}, "UNLESS stands beside a window"),
    ("ATLEAST/3(a1 OR b1)", {"any": ["a1", "b1"], "min_mentions": "3"}, "a count"),
    ("ATLEAST/2(a1) AND b1", {"all": [{"any": ["a1"], "min_mentions": "2"}, "b1"]}, "a count of one term"),
    ("ATLEAST/2(a1 UNLESS/1 b1)", {"any": [{"any": ["a1"], "unless_near": {"within": "1", "any": ["b1"]}}], "min_mentions": "2"}, "a count of a masked term"),
    ("title:(a1 OR b1)", {"any": ["a1", "b1"], "in": "title"}, "a field"),
    ('title:"Mistral AI" AND a1', {"all": [{"any": ["Mistral AI"], "in": "title"}, "a1"]}, "a field of one phrase"),
    ("title,lead:(a1)", {"any": ["a1"], "in": ["title", "lead"]}, "two fields"),
    ("title:(lead:(a1))", {"any": [{"any": ["a1"], "in": "lead"}], "in": "title"}, "the inner field holds"),
    ("lead:(a1) body:(b1)", None, "fields in a row are a mistake"),
    ('"Research AND Development" OR merger', {"any": ['"Research AND Development"', "merger"]}, "an operator's word inside quotes is a word"),
    ('="Apple Inc" AND ~"buy out" AND @eu AND euro* AND ~buy AND =Apple', {"all": ["=Apple Inc", "~buy out", "@eu", "euro*", "~buy", "=Apple"]}, "prefixes stay with their terms"),
    ('"=Apple" AND a1', {"all": ['"=Apple"', "a1"]}, "a prefix inside quotes is none"),
    ("(a1)", "a1", "parentheses around one term mean nothing"),
    ("((a1 AND b1))", {"all": ["a1", "b1"]}, "doubled parentheses mean nothing"),
    ("(a1 AND b1) OR c1", {"any": [{"all": ["a1", "b1"]}, "c1"]}, "the first reading in parentheses"),
    ("a1 AND (b1 OR c1)", {"all": ["a1", {"any": ["b1", "c1"]}]}, "the second reading in parentheses"),
    ("a1\tAND\u00a0b1", {"all": ["a1", "b1"]}, "any white space separates"),
    ("AT&T AND C++ AND U.S.", {"all": ["AT&T", "C++", "U.S."]}, "signs inside words stay"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "expected"), [pytest.param(li, t, id=i) for li, t, i in TREES if t]
)
def test_trees(line: str, expected: object) -> None:
    assert tree(line) == expected


MISTAKES = [
    ("a1 AND b1 OR c1", "18: AND and OR side by side can be read in two ways. Write (a1 AND b1) OR c1 or a1 AND (b1 OR c1)", "two operators at one level"),
    ("a1 OR b1 OR c1 AND d1", "23: OR and AND side by side can be read in two ways. Write (a1 OR b1 OR c1) AND d1 or a1 OR b1 OR (c1 AND d1)", "a chain and then another operator"),
    ("a1 NEAR/5 b1 NEAR/9 c1", "Write (a1 NEAR/5 b1) NEAR/9 c1 or a1 NEAR/5 (b1 NEAR/9 c1)", "two distances"),
    ("a1 OR b1 NOT c1", "Write (a1 OR b1) NOT c1 or a1 OR (b1 NOT c1)", "OR and NOT"),
    ("a1 NOT b1 OR c1", "Write (a1 NOT b1) OR c1 or a1 NOT (b1 OR c1)", "NOT and OR"),
    ("a1 AND NOT b1 OR c1", "Write (a1 AND NOT b1) OR c1 or a1 AND NOT (b1 OR c1)", "AND NOT and OR"),
    ("NOT a1 OR b1", "Write (NOT a1) OR b1 or NOT (a1 OR b1)", "NOT first and OR"),
    ("a1 OR NOT b1 OR c1", "Write a1 OR (NOT b1) OR c1 or a1 OR NOT (b1 OR c1)", "NOT within an OR"),
    ("a1 NEAR/5 b1 UNLESS/3 c1", "Write (a1 NEAR/5 b1) UNLESS/3 c1 or a1 NEAR/5 (b1 UNLESS/3 c1)", "a window and a mask"),
    ("Mistral AI AND EU", '8: no operator between Mistral and AI. For these words in a row write "Mistral AI"; for all of them, anywhere, Mistral AND AI', "two words in a row"),
    ("merger AND statement of objections", '19: no operator between statement and of. For these words in a row write "statement of objections"', "three words in a row are told once"),
    ("a1 (b1 OR c1)", "11: no operator stands before (. Write AND or OR there", "a group without an operator"),
    ("(a1 OR b1) c1", "no operator stands before c1", "a word after a group"),
    ("a1 and b1", "11: write the operator in capitals: AND", "a lower-case operator"),
    ("a1 AND b1 or c1", "18: write the operator in capitals: OR. If the word itself is meant, quote it: \"or\"", "a lower-case or"),
    ("a1 near/5 b1", "11: write the operator in capitals: NEAR/5", "a lower-case window"),
    ('a1 AND "b1', '15: this quote is not closed. Write "b1"', "an unclosed quote"),
    ("(a1 AND b1", "8: this ( is not closed", "an unclosed parenthesis"),
    ("a1 AND b1)", "17: this ) closes nothing", "a parenthesis too many"),
    (")", "8: this ) closes nothing", "a lone parenthesis"),
    ("a1 AND ()", "15: nothing stands in these parentheses", "empty parentheses"),
    ("a1 NEAR b1", "11: NEAR: the number of words is missing. Write NEAR/5", "NEAR without a number"),
    ("a1 NEAR/ b1", "11: NEAR: the number of words is missing", "NEAR with an empty number"),
    ("a1 NEAR/x b1", "11: NEAR: 'x' is no number", "NEAR with a word"),
    ("a1 NEAR/-1 b1", "NEAR: '-1' is no number", "a negative distance"),
    ("a1 NEAR/9999999999 b1", "NEAR: '9999999999' is no number", "a number out of all reason"),
    ("a1 SAME/page b1", "11: SAME: 'page' is no unit. Write SAME/sentence or SAME/paragraph", "an unknown unit"),
    ("a1 SAME/sentance b1", "11: SAME: 'sentance' is no unit. Write SAME/sentence", "a misspelt unit"),
    ("a1 SAME b1", "SAME: the unit is missing", "no unit"),
    ("titel:(a1)", "8: 'titel' is no field. Did you mean title:( )?", "a misspelt field"),
    ("headline:(a1)", "Did you mean title:( )?", "another product's field"),
    ("colour:(a1)", "The fields are title, lead", "an unknown field"),
    ("title:Mistral AND a1", "8: a field takes parentheses: title:(Mistral)", "a field without parentheses"),
    ("a1 AND", "11: after AND a term is missing", "an operator at the end"),
    ("AND a1", "8: before AND a term is missing", "an operator at the beginning"),
    ("a1 AND OR b1", "11: after AND a term is missing", "two operators"),
    ("NOT", "8: after NOT a term is missing", "NOT alone"),
    ("a1 AND NOT NOT b1", "NOT stands twice", "NOT twice"),
    ("ATLEAST/3 a1", "8: ATLEAST/3 takes parentheses: ATLEAST/3(a1)", "a count without parentheses"),
    ("ATLEAST(a1)", "8: ATLEAST: the number of mentions is missing. Write ATLEAST/3(…)", "a count without a number"),
    ("a1 w/5 b1", "'w/5' is no operator here. Write NEAR/4", "Lexis's window"),
    ("a1 PRE/3 b1", "'PRE/3' is no operator here. Write THEN/2", "Lexis's order"),
    ("a1 ONEAR/3 b1", "Write THEN/3", "Meltwater's order"),
    ("a1 && b1", "'&&' is no operator here. Write AND", "a programmer's AND"),
    ("-a1 AND b1", "Write NOT a1", "a search engine's minus"),
    ('"euro zon"* AND a1', '* goes inside the quotes: "euro zon*"', "a star after the quotes"),
    ("", "8: nothing to look for here", "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [pytest.param(li, e, id=i) for li, e, i in MISTAKES])
def test_mistakes(line: str, expected: str) -> None:
    read = read_one_line(Text(line, START))
    assert read.node is None
    assert [found for found in problems(line) if expected in found], problems(line)
    assert len(read.problems) <= 2, "one mistake is told once"


def test_a_quoted_scalar_counts_its_quote() -> None:
    assert problems("a1 AND b1 OR c1", quoted=True)[0].startswith("19: ")


@pytest.mark.parametrize(
    "line",
    ["“Mistral AI” AND “EU”", "„Mistral AI“ AND EU", "«Mistral AI» AND EU", "”Mistral AI” AND EU"],
)
def test_typographic_quotes_are_quotes_and_told(line: str) -> None:
    read = read_one_line(Text(line, START))
    assert read.node is not None
    assert plain(read.node) == {"all": ["Mistral AI", "EU"]}
    assert [problem.code for problem in read.problems] == ["smart-quotes"]


ONE_LINE = [
    ("Microsoft AND Mistral", True, "an operator"),
    ("NOT podcast", True, "NOT first"),
    ("(Microsoft)", True, "parentheses"),
    ("title:(Microsoft)", True, "a field"),
    ('title:"Mistral AI"', True, "a field with a phrase"),
    ("Microsoft near/5 Mistral", True, "a window in small letters is a mistake to tell"),
    ("Microsoft NEAR Mistral", True, "a window without a number is a mistake to tell"),
    ("a1 && b1", True, "a programmer's operator is a mistake to tell"),
    ('Microsoft "Mistral AI"', True, "a phrase beside a word is a mistake to tell"),
    ("Mistral AI", False, "a phrase"),
    ("Mistral", False, "a word"),
    ("=Apple", False, "an exact word"),
    ("~investigate", False, "a stem"),
    ("@eu", False, "a list"),
    ("euro*", False, "a beginning"),
    ('"statement of objections"', False, "a quoted phrase"),
    ('"Research AND Development"', False, "an operator inside quotes"),
    ("war and peace", False, "a phrase with a small and"),
    ("AC/DC on tour", False, "a slash in a name"),
    ("24/7 support", False, "a slash between numbers"),
    ("AT&T", False, "an ampersand in a name"),
    ("opinion: chips", False, "a colon in a phrase"),
    ("ANDORRA ORANGE", False, "capitals that only begin like operators"),
    ("", False, "nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=i) for t, e, i in ONE_LINE])
def test_what_is_the_one_line_form(text: str, expected: bool) -> None:
    assert is_one_line(text) is expected


HOSTILE = [
    ("(" * 100_000, "parentheses nest deeper than 40", "100,000 opening parentheses"),
    ("(" * 41 + "a1" + ")" * 41, "parentheses nest deeper than 40", "one level too deep"),
    (")" * 100_000, "closes nothing", "100,000 closing parentheses"),
    ('"' * 100_001, "", "100,001 quotes"),
    ("()" * 50_000, "nothing stands", "50,000 empty groups"),
    ("NOT " * 30_000 + "a1", "NOT stands twice", "30,000 negations"),
    ("a1 " * 30_000, "no operator between", "30,000 words in a row"),
    ("a1 AND b1 OR " * 10_000 + "c1", "two ways", "20,000 mixed operators"),
    ("and " * 50_000, "in capitals", "50,000 small operators"),
    ("title:(" * 50_000, "parentheses nest deeper", "50,000 fields"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), [pytest.param(li, e, id=i) for li, e, i in HOSTILE])
def test_hostile_lines_end_at_once(line: str, expected: str) -> None:
    began = time.process_time()
    read = read_one_line(Text(line, START))
    assert time.process_time() - began < 2
    assert read.node is None
    assert any(expected in problem.message for problem in read.problems)
    assert len(read.problems) < 100
    assert all(len(problem.message) < 600 for problem in read.problems)


def test_forty_levels_and_ten_thousand_terms_are_read() -> None:
    assert tree("(" * 40 + "a1" + ")" * 40) == "a1"
    assert tree(" OR ".join(["a1"] * 10_000)) == {"any": ["a1"] * 10_000}
