"""What a translation cannot keep is told with its place, and whatever comes, the rule loads."""

import time
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.rules.boolean import factiva, lexis, lucene, meltwater
from monitor.rules.boolean.files import DIALECTS, translate_file
from monitor.rules.boolean.translation import Translation
from tests.conftest import many
from tests.rules.build import loaded

Translate = Callable[[str], Translation]


def classic(text: str) -> Translation:
    return lucene.translate(text, implied="or")


LOST = [
    (lexis.translate, "merger and length > 500", "1:12: length > 500: a length is not part of match:. Write source: {min_words: …}", "a length"),
    (lexis.translate, "merger and date aft 1/1/2020", "1:12: date aft 1/1/2020", "a date"),
    (lexis.translate, "merger and term(chips #85plus#)", "1:12: term(chips #85plus#): this segment has no counterpart", "an index term"),
    (lexis.translate, "merger w/seg bank", "1:8: w/seg: one document section; read as AND", "a document section"),
    (lexis.translate, "rico not w/s puerto", "1:6: not w/s: an exclusion reaches so many words", "an exclusion in a sentence"),
    (lexis.translate, "plural(job)", "1:1: plural: a rule has no plural only", "plural only"),
    (lexis.translate, "headline(merger) w/5 bank", "no window spans two fields", "a window over two fields"),
    (lexis.translate, "(loan and grant) w/3 school", "1:18: window: each part of the AND may have its own place", "a window of an and"),
    (lexis.translate, "atleast3(chip) w/5 bank", "1:1: count: a count has no place in a window", "a count in a window"),
    (lexis.translate, "EU and AI and probe", "1:1: EU, AI: found in capitals only", "capitals are told once"),
    (lexis.translate, "not rumour", "1:1: the whole: the string only excludes", "a string that only excludes"),
    (factiva.translate, "chip and re=fra", "1:10: re=fra: re= is the database's own index", "a region"),
    (factiva.translate, "chip and re=(fra or usa)", "1:10: re=(fra or usa): ", "a group of codes"),
    (factiva.translate, "chip and la=en", "Write source: {languages: [en]} beside match:. The rule finds more without it", "a language, with the mend"),
    (factiva.translate, "chip or ns=c13", "The rule finds less without it", "an alternative lost"),
    (factiva.translate, "chip not ns=c13", "The rule finds more without it", "an exclusion lost"),
    (factiva.translate, "chip not (ns=c13 or bank)", "The rule finds more without it", "an exclusion lost beside another"),
    (factiva.translate, "chip not (ns=c13 and bank)", "The rule finds less without it", "a condition of an exclusion lost"),
    (factiva.translate, "chip and wc>500", "1:10: wc>500: no part of match:. Write source: {min_words: 500}", "a length"),
    (factiva.translate, "chip and\ndate from 20200101 to 20210101", "2:1: date from 20200101 to 20210101", "a date on a second line"),
    (factiva.translate, "toyota/F50/", "1:7: /F50/: read as title and lead", "the first words"),
    (factiva.translate, "toyota/F400/", "1:7: /F400/: a rule can ask for the lead", "too many first words"),
    (meltwater.translate, "chip AND country:DE", "1:10: country:DE: a rule knows no field 'country'. Give the feeds tags", "a country"),
    (meltwater.translate, "chip^9 AND bank", "1:5: ^9: it only steers which sentence is shown", "a preference"),
    (meltwater.translate, "mistral cloud", "1:9: cloud: no operator stands before it; read as AND", "no operator"),
    (meltwater.translate, "chip NEAR/5000 bank", "1:6: window: a window is at most 1000 words wide", "a window of thousands"),
    (lucene.translate, "roam~ chip", "1:5: ~: misspellings are not found", "fuzziness"),
    (lucene.translate, "roam^2.5 chip", "1:5: ^2.5: a rule has no ranks", "a boost"),
    (lucene.translate, "chip price:[1 TO 5]", "1:6: price:[1 TO 5]: a rule knows no field 'price'", "an unknown field"),
    (lucene.translate, "chip [1 TO 5]", "1:6: [1 TO 5]: a range is not translated", "a range"),
    (lucene.translate, "chip /[mb]oat/", "1:6: /[mb]oat/: a Lucene pattern is not translated", "a pattern"),
    (lucene.translate, "a1 AND b1 OR c1", "1:11: OR: beside AND: OR is read first here", "a mixture of operators"),
    (lucene.translate, "* chip", "1:1: *: no letter or digit is in it", "a lone star"),
    (classic, "+chip bank", "1:7: bank: optional beside a required clause", "an optional clause"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("translate", "string", "expected"), [pytest.param(t, s, e, id=i) for t, s, e, i in LOST]
)
def test_what_is_lost_is_told_with_its_place(
    translate: Translate, string: str, expected: str
) -> None:
    translation = translate(string)
    assert translation.rule
    assert any(expected in str(lost) for lost in translation.lost), [
        str(x) for x in translation.lost
    ]


UNREADABLE = [
    (lexis.translate, "(merger", "1:1: (: this parenthesis is not closed", "an open parenthesis"),
    (lexis.translate, "merger)", "1:7: ): this parenthesis closes nothing", "a parenthesis too many"),
    (lexis.translate, 'merger and "bank', '1:12: "bank: this quote is not closed', "an open quote"),
    (lexis.translate, "merger and", "1:8: and: a term is missing", "an operator at the end"),
    (lexis.translate, "or merger", "1:1: or: before 'or' a term is missing", "an operator at the beginning"),
    (lexis.translate, "merger (bank)", "no operator stands before this", "a group without an operator"),
    (lexis.translate, "term(merger", "1:5: (: this parenthesis is not closed", "an open segment"),
    (factiva.translate, "ns=c13", "The database's own index"[4:], "nothing but an index code"),
    (factiva.translate, "merger and ()", "a term is missing", "empty brackets"),
    (meltwater.translate, "NEAR/5 chip", "a term is missing", "a window without a left side"),
    (lucene.translate, '"chip', "this quote is not closed", "an open phrase"),
    (classic, "AND chip", "before AND a term is missing", "a classic operator first"),
    (classic, "chip AND", "a term is missing", "a classic operator last"),
    (classic, "()", "a term is missing", "classic empty parentheses"),
    (lucene.translate, "", "a term is missing", "nothing"),
    (lucene.translate, "…", "no letter or digit", "signs only"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("translate", "string", "expected"), [pytest.param(t, s, e, id=i) for t, s, e, i in UNREADABLE]
)
def test_a_string_that_cannot_be_read_gives_no_rule_and_says_why(
    translate: Translate, string: str, expected: str
) -> None:
    translation = translate(string)
    assert translation.rule == ""
    assert any(expected in str(lost) for lost in translation.lost), [
        str(x) for x in translation.lost
    ]


HOSTILE = [
    ("(" * 40_000, "40,000 parentheses"), ("not " * 3_000 + "a1", "3,000 negations"),
    ("a1 w/5 " * 2_000 + "b1", "2,000 windows"), ("a1 NEAR/5 " * 2_000 + "b1", "2,000 other windows"),
    ("a1 or " * 2_000 + "b1", "2,000 alternatives"), ("a1 " * 3_000, "3,000 words"),
    ('"' * 40_001, "40,001 quotes"), ("(a1 and b1) w/3 " * 9 + "c1", "windows of ands of windows"),
    ("hd=" * 10_000, "10,000 fields"), ("title:" * 8_000 + "x", "8,000 other fields"),
    ("a*" * 20_000, "20,000 wildcards"), ("term(" * 9_000, "9,000 open segments"),
    ("~^" * 20_000, "40,000 suffixes"), ("x" * 60_000, "a word of 60,000 letters"),
    ("-" * 40_000 + "a1", "40,000 signs"), ("[1 TO " * 2_000, "2,000 open ranges"),
    ("not w/ " * 2_000, "2,000 broken windows"), ("\\" * 40_000, "40,000 backslashes"),
    ("\u0000\ufeff\ud800\u2028\ue000a1", "characters that no file may hold"),
]  # fmt: skip
EVERY = [*DIALECTS.values(), classic]


@pytest.mark.parametrize("string", [pytest.param(s, id=i) for s, i in HOSTILE])
def test_hostile_strings_end_at_once(string: str) -> None:
    began = time.process_time()
    for translate in EVERY:
        translation = translate(string)
        if len(translation.rule) < many(2_000, 20_000):  # loading long ones costs a second each
            assert_loads(translation)
    assert time.process_time() - began < 8


def assert_loads(translation: Translation) -> None:
    if translation.rule:
        errors = [str(p) for p in loaded(translation.rule).problems if p.severity == "error"]
        assert not errors, (translation.rule, errors)
    else:
        assert translation.lost


PIECES = [
    "merger", "bank", "EU", "a", "x*", "wo?m", "bank!", "$3", "*", '"peas and carrots"', '"', "“", "(", ")", "[", "]",
    " and ", " or ", " not ", " and not ", " w/5 ", " pre/3 ", " /s ", " w/p ", " not w/5 ", " near5 ", " adj ", " same ",
    " AND ", " OR ", " NOT ", " NEAR/3 ", " ONEAR ", " && ", " || ", " -", " +", "!", "~2", "^3", "title:", "hd=", "re=fra",
    "headline(", "caps(", "atleast3(", "atleast3 ", "/F50/", "intitle:", "[1 TO 2]", "AROUND(3)", " % ", "country:FR",
    "'", "#", ": ", "- ", "@eu", "=x", "&", "term(", "\n", "é", "合併", "\\",
]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join), st.sampled_from(EVERY))
@example("a or (b and not c) w/5 (d or not e)", lexis.translate)
@example("not (a not w/3 (b and c))", lexis.translate)
@example("hd=(a near5 lp=b) not hlp=(c and by=d)", factiva.translate)
def test_whatever_the_string_the_rule_loads_or_the_reason_is_told(
    string: str, translate: Translate
) -> None:
    assert_loads(translate(string))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.sampled_from(EVERY))
def test_any_text_at_all(string: str, translate: Translate) -> None:
    assert_loads(translate(string))


FILE = """\
# Banks
merger w/5 bank
and not rumour

# a remark

ns(x1)
(loan or
grant)
"EU: 'probe'" and x1
"""


def test_a_file_holds_strings_over_several_lines_with_titles() -> None:
    found = translate_file(FILE, "lexis", name="desk")
    assert [(s.id, s.title, s.line) for s in found.strings] == [
        ("desk-1", "Banks", 2), ("desk-2", "", 7), ("desk-3", "", 8), ("desk-4", "", 10),
    ]  # fmt: skip
    assert [bool(s.rule) for s in found.strings] == [True, False, True, True]
    assert not found.complete
    assert [(lost.line, lost.column) for lost in found.strings[1].lost] == [(7, 1)]
    result = loaded(found.rules)
    assert not [p for p in result.problems if p.severity == "error"], found.rules
    assert [(rule.id, rule.title) for rule in result.rules] == [
        ("desk-1", "Banks"), ("desk-3", "desk-3"), ("desk-4", "desk-4"),
    ]  # fmt: skip


def test_a_single_string_takes_the_name_itself() -> None:
    found = translate_file("merger AND bank\r\n", "meltwater", name="merger")
    assert [string.id for string in found.strings] == ["merger"]
    assert found.complete
    assert "match: {all: [merger, bank]}" in found.rules


def test_an_empty_file_gives_no_rules() -> None:
    assert translate_file("\n# nothing\n", "lucene").strings == ()
    assert translate_file("", "lucene").rules == ""


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*PIECES, "\n\n", "\n# t: 'x'\n"]), max_size=20).map("".join),
    st.sampled_from(sorted(DIALECTS)),
)
def test_whatever_the_file_the_rules_load(text: str, dialect: str) -> None:
    found = translate_file(text, dialect)
    if found.rules:
        errors = [str(p) for p in loaded(found.rules).problems if p.severity == "error"]
        assert not errors, found.rules


def test_places_in_a_file_are_the_files() -> None:
    found = translate_file("\nchip and re=fra\n", "factiva")
    assert [(lost.line, lost.column) for lost in found.strings[0].lost] == [(2, 10)]
