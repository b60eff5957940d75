"""Meltwater strings: their form is that of the published help, their subjects are made up.

Meltwater help, "How to Master Boolean Search" 1 to 3, "Boolean", "Search Performance and Best
Practices"; meltwater.com, "The Boolean Touch".
"""

from tests.rules.boolean.published import Published

STRINGS = [
    Published(
        "tesla AND battery",
        "{all: [tesla, battery]}",
        fires=("a battery by Tesla",),
        silent=("Tesla",),
    ),
    Published(
        "tesla OR rivian", "{any: [tesla, rivian]}", fires=("Rivian grows",), silent=("trains",)
    ),
    Published(
        "subway NOT sandwich",
        "{all: [subway], none: [sandwich]}",
        fires=("the subway",),
        silent=("a subway sandwich",),
    ),
    Published(
        'subway NOT "subway station"',
        "{all: [subway], none: [subway station]}",
        fires=("the subway",),
        silent=("a subway station",),
    ),
    Published(
        'mercury AND (lamp OR mine) NOT ("mercury prize" OR "mercury records" OR "mercury award*")',
        "{all: [mercury, {any: [lamp, mine]}], none: [mercury prize, mercury records, 'mercury award*']}",
        fires=("a mercury mine",),
        silent=("a mercury lamp at the mercury awards", "mercury prize mine"),
    ),
    Published(
        '("golden eagles" OR "GES") AND basketball',
        "{all: [{any: [golden eagles, GES]}, basketball]}",
        fires=("golden eagles basketball",),
        silent=("golden eagles football",),
        lost=("1:21: GES: found in capitals only; write it in small letters to find any case",),
    ),
    Published(
        '"golden eagles" AND basketball OR handball',
        "{any: [{all: [golden eagles, basketball]}, handball]}",
        fires=("handball", "golden eagles basketball"),
        silent=("golden eagles",),
    ),
    Published(
        "storm NEAR damage",
        "{near: {within: 4, all: [storm, damage]}}",
        fires=("storm with no a b damage", "damage by storm"),
        silent=("storm a b c d e damage",),
    ),
    Published(
        "storm NEAR/10 damage",
        "{near: {within: 10, all: [storm, damage]}}",
        fires=("storm a b c d e damage",),
        silent=("storm a b c d e f g h i j k damage",),
    ),
    Published(
        "storm ONEAR damage",
        "{then: {within: 4, all: [storm, damage]}}",
        fires=("storm and damage",),
        silent=("damage by storm",),
    ),
    Published(
        "storm ONEAR/10 damage",
        "{then: {within: 10, all: [storm, damage]}}",
        fires=("storm a b c d e damage",),
        silent=("damage by storm",),
    ),
    Published(
        "(chief OR head) NEAR/3 (resign* OR quit OR quits)",
        "{near: {within: 3, all: [{any: [chief, head]}, {any: ['resign*', quit, quits]}]}}",
        fires=("the head quits", "resigned as chief"),
        silent=("the head of the school was asked if he quits",),
    ),
    Published(
        '(bank* OR lender*) NEAR/8 ("money laundering" OR fraud)',
        "{near: {within: 8, all: [{any: ['bank*', 'lender*']}, {any: [money laundering, fraud]}]}}",
        fires=("fraud at lenders", "money laundering by a bank"),
        silent=("a bank",),
    ),
    Published(
        '"artificial intelligence" NEAR/5 law ONEAR/5 europe',
        "{then: {within: 5, all: [{near: {within: 5, all: [artificial intelligence, law]}}, europe]}}",
        fires=("law on artificial intelligence in Europe",),
        silent=("artificial intelligence in Europe",),
    ),
    Published(
        'title:"profit warning"',
        "{any: [profit warning], in: title}",
        fires=(("Profit warning", "x"),),
        silent=(("x", "profit warning"),),
    ),
    Published(
        "title:(airline OR carrier) AND strike",
        "{all: [{any: [airline, carrier], in: title}, strike]}",
        fires=(("Airline", "a strike"),),
        silent=(("x", "airline strike"),),
    ),
    Published(
        "ingress:recall AND car",
        "{all: [{any: [recall], in: lead}, car]}",
        fires=("A recall began. A car",),
        silent=(
            "y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y \n\nrecall car",
        ),
    ),
    Published(
        "(title:merger OR ingress:merger) AND bank",
        "{all: [{any: [{any: [merger], in: title}, {any: [merger], in: lead}]}, bank]}",
        fires=(("Merger", "bank"), ("x", "A merger. The bank")),
        silent=(
            (
                "bank",
                "y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y \n\nmerger",
            ),
        ),
    ),
    Published("refin*", "'refin*'", fires=("refinery",), silent=("unrefined",)),
    Published(
        "organi?ation AND charity",
        "{all: [{regex: '(?i)\\borgani[\\pL\\pN]ation\\b'}, charity]}",
        fires=("an organisation for charity", "charity organization"),
        silent=("organ charity",),
    ),
    Published(
        "N*O AND alliance",
        "{all: [{regex: '(?i)\\bN[\\pL\\pN]*O\\b'}, alliance]}",
        fires=("the NATO alliance",),
        silent=("a new alliance",),
    ),
    Published(
        '"U.N." AND council',
        "{all: ['U.N', council]}",
        fires=("the U.N. council",),
        silent=("the council",),
    ),
    Published(
        "hydrogen^9 AND (plant OR factory)^5",
        "{all: [hydrogen, {any: [plant, factory]}]}",
        fires=("a hydrogen plant",),
        silent=("a plant",),
        lost=(
            "1:9: ^9: it only steers which sentence is shown",
            "1:34: ^5: it only steers which sentence is shown",
        ),
    ),
    Published(
        "{Polish} AND minister",
        "{all: ['=Polish', minister]}",
        fires=("the Polish minister",),
        silent=("polish the minister's desk",),
        lost=("1:1: {Polish}: read as exactly these capitals and small letters",),
    ),
    Published(
        '{"Reading Council"} AND budget',
        "{all: ['=Reading Council', budget]}",
        fires=("Reading Council votes on its budget",),
        silent=("reading council budget",),
        lost=('1:1: {"Reading Council"}: read as exactly these capitals and small letters',),
    ),
    Published(
        "#netzero OR @grid",
        "{any: [netzero, grid]}",
        fires=("netzero", "the grid"),
        silent=("zero",),
        lost=(
            "1:1: #netzero: a hashtag is read as the word, wherever it stands",
            "1:13: @grid: a mention is read as the word, wherever it stands",
        ),
    ),
    Published(
        'sourceName:"Morning Herald" AND tariff*',
        "{all: [{any: [Morning Herald], in: source}, 'tariff*']}",
        fires=({"text": "tariffs", "source": "Morning Herald"},),
        silent=({"text": "tariffs", "source": "Daily Post"},),
    ),
    Published(
        "url:blog AND tariff*",
        "{all: [{any: [blog], in: url}, 'tariff*']}",
        fires=({"text": "tariffs", "url": "https://example.org/blog/1"},),
        silent=({"text": "tariffs", "url": "https://example.org/news/1"},),
    ),
    Published(
        'author:"economy desk" AND tariff*',
        "{all: [{any: [economy desk], in: author}, 'tariff*']}",
        fires=({"text": "tariffs", "author": "Economy desk"},),
        silent=({"text": "tariffs", "author": "Sports page"},),
    ),
    Published(
        "country:de AND strike",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:1: country:de: a rule knows no field 'country'. Give the feeds tags and write source: {tags: […]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "lang:en AND strike",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:1: lang:en: a rule knows no field 'lang'. Write source: {languages: [en]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "strike AND NOT country:(de OR fr)",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:16: country:(de OR fr): a rule knows no field 'country'. Give the feeds tags and write source: {tags: […]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "reach:>100000 AND strike",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:1: reach:>100000: a rule knows no field 'reach'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "strike AND sentiment:negative",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:12: sentiment:negative: a rule knows no field 'sentiment'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "city:berlin OR strike",
        "strike",
        fires=("a strike",),
        silent=("a walk",),
        lost=(
            "1:1: city:berlin: a rule knows no field 'city'. Name what it stands for as words, or leave it out. The rule finds less without it",
        ),
    ),
    Published(
        "solar near/5 subsidy and not rooftop",
        "{near: {within: 5, all: [solar, subsidy]}, none: [rooftop]}",
        fires=("a subsidy for solar",),
        silent=("a subsidy for rooftop solar",),
    ),
    Published(
        "solar subsidy",
        "{all: [solar, subsidy]}",
        fires=("a subsidy for solar",),
        silent=("solar",),
        lost=(
            "1:7: subsidy: no operator stands before it; read as AND. Quote the words if a phrase is meant",
        ),
    ),
    Published(
        "“solar park” and ‘grid’",
        "{all: [solar park, grid]}",
        fires=("a solar park on the grid",),
        silent=("a park on the grid",),
    ),
    Published(
        '"solar park" NEAR/2000 grid',
        "{all: [solar park, grid]}",
        fires=("a solar park and a grid",),
        silent=("a solar park",),
        lost=("1:14: window: a window is at most 1000 words wide; read as AND",),
    ),
    Published(
        "IPO AND listing",
        "{all: [IPO, listing]}",
        fires=("an IPO listing",),
        silent=("a listing",),
        lost=("1:1: IPO: found in capitals only; write it in small letters to find any case",),
    ),
    Published(
        "(carmaker AND plant) NEAR/10 closure",
        "{all: [{near: {within: 10, all: [carmaker, closure]}}, {near: {within: 10, all: [plant, closure]}}]}",
        fires=("closure of a plant, the carmaker says",),
        silent=("closure of a plant",),
        lost=("1:22: window: each part of the AND may have its own place near the other side",),
    ),
    Published(
        "strike NOT (union AND pay)",
        "{all: [strike], none: [{all: [union, pay]}]}",
        fires=("strike over pay",),
        silent=("union strike over pay",),
    ),
    Published(
        "strike NEAR/5 (union NOT pay)",
        "{near: {within: 5, all: [strike, union]}, none: [pay]}",
        fires=("a union on strike",),
        silent=("a walk",),
        lost=("1:8: window: each part of the AND may have its own place near the other side",),
    ),
    Published(
        "(strike AND union", "", lost=("1:1: (: this parenthesis is not closed. Add the ) to it",)
    ),
    Published("strike AND", "", lost=("1:8: AND: a term is missing beside 'AND'. Add it",)),
    Published(
        "NEAR/5 strike",
        "",
        lost=("1:1: NEAR/5: before 'NEAR/5' a term is missing. Add it, or remove the operator",),
    ),
]
