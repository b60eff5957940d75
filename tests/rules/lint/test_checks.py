"""Every check fires on its example and is silent on a near miss that is fine."""

from datetime import date

import pytest

from monitor.config.rulefiles import RuleSource
from monitor.located import Problem
from monitor.rules.lint import CODES, LOADER_CODES, lint
from monitor.rules.load import load
from tests.rules.build import article, source

TODAY = date(2026, 11, 22)


def warned(*texts: str, **more: object) -> tuple[Problem, ...]:
    """What lint says of files with these texts."""
    sources: list[RuleSource] = [
        source(text, f"{chr(97 + n)}.yaml") for n, text in enumerate(texts)
    ]
    return lint(sources, load(sources), today=TODAY, **more)  # type: ignore[arg-type]  # of lint


def codes(*texts: str, **more: object) -> set[str]:
    return {problem.code for problem in warned(*texts, **more)}


LONG = "one two three four five six seven eight nine"
TESTED = "tests: [{fires: a1 b1 c1}, {silent: a1}]"
SPLIT = "match: {any: [{near: {within: 1, all: [a1, b1]}}, {near: {within: 1, all: [c1, d1]}}]}\n"

# (code, a text that has the trouble, one that has not, what is told)
CASES = [
    # terms
    ("common-word", "match: [Apple]", "match: [=Apple]", "a name that is a word, alone, is told; the exact name is fine"),
    ("common-word", "match: {any: ['@n']}\nentities: {n: [Shell, x1]}", "match: [{any: ['@n']}, oil]\nentities: {n: [Shell, x1]}", "a name in a list that decides alone is told; beside another condition it is fine"),
    ("common-word", "match: {all: [Target], none: [x1]}", "match: {near: {within: 5, all: [Target, store*]}}", "an exclusion beside it does not help; a window does"),
    ("common-word", "match: {any: [Orange, Vodafone]}", "match: {any: [orange, lemon]}", "a fruit in small letters is meant as a fruit"),
    ("capitals-word", "match: {any: [WHO, Unicef]}", "match: {any: [AI, ECB]}", "WHO alone fires on headlines in capitals; AI is no other word"),
    ("capitals-word", "match: [IT]", "match: [IT, outage]", "IT alone is told; beside another condition it is fine"),
    ("stop-word", "match: [the, bank]", "match: [The Bank, rate]", "a word of every article is told; inside a phrase it is fine"),
    ("stop-word", "match: {all: [x1], none: [with]}", "match: {any: [Teams], unless_near: {within: 0, any: [up, with]}}", "as an exclusion it takes everything; in a mask it is fine"),
    ("stop-word", "match: [nach, x1]", "match: {then: {within: 3, all: [bid, for, Acme]}}", "in another language too; in a window it is fine"),
    ("spelled-operator", "match: Microsoft and Mistral", "match: [Johnson and Johnson, talc]", "a whole match with 'and' is told; a name with 'and' is fine"),
    ("spelled-operator", "match: {any: [Microsoft or Google]}", "match: {any: [more or less]}", "'or' between names is told; a saying is fine"),
    ("spelled-operator", "match: {any: [bank and not river]}", "match: {any: [believe it or not]}", "'and not' is told"),
    ("long-phrase", f"match: [{LONG}]", "match: [a phrase of five short words]", "nine words are told, six are fine"),
    ("broad-wildcard", "match: ['poli*', x1]", "match: ['polic*', x1]", "a beginning of unrelated words is told, a telling one is fine"),
    ("broad-wildcard", "match: ['car*', x1]", "match: ['EU*', x1]", "three letters are told, capitals are fine"),
    ("exact-lower", "match: {any: [=apple]}", "match: {any: [=iPhone]}", "an exact word in small letters is told, a capital in it is fine"),
    ("exact-lower", "match: [=shell, x1]", "match: {any: [Shell Oil], unless_near: {within: 1, any: [=shell]}}", "in a mask small letters are meant"),
    ("stem-of-capitals", "match: [~AI]", "match: [~investigate]", "a stem of capitals is told, of a word it is fine"),
    ("exchange-prefix", "match: ['NASDAQ:MSFT']", "match: ['Nasdaq falls']", "exchange and ticker are told, the exchange's name is fine"),
    ("korean-particle", "match: [삼성전자]", "match: ['삼성전자*']", "a Korean name without * is told"),
    ("one-character", "match: [中]", "match: [中国]", "one Chinese character is told, a word is fine"),
    ("one-character", "match: {any: [X]}", "match: {near: {within: 3, all: [X, Twitter]}}", "a single letter is told, in a window it is fine"),
    ("url-as-term", "match: ['https://news.example/a']", "match: {any: ['https://news.example/a'], in: url}", "an address in texts is told, in url it is fine"),
    ("url-as-term", "match: ['news.example/a']", "match: [Booking.com]", "a path is told, a company's name is fine"),
    # spelling
    ("html-entity", "match: ['AT&amp;T']", "match: ['AT&T']", "an entity is told, the character is fine"),
    ("html-entity", "match: ['M&#38;A']", "match: ['R&D; tax']", "a number is an entity, R&D; is none"),
    ("invisible-character", "match: [\"Micro\\u200Bsoft\"]", "match: [Microsoft]", "a zero-width space is told"),
    ("invisible-character", "match: [\"Mistral\\xa0AI\"]", "match: [\"می\\u200Cخواهم\"]", "a hard blank is told, a joiner in Persian is fine"),
    ("mixed-alphabets", "match: [Mi\u0441rosoft]", "match: [\u0421\u0431\u0435\u0440\u0431\u0430\u043d\u043a]", "a Cyrillic letter in a Latin word is told, a Cyrillic word is fine"),
    ("mixed-alphabets", "match: [\u0410pple]", "match: [\u03bcTorrent]", "a Cyrillic capital is told, a letter that looks like none is fine"),
    ("search-sign", "match: [+Microsoft]", "match: [C++]", "a plus before is told, a name with plus is fine"),
    ("search-sign", "match: [x1, -podcast]", "match: [x1, start-up]", "a minus before is told, a hyphen is fine"),
    ("search-sign", "match: ['site:news.example']", "match: ['AC/DC']", "site: is told, a slash in a name is fine"),
    ("search-sign", "match: {any: ['bank | river']}", "match: {any: [bank, river]}", "a bar is told"),
    ("search-sign", "match: {any: ['bank w/5 river']}", "match: {any: ['24/7 service']}", "another tool's distance is told, 24/7 is fine"),
    # lists
    ("covered-term", "match: {any: [merger, 'merger*']}", "match: {any: [merger, mergers]}", "a term that a wildcard covers is told"),
    ("covered-term", "match: {any: [EU, eu]}", "match: {any: [=Apple, =APPLE]}", "small letters cover capitals; two exact forms differ"),
    ("covered-term", "match: {any: [Acme, '@n']}\nentities: {n: ['acme*', x1]}", "match: {any: [Acme, '@n']}\nentities: {n: [Acme Works, x1]}", "a list may cover a term; its longer phrases do not"),
    ("covered-term", "match: {any: ['@n']}\nentities: {n: ['invest*', 'investor*']}", "match: {all: [x1, 'invest*', {any: ['invested in']}]}", "inside a named list; not across lists of all"),
    ("covered-phrase", "match: {any: [Mistral, Mistral AI]}", "match: {near: {within: 5, all: [{any: [Mistral, Mistral AI]}, deal]}}", "a phrase beside its own word decides nothing; in a window its place counts"),
    ("covered-phrase", "match: {any: [Mistral, Mistral AI]}", "match: {any: [Mistral, Mistral AI], min_mentions: 2}", "counted, its places matter"),
    ("duplicate-branch", "match: {any: [{near: {within: 5, all: [a1, b1]}}, {near: {within: 5, all: [a1, b1]}}]}", "match: {any: [{near: {within: 5, all: [a1, b1]}}, {near: {within: 6, all: [a1, c1]}}]}", "the same node twice"),
    ("one-item-list", "match: {all: [a1, {any: [b1]}]}", "match: {all: [a1, {any: [b1], in: title}]}", "any of one is told; with a scope it has a purpose"),
    ("one-item-list", "match: {all: [a1, {all: [b1]}]}", "match: {any: [b1]}", "all of one is told; a whole match may grow"),
    ("nested-list", "match: {any: [a1, {any: [b1, c1]}]}", "match: {any: [a1, {all: [b1, c1]}]}", "any in any is told, all in any is fine"),
    ("nested-list", "match: [a1, {all: [b1, c1]}]", "match: [a1, {all: [b1, c1], in: title}]", "all in a list of all is told; with a scope it has a purpose"),
    ("at-least-one", "match: {at_least: 1, of: [a1, b1]}", "match: {at_least: 2, of: [a1, b1, c1]}", "at least one is any"),
    ("at-least-all", "match: {at_least: 2, of: [a1, b1]}", "match: {at_least: 2, of: [a1, b1, c1]}", "two of two is all"),
    ("needless-count", "match: {any: [a1], min_mentions: 1}", "match: {any: [a1], min_mentions: 2}", "one mention asks for nothing"),
    ("many-mentions", "match: {any: [a1], in: title, min_mentions: 3}", "match: {any: [a1], min_mentions: 3}", "three mentions in a title are told, in a text they are fine"),
    # windows
    ("phrase-as-window", "match: {then: {within: 0, all: [merger, review]}}", "match: {then: {within: 0, all: [merger, '@n']}}\nentities: {n: [review, probe]}", "plain terms in a row are a phrase; a list is not"),
    ("phrase-as-window", "match: {then: {within: 0, all: [merger, review]}}", "match: {near: {within: 0, all: [merger, review]}}", "near allows both orders"),
    ("wide-window", "match: {near: {within: 150, all: [a1, b1]}}", "match: {near: {within: 50, all: [a1, b1]}}", "150 words are no relation"),
    ("masks-itself", "match: {any: [Mistral AI, x1], unless_near: {within: 0, any: [Mistral]}}", "match: {any: [Mistral], unless_near: {within: 0, any: [Mistral wind]}}", "a mask that is part of the term takes all of it"),
    ("repeated-in-window", "match: {near: {within: 9, all: [Mistral, Mistral]}}", "match: {near: {within: 9, all: [Mistral, mistral wind]}}", "the same term twice in a window"),
    # patterns
    ("plain-regex", "match: {regex: Mistral}", "match: {regex: '\\bMistral-\\d+\\b'}", "a plain word needs no pattern"),
    ("plain-regex", "match: {regex: '\\b(merger|deal)\\b'}", "match: {regex: '\\b(merg|acqui)\\w+\\b'}", "a choice of words needs no pattern, of beginnings it does"),
    ("open-regex", "match: {regex: 'GPT-\\d+'}", "match: {regex: '\\bGPT-\\d+\\b'}", "a pattern open at both ends matches inside words"),
    ("open-regex", "match: {regex: '[A-Z]{2}\\d{4}'}", "match: {regex: '인공지능\\w+'}", "Korean words have no boundary to write"),
    # trees
    ("contradiction", "match: {all: [Mistral AI, x1], none: [Mistral]}", "match: {all: [Mistral, x1], none: [Mistral AI]}", "what must be there is forbidden; the other way round is fine"),
    ("contradiction", "match: {any: [a1, b1], none: {any: [a1, b1]}}", "match: {any: [a1, b1], none: {any: [a1], in: title}}", "each alternative is forbidden; in one field only it is fine"),
    ("contradiction", "match: {near: {within: 3, all: [football, a1]}}\nfilters: [{id: f, none: [football]}]", "match: {any: [football, a1]}\nfilters: [{id: f, none: [football]}]", "a filter forbids what the rule needs"),
    ("contradiction", "match: {any: [c1, {all: [a1, b1], none: [a1]}]}", "match: {any: [a1, {all: [b1, c1], none: [a1]}]}", "inside a branch"),
    ("dead-branch", "match: {any: [Mistral AI, b1], none: [Mistral]}", "match: {any: [Mistral, b1], none: [Mistral AI]}", "an alternative that is always forbidden"),
    ("needless-condition", "match: {all: [Mistral AI, {any: [Mistral, Azure]}]}", "match: {all: [Mistral, {any: [Mistral AI, Azure]}]}", "a condition that another one brings along"),
    ("needless-condition", "match: {all: [{near: {within: 5, all: [a1, b1]}}, a1]}", "match: {all: [{near: {within: 5, all: [a1, b1]}}, {any: [a1], in: title}]}", "a window brings its items along, but not into the title"),
    ("only-exclusions", "match: {none: [podcast]}", "match: {all: [x1], none: [podcast]}", "nothing to look for"),
    ("urgent-and-broad", "level: urgent\nmatch: {any: [Google, x1]}", "level: urgent\nmatch: {any: [Google], in: title}", "urgent on a word of many articles; in titles it is fine"),
    ("urgent-and-broad", "level: urgent\nmatch: AI", "match: AI", "the same at another level is fine"),
    # lists of names, filters
    ("unused-list", "match: [a1]\nentities: {n: [b1]}", "match: ['@m']\nentities: {n: [b1], m: ['@n', c1]}", "a list that only a used list names is used"),
    ("unused-list", "match: [a1]\nentities: {n: ['@m'], m: [b1]}", "match: [a1]\nentities: {n: [b1]}\nfilters: [{id: f, none: ['@n']}]", "a filter uses a list too"),
    ("unused-list", "match: [a1]\nentities: {n: [b1]}", "match: 'a1 AND @n'\nentities: {n: [b1]}", "the one-line form uses a list too"),
    ("forgotten-at", "match: [big-tech, '@big-tech']\nentities: {big-tech: [Google]}", "match: [Microsoft, '@microsoft']\nentities: {microsoft: [MSFT]}", "a list's name as a term is told, with a capital it is a word"),
    ("forgotten-at", "match: {any: [firms, '@firms']}\nentities: {firms: [Acme]}", "match: {all: [merger, '@merger']}\nentities: {merger: [merger, takeover]}", "a list that holds its own name as a word"),
    ("equal-lists", "match: ['@n', '@m']\nentities: {n: [a1, b1], m: [b1, a1]}", "match: ['@n', '@m']\nentities: {n: [a1, b1], m: [a1, c1]}", "two lists of the same terms"),
    ("idle-filter", "match: [a1]\nfilters: [{id: f, rules: ['z-*'], none: [b1]}]", "match: [a1]\nfilters: [{id: f, none: [b1]}]", "a filter that covers no rule"),
    # tests
    ("no-test", "match: [a1]", f"match: [a1, b1]\n{TESTED}", "a rule without tests"),
    ("no-fires-test", "match: [a1, b1]\ntests: [{silent: a1}]", f"match: [a1, b1]\n{TESTED}", "tests of silence only"),
    ("no-silent-test", "match: [a1, b1]\ntests: [{fires: a1 b1}]", f"match: [a1, b1]\n{TESTED}", "tests of firing only"),
    ("idle-silent-test", "match: [a1, b1]\ntests: [{silent: nothing here}]", f"match: [a1, b1]\n{TESTED}", "a text that holds none of the words"),
    ("idle-silent-test", "match: [WHO, x1]\ntests: [{silent: nobody}]", "match: [WHO, x1]\ntests: [{silent: who}]", "the word in another case comes near"),
    ("duplicate-test", "match: [a1]\ntests: [{fires: a1}, {fires: a1}]", "match: [a1]\ntests: [{fires: a1}, {fires: a1 a1}]", "the same test twice"),
    ("duplicate-test", "match: [a1]\ntests: [{fires: a1}, {silent: a1}]", "match: [a1]\ntests: [{fires: a1}, {silent: b1}]", "two tests that contradict each other"),
    ("untested-branch", f"{SPLIT}tests: [{{fires: a1 b1}}]", f"{SPLIT}tests: [{{fires: a1 b1}}, {{fires: c1 d1}}]", "a branch without which all tests pass"),
    ("untested-branch", f"{SPLIT}tests: [{{fires: a1 b1 c1 d1}}]", "match: {any: [a1, b1]}\ntests: [{fires: a1}]", "a text that fires either way tests neither; plain words need no test each"),
    # settings
    ("unstable-id", "rules: [{match: [a1]}]", "rules: [{id: x, match: [a1]}]", "a rule of a list that has no id"),
    ("unstable-id", "rules: [{match: [a1]}]", "match: [a1]", "a file's only rule has the file's name"),
    ("no-title", "match: [a1]", "title: Words for people\nmatch: [a1]", "no title"),
    ("no-title", "id: x\ntitle: x\nmatch: [a1]", "id: x\ntitle: X, the firm\nmatch: [a1]", "a title that repeats the id"),
    ("no-owner", "rules: [{id: x, owner: d, match: [a1]}, {id: y, owner: d, match: [b1]}, {id: z, match: [c1]}]", "rules: [{id: x, owner: d, match: [a1]}, {id: y, match: [b1]}, {id: z, match: [c1]}]", "no owner where most have one"),
    ("expired", "match: [a1]\nexpires: 2026-11-21", "match: [a1]\nexpires: 2026-11-22", "on its last day a rule still runs"),
    ("expires-soon", "match: [a1]\nexpires: 2026-12-06", "match: [a1]\nexpires: 2026-12-07", "fourteen days are soon, fifteen are not"),
    ("notify-twice", "match: [a1]\nalert: {notify: [desk, desk]}", "match: [a1]\nalert: {notify: [desk, phone]}", "a notifier twice"),
    ("stem-without-language", "match: [~buy]\nsource: {languages: [ja]}", "match: [~buy]\nsource: {languages: [de, pl]}", "stems of a language that has none"),
    ("unknown-language", "match: [a1]\nsource: {languages: [English]}", "match: [a1]\nsource: {languages: [en-GB]}", "a language's name is no code"),
    ("short-max-age", "match: [a1]\nsource: {max_age: 20m}", "match: [a1]\nsource: {max_age: 2h}", "an age shorter than polling"),
    ("same-match", "rules: [{id: x, match: [a1]}, {id: y, match: [a1]}]", "rules: [{id: x, match: [a1]}, {id: y, match: [a1], source: {languages: [de]}}]", "two rules of one match; other languages make another rule"),
]  # fmt: skip
ELSEWHERE = {"unknown-notifier", "none-removes-much", "noisy-rule"}  # tested below


@pytest.mark.parametrize(
    ("code", "bad", "good"), [pytest.param(c, b, g, id=f"{c}: {i}") for c, b, g, i in CASES]
)
def test_a_check_fires_on_its_example_and_not_on_the_near_miss(
    code: str, bad: str, good: str
) -> None:
    assert code in codes(bad)
    assert code not in codes(good)


def test_every_check_has_an_example() -> None:
    assert {case[0] for case in CASES} | ELSEWHERE == set(CODES)
    assert not set(CODES) & set(LOADER_CODES)
    assert len(CODES) == len(set(CODES))


def test_a_notifier_is_judged_only_where_the_names_are_known() -> None:
    text = "match: [a1]\nalert: {notify: [dsek]}"
    (told,) = (p for p in warned(text, notifiers=["desk"]) if p.code == "unknown-notifier")
    assert str(told.place) == "a.yaml:2:18"
    assert "Did you mean 'desk'?" in told.message
    assert "unknown-notifier" not in codes(text)
    assert "unknown-notifier" not in codes(text, notifiers=["dsek"])


def bodies(*counts: tuple[int, str]) -> list[object]:
    return [article(text) for count, text in counts for _ in range(count)]


@pytest.mark.parametrize(
    ("match", "articles", "code", "expected"),
    [
        pytest.param("{all: [a1], none: [b1]}", bodies((7, "a1"), (3, "a1 b1")), "none-removes-much", True, id="three of ten hits gone are told"),
        pytest.param("{all: [a1], none: [b1]}", bodies((8, "a1"), (2, "a1 b1")), "none-removes-much", False, id="two of ten are a fifth, and fine"),
        pytest.param("{all: [a1], none: [b1]}", bodies((1, "a1"), (8, "a1 b1")), "none-removes-much", False, id="nine hits say little"),
        pytest.param("{any: [{all: [a1], none: [b1]}, c1]}", bodies((7, "a1"), (3, "a1 b1")), "none-removes-much", True, id="an exclusion inside a branch counts"),
        pytest.param("{any: [a1], unless_near: {within: 0, any: [b1]}}", bodies((3, "a1"), (9, "a1 b1")), "none-removes-much", False, id="a mask is meant to take hits away"),
        pytest.param("{none: [b1]}", bodies((7, "a1"), (9, "a1 b1")), "none-removes-much", False, id="a rule of exclusions only has no hits to lose"),
        pytest.param("[a1]", bodies((21, "a1"), (179, "c1")), "noisy-rule", True, id="more than a tenth of two hundred articles is noise"),
        pytest.param("[a1]", bodies((20, "a1"), (180, "c1")), "noisy-rule", False, id="a tenth is not"),
        pytest.param("[a1]", bodies((100, "a1")), "noisy-rule", False, id="a hundred articles say little"),
    ],
)  # fmt: skip
def test_the_past_is_judged_by_stored_articles(
    match: str, articles: list[object], code: str, expected: bool
) -> None:
    assert (code in codes(f"match: {match}", articles=articles)) is expected
    assert code not in codes(f"match: {match}")


def test_a_filter_that_takes_many_hits_away_is_told() -> None:
    text = "match: [a1]\nfilters: [{id: f, none: [b1]}]"
    assert "none-removes-much" in codes(text, articles=bodies((5, "a1"), (5, "a1 b1")))
