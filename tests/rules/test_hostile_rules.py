"""Rule files made to hurt: each is refused by a stated limit, or works, and the others run on.

docs/rules.md, "Limits", is the list of limits. Every case goes through the real reading of a
folder that also holds a good rule. Processor time is measured, not the clock: another busy program
cannot fail these tests.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.config import yamlfile, yamltree
from monitor.located import Problem
from monitor.rules.limits import (
    LONGEST_LINE,
    LONGEST_TERM,
    MOST_FILTERS,
    MOST_IN_A_RULE,
    MOST_LISTED,
    MOST_NESTED,
    MOST_PATTERNS,
)
from monitor.rules.mistakes import MOST_TOLD
from monitor.rules.patterns import LONGEST_PATTERN
from monitor.rules.windows import MOST_CHILDREN
from monitor.userfiles import RuleFiles, read_rules
from tests.rules.build import article

MOST_SECONDS = 2.0  # of processor time for one hostile file
LONGEST_MESSAGE = 1_000  # characters
MANY = 10_000

Content = str | bytes | Callable[[], str | bytes]


def pattern(source: str) -> str:
    return f"match: {{regex: '{source}'}}"


def line(text: str) -> str:
    return f"match: '{text}'"


def term(text: str) -> str:
    return f"match: ['{text}']"


def lists(count: int, item: Callable[[int], str], last: str) -> str:
    """Lists e0, e1, … that name each other, and a rule that names the first."""
    inner = "\n".join(f"  e{number}: [{item(number)}]" for number in range(count))
    return f"match: ['@e0']\nentities:\n{inner}\n  e{count}: [{last}]\n"


def anchors(count: int) -> str:
    """Each value is the one before, twice: 2 to this power when followed."""
    first = "a0: &a0 [x, x]\n"
    more = (f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, count))
    return first + "".join(more) + f"match: *a{count - 1}\n"


def flow(count: int, of: str = "t{}") -> str:
    return ", ".join(of.format(number) for number in range(count))


# What is in the file, where it is refused and with which words, and the case as a sentence.
REFUSED: list[tuple[Content, str, str]] = [
    # patterns
    (pattern("a{1000000}"), ":1:16: regex: no usable pattern (invalid repetition size", "a repeat of a million"),
    (pattern("a{1000}{1000}"), ":1:16: regex: no usable pattern", "a repeat of a repeat"),
    (pattern("(((((x{9}){9}){9}){9}){9}){9}"), ":1:16: regex: no usable pattern", "repeats inside repeats"),
    (pattern(r"(a)\1"), ":1:16: regex: back-references are not supported", "a back-reference"),
    (pattern("(?P<n>a)(?P=n)"), ":1:16: regex: back-references are not supported", "a named back-reference"),
    (pattern("a(?=b)"), ":1:16: regex: look-around is not supported", "a look-ahead"),
    (pattern("(?<!a)b"), ":1:16: regex: look-around is not supported", "a look-behind"),
    (pattern("(a*)*"), ":1:16: regex: the pattern also matches nothing", "a star of a star"),
    (lambda: pattern("ab" * 500_000), ":1:16: regex: the pattern is longer than 1000 characters", "a pattern of a megabyte"),
    (pattern(r"[\pL\pN\pP\pS]{900}b"), ":1:16: regex: no usable pattern (pattern too large", "a class of all letters, 900 times"),
    (pattern("|".join([r"\pL{9}"] * 90)), ":1:16: regex: no usable pattern (pattern too large", "ninety classes of all letters"),
    (pattern("(" * 400 + "a" + ")" * 400 + "{999}{999}"), ":1:16: regex: no usable pattern", "four hundred groups, repeated"),
    (pattern("(a"), ":1:16: regex: no usable pattern (missing )", "an open group"),
    (lambda: f"match: {{any: [{flow(600, '{{regex: ab{}}}')}]}}", "regex: more than 500 patterns in this file", "600 patterns"),
    # depth
    ("match: " + "[" * MANY + "]" * MANY, ":1:47: values nest deeper than 40 levels", "10,000 lists in each other"),
    ("match: " + "{any: " * MANY + "x" + "}" * MANY, ":1:242: values nest deeper than 40 levels", "10,000 mappings in each other"),
    ("match: " + "{any: [" * MANY + "x" + "]}" * MANY, ":1:147: values nest deeper than 40 levels", "10,000 any: in each other"),
    ("match: " + "{all: [" * MANY + "x" + "]}" * MANY, ":1:147: values nest deeper than 40 levels", "10,000 all: in each other"),
    ("match:\n" + "- " * MANY + "x", ":2:79: values nest deeper than 40 levels", "10,000 list items in each other on one line"),
    (lambda: "match:\n" + "\n".join(" " * n + "any:" for n in range(1, 3_000)), ":41:41: values nest deeper than 40 levels", "3,000 blocks in each other"),
    ("match: " + "[" * 1_000_000, ":1:47: values nest deeper than 40 levels", "a million open lists"),
    (line("(" * MANY + "a OR b" + ")" * MANY), ":1:49: parentheses nest deeper than 40 levels", "10,000 parentheses"),
    (line("NOT " * MANY + "a"), ":1:13: NOT stands twice. Remove both", "10,000 times NOT"),
    (line("not " * MANY + "a AND b"), ":1:9: write the operator in capitals: NOT", "10,000 times not"),
    (lists(100, lambda n: f"'@e{n + 1}', x{n}", "x"), f":1:9: the lists below 'e0' name each other more than {MOST_NESTED} deep", "100 lists in each other"),
    (lambda: lists(2_000, lambda n: f"'@e{n + 1}'", "'@e0'"), ":1:9: the lists below 'e0' name each other", "2,000 lists in a circle"),
    (lists(2, lambda n: f"'@e{n + 1}'", "'@e0'"), "the lists name each other in a circle: e0 → e1 → e2 → e0", "three lists in a circle"),
    (lists(1, lambda n: "'@e0'", "x"), "the lists name each other in a circle: e0 → e0", "a list that names itself"),
    # growth
    (lists(19, lambda n: f"'@e{n + 1}', '@e{n + 1}', x{n}", "x"), ":1:9: the list 'e0' holds more than 200,000 terms", "lists that double nineteen times"),
    (lambda: f"match: {{any: [{flow(200, '@e0').replace('@e0', chr(34) + '@e0' + chr(34))}]}}\nentities: {{e0: [{flow(3_000)}]}}", "the lists of this rule hold more than 500,000 terms", "one long list, two hundred times"),
    (anchors(40), ":1:5: a value that begins with '&' is a YAML anchor", "aliases that double forty times"),
    ("match: &a [x, *a]", ":1:8: a value that begins with '&' is a YAML anchor", "a value that holds itself"),
    ("base: &a {x: 1}\nmatch: {<<: *a, <<: *a}", ":2:9: the merge key '<<' is not supported", "merge keys"),
    ("match: {" + ", ".join(["<<: {any: [x]}"] * MANY) + "}", "more than 50 problems in this file", "10,000 merge keys"),
    # size
    (lambda: term("a" * 1_000_000), f":1:9: a term is at most {LONGEST_TERM:,} characters long", "a term of a megabyte"),
    (lambda: term("ab " * 300_000), ":1:9: a term is at most", "a phrase of 300,000 words"),
    (lambda: term("~" + "a" * 1_000_000), ":1:9: a term is at most", "a stem of a megabyte"),
    (lambda: term("\ufdfa" * 300_000), ":1:9: a term is at most", "signs that stand for eighteen each"),
    (lambda: term("a" + "\u0301" * 100_000), ":1:9: a term is at most", "a letter under 100,000 accents"),
    (term("\u0301" * 900), "holds no word: it would never be found", "nothing but accents"),
    (lambda: f"match: {{any: [{flow(600_000, 't')}]}}", "more than 250,000 values. Split the file", "a list of 600,000 terms"),
    (lambda: f"match: [{'a,' * 1_000_000}a]", "more than 250,000 values. Split the file", "a list of a million terms"),
    (lambda: "rules:\n" + "- {match: a}\n" * 380_000, "more than 250,000 values. Split the file", "380,000 rules, as many as five megabytes hold"),
    (lambda: "rules:\n" + "- {match: a}\n" * 1_000_000, ":1:1: this file is larger than 5 MB", "a million rules"),
    (lambda: b"#" * 100_000_000, ":1:1: this file is larger than 5 MB", "a file of 100 MB"),
    (lambda: f"match: {{near: {{within: 5, all: [{flow(MANY)}]}}}}", ":1:32: near: 10000 items are too many for one window; at most 8", "a window of 10,000 items"),
    (lambda: line(" NEAR/5 ".join(f"t{n}" for n in range(3_000))), ":1:9: near: 3000 items are too many for one window", "a window of 3,000 items on one line"),
    (lambda: line(" AND ".join(f"t{n}" for n in range(100_000))), f":1:8: the one-line form is at most {LONGEST_LINE:,} characters long", "one line of a megabyte"),
    (lambda: line('"a b" ' * 150_000), ":1:8: the one-line form is at most", "150,000 phrases on one line"),
    (lambda: f"match: |\n{' a' * 1_000_000}", ":1:8: a term is at most", "a block of a million words"),
    (f"match: [a]\nfilters: [{flow(300, '{{none: [b{}]}}')}]", f"filters: more than {MOST_FILTERS} in this file", "300 filters"),
    # many mistakes
    ("rules:\n" + "- {}\n" * 5_000, f"more than {MOST_TOLD} mistakes in this file", "5,000 rules without match"),
    (lambda: "\n".join(f"k{n}: 1" for n in range(20_000)), f"more than {MOST_TOLD} mistakes in this file", "20,000 unknown keys"),
    (lambda: f"match: {{{flow(20_000, 'k{}: 1')}}}", f"more than {MOST_TOLD} mistakes in this file", "20,000 unknown nodes"),
    (lambda: f"match: {{any: [{flow(5_000, '{{any: [*]}}').replace('*', chr(34) + '@nobody' + chr(34))}]}}", f"more than {MOST_TOLD} mistakes in this file", "5,000 unknown lists"),
    ("\n".join(["match: [a]"] * 20_000), "more than 50 problems in this file", "20,000 times the same key"),
    ("- a #b\n" * 1_000, "more than 50 problems in this file", "1,000 comments that swallow text"),
    # characters and bytes
    ("match: a\0b", ":1:9: a control character (U+0000)", "a NUL"),
    (b"match: [\xff\xfe]", ":1:9: this is not UTF-8 text", "bytes that are no UTF-8"),
    (b"match: [\xed\xa0\x80]", ":1:9: this is not UTF-8 text", "half a surrogate pair"),
    (b"\xff\xfem\0a\0t\0c\0h\0", ":1:1: this is not UTF-8 text", "UTF-16"),
    ("match: [a\ufeffb]", ":1:10: a control character (U+FEFF)", "a byte order mark in the middle"),
    ("\ufeff\ufeffmatch: [a]", ":1:1: a control character (U+FEFF)", "two byte order marks"),
    ("match: [a\x1b[31mb]", ":1:10: a control character (U+001B)", "a terminal's escape"),
    ("\t" * 1_000_000, ":1:1: a tab in the indentation", "a million tabs"),
    ("{" * 1_000_000, "a list or mapping stands where a key should be", "a million braces"),
    ("match: !!python/object/apply:os.system [x]", ":1:8: a value that begins with '!' is a YAML tag", "a tag that would run a program"),
    ("match: !!binary aGk=", ":1:8: a value that begins with '!' is a YAML tag", "a tag for bytes"),
    ("match: [a]\nmatch: [b]", ":2:1: the key 'match' is here twice", "a key twice"),
    ("match: [a]\n---\nmatch: [b]", ":2:1: a second document begins here", "two documents"),
    # numbers, dates, words
    (f"match: {{near: {{within: {'9' * 401}, all: [a, b]}}}}", ":1:24: within: '9999", "a number of 401 digits"),
    (f"match: {{any: [a], min_mentions: 1{'0' * 400}}}", ":1:33: min_mentions: '1000", "a count of 400 noughts"),
    *((f"match: {{near: {{within: {n}, all: [a, b]}}}}", f":1:24: within: '{n}' is not a whole number", f"{n} words")
      for n in ("inf", "nan", ".inf", "-.inf", "1e3", "-1", "-0", "0x10", "1.5", "٣", "５")),
    *((f"match: [a]\nexpires: {day}", f":2:10: expires: '{day}' is no day", f"the day {day}")
      for day in ("99999-01-01", "2027-02-30", "0000-00-00", "2027-13-01", "-2027-01-01", "2027-W01-1", "20270101")),
    (f"match: [a]\nexpires: {'1' * 5_000}", ":2:10: expires: '1111", "a day of 5,000 digits"),
    (f"match: [a]\nsource: {{min_words: {'9' * 400}}}", ":2:21: min_words: '9999", "400 digits of words"),
    (f"match: [a]\nsource: {{max_age: {'9' * 400}d}}", ":2:19: max_age: '9999", "400 digits of days"),
    (term("*"), ":1:9: '*': * needs a word directly before it", "a wildcard alone"),
    (term("* * *"), "may stand only at the end", "wildcards alone"),
    (term("*" * 900), "may stand only at the end", "900 asterisks"),
    (lambda: term("*" * 1_000_000), ":1:9: a term is at most", "a million asterisks"),
    (term("!?…—"), "holds no word: it would never be found", "punctuation alone"),
    (term("\u202e\u2066\u2069"), "holds no word: it would never be found", "nothing but turns of the writing direction"),
    (term(" "), "an empty term", "a blank"),
    (f"id: {'x' * 100_000}\nmatch: [a]", "is no id: use letters", "an id of 100,000 letters"),
    (f"{'x' * 1_000}: 1\nmatch: [a]", "unknown key 'xxx", "a key of 1,000 letters"),
    (f"match: [a]\nlevel: {'u' * 100_000}", "is no level", "a level of 100,000 letters"),
    (f"match: {{any: [a], in: {'t' * 100_000}}}", "is no field", "a field of 100,000 letters"),
    ("[a, b]", ":1:1: a rule file holds keys with values", "a list in place of keys"),
    ("just text", ":1:1: a rule file holds keys with values", "a text in place of keys"),
]  # fmt: skip

# What is in the file, what it finds and what not, and the case as a sentence.
WORKS: list[tuple[Content, str, str, str]] = [
    (pattern("(a+)+$"), "xaaaa", "a" * 5_000 + "b", "the classic evil pattern"),
    (pattern("((((a*)*)*)*)*b"), "aab", "a" * 5_000, "stars of stars"),
    (pattern("(x+x+)+y"), "xxxy", "x" * 5_000, "plusses of plusses"),
    (pattern("(a|aa)+c"), "aaac", "a" * 5_000, "alternatives that overlap"),
    (pattern("(.*,){20}z"), "," * 20 + "z", "," * 3_000, "twenty times anything"),
    (term("\u202egnp\u202c"), "gnp", "png", "a word between turns of the writing direction"),
    (f"match: [a{' ' * 4_000_000}]", "a", "b", "four million blanks"),
    (lambda: f"match: {{any: [{flow(20_000)}]}}", "t19999", "t20000", "a list of 20,000 terms"),
    (lambda: line(" OR ".join(f"t{n}" for n in range(5_000))), "t4999", "t5000", "5,000 alternatives on one line"),
    (lists(MOST_NESTED, lambda n: f"'@e{n + 1}', x{n}", "inmost"), "inmost", "x20", "twenty lists in each other"),
    (lists(14, lambda n: f"'@e{n + 1}', '@e{n + 1}', x{n}", "inmost"), "inmost", "x20", "lists that double fourteen times"),
    ("id: deep\n" + line("(" * 30 + "a OR b" + ")" * 30), "b", "c", "thirty parentheses"),
    ("match: [a]\nsource: {max_age: 999999d}", "a", "b", "the greatest age"),
    ("match: [no]\nexpires: 9999-12-31", "no", "yes", "the last day of all"),
]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What came of a folder with this file and a good one."""

    files: RuleFiles
    seconds: float

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.files.problems if problem.severity == "error"]

    def found(self, text: str) -> list[str]:
        return [match.rule_id for match in self.files.book.match(article(text))]


def outcome(content: Content, folder: Path) -> Outcome:
    made = content() if callable(content) else content
    (folder / "bad.yaml").write_bytes(made if isinstance(made, bytes) else made.encode())
    (folder / "good.yaml").write_text("match: good", encoding="utf-8")
    before = time.process_time()
    files = read_rules([folder])
    found = Outcome(files, time.process_time() - before)
    assert "good" in found.found("a good rule goes on")
    return found


@pytest.mark.parametrize(("content", "expected"), [pytest.param(c, e, id=i) for c, e, i in REFUSED])
def test_is_refused_with_its_place_while_the_other_rule_runs(
    content: Content, expected: str, tmp_path: Path
) -> None:
    found = outcome(content, tmp_path)
    lines = [str(problem) for problem in found.errors]
    assert any(expected in each for each in lines), lines[:5]
    assert all(problem.place.path.endswith("bad.yaml") for problem in found.errors)
    assert all(problem.place.line > 0 and problem.place.column > 0 for problem in found.errors)
    assert max(map(len, lines)) < LONGEST_MESSAGE
    assert len(lines) <= 2 * (MOST_TOLD + 1)
    assert found.seconds < MOST_SECONDS


@pytest.mark.parametrize(
    ("content", "hit", "miss"), [pytest.param(c, h, m, id=i) for c, h, m, i in WORKS]
)
def test_is_harmless_and_works(content: Content, hit: str, miss: str, tmp_path: Path) -> None:
    found = outcome(content, tmp_path)
    assert [str(problem) for problem in found.errors] == []
    before = time.process_time()
    assert len(found.found(hit)) == 1
    assert found.found(miss) == []
    assert found.seconds + time.process_time() - before < MOST_SECONDS


def test_a_list_of_100_000_names_in_a_text_file_works(tmp_path: Path) -> None:
    names = "\n".join(f"Firm{number} Holding" for number in range(100_000))
    (tmp_path / "names.txt").write_text(names, encoding="utf-8")
    (tmp_path / "names.yaml").write_text(
        "id: named\nmatch: {near: {within: 5, all: ['@firms', merger]}}\n"
        "entities: {firms: {file: names.txt}}\n",
        encoding="utf-8",
    )
    files = read_rules([tmp_path])
    assert files.errors == ()
    assert [m.rule_id for m in files.book.match(article("The Firm99999 Holding merger."))] == [
        "named"
    ]
    assert files.book.match(article("The Firm100000 Holding merger.")) == ()


def test_a_text_file_with_a_million_names_is_refused(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("ab\n" * 1_000_000, encoding="utf-8")
    found = outcome("match: ['@n']\nentities: {n: {file: names.txt}}", tmp_path)
    first = next(str(p).partition("bad.yaml")[2] for p in found.errors)
    assert first.startswith(":2:22: the list ")
    assert first.endswith("names.txt: more than 200,000 lines. Split it into several lists.")
    assert found.found("ab") == []
    assert found.seconds < MOST_SECONDS


def test_a_rule_never_runs_with_half_of_its_words(tmp_path: Path) -> None:
    """A list with a mistake takes all rules that name it with it, also where it excludes."""
    found = outcome(
        "rules:\n- {id: r1, match: {any: [merger, '@bad']}}\n"
        "- {id: r2, match: {any: [merger], none: ['@bad']}}\n- {id: r3, match: [merger]}\n"
        "entities: {bad: ['*x', rumour]}",
        tmp_path,
    )
    assert found.found("a merger") == ["r3"]
    assert [str(problem).partition("bad.yaml")[2] for problem in found.errors] == [
        ":3:42: the list 'bad' has a mistake; mend it there",
        ":5:18: '*x': * may stand only at the end of the last word",
    ]


FOLDER = [
    "a repeat of a million", "10,000 lists in each other", "aliases that double forty times", "a NUL",
    "bytes that are no UTF-8", "a list of a million terms", "a term of a megabyte", "a file of 100 MB",
    "lists that double nineteen times", "one line of a megabyte", "a wildcard alone",
]  # fmt: skip
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
if sys.platform == "linux":  # elsewhere a limit of addresses is not kept
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
from monitor.cli import main
main()
"""


def test_check_tells_them_all_in_bounded_time_and_memory(tmp_path: Path) -> None:
    """The command in a process of its own, with a gigabyte of addresses and 30 s of processor."""
    contents = {name: content for content, _, name in REFUSED}
    rules = tmp_path / "rules"
    rules.mkdir()
    for number, name in enumerate(FOLDER):
        made = contents[name]
        data = made() if callable(made) else made
        (rules / f"bad{number:02}.yaml").write_bytes(
            data if isinstance(data, bytes) else data.encode()
        )
    (rules / "good.yaml").write_text(
        "title: Good\nowner: desk\nmatch: good\ntests: [{fires: good}, {silent: bad}]"
    )
    (tmp_path / "config.yaml").write_text("rules: [./rules]\nfeeds: []\n", encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "-c", LIMITED, "check", "--json"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert "Traceback" not in said.stderr
    assert said.returncode == 2, said.stderr
    document = json.loads(said.stdout)
    broken = {p["path"] for p in document["problems"] if p["severity"] == "error"}
    assert broken == {f"rules/bad{number:02}.yaml" for number in range(len(FOLDER))}
    assert document["rules"] == ["good"]
    assert [test["passed"] for test in document["tests"]] == [True, True]


LIMITS = [
    ("a rule file", yamlfile.MAX_BYTES // 1_000_000), ("values in a file", yamltree.MAX_NODES),
    ("lists and mappings in each other", yamltree.MAX_DEPTH), ("a term", LONGEST_TERM),
    ("the one-line form", LONGEST_LINE), ("a pattern", LONGEST_PATTERN),
    ("patterns in a file", MOST_PATTERNS), ("items of one window", MOST_CHILDREN),
    ("terms of a list", MOST_LISTED), ("lists that name lists", MOST_NESTED),
    ("terms of a rule's lists", MOST_IN_A_RULE), ("filters in a file", MOST_FILTERS),
    ("mistakes told of a file", MOST_TOLD),
]  # fmt: skip


@pytest.mark.parametrize(
    ("what", "most"), [pytest.param(w, m, id=f"{w}: {m:,}") for w, m in LIMITS]
)
def test_the_manual_states_the_limit(what: str, most: int) -> None:
    manual = (Path(__file__).parents[2] / "docs/rules.md").read_text(encoding="utf-8")
    section = manual.partition("\n## Limits\n")[2].partition("\n## ")[0]
    (row,) = [each for each in section.splitlines() if each.startswith(f"| {what}")]
    assert f"{most:,}" in row.split("|")[2]


PIECES = [
    "match: ", "rules:\n", "- ", "id: x\n", "entities: ", "filters: ", "tests: ", "fires: ", "{", "}", "[", "]", ", ",
    ": ", "\n", "\n  ", "any: ", "all: ", "none: ", "near: ", "then: ", "same: ", "within: 3", "unit: sentence", "in: title",
    "unless_near: ", "min_mentions: 2", "at_least: 1", "of: ", "regex: ", "'a+'", "'(a'", "merger", "'@e'", "@e", "e: ", "*", "&a ",
    "'a AND b'", "'(a OR b) NEAR/3 c'", '"', "'", "#", " #", "!", "|\n", ">", "expires: ", "2027-06-30", "source: ", "max_age: 2h",
    "alert: ", "notify: ", "because: near", "silent: ", "labels: ", "level: urgent", "~", "=", "\t", "\u202e", "\u0301", "合併", "é", "\x00",
]  # fmt: skip
FILES = st.one_of(
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.lists(st.sampled_from(PIECES), max_size=40).map(lambda parts: "".join(parts).encode()),
)


@settings(max_examples=250, deadline=None)
@given(FILES)
@example(b"match: {none: [a]}\nentities: {e: ['@e']}")
@example(b"rules: {}\nfilters: [[]]\nentities: [a]")
@example(b"? [a]\n: b")
def test_no_file_whatsoever_raises(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp() / "any-bytes"
    folder.mkdir(exist_ok=True)
    outcome(data, folder)
