"""Boolean strings of other products: each translated rule is run on texts."""

import pytest

from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.boolean import factiva, lexis, lucene, meltwater
from monitor.rules.boolean.translation import Translation
from tests.rules.build import article, loaded

Text = str | tuple[str, str]  # the body, or title and body
Case = tuple[str, list[Text], list[Text], str]

LEXIS: list[Case] = [
    ("merger and bank", ["the bank plans a merger"], ["the bank plans a deal"], "and asks for both"),
    ("merger or takeover", ["a takeover"], ["a deal"], "or asks for one"),
    ("merger & bank", ["bank merger"], ["merger"], "an ampersand alone is and"),
    ("merger and not rumour", ["a merger"], ["a merger, says a rumour"], "and not excludes"),
    ("merger but not rumour", ["a merger"], ["a merger, says a rumour"], "but not excludes"),
    ("chip and merger or takeover", ["chip takeover", "chip merger"], ["takeover", "merger"], "or binds tighter than and"),
    ("chip w/3 merger or takeover", ["chip maker in takeover"], ["takeover of a truck and van maker, no chip"], "or binds tighter than a window"),
    ("cloud w/2 deal", ["cloud deal", "deal for cloud", "cloud big deal"], ["cloud a big deal"], "w/n is in any order and counts the word itself"),
    ("cloud w/1 deal", ["cloud deal", "deal cloud"], ["cloud big deal"], "w/1 is neighbours"),
    ("cloud pre/2 deal", ["cloud big deal"], ["deal for cloud"], "pre/n keeps the order"),
    ("cloud onear/2 deal", ["cloud big deal"], ["deal for cloud"], "onear/n keeps the order"),
    ("cloud /2 deal", ["deal for cloud"], ["cloud a big deal"], "a bare /n is a window"),
    ("chip w/9 maker w/2 deal", ["maker deal x x x chip"], ["chip maker x x x deal"], "the smaller window is read first"),
    ("bank w/s probe", ["The bank faces a probe."], ["A bank opened. A probe began."], "one sentence"),
    ("bank /p probe", ["A bank opened. A probe began."], ["A bank opened.\n\nA probe began."], "one paragraph"),
    ("rico not w/2 puerto", ["a rico case", "puerto rico and later a rico case"], ["puerto rico"], "not w/n masks the bad hit only"),
    ("recycl!", ["recycling", "recyclable"], ["cycle"], "an exclamation mark is any ending"),
    ("wom*n", ["woman", "women"], ["womxyn", "won"], "an asterisk inside is one letter"),
    ("bank*", ["bank", "banks"], ["banking"], "an asterisk at the end is one letter or none"),
    ("merger", ["mergers", "merger"], ["emergency"], "a bare word finds its forms"),
    ('"merger"', ["merger"], ["mergers"], "a quoted word finds only itself"),
    ("statement of objections", ["a statement of objections"], ["objections of statement"], "words in a row are a phrase"),
    ("headline(merger)", [("Merger", "x")], [("x", "merger")], "a headline"),
    ("hlead(merger and bank)", [("Merger", "bank x")], [("x", "y " * 70 + "\n\nmerger bank")], "headline and lead"),
    ("allcaps(RICO) and case", ["RICO case"], ["Rico case", "rico case"], "allcaps"),
    ("caps(apple)", ["Apple", "APPLE"], ["apple"], "caps"),
    ("nocaps(apple)", ["apple"], ["Apple"], "nocaps"),
    ("singular(job)", ["job"], ["jobs"], "singular"),
    ("atleast3(chip)", ["chip chip chips"], ["chip chip"], "atleast counts"),
    ("atleast2(caps(apple))", ["Apple and Apple"], ["Apple and apple"], "a count of a case"),
    ("(loan and scholarship) w/3 education", ["education loan, and education scholarship"], ["education loan and far far far away a scholarship"], "a window of an and asks for each"),
    ("not rumour and merger", ["merger"], ["merger rumour"], "not first"),
    ("MERGER W/3 BANK", ["bank merger"], ["bank"], "a string in capitals means no capitals"),
]  # fmt: skip

FACTIVA: list[Case] = [
    ("nokia and emerging markets", ["Nokia in emerging markets"], ["emerging from markets, Nokia"], "bare words are a phrase"),
    ("michelin or firestone", ["Firestone"], ["tyres"], "or"),
    ("wireless not cellular", ["wireless"], ["wireless and cellular"], "not"),
    ("chip or bank and merger", ["chip", "bank merger"], ["bank"], "and binds tighter than or"),
    ("chip or bank not merger", ["chip merger", "bank"], ["bank merger"], "not binds tighter than or"),
    ("[chip or bank] and merger", ["chip merger"], ["chip"], "square brackets group"),
    ("carrefour near5 retail sales", ["Carrefour says that its retail sales", "retail sales of Carrefour"], ["Carrefour a b c d e retail sales"], "near in any order, before the phrase around it"),
    ("world cup adj5 rugby", ["world cup in rugby"], ["rugby world cup"], "adj keeps the order"),
    ("world adj cup", ["world cup"], ["world rugby cup"], "adj alone is neighbours"),
    ("president w/2 smith", ["president john smith"], ["president of the smith", "smith president"], "w/n keeps the order here"),
    ("boeing 747/N5/airways", ["Boeing 747 of airways"], ["Boeing 747 and so on and on and airways"], "the slash form of near"),
    ("vodafone same telecoms", ["Vodafone grew. Telecoms fell."], ["Vodafone grew.\n\nTelecoms fell."], "same paragraph"),
    ("atleast3 microsoft", ["microsoft microsoft microsoft"], ["microsoft"], "atleast"),
    ("atleast2 cloud near3 deal", ["cloud deal and cloud deal"], ["cloud deal"], "atleast takes the window after it"),
    ("hd=merger", [("Merger", "x")], [("x", "merger")], "a headline"),
    ("hd=merger near3 bank", [("Merger of a bank", "x")], [("Merger", "bank")], "a field takes the window after it"),
    ("hd=(merger or bid) and bank", [("Bid", "bank")], [("x", "bid bank")], "a field of a group"),
    ("hlp=merger", [("x", "merger y")], [("x", "y " * 70 + "\n\nmerger")], "headline and lead"),
    ("toyota/F50/", ["toyota x"], ["x " * 80 + "\n\ntoyota"], "the first words are read as the lead"),
    ("engineer$3", ["engineer", "engineers", "engineering"], ["engineerings"], "so many letters at the end"),
    ("wom?n", ["woman", "women"], ["womaan"], "one letter"),
    ("communicat*", ["communication"], ["community"], "any ending"),
    ("president % smith", ["president john smith"], ["president a b smith"], "one word between"),
    ('"peas and carrots"', ["peas and carrots"], ["peas with carrots"], "an operator in quotes is a word"),
    ("hd=merger not td=rumour", [("Merger", "x")], [("Merger", "rumour")], "fields with not"),
]  # fmt: skip

MELTWATER: list[Case] = [
    ('apple AND (watch OR iwatch) NOT ("apple sauce" OR "apple juice")', ["apple iwatch"], ["apple watch with apple juice", "apple"], "the three operators"),
    ("chip OR bank AND merger", ["chip", "bank merger"], ["bank"], "AND binds tighter than OR"),
    ("bank AND merger NOT rumour OR chip", ["chip rumour", "bank merger"], ["bank merger rumour"], "NOT binds tightest"),
    ("chip and bank", ["chip bank"], ["chip"], "operators need no capitals"),
    ("apple NEAR watch", ["apple a b c d watch", "watch by apple"], ["apple a b c d e watch"], "NEAR is four words between"),
    ("apple NEAR/1 watch", ["apple new watch"], ["apple big new watch"], "NEAR/n counts the words between"),
    ("apple ONEAR/2 watch", ["apple big new watch"], ["watch by apple"], "ONEAR keeps the order"),
    ("apple ONEAR watch", ["apple a b c d watch"], ["watch by apple"], "ONEAR is four words between"),
    ("(apple OR iphone) NEAR/2 (deal OR price)", ["iphone big price"], ["iphone x x x price"], "a window of groups"),
    ('title:"take over"', [("A take over", "x")], [("x", "take over")], "a title phrase"),
    ("title:(merger OR bid) AND bank", [("Bid", "bank")], [("x", "bid bank")], "a title group"),
    ("ingress:merger", ["merger x"], ["x " * 80 + "\n\nmerger"], "the ingress is the lead"),
    ("shop*", ["shopping"], ["workshop"], "any ending"),
    ("wom?n", ["women"], ["womaan"], "one letter inside"),
    ("D*C", ["DC", "disc"], ["dice"], "any letters inside"),
    ("apple^9 AND watch", ["apple watch"], ["apple"], "a preference changes nothing"),
    ("“apple sauce”", ["apple sauce"], ["apple with sauce"], "typographic quotes"),
    ("mistral cloud", ["cloud by mistral"], ["cloud"], "no operator is read as AND"),
    ("chip AND country:DE", ["chip"], ["bank"], "an unknown field is left out"),
    ("apple AND NOT juice", ["apple"], ["apple juice"], "AND NOT"),
    ("merger AND NOT (title:rumour OR title:opinion)", [("x", "merger rumour")], [("Opinion", "merger")], "excluded titles"),
]  # fmt: skip

LUCENE: list[Case] = [
    ("apple watch", ["watch by apple"], ["apple"], "a blank is and"),
    ("apple OR watch", ["apple"], ["pear"], "OR"),
    ("apple watch OR iphone", ["apple iphone", "apple watch"], ["apple", "iphone"], "OR binds tighter, as web searches do"),
    ("apple | watch", ["watch"], ["pear"], "a bar is OR"),
    ("apple || watch", ["watch"], ["pear"], "two bars are OR"),
    ("apple && watch", ["apple watch"], ["apple"], "two ampersands are AND"),
    ("apple -juice", ["apple"], ["apple juice"], "minus excludes"),
    ("apple !juice", ["apple"], ["apple juice"], "an exclamation mark excludes"),
    ("apple NOT juice", ["apple"], ["apple juice"], "NOT excludes"),
    ("apple AND NOT juice", ["apple"], ["apple juice"], "AND NOT excludes"),
    ("+apple -(juice OR sauce)", ["apple"], ["apple sauce"], "a group is excluded"),
    ("tie-up", ["tie-up"], ["tie and up"], "a hyphen inside a word is no minus"),
    ('"apple watch"', ["apple watch"], ["apple new watch"], "a phrase"),
    ('"apple watch"~2', ["apple big new watch", "watch apple"], ["apple a b c watch"], "a sloppy phrase is a window"),
    ("intitle:merger bank", [("Merger", "bank")], [("x", "merger bank")], "intitle holds for one word"),
    ("allintitle: merger bank", [("Merger of bank", "x")], [("Merger", "bank")], "allintitle holds for all"),
    ("title:(merger bank)", [("Bank merger", "x")], [("Merger", "bank")], "a field of a group"),
    ("text:merger", ["merger"], ["bank"], "the text field"),
    ("apple AROUND(2) watch", ["watch by an apple"], ["apple a b c watch"], "AROUND"),
    ("te?t", ["test", "text"], ["tet"], "one letter"),
    ("te*t", ["tet", "tempest"], ["tempo"], "any letters inside"),
    ("test*", ["tests"], ["attest"], "any ending"),
    ("apple^4 watch~", ["apple watch"], ["apple"], "boost and fuzziness change nothing else"),
    (r"foo\:bar", ["foo:bar"], ["foo"], "an escaped sign"),
    ("merger date:[20200101 TO 20210101]", ["merger"], ["bank"], "a range is left out"),
    ('"merger * bank"', ["merger of the bank"], ["bank merger"], "a star in a phrase stands for words"),
]  # fmt: skip

CLASSIC: list[Case] = [
    ("apple watch", ["apple", "watch"], ["pear"], "a blank is or"),
    ("+apple watch", ["apple"], ["watch"], "plus requires; the rest is optional"),
    ("apple AND watch OR iphone", ["apple watch"], ["iphone", "apple iphone"], "the known trap: OR after AND is optional"),
    ("apple OR watch AND iphone", ["watch iphone"], ["apple"], "AND requires both of its sides only"),
    ("apple -juice", ["apple"], ["apple juice", "pear"], "minus excludes"),
    ("(apple watch) AND title:merger", [("Merger", "watch")], [("Merger", "x"), ("x", "apple merger")], "groups"),
    ("apple NOT (juice OR sauce)", ["apple"], ["apple juice"], "a group is excluded"),
]  # fmt: skip


def classic(text: str) -> Translation:
    return lucene.translate(text, implied="or")


DIALECTS = [
    (lexis.translate, LEXIS), (factiva.translate, FACTIVA), (meltwater.translate, MELTWATER),
    (lucene.translate, LUCENE), (classic, CLASSIC),
]  # fmt: skip
CASES = [
    pytest.param(translate, *case[:3], id=f"{name}: {case[3]}")
    for (translate, cases), name in zip(
        DIALECTS, ("lexis", "factiva", "meltwater", "lucene", "classic"), strict=True
    )
    for case in cases
]


def as_article(text: Text) -> Article:
    title, body = text if isinstance(text, tuple) else ("", text)
    return article(body, title, language="en")


@pytest.mark.parametrize(("translate", "string", "hits", "misses"), CASES)
def test_the_rule_finds_what_the_string_found(
    translate, string: str, hits: list[Text], misses: list[Text]
) -> None:  # type: ignore[no-untyped-def]  # any dialect's function
    translation = translate(string)
    result = loaded(translation.rule)
    assert not [p for p in result.problems if p.severity == "error"], translation
    book = RuleBook(result.rules)
    for text in hits:
        assert book.match(as_article(text)), f"should fire on {text!r}: {translation.rule}"
    for text in misses:
        assert not book.match(as_article(text)), f"should be silent on {text!r}: {translation.rule}"
