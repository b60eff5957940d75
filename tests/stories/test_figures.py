"""What is read as a figure, and what is not, by example."""

from datetime import UTC, datetime

import pytest

from monitor.model import Article, Figure, FigureKind
from monitor.stories.figures import figures

PUBLISHED = datetime(2026, 11, 20, 9, tzinfo=UTC)


def read(
    text: str, language: str | None = "en", published: datetime | None = PUBLISHED
) -> tuple[Figure, ...]:
    return figures(
        Article(id="a", url="", title="", text=text, language=language, published=published)
    )


def values(text: str, language: str | None = "en") -> list[str]:
    return [figure.value for figure in read(text, language)]


MONEY = [
    pytest.param("en", "It paid $2.1 billion.", "USD 2100000000", "$2.1 billion", id="a sign, a number and a scale"),
    pytest.param("en", "It paid US$2.1bn today", "USD 2100000000", "US$2.1bn", id="the country before the sign, the scale glued on"),
    pytest.param("en", "a $2.1-billion deal", "USD 2100000000", "$2.1-billion", id="a hyphen before the scale"),
    pytest.param("en", "a 2.1-billion-dollar deal", "USD 2100000000", "2.1-billion-dollar", id="hyphens all over"),
    pytest.param("de", "Es kostet €2 Mrd.", "EUR 2000000000", "€2 Mrd", id="the full stop of the sentence is not the scale's"),
    pytest.param("de", "Es kostet 15 Mio. Euro.", "EUR 15000000", "15 Mio. Euro", id="the full stop of an abbreviation is the scale's"),
    pytest.param("de", "rund 1,5 Billionen Euro", "EUR 1500000000000", "1,5 Billionen Euro", id="a German Billion is a million million"),
    pytest.param("de", "CHF 1'200'000 kostet es", "CHF 1200000", "CHF 1'200'000", id="Swiss apostrophes part thousands"),
    pytest.param("de", "Es sind 1.250 Euro.", "EUR 1250", "1.250 Euro", id="a German full stop parts thousands"),
    pytest.param("en", "It is 1.250 euros.", "EUR 1.25", "1.250 euros", id="an English full stop parts decimals"),
    pytest.param("fr", "pour 2,1 milliards d'euros", "EUR 2100000000", "2,1 milliards d'euros", id="a French elision before the currency"),
    pytest.param("fr", "pour 2,1 milliards d’euros", "EUR 2100000000", "2,1 milliards d’euros", id="a typographic apostrophe in the elision"),
    pytest.param("fr", "un chèque de 5 M€", "EUR 5000000", "5 M€", id="the French M€"),
    pytest.param("fr", "un chèque de 3 Mds€", "EUR 3000000000", "3 Mds€", id="the French Mds€"),
    pytest.param("es", "unos 2.100 millones de euros", "EUR 2100000000", "2.100 millones de euros", id="Spanish thousands of millions in digits"),
    pytest.param("es", "unos 2 mil millones de dólares", "USD 2000000000", "2 mil millones de dólares", id="two Spanish scale words multiply"),
    pytest.param("it", "per 2,1 miliardi di euro", "EUR 2100000000", "2,1 miliardi di euro", id="Italian"),
    pytest.param("nl", "voor 2,1 miljard euro", "EUR 2100000000", "2,1 miljard euro", id="Dutch"),
    pytest.param("pt", "por R$ 2,5 bilhões", "BRL 2500000000", "R$ 2,5 bilhões", id="Brazilian, with its own dollar sign"),
    pytest.param("pl", "za 2,5 mld zł", "PLN 2500000000", "2,5 mld zł", id="Polish, abbreviated"),
    pytest.param("pl", "za 2,5 miliarda dolarów", "USD 2500000000", "2,5 miliarda dolarów", id="Polish, with its endings"),
    pytest.param("en", "for 2,000 million euros", "EUR 2000000000", "2,000 million euros", id="thousands of millions"),
    pytest.param("en", "for £300m now", "GBP 300000000", "£300m", id="m is a scale beside a currency"),
    pytest.param("en", "for 300m euros", "EUR 300000000", "300m euros", id="m is a scale before a currency"),
    pytest.param("en", "for ¥10 trillion", "JPY 10000000000000", "¥10 trillion", id="¥ is Japanese in English"),
    pytest.param("zh", "约¥10亿", "CNY 1000000000", "¥10亿", id="¥ is Chinese in Chinese"),
    pytest.param("zh", "投资10亿美元的公司", "USD 1000000000", "10亿美元", id="Chinese, without blanks"),
    pytest.param("zh", "超过20多亿美元", "USD 2000000000", "20多亿美元", id="a Chinese word for more inside the amount"),
    pytest.param("ja", "１０億ドルを投資", "USD 1000000000", "１０億ドル", id="full-width digits"),
    pytest.param("ja", "21億5000万ドル", "USD 2150000000", "21億5000万ドル", id="Japanese parts add up"),
    pytest.param("ja", "3兆2000億円の予算", "JPY 3200000000000", "3兆2000億円", id="Japanese trillions"),
    pytest.param("ko", "100억 달러를", "USD 10000000000", "100억 달러", id="Korean, with a blank"),
    pytest.param("en", "2 100 000 000 EUR in all", "EUR 2100000000", "2 100 000 000 EUR", id="blanks part thousands"),
    pytest.param("en", "2\u202f100\u202f000 EUR in all", "EUR 2100000", "2\u202f100\u202f000 EUR", id="narrow blanks part thousands"),
    pytest.param("en", "2\u00a0100\u00a0000\u00a0EUR in all", "EUR 2100000", "2\u00a0100\u00a0000\u00a0EUR", id="unbreakable blanks part thousands"),
    pytest.param("en", "2\u2009100 EUR in all", "EUR 2100", "2\u2009100 EUR", id="thin blanks part thousands"),
    pytest.param("en", "₹1,00,000 crore", "INR 1000000000000", "₹1,00,000 crore", id="Indian grouping and scale"),
    pytest.param("en", "EUR2.1bn", "EUR 2100000000", "EUR2.1bn", id="a code glued to its number"),
    pytest.param("en", "3 billion Canadian dollars", "CAD 3000000000", "3 billion Canadian dollars", id="dollars of another country"),
    pytest.param("en", "2.1 billion U.S. dollars", "USD 2100000000", "2.1 billion U.S. dollars", id="dollars with their country"),
    pytest.param("en", "HK$5m", "HKD 5000000", "HK$5m", id="another dollar sign"),
    pytest.param("en", "two billion dollars", "USD 2000000000", "two billion dollars", id="a small number as a word"),
    pytest.param("en", "a billion dollars", "USD 1000000000", "a billion dollars", id="an article before a scale is one"),
    pytest.param("en", "half a million dollars", "USD 500000", "half a million dollars", id="half a million"),
    pytest.param("de", "eine Milliarde Euro", "EUR 1000000000", "eine Milliarde Euro", id="a German article before a scale is one"),
    pytest.param("en", "$1,234,567.89", "USD 1234567.89", "$1,234,567.89", id="thousands and decimals"),
    pytest.param("ar", "بقيمة ٢٫١ EUR", "EUR 2.1", "٢٫١ EUR", id="Arabic digits and their decimal separator"),
    pytest.param(None, "$2.1 billion", "USD 2100000000", "$2.1 billion", id="no language is known"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "value", "written"), MONEY)
def test_money(language: str | None, text: str, value: str, written: str) -> None:
    found = read(text, language)
    assert [(each.kind, each.value, each.text) for each in found] == [
        (FigureKind.MONEY, value, written)
    ]


RANGES = [
    pytest.param("2.1 to 2.3 billion dollars", ["USD 2100000000", "USD 2300000000"], id="two numbers with one scale and currency"),
    pytest.param("$2-3 billion", ["USD 2000000000", "USD 3000000000"], id="a hyphen, the currency in front"),
    pytest.param("from $2 to $3 billion", ["USD 2000000000", "USD 3000000000"], id="the currency twice, the scale once"),
    pytest.param("between €2 and €3 million", ["EUR 2000000", "EUR 3000000"], id="and after between"),
    pytest.param("$2 and $3 billion", ["USD 2", "USD 3000000000"], id="and without between joins nothing"),
    pytest.param("$5 million, then 2 to 3 billion dollars", ["USD 5000000", "USD 2000000000", "USD 3000000000"], id="what stands before a range stays"),
    pytest.param("5 EUR 10 EUR", ["EUR 5", "EUR 10"], id="a currency belongs to one number"),
    pytest.param("10 to 15 percent", ["10 %", "15 %"], id="percentages"),
    pytest.param("10–15 %", ["10 %", "15 %"], id="percentages with a dash"),
    pytest.param("$5 to $3 billion", ["USD 5", "USD 3000000000"], id="a falling pair is no range"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RANGES)
def test_ranges_are_two_figures(text: str, expected: list[str]) -> None:
    assert values(text) == expected


OTHERS = [
    pytest.param("en", "It rose 12.5 %.", ["12.5 %"], id="a percentage with a blank"),
    pytest.param("de", "Es stieg um 12,5 Prozent.", ["12.5 %"], id="a German percentage"),
    pytest.param("fr", "une hausse de 12,5 pour cent", ["12.5 %"], id="a French percentage"),
    pytest.param("es", "un 12,5 por ciento", ["12.5 %"], id="a Spanish percentage"),
    pytest.param("it", "il 12,5 per cento", ["12.5 %"], id="an Italian percentage"),
    pytest.param("nl", "met 12,5 procent", ["12.5 %"], id="a Dutch percentage"),
    pytest.param("pl", "o 12,5 proc. w roku", ["12.5 %"], id="a Polish percentage"),
    pytest.param("zh", "增长了百分之12", ["12 %"], id="a Chinese percentage, its sign in front"),
    pytest.param("ja", "12.5％増", ["12.5 %"], id="a full-width percent sign"),
    pytest.param("en", "up 12.5 percentage points", ["12.5 percentage points"], id="percentage points are kept apart"),
    pytest.param("de", "um 0,5 Prozentpunkte", ["0.5 percentage points"], id="German percentage points"),
    pytest.param("en", "up 25 basis points", ["0.25 percentage points"], id="basis points are hundredths of points"),
    pytest.param("en", "It cut 3,200 jobs.", ["3200 jobs"], id="a count with its noun"),
    pytest.param("en", "It cut 3,200 full-time factory jobs.", ["3200 jobs"], id="adjectives before the noun"),
    pytest.param("de", "Es streicht 3.200 Stellen.", ["3200 jobs"], id="German jobs are jobs"),
    pytest.param("fr", "Il supprime 3 200 emplois.", ["3200 jobs"], id="French jobs are jobs"),
    pytest.param("en", "three outlets said so", ["3 outlets"], id="a count in a word"),
    pytest.param("en", "“Two firms” (three outlets)", ["2 companies", "3 outlets"], id="quotes and brackets before a word"),
    pytest.param("en", "It has 2.1 billion users", ["2100000000 users"], id="a count with a scale"),
    pytest.param("en", "a 5.8-magnitude quake", ["5.8 magnitude"], id="a magnitude"),
    pytest.param("en", "12 people were killed", ["12 people"], id="people"),
    pytest.param("en", "12 dead", ["12 people"], id="the dead are people"),
    pytest.param("en", "Firm to Cut 300 Jobs in Spring", ["300 jobs"], id="a title in capitals"),
    pytest.param("en", "It opened 450 stores.", ["450 stores"], id="a plural that no table knows"),
    pytest.param("zh", "造成12人死亡", ["12 people"], id="Chinese people"),
    pytest.param("en", "on 2026-11-22 it", ["2026-11-22"], id="an ISO date"),
    pytest.param("en", "on 22 November 2026 it", ["2026-11-22"], id="day, month, year"),
    pytest.param("en", "on November 22, 2026, it", ["2026-11-22"], id="month, day, year"),
    pytest.param("en", "on Nov. 22 it", ["2026-11-22"], id="no year: the day nearest to the article"),
    pytest.param("en", "on January 3rd it", ["2027-01-03"], id="the nearest day may be in the next year"),
    pytest.param("de", "am 3. März 2026", ["2026-03-03"], id="a German date"),
    pytest.param("de", "am 22.11.2026", ["2026-11-22"], id="a date in digits with full stops"),
    pytest.param("fr", "le 1er mars 2026", ["2026-03-01"], id="a French date"),
    pytest.param("es", "el 22 de noviembre de 2026", ["2026-11-22"], id="a Spanish date"),
    pytest.param("pl", "16 listopada 2026 r.", ["2026-11-16"], id="a Polish date"),
    pytest.param("ja", "2026年11月22日に", ["2026-11-22"], id="a Japanese date"),
    pytest.param("zh", "11月22日", ["2026-11-22"], id="a Chinese date without a year"),
    pytest.param("fr", "le 27/02/2026", ["2026-02-27"], id="a French date with slashes"),
    pytest.param("en", "on 22 November 2026 300 people met", ["2026-11-22", "300 people"], id="a year and a count side by side"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), OTHERS)
def test_percentages_counts_and_dates(language: str, text: str, expected: list[str]) -> None:
    assert values(text, language) == expected


NOTHING = [
    pytest.param("Call +32 2 555 01 99 or 555-0123.", id="telephone numbers"),
    pytest.param("Call (202) 555-0199 for jobs.", id="a telephone number before a noun"),
    pytest.param("It runs on Python 3.11 users say.", id="a version"),
    pytest.param("GPT-4 models and Covid-19 cases", id="a number that is part of a name"),
    pytest.param("The G20 leaders and COP30 delegates met.", id="a number glued to letters"),
    pytest.param("Windows 11 users complain.", id="a product with its number"),
    pytest.param("In 2024 it grew. The 2024 elections came.", id="years alone"),
    pytest.param("They won 2-1 and lost 10-15 matches ago", id="scores"),
    pytest.param("At 10:30 trains leave.", id="times of day"),
    pytest.param("Article 5 rules, § 3 provisions, Section 230 protections", id="numbers of articles and sections"),
    pytest.param("She lives at 221 Baker Street.", id="addresses"),
    pytest.param("The 10-month-old firm waited 24 hours.", id="durations"),
    pytest.param("It happened next Tuesday, in May, on the 5th.", id="dates that are not whole"),
    pytest.param("It lies 300m away.", id="metres"),
    pytest.param("One of the key points is this.", id="one as a word"),
    pytest.param("The server 10.0.0.1 runs 1.2.3 releases.", id="addresses of machines"),
    pytest.param("It is a million different things.", id="a million as a manner of speaking"),
    pytest.param("The flight #QZ8501 victims and the LC 500 Convertible looks", id="flights and models"),
    pytest.param("It drops 1 cup strawberries at the 2015 UAH Spring Fair.", id="kitchen measures, and a year before a name"),
    pytest.param("It paid dollars and %, or $ and €.", id="signs without a number"),
    pytest.param("He may 5 and march 6 on.", id="words that are months in capitals only"),
    pytest.param("Mars 20 sent 5 out 3.", id="months of other languages"),
    pytest.param("31 February 2026", id="a day that does not exist"),
    pytest.param("", id="no text"),
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_what_is_no_figure(text: str) -> None:
    assert values(text) == []


SAYS = [
    pytest.param("en", "Acme invests $2.1 billion in Zeta.", ["investment"], id="invests"),
    pytest.param("en", "The pact includes a $2.1 billion investment in Zeta.", ["investment"], id="the noun after the figure"),
    pytest.param("en", "Acme puts $2.1 billion into Zeta.", ["investment"], id="puts"),
    pytest.param("en", "Acme backed Zeta with €5m.", ["investment"], id="backed"),
    pytest.param("en", "Zeta is valued at $2.1 billion.", ["valuation"], id="valued at"),
    pytest.param("en", "Zeta, worth $2.1 billion, agreed.", ["valuation"], id="worth"),
    pytest.param("en", "Acme was pouring money into the 2 billion euro ($2.1 billion), year-old enterprise.", ["valuation", "valuation"], id="a figure that describes a company is its worth"),
    pytest.param("en", "the $2 billion start-up", ["valuation"], id="the same with a start-up"),
    pytest.param("en", "The $2 billion the company raised is gone.", ["raise"], id="a figure that the company raised does not describe it"),
    pytest.param("en", "Acme acquires Zeta for $2.1 billion.", ["price"], id="acquires"),
    pytest.param("en", "It is a deal worth $2.1 billion.", ["price"], id="a deal's worth is a price"),
    pytest.param("en", "Acme bought Zeta, valued at $6 billion.", ["valuation"], id="a comma parts the deal from the worth"),
    pytest.param("en", "an investment worth $2 billion", ["investment"], id="an investment's worth is the investment"),
    pytest.param("en", "Acme invests $2bn in Zeta, which is valued at $6bn.", ["investment", "valuation"], id="each figure its own cue"),
    pytest.param("en", "Regulators fined Acme €300m.", ["fine"], id="fined"),
    pytest.param("en", "It must pay a $300m fine.", ["fine"], id="a fine that is paid"),
    pytest.param("en", "Profit fell to $3 billion on revenue of $10 billion.", ["profit", "revenue"], id="a clause does not go on over a preposition"),
    pytest.param("en", "It raised $600m in funding.", ["raise"], id="raised"),
    pytest.param("en", "a $600m funding round", ["raise"], id="two words that are one cue"),
    pytest.param("en", "He puts the bill at $5 million.", [""], id="who puts something at a figure invests nothing"),
    pytest.param("en", "a million dollars worth of fire damage", ["damages"], id="worth of says nothing"),
    pytest.param("en", "a budget of $5 million", ["budget"], id="budget"),
    pytest.param("en", "It bought a 49% stake.", ["stake"], id="a stake in percent"),
    pytest.param("en", "It bought a 49% stake for $2bn.", ["stake", "price"], id="a stake is no sum of money"),
    pytest.param("en", "Acme will cut 3,200 jobs.", ["jobs cut"], id="jobs cut"),
    pytest.param("en", "Acme laid off 300 workers.", ["jobs cut"], id="laid off"),
    pytest.param("en", "The quake killed 12 people and injured 40.", ["dead"], id="killed"),
    pytest.param("en", "12 dead, 40 injured", ["dead", "injured"], id="the noun says it"),
    pytest.param("en", "It cut 300 trees", [""], id="what is cut is no job"),
    pytest.param("en", "Sales grew; $5 billion was there.", [""], id="a semicolon ends a clause"),
    pytest.param("en", "There were $5 billion.", [""], id="nothing says what it is"),
    pytest.param("en", "Applications are due by 5 December 2026.", ["deadline"], id="a deadline"),
    pytest.param("de", "Acme investiert 2 Milliarden Euro.", ["investment"], id="German investment"),
    pytest.param("de", "das 2 Milliarden Euro schwere Start-up", ["valuation"], id="German weight is worth"),
    pytest.param("de", "Die Kommission verhängt ein Bußgeld von 5 Mio. Euro.", ["fine"], id="German fine"),
    pytest.param("fr", "valorisée 2 milliards d'euros", ["valuation"], id="French valuation"),
    pytest.param("fr", "Acme investit 2 milliards d'euros.", ["investment"], id="French investment"),
    pytest.param("es", "invierte 2.000 millones de euros", ["investment"], id="Spanish investment"),
    pytest.param("it", "multa da 5 milioni di euro", ["fine"], id="Italian fine"),
    pytest.param("nl", "een boete van 5 miljoen euro", ["fine"], id="Dutch fine"),
    pytest.param("pt", "investe R$ 2 bilhões", ["investment"], id="Portuguese investment"),
    pytest.param("pl", "zainwestuje 2 mld zł", ["investment"], id="Polish investment"),
    pytest.param("zh", "公司投资10亿美元", ["investment"], id="Chinese investment"),
    pytest.param("zh", "造成12人死亡", ["dead"], id="Chinese dead"),
    pytest.param("ja", "企業価値は20億ドル", ["valuation"], id="Japanese valuation"),
    pytest.param("it", "Alla fine 5 milioni di euro", [""], id="the Italian end is no fine"),
    pytest.param(None, "Acme investiert 2 Milliarden Euro.", ["investment"], id="no language is known: all tables"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "expected"), SAYS)
def test_what_a_figure_is_said_to_be(language: str | None, text: str, expected: list[str]) -> None:
    assert [figure.says for figure in read(text, language)] == expected


def test_sentence_and_place_are_those_of_the_field() -> None:
    article = Article(
        id="a", url="", title="Acme invests $2 billion", language="en",
        text="Nothing here.\n\nFirst this. Then it paid €5m for it. Last this.",
    )  # fmt: skip
    title, body = figures(article)
    assert (title.field, title.start, title.end) == ("title", 13, 23)
    assert title.sentence == "Acme invests $2 billion"
    assert (body.field, body.sentence) == ("body", "Then it paid €5m for it.")
    assert article.text[body.start : body.end] == "€5m"


def test_a_day_without_year_has_none_where_the_article_has_no_date() -> None:
    assert [each.value for each in read("on Nov. 22 it", published=None)] == ["--11-22"]
