"""What is wrong with a rule file: each mistake with its place and its mend."""

import pytest

from tests.rules.build import errors, loaded, warnings

MISTAKES = [
    ("mach: [a1]\nid: x", "a.yaml:1:1: unknown key 'mach'. Did you mean 'match'?", "a misspelt key is named with what was meant"),
    ("id: x\ntitle: t", "a.yaml:1:1: the rule 'x' has no match:, so it can never fire", "a rule without match"),
    ("match: {anyy: [a1]}", "a.yaml:1:9: unknown key 'anyy'. Did you mean 'any'?", "a misspelt node"),
    ("match: {any: []}", "a.yaml:1:14: any: is empty. List at least one term", "an empty list"),
    ("match: {any: }", "any: is empty. List at least one term", "no list at all"),
    ("match: [a1, [b1]]", "a.yaml:1:13: a list inside a list. Write all: or any:", "a list in a list is ambiguous"),
    ("match: [ab*]", "a.yaml:1:9: 'ab*': at least 3 characters must stand before *", "a wildcard that is too short"),
    ("match: ['*soft']", "a.yaml:1:9: '*soft': * may stand only at the end of the last word", "a leading wildcard"),
    ("match: [euro* zone]", "a.yaml:1:9: 'euro* zone': * may stand only at the end", "a wildcard inside a phrase"),
    ("match: ['—']", "a.yaml:1:9: '—' holds no word", "a term of signs only"),
    ("match: [a1, '']", "a.yaml:1:13: an empty term", "an empty term"),
    ("match: [Microsoft AND Mistral]", "a.yaml:1:9: AND inside a list item is read as a word here", "an operator word in a list item"),
    ("match: ['\"Mistral AI\" OR \"Microsoft\"']", "OR inside a list item", "an operator between two quoted phrases"),
    ("match: ['\"Mistral AI\" \"Microsoft\"']", "quotes inside a term", "two quoted phrases in one item"),
    ("match: ['a1 AND(b1)']", "AND inside a list item", "an operator before a bracket"),
    ("match: ['title:(a1)']", "title: inside a list item", "a field prefix in a list item"),
    ("match: ['Microsoft ~foo']", "~ stands before a whole term", "a prefix inside a phrase"),
    ("match: [a1 NEAR/5 b1]", "Did you mean the one-line form?", "a near operator in a list item"),
    ("match: ['@nobody']", "a.yaml:1:9: no list is named 'nobody'", "an unknown list"),
    ("match: ['@buyer']\nentities: {buyers: [x1]}", "Did you mean '@buyers'?", "a misspelt list"),
    ("match: ['@eu probe']", "a.yaml:1:9: '@eu probe': a list (@name)", "a list inside a phrase"),
    ("match: ['@p']\nentities: {p: ['@q'], q: ['@p']}", "the lists name each other in a circle: p → q → p", "lists in a circle"),
    ("match: {near: {all: [a1, b1]}}", "a.yaml:1:15: near: needs within:", "near without a distance"),
    ("match: {near: {within: -1, all: [a1, b1]}}", "a.yaml:1:24: within: '-1' is not a whole number", "a negative distance"),
    ("match: {near: {within: 5, all: [a1]}}", "a.yaml:1:32: near: all: needs a list of at least two", "a window of one item"),
    ("match: {near: {within: 5, any: [a1, b1]}}", "'any' has no meaning inside near:", "any inside near"),
    ("match: {near: {within: 5, all: [a1, {all: [b1]}]}}", "a.yaml:1:37: an item of near: must be words with places", "a yes/no node in a window"),
    ("match: {near: {within: 5, all: [a1, {any: [b1], none: [c1]}]}}", "must be words with places", "a negation in a window"),
    ("match: {near: {within: 5, all: [a1, {any: [b1], min_mentions: 2}]}}", "must be words with places", "a count in a window"),
    ("match: {near: {within: 5, all: [{any: [a1], in: title}, {any: [b1], in: body}]}}", "its items look in different fields (body and title)", "a window over two fields"),
    ("match: {near: {within: 5, all: [a1, {any: [b1], in: title}]}}", "its items look in different fields", "a window over the default scope and one field"),
    ("match: {same: {unit: page, all: [a1, b1]}}", "a.yaml:1:22: same: 'page' is no unit", "an unknown unit"),
    ("match: {same: {all: [a1, b1]}}", "same: unit: is missing", "no unit"),
    ("match: {all: [a1], min_mentions: 2}", "a.yaml:1:20: min_mentions works on places, and all:", "counting a yes/no node"),
    ("match: {any: [a1], near: {within: 1, all: [b1, c1]}, min_mentions: 2}", "min_mentions needs exactly one of any, near", "counting two nodes"),
    ("match: {unless_near: {within: 0, any: [up]}}", "nothing to", "a modifier alone"),
    ("match: {any: [a1], min_mentions: many}", "min_mentions: 'many' is not a whole number", "a count in words"),
    ("match: {any: [a1], in: headline}", "a.yaml:1:24: 'headline' is no field", "an unknown field"),
    ("match: {any: [a1], in: text}", "Did you mean 'body'?", "the JSON name of the body"),
    ("match: {at_least: 3, of: [a1, b1]}", "a.yaml:1:19: at_least: 3 of 2 can never be", "more than there are"),
    ("match: {at_least: 2}", "at_least: needs of: with a list", "at_least without of"),
    ("match: {of: [a1, b1]}", "of: goes with at_least:", "of without at_least"),
    ("match: {near: {within: 1, all: [a1, {at_least: 1, of: [b1]}]}}", "must be words with places", "at_least in a window"),
    ("match: {regex: '(a'}", "a.yaml:1:16: regex: no usable pattern (missing ):", "a broken pattern"),
    ("match: {regex: 'a(?=b)'}", "regex: look-around is not supported", "look-around in a pattern"),
    ("match: {regex: '(a)\\1'}", "regex: back-references are not supported", "a back-reference in a pattern"),
    ("match: {regex: 'a*'}", "regex: the pattern also matches nothing", "a pattern that matches everywhere"),
    ("match: {regex: '(((a{100}){100}){100})'}", "regex: no usable pattern", "a pattern with huge repeats"),
    ("match: {regex: [a, b]}", "regex: needs one pattern", "several patterns"),
    ("match: ['~buy*']", "~ and * contradict each other", "a stem with a wildcard"),
    ("match: ['~=buy']", "= and ~ contradict each other", "a stem with a case"),
    ("match: [a1]\nsource: {language: [en]}", "a.yaml:2:10: 'language' has no meaning in source: Did you mean 'languages'?", "a misspelt source condition"),
    ("match: [a1]\nsource: {max_age: soon}", "max_age: 'soon' is not a duration", "an age in words"),
    ("match: [a1]\nsource: {min_words: few}", "min_words: 'few' is not a whole number", "a length in words"),
    ("match: [a1]\nexpires: tomorrow", "a.yaml:2:10: expires: 'tomorrow' is no day. Write it as 2027-06-30", "a day in words"),
    ("match: [a1]\nfilters: [{id: f1}]", "a filter needs none:", "a filter that excludes nothing"),
    ("match: [a1]\nfilters: [{none: [ab*]}]", "at least 3 characters", "a mistake inside a filter"),
    ("match: [a1]\nfilters: [{none: [b1], rule: x1}]", "Did you mean 'rules'?", "a misspelt key of a filter"),
    ("match: [a1]\nalert: {agian: [tier]}", "a.yaml:2:9: unknown key 'agian'. Did you mean 'again'?", "a misspelt key of alert"),
    ("match: [a1]\nalert: {again: [new_figure]}", "a.yaml:2:17: again: 'new_figure' is no reason. Did you mean 'new_figures'?", "a misspelt reason to tell again"),
    ("match: [a1]\nalert: {again: [sources]}", "again: 'sources' needs a value. Write sources: 5", "a number of outlets that is missing"),
    ("match: [a1]\nalert: {again: {tier: 1}}", "again: 'tier' takes no value. Write [tier]", "a tier with a value"),
    ("match: [a1]\nalert: {again: [sources: 1]}", "sources: '1' is no number of outlets. Write 2 or more", "one outlet is the first report"),
    ("match: [a1]\nalert: {again: [after: soon]}", "after: 'soon' is not a duration. Write 12h, 90m or 2d", "a time in words"),
    ("match: [a1]\nalert: {again: []}", "again: needs reasons", "no reason"),
    ("match: [a1]\nalert: {again: [[tier]]}", "again: needs reasons", "a list in a list of reasons"),
    ("match: [a1]\nalert: {max_per_day: 0}", "max_per_day: '0' is no limit", "a limit of nothing"),
    ("match: [a1]\nalert: {max_per_day: [1]}", "max_per_day: 'a list or mapping' is no limit", "a list as a limit"),
    ("match: [a1]\nalert: [newsroom]", "alert: needs keys", "a list below alert"),
    ("match: [a1]\nlevel: urgnt", "a.yaml:2:8: 'urgnt' is no level. Did you mean 'urgent'?", "an unknown level"),
    ("match: [a1]\nid: my rule", "a.yaml:2:5: 'my rule' is no id", "an id with a blank"),
    ("match: [a1]\ntests: [{fire: x1}]", "a test needs fires: or silent:", "an unknown kind of test"),
    ("match: [a1]\ntests: [{silent: x1, because: near}]", "the rule has no near: branch", "a reason that the rule does not have"),
    ("match: [a1]\ntests: [{silent: x1, because: nera}]", "'nera' is no branch", "a misspelt reason"),
    ("match: [a1]\ntests: [{fires: {titel: x1}}]", "unknown field 'titel' in a test. Did you mean 'title'?", "a misspelt field in a test"),
    ("rules: [{match: [a1]}]\nmatch: [b1]", "'match' beside rules:", "one rule beside a list of rules"),
    ("entities: [a1]", "entities: needs names with lists", "lists without names"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [pytest.param(t, e, id=i) for t, e, i in MISTAKES])
def test_mistakes(text: str, expected: str) -> None:
    found = errors(text)
    assert [line for line in found if expected in line], found


def test_all_mistakes_of_all_files_come_at_once_and_in_order() -> None:
    found = errors(
        "match: {any: [ab*, '@nope']}\nlevel: loud",
        "match: [a1]",
        "mach: [x1]",
    )
    assert [line.split(" ")[0] for line in found] == [
        "a.yaml:1:15:", "a.yaml:1:20:", "a.yaml:2:8:", "c.yaml:1:1:"
    ] or [line.split(" ")[0] for line in found][:3] == [
        "a.yaml:1:15:", "a.yaml:1:20:", "a.yaml:2:8:"
    ]  # fmt: skip


def test_a_broken_rule_never_stops_the_others() -> None:
    result = loaded("rules:\n- {id: bad, match: [ab*]}\n- {id: good, match: [a1]}", "match: [b1]")
    assert [rule.id for rule in result.rules] == ["good", "b"]


def test_the_same_id_twice_names_the_first_place() -> None:
    found = errors("id: x\nmatch: [a1]", "id: x\nmatch: [b1]")
    assert found == ["b.yaml:1:5: the id 'x' is used also at a.yaml:1:5; ids must be unique"]


def test_a_list_that_no_rule_uses_is_checked_too() -> None:
    assert errors("entities: {p: [ab*]}") != []


@pytest.mark.parametrize(
    ("match", "code"),
    [
        pytest.param("['$2.1 billion']", "sum", id="a sum matches other currencies too"),
        pytest.param("['opinion:']", "edge-punctuation", id="punctuation at the edge means nothing"),
        pytest.param("{any: [a1, a1]}", "duplicate-term", id="a term that stands twice"),
    ],
)  # fmt: skip
def test_warnings(match: str, code: str) -> None:
    assert [problem.code for problem in warnings(f"match: {match}")] == [code]


def test_the_rule_takes_its_files_name_where_it_has_no_id() -> None:
    (rule,) = loaded("match: [a1]").rules
    assert rule.id == "a"
