"""What each construct of the rule language matches: docs/rules.md, case by case."""

import pytest

from tests.rules.build import article, book, fires

TERMS = [
    ("Microsoft", "MICROSOFT invests", True, "a word matches in any case"),
    ("Telefónica", "TELEFONICA invests", True, "accents fold on the rule's side"),
    ("Telefonica", "Telefónica invests", True, "accents fold on the text's side"),
    ("merger", "mergers", False, "a word is a whole word"),
    ("merger", "The merger.", True, "punctuation ends a word"),
    ("Mistral AI", "Mistral AI", True, "several words are a phrase"),
    ("Mistral AI", "Mistral's AI", True, "a possessive inside a phrase is dropped"),
    ("Mistral AI", "Mistral, AI", True, "punctuation inside a phrase does not part it"),
    ("Mistral AI", "Mistral an AI", False, "a phrase lets no word in between"),
    ("tie-up", "a tie up", True, "a hyphen in a term is a blank"),
    ("'\"tie up\"'", "a tie-up", True, "literal quotes around a term mean nothing"),
    ("EU", "the EU said", True, "capitals match capitals"),
    ("EU", "the eu said", False, "capitals do not match lower case"),
    ("WHO", "who said so", False, "WHO is not who"),
    ("AI", "A.I. firms", True, "an abbreviation with stops is the same in capitals"),
    ("U.S.", "US firms", True, "a term with stops is capitals too"),
    ("U.S.", "tell us", False, "U.S. is not us"),
    ("EU AI Act", "the EU AI act", True, "capitals count for the capital words of a phrase only"),
    ("EU AI Act", "the EU ai act", False, "each word in capitals of a phrase is exact"),
    ("AT&T", "at&t wins", True, "an ampersand makes no capitals term"),
    ("G20", "g20 summit", True, "a name with digits is no capitals term"),
    ("NATOES", "natoes", True, "six capitals are an ordinary word"),
    ("=Apple", "Apple pays", True, "= matches exactly this case"),
    ("=Apple", "APPLE pays, apple", False, "= refuses other cases"),
    ("=Société Générale", "Société Générale", True, "= works for a phrase"),
    ("=Société Générale", "Societe Generale", False, "= keeps the accents of every word"),
    ("euro*", "the European", True, "* matches words beginning so"),
    ("euro*", "the euro", True, "* matches the bare beginning too"),
    ("euro*", "a neuron", False, "* does not match inside a word"),
    ("EU*", "EUR 5", True, "a beginning in capitals matches capitals"),
    ("EU*", "eurozone", False, "a beginning in capitals keeps them"),
    ("=Euro*", "European", True, "= and * together keep the case"),
    ("=Euro*", "european", False, "= and * together refuse another case"),
    ("merger contro*", "merger controls", True, "* works on the last word of a phrase"),
    ("Microsoft", "Micro\u00adsoft", True, "soft hyphens do not hide a word"),
    ("C++", "in C++ code", True, "plus signs belong to a name"),
    ("C", "in C++ code", False, "C is not C++"),
    ("$2.1 billion", "€2.1 billion", True, "a sum is its number: other currencies match"),
    ("1000", "1,000 jobs", True, "commas in numbers do not count"),
    ("ガス", "東京ガスが", True, "a term without spaces matches anywhere in a run"),
    ("ガス", "カスが", False, "voiced kana stay apart"),
    ("米斯特拉尔", "微软投资米斯特拉尔公司", True, "Chinese matches inside a run"),
    ("แข่งขัน", "การแข่งขันทาง", True, "Thai matches inside a run"),
    ("autorité", "l'autorité", True, "an elided article does not hide a word"),
    ("l'autorité", "l'autorité", True, "an elision in a term is two words"),
    ("dell'Antitrust", "dell’Antitrust", True, "apostrophes of all forms are one"),
    ("'ก*'", "กิน", True, "one character may stand before * in a script without spaces"),
    ("ONU", "le vote de l'O.N.U. est clair", True, "an elision before an abbreviation with stops"),
    ("UE", "dell'U.E.", True, "in Italian too"),
    ("U.S.", "in the U.\u00adS. today", True, "soft hyphens vanish at full stops"),
    ("1000", "1\u00ad,000 jobs", True, "and in numbers"),
    ("CO2", "less CO₂ now", True, "subscript digits are digits"),
    ("Hawaii", "in Hawaiʻi", True, "the turned comma is an apostrophe"),
    ("'5\" gun'", 'a 5" gun', True, "a lone quotation mark is a sign"),
    ("O'Brien", "OBrien", True, "an inner apostrophe vanishes on both sides"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "text", "expected"), [pytest.param(t, x, e, id=i) for t, x, e, i in TERMS]
)
def test_terms(term: str, text: str, expected: bool) -> None:
    assert fires(f"[{term}]", text) is expected


TREES = [
    ("[Microsoft, Mistral]", "Mistral and Microsoft", True, "a list means all of them"),
    ("[Microsoft, Mistral]", "Microsoft alone", False, "a list needs every one"),
    ("Microsoft Teams", "Microsoft Teams", True, "a bare match text is a phrase"),
    ("Microsoft Teams", "Teams by Microsoft", False, "a bare match text is not two words"),
    ("{any: [a1, b1]}", "only b1", True, "any needs one"),
    ("{any: [a1, b1]}", "neither", False, "any needs at least one"),
    ("{all: [a1], any: [b1]}", "b1 a1", True, "the keys of a mapping are joined by AND"),
    ("{all: [a1], any: [b1]}", "a1", False, "each key of a mapping must hold"),
    ("{any: [a1], none: [b1]}", "a1", True, "none holds where nothing of it is found"),
    ("{any: [a1], none: [b1]}", "a1 b1", False, "none at the top silences the whole rule"),
    ("{any: [a1], none: b1}", "a1 b1", False, "none takes a single term"),
    ("{any: [a1], none: {all: [b1, c1]}}", "a1 b1", True, "none of a mapping needs the whole of it"),
    ("{any: [{all: [a1], none: [b1]}, c1]}", "a1 b1 c1", True, "none reaches its own mapping only"),
    ("{none: [b1]}", "a1", True, "a rule may be a negation only"),
    ("{near: {within: 2, all: [a1, b1]}}", "a1 x x b1", True, "near allows so many words between"),
    ("{near: {within: 2, all: [a1, b1]}}", "a1 x x x b1", False, "near allows no more"),
    ("{near: {within: 0, all: [a1, b1]}}", "b1 a1", True, "near is in any order, 0 is adjacent"),
    ("{near: {within: 1, all: [a1, b1, c1]}}", "a1 c1 b1", True, "words of middle items count too"),
    ("{near: {within: 0, all: [a1, b1, c1]}}", "a1 c1 b1", False, "the middle item is one word too many"),
    ("{near: {within: 3, all: [a1, a1]}}", "a1 x b", False, "one place cannot stand for two items"),
    ("{near: {within: 3, all: [a1, a1]}}", "a1 x a1", True, "two places can"),
    ("{near: {within: 5, all: [Azure, {any: [Azure, cloud]}]}}", "Azure x", False, "one word in two lists is no relation"),
    ("{near: {within: 5, all: [Mistral AI, AI]}}", "Mistral AI", False, "overlapping places do not make a window"),
    ("{near: {within: 5, all: [Mistral AI, AI]}}", "Mistral AI and AI", True, "apart they do"),
    ("{near: {within: 1, all: [{near: {within: 0, all: [a1, b1]}}, c1]}}", "a1 b1 x c1", True, "windows nest"),
    ("{near: {within: 0, all: [{near: {within: 0, all: [a1, b1]}}, c1]}}", "a1 b1 x c1", False, "a nested window's end counts"),
    ("{then: {within: 2, all: [a1, b1]}}", "a1 x b1", True, "then is near in order"),
    ("{then: {within: 2, all: [a1, b1]}}", "b1 x a1", False, "then refuses the other order"),
    ("{then: {within: 9, all: [a1, b1, a1]}}", "a1 b1 x a1", True, "then may name one term twice"),
    ("{then: {within: 9, all: [a1, b1, a1]}}", "a1 a1 b1", False, "and needs both in order"),
    ("{near: {within: 9, all: [a1, b1]}}", "a1. B1", True, "near may cross a sentence"),
    ("{near: {within: 9, all: [a1, b1]}}", "a1\n\nb1", True, "near may cross a paragraph"),
    ("{same: {unit: sentence, all: [a1, b1]}}", "So a1 x b1. Y", True, "same sentence"),
    ("{same: {unit: sentence, all: [a1, b1]}}", "So a1. But b1.", False, "not across sentences"),
    ("{same: {unit: paragraph, all: [a1, b1]}}", "So a1. But b1.", True, "same paragraph"),
    ("{same: {unit: paragraph, all: [a1, b1]}}", "So a1.\n\nBut b1.", False, "not across paragraphs"),
    ("{same: {unit: sentence, all: [Mistral AI, AI]}}", "Mistral AI.", False, "same needs places apart"),
    ("{same: {unit: sentence, all: [a1 b1, c1]}}", "So a1. B1 c1.", False, "a phrase over the end of a sentence is in none"),
    ("{at_least: 2, of: [a1, b1, c1]}", "c1 a1", True, "at_least needs so many of the list"),
    ("{at_least: 2, of: [a1, b1, c1]}", "c1 c1", False, "the same child counts once"),
    ("{at_least: 1, of: [{none: [a1]}, b1]}", "c1", True, "a negation may be one of the list"),
    ("{regex: 'Mistr?al'}", "the Mistral wind", True, "a pattern is searched in the text"),
    ("{regex: 'Mistral'}", "MISTRAL", False, "a pattern keeps its case"),
    ("{regex: '(?i)mistral'}", "MISTRAL", True, "unless it says otherwise"),
    ("{regex: '\\bécole\\b'}", "une école là", True, "word boundaries know accented letters"),
    ("{regex: '\\bécole\\b'}", "les écoles", False, "and refuse longer words"),
    ("{regex: 'cole\\b'}", "une école.", True, "a boundary at the end alone"),
    ("{regex: '\\bcole'}", "une école", False, "é is a letter before cole"),
    ("{regex: '\\b(?:EU|UE)\\b.{0,10}\\bprobe'}", "an EU-led probe", True, "boundaries inside a pattern"),
    ("{regex: '[^a-z]2\\.1 billion'}", "€2.1 billion", True, "a negated set steps over no word"),
    ("{regex: '\\d+ (?:euros|dollars)'}", "it paid 500 euros", True, "classes and groups"),
    ("{regex: 'x[\\S]y'}", "x y", False, "an inverse class in a set matches no boundary"),
    ("{regex: '[\\W]Microsoft'}", "Microsoft", False, "nor at the beginning"),
    ("{regex: 'f\\(\\?x'}", "f(?x", True, "an escaped bracket is no look-around"),
    ("{regex: '^It'}", "It paid", True, "the text's beginning"),
    ("{regex: 'paid$'}", "It paid", True, "the text's end"),
    ("{regex: '\\w+\\W+paid'}", "It, paid", True, "inverse classes"),
    ("{near: {within: 1, all: [{regex: 'Mi.tral'}, deal]}}", "Mistral signs deal", True, "a pattern's words stand in a window"),
    ("{near: {within: 0, all: [{regex: 'Mi.tral'}, deal]}}", "Mistral signs deal", False, "and their gaps are measured"),
    ("{regex: 'a1', min_mentions: 2}", "a1 and a1", True, "a pattern's places are counted"),
    ("{any: [a1], min_mentions: 3}", "a1 a1 x a1", True, "mentions are counted"),
    ("{any: [a1], min_mentions: 3}", "a1 a1", False, "too few mentions"),
    ("{any: [a1, b1], min_mentions: 3}", "a1 b1 a1", True, "several terms are summed"),
    ("{any: [a1, a1 b1], min_mentions: 2}", "a1 b1", False, "overlapping mentions count once"),
    ("{any: [a1 a1], min_mentions: 2}", "a1 a1 a1", False, "mentions are taken from left to right"),
    ("{any: [Microsoft Teams], unless_near: {within: 0, any: [up]}}", "Microsoft Teams up with Mistral", False, "a masked hit does not count"),
    ("{any: [Microsoft Teams], unless_near: {within: 0, any: [up]}}", "Microsoft Teams got faster", True, "the product counts"),
    ("{any: [Teams], unless_near: {within: 0, any: [up]}}", "Microsoft Teams up. Use Teams daily", True, "one good hit is enough"),
    ("{any: [Teams], unless_near: {within: 1, any: [up]}}", "up x Teams", False, "an exclusion before the hit masks too"),
    ("{any: [Teams], unless_near: {within: 1, any: [up]}}", "up x y Teams", True, "an exclusion farther away does not"),
    ("{any: [Teams], unless_near: {within: 0, any: [Teams up]}}", "Teams up", False, "an overlapping exclusion masks"),
    ("{any: [Teams], unless_near: {within: 0, any: [up]}, min_mentions: 2}", "Teams x Teams up", False, "masked hits are not counted"),
    ("{near: {within: 3, all: [a1, b1]}, unless_near: {within: 0, any: [z1]}}", "a1 b1 z1 x x a1 x b1", True, "a window that is clear survives"),
    ("{near: {within: 3, all: [a1, b1]}, unless_near: {within: 0, any: [z1]}}", "a1 z1 b1", False, "an exclusion inside a window masks it"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("match", "text", "expected"), [pytest.param(m, x, e, id=i) for m, x, e, i in TREES]
)
def test_nodes(match: str, text: str, expected: bool) -> None:
    assert fires(match, text) is expected


LONG_BODY = "first words of a lead\n\n" + "filler " * 70 + "Microsoft"
FIELDS = [
    ("{any: [a1], in: title}", {"title": "a1"}, True, "in: title sees the title"),
    ("{any: [a1], in: title}", {"text": "a1"}, False, "in: title does not see the body"),
    ("[a1, b1]", {"title": "a1", "text": "b1"}, True, "the default scope is title and body"),
    ("[a1]", {"summary": "a1", "text": "b1"}, False, "the summary is not in the default scope"),
    ("[a1]", {"summary": "a1"}, True, "but stands in where there is no text"),
    ("{any: [a1], in: [lead, body], min_mentions: 2}", {"text": "\na1", "lead": "a1"}, False, "a lead that differs from the text by blanks is the text's beginning"),
    ("{any: [{any: [a1], in: summary}, {any: [b1], in: body}]}", {"summary": "b1", "text": "c1"}, False, "a summary beside a text is no body"),
    ("{any: [a1], in: summary}", {"summary": "a1"}, True, "in: summary sees it"),
    ("{any: [reuters], in: source}", {"source": "Reuters"}, True, "in: source"),
    ("{any: [desk], in: author}", {"author": "Technology desk"}, True, "in: author"),
    ("{any: [liveblog], in: url}", {"url": "https://x.example/liveblog/1"}, True, "in: url"),
    ("{any: [a1, b1], in: [author, url]}", {"author": "b1"}, True, "in: takes a list"),
    ("{in: title, any: [{any: [a1], in: body}]}", {"text": "a1"}, True, "an inner in replaces an outer"),
    ("{any: [a1], none: {in: title, any: [podcast]}}", {"title": "b", "text": "a1 podcast"}, True, "none looks in its own scope"),
    ("{any: [a1], none: {in: title, any: [podcast]}}", {"title": "Podcast", "text": "a1"}, False, "and finds it there"),
    ("{near: {within: 50, all: [a1, b1]}}", {"title": "a1", "text": "b1"}, False, "no window spans two fields"),
    ("[a1 b1]", {"title": "a1", "text": "b1"}, False, "no phrase spans two fields"),
    ("{any: [a1], min_mentions: 2}", {"title": "a1", "text": "a1"}, True, "mentions in title and body are summed"),
    ("{any: [a1], in: lead}", {"text": "x a1\n\nrest"}, True, "the lead is the first paragraph"),
    ("{any: [Microsoft], in: lead}", {"text": LONG_BODY}, False, "or 60 words, and no more"),
    ("{any: [filler], in: lead}", {"text": LONG_BODY}, True, "60 words where the first paragraph is shorter"),
    ("{any: [a1], in: [lead, body], min_mentions: 2}", {"text": "a1 x"}, False, "a word of the lead counts once"),
    ("{any: [a1], in: lead}", {"text": "b1", "lead": "a1"}, True, "a lead given beside the text is the lead"),
    ("[a1]", {"text": "b1", "lead": "a1"}, True, "and part of the body"),
    ("{any: [b1], in: lead}", {"text": "b1", "lead": "a1"}, False, "the text is then no part of the lead"),
    ("{any: [{any: [a1], in: lead}, {any: [z1], in: body}]}", {"text": "a1 x"}, True, "lead and body side by side"),
    ("{any: [{any: [Microsoft], in: lead}, {any: [z1], in: body}]}", {"text": LONG_BODY}, False, "the lead keeps its end beside the body"),
    ("{same: {unit: sentence, all: [a1, b1]}}", {"title": "a1. And b1"}, True, "a title is one sentence"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("match", "fields", "expected"), [pytest.param(m, x, e, id=i) for m, x, e, i in FIELDS]
)
def test_fields(match: str, fields: dict[str, str], expected: bool) -> None:
    assert fires(match, **fields) is expected


STEMS = [
    ("~investigate", "en", "the regulator investigated", True, "a stem finds other forms"),
    ("~investigate", "en", "an investigation", True, "nouns of the same stem too"),
    ("~buy", "en", "it bought", False, "a stem is no dictionary"),
    ("~merger review", "en", "merger reviews", True, "every word of a phrase is stemmed"),
    ("~company", None, "companies", True, "English where no language is known"),
    ("~Untersuchung", "de", "die Untersuchungen", True, "German endings"),
    ("~enquête", "fr-FR", "les enquêtes", True, "French endings, a language with a region"),
    ("~autorité", "fr", "les autorités", True, "accents fold after stemming"),
    ("~fusión", "es", "fusiones", True, "Spanish endings"),
    ("~company", "zh", "companies", False, "a language without stems keeps its words"),
    ("~company", "zh", "company", True, "and finds them as they are"),
    ("~EU", "en", "the eu", True, "a stem has no case"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("term", "language", "text", "expected"), [pytest.param(*case, id=i) for *case, i in STEMS]
)
def test_stems(term: str, language: str | None, text: str, expected: bool) -> None:
    assert fires(f"[{term}]", text, language=language) is expected


FILTERED = """
rules:
- {id: eu-ai, labels: {desk: competition}, match: [a1]}
- {id: us-ai, labels: {desk: markets}, match: [a1]}
filters:
- {id: no-sport, rules: ["eu-*"], none: {in: title, any: [football]}}
- {id: no-markets, labels: {desk: markets}, none: [podcast]}
"""


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        pytest.param("x", "a1", ["eu-ai", "us-ai"], id="without the excluded words both fire"),
        pytest.param(
            "Football", "a1", ["us-ai"], id="a filter reaches the ids that fit its pattern"
        ),
        pytest.param("x", "a1 football", ["eu-ai", "us-ai"], id="a filter has a scope"),
        pytest.param("x", "a1 podcast", ["eu-ai"], id="a filter reaches the labels it names"),
    ],
)
def test_filters(title: str, text: str, expected: list[str]) -> None:
    assert [match.rule_id for match in book(FILTERED).match(article(text, title))] == expected


ENTITIES = """
match: {any: ["@buyers"], near: {within: 9, all: ["@buyers", {any: ["@labs"], in: [title, body]}]}}
entities:
  buyers: [Microsoft, "@extra"]
  labs: [Mistral AI]
  extra: [Redmond]
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Microsoft and Mistral AI", True, id="a list is any of its terms"),
        pytest.param("Redmond and Mistral AI", True, id="a list may name a list"),
        pytest.param("Redmond and others", False, id="each list must be found"),
    ],
)
def test_lists(text: str, expected: bool) -> None:
    assert bool(book(ENTITIES).match(article(text))) is expected


def test_lists_are_shared_by_all_files() -> None:
    rules = book('match: ["@labs"]', "entities: {labs: [Mistral]}")
    assert rules.match(article("Mistral"))


@pytest.mark.parametrize(
    ("match", "fields", "expected"),
    [
        pytest.param("[Microsoft, Mistral]", {"title": "Microsoft’s day", "text": "𝐀 Mistral's AI"},
                     [("title", 0, 9, "Microsoft"), ("body", 2, 9, "Mistral")],
                     id="title first; places are code points and leave 's out"),
        pytest.param("{near: {within: 2, all: [a1, b1]}}", {"text": "a1 x x x x b1 a1"},
                     [("body", 11, 13, "b1"), ("body", 14, 16, "a1")],
                     id="only the shortest windows are evidence"),
        pytest.param("{any: [Teams], unless_near: {within: 0, any: [up]}}", {"text": "Teams up, so Teams"},
                     [("body", 13, 18, "Teams")], id="masked hits are no evidence"),
        pytest.param("{near: {within: 5, all: [a1, b1]}, unless_near: {within: 0, any: [z1]}}", {"text": "a1 a1 b1"},
                     [("body", 3, 5, "a1"), ("body", 6, 8, "b1")], id="a masked window shows its shortest too"),
        pytest.param("{near: {within: 9, all: [{any: [Teams], unless_near: {within: 0, any: [up]}}, Microsoft]}}",
                     {"text": "Microsoft x Teams up q Teams"},
                     [("body", 0, 9, "Microsoft"), ("body", 23, 28, "Teams")], id="a masked hit inside a window is no evidence"),
        pytest.param("{any: [a1], none: [b1]}", {"text": "a1 c1"}, [("body", 0, 2, "a1")],
                     id="what is excluded is no evidence"),
        pytest.param("{any: [a1, b1]}", {"text": "b1 a1 b1"},
                     [("body", 0, 2, "b1"), ("body", 3, 5, "a1"), ("body", 6, 8, "b1")],
                     id="every place of every found term is evidence"),
        pytest.param("{any: [euro*], in: lead}", {"text": "The eurozone"},
                     [("lead", 4, 12, "euro*")], id="the field is named as the rule looks at it"),
    ],
)  # fmt: skip
def test_evidence(match: str, fields: dict[str, str], expected: list[tuple[object, ...]]) -> None:
    (found,) = book(f"match: {match}").match(article(**fields))
    assert [(s.field, s.start, s.end, s.term) for s in found.spans] == expected


def test_a_snippet_marks_the_hits_in_their_sentence() -> None:
    text = "Nothing here. On Monday Microsoft said\nthat Mistral AI joins. Later."
    (found,) = book("match: [Microsoft, Mistral AI]").match(article(text))
    (snippet,) = found.snippets
    assert snippet.text == "On Monday Microsoft said that Mistral AI joins."
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["Microsoft", "Mistral AI"]


def test_a_long_sentence_is_cut_around_the_first_hit() -> None:
    (found,) = book("match: [Mistral]").match(article("word " * 200 + "Mistral " + "tail " * 200))
    (snippet,) = found.snippets
    assert len(snippet.text) < 340
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")
    assert [snippet.text[a:b] for a, b in snippet.marks] == ["Mistral"]


HOSTILE = [
    ("[Microsoft]", "Microsoft " + "A" * 100_000 + " b. C d.", "a word of a hundred thousand letters before a full stop"),
    ("[Microsoft]", "Microsoft " + "J. " * 30_000, "thirty thousand initials"),
    ("{same: {unit: sentence, all: [a1, c1, c1]}}", "a1 " * 8_000 + "c1 c1", "a sentence of eight thousand equal words"),
    ("{near: {within: 1000, all: [a1, b1, c1]}}", "a1 b1 " * 10_000 + "x " * 2_000 + "c1 a1 b1", "a third item far away"),
    ("{near: {within: 30, all: [a1, b1, a1, b1, a1, b1, a1, c1]}}", "a1 b1 " * 1_000 + "c1", "eight items in a crowd"),
    ("{same: {unit: paragraph, all: [a1, b1]}, unless_near: {within: 0, any: [z1]}}", "a1 b1 " * 5_000, "a mask over a crowd"),
    ("{near: {within: 30, all: [{same: {unit: sentence, all: [a1, b1]}}, c1]}}", "a1 b1 " * 300 + "c1", "a window inside a window in a crowd"),
]  # fmt: skip


@pytest.mark.parametrize(("match", "text"), [pytest.param(m, t, id=i) for m, t, i in HOSTILE])
def test_hostile_texts_are_answered(match: str, text: str) -> None:
    """Each of these took minutes, or never ended, with a quadratic step somewhere."""
    assert fires(match, text)
