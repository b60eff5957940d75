"""Lucene, Elasticsearch and web-search strings: their form is that of the published help, their subjects are made up.

lucene.apache.org, "Query Parser Syntax"; elastic.co, "Query string syntax"; Google Search help,
"Refine web searches".
"""

from tests.rules.boolean.published import Published

STRINGS = [
    Published(
        "steel tariff", "{all: [steel, tariff]}", fires=("a tariff on steel",), silent=("steel",)
    ),
    Published(
        "steel AND tariff",
        "{all: [steel, tariff]}",
        fires=("a tariff on steel",),
        silent=("steel",),
    ),
    Published(
        "steel OR aluminium", "{any: [steel, aluminium]}", fires=("aluminium",), silent=("tin",)
    ),
    Published(
        "steel aluminium OR copper",
        "{all: [steel, {any: [aluminium, copper]}]}",
        fires=("steel and copper",),
        silent=("steel", "copper"),
    ),
    Published(
        "(steel OR aluminium) AND tariff",
        "{all: [{any: [steel, aluminium]}, tariff]}",
        fires=("aluminium tariff",),
        silent=("tariff",),
    ),
    Published(
        "steel AND NOT scrap",
        "{all: [steel], none: [scrap]}",
        fires=("steel",),
        silent=("scrap steel",),
    ),
    Published(
        "steel NOT scrap",
        "{all: [steel], none: [scrap]}",
        fires=("steel",),
        silent=("scrap steel",),
    ),
    Published(
        "steel -scrap", "{all: [steel], none: [scrap]}", fires=("steel",), silent=("scrap steel",)
    ),
    Published(
        'steel -"scrap yard"',
        "{all: [steel], none: [scrap yard]}",
        fires=("steel scrap",),
        silent=("steel from a scrap yard",),
    ),
    Published(
        "+steel +tariff -scrap",
        "{all: [steel, tariff], none: [scrap]}",
        fires=("a tariff on steel",),
        silent=("steel",),
    ),
    Published('"trade war"', "trade war", fires=("a trade war",), silent=("a war on trade",)),
    Published(
        '"trade war"~4',
        "{near: {within: 4, all: [trade, war]}}",
        fires=("a war about some more trade", "trade and currency war"),
        silent=("trade",),
        lost=(
            "1:1: ~4: Lucene counts moves of words, a rule the words between; the other order costs nothing",
        ),
    ),
    Published(
        '"trade war" AROUND(3) china',
        "{near: {within: 3, all: [trade war, china]}}",
        fires=("China in a trade war",),
        silent=("China is said to be part of a trade war",),
    ),
    Published(
        '"the * bank of england"',
        "{then: {within: 5, all: [the, bank of england]}}",
        fires=("the old central bank of England",),
        silent=("bank of england",),
        lost=("1:1: *: any words between; read as at most 5",),
    ),
    Published("tariff*", "'tariff*'", fires=("tariffs",), silent=("tax",)),
    Published(
        "gr?y AND steel",
        "{all: [{regex: '(?i)\\bgr[\\pL\\pN]y\\b'}, steel]}",
        fires=("gray steel", "grey steel"),
        silent=("gry steel",),
    ),
    Published(
        "h?t coi*",
        "{all: [{regex: '(?i)\\bh[\\pL\\pN]t\\b'}, 'coi*']}",
        fires=("a hot coil", "hat and coins"),
        silent=("a hot mill",),
    ),
    Published(
        "smelter~",
        "smelter",
        fires=("a smelter",),
        silent=("a shelter",),
        lost=("1:8: ~: misspellings are not found. Add them as alternatives",),
    ),
    Published(
        "steel~1 tariff^4",
        "{all: [steel, tariff]}",
        fires=("a steel tariff",),
        silent=("steel",),
        lost=(
            "1:6: ~1: misspellings are not found. Add them as alternatives",
            "1:15: ^4: a rule has no ranks; nothing else changes",
        ),
    ),
    Published(
        '"steel mill"^2 (ore coal)^4',
        "{all: [steel mill, ore, coal]}",
        fires=("A steel mill, ore and coal",),
        silent=("A steel mill",),
        lost=(
            "1:13: ^2: a rule has no ranks; nothing else changes",
            "1:28: ^4: a rule has no ranks; nothing else changes",
        ),
    ),
    Published(
        "title:merger",
        "{any: [merger], in: title}",
        fires=(("Merger", "x"),),
        silent=(("x", "merger"),),
    ),
    Published(
        'title:"data breach" AND bank',
        "{all: [{any: [data breach], in: title}, bank]}",
        fires=(("Data breach", "a bank"),),
        silent=(("x", "data breach bank"),),
    ),
    Published(
        'title:(+strike +"blast furnace")',
        "{all: [strike, blast furnace], in: title}",
        fires=(("Strike at a blast furnace", "x"),),
        silent=(("Strike", "blast furnace"),),
    ),
    Published(
        "title:(ore OR coal)",
        "{any: [ore, coal], in: title}",
        fires=(("Coal", "x"),),
        silent=(("x", "coal"),),
    ),
    Published(
        'title:"Green steel" AND subsidy',
        "{all: [{any: [Green steel], in: title}, subsidy]}",
        fires=(("Green steel", "subsidy"),),
        silent=(("x", "green steel subsidy"),),
    ),
    Published(
        "author:desk tariff",
        "{all: [{any: [desk], in: author}, tariff]}",
        fires=({"text": "tariff", "author": "Economy desk"},),
        silent=({"text": "tariff", "author": "Sports page"},),
    ),
    Published(
        "mod_date:[20240101 TO 20240131] AND bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: mod_date:[20240101 TO 20240131]: a rule knows no field 'mod_date'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "bank AND price:{100 TO 200}",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: price:{100 TO 200}: a rule knows no field 'price'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "bank AND age:>=10",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: age:>=10: a rule knows no field 'age'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "bank AND [1 TO 5]",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: [1 TO 5]: a range is not translated. Write it by hand, with regex: or source:. The rule finds more without it",
        ),
    ),
    Published(
        "_exists_:title AND bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: _exists_:title: a rule knows no field '_exists_'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "report.\\*:(ore OR coal) AND bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: report.\\*:(ore OR coal): a rule knows no field 'report.\\*'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "plant:/smelt(er|ing)/ AND bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: plant:/smelt(er|ing)/: a rule knows no field 'plant'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "/[ms]elt/ OR ore",
        "ore",
        fires=("an ore",),
        silent=("a car",),
        lost=(
            "1:1: /[ms]elt/: a Lucene pattern is not translated. Write it by hand, with regex: or source:. The rule finds less without it",
        ),
    ),
    Published(
        "section:markets AND bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: section:markets: a rule knows no field 'section'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "Q1\\:2024 AND profit",
        "{all: [Q1 2024, profit]}",
        fires=("profit in Q1:2024",),
        silent=("profit in Q1",),
    ),
    Published(
        "intitle:merger bank",
        "{all: [{any: [merger], in: title}, bank]}",
        fires=(("Merger", "bank"),),
        silent=(("x", "merger bank"),),
    ),
    Published(
        "allintitle: bank merger",
        "{all: [{any: [bank], in: title}, {any: [merger], in: title}]}",
        fires=(("Bank in merger", "x"),),
        silent=(("Bank", "merger"),),
    ),
    Published(
        "intext:recall car",
        "{all: [{any: [recall], in: body}, car]}",
        fires=("a car recall",),
        silent=("a car",),
    ),
    Published(
        "allintext:recall car",
        "{all: [{any: [recall], in: body}, {any: [car], in: body}]}",
        fires=("a car recall",),
        silent=("a car",),
    ),
    Published(
        "inurl:press tariff",
        "{all: [{any: [press], in: url}, tariff]}",
        fires=({"text": "tariff", "url": "https://example.org/press/1"},),
        silent=({"text": "tariff", "url": "https://example.org/blog/1"},),
    ),
    Published(
        "site:example.org tariff",
        "{all: [{any: ['example.org'], in: url}, tariff]}",
        fires=({"text": "tariff", "url": "https://example.org/1"},),
        silent=({"text": "tariff", "url": "https://example.com/1"},),
        lost=("1:1: site: looked for anywhere in the address",),
    ),
    Published(
        "tariff -site:example.org",
        "{all: [tariff], none: [{any: ['example.org'], in: url}]}",
        fires=({"text": "tariff", "url": "https://example.com/1"},),
        silent=({"text": "tariff", "url": "https://example.org/1"},),
        lost=("1:9: site: looked for anywhere in the address",),
    ),
    Published(
        "tariff before:2024-02-01 after:2024-01-01",
        "tariff",
        fires=("tariff",),
        silent=("tax",),
        lost=(
            "1:8: before:2024-02-01: a rule knows no field 'before'. Write source: {max_age: 48h} beside match:. The rule finds more without it",
            "1:26: after:2024-01-01: a rule knows no field 'after'. Write source: {max_age: 48h} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "tariff filetype:pdf",
        "tariff",
        fires=("tariff",),
        silent=("tax",),
        lost=(
            "1:8: filetype:pdf: a rule knows no field 'filetype'. Name what it stands for as words, or leave it out. The rule finds more without it",
        ),
    ),
    Published(
        "turbine $50..$100",
        "turbine",
        fires=("a turbine",),
        silent=("a film",),
        lost=(
            "1:9: $50..$100: a range is not translated. Write it by hand, with regex: or source:. The rule finds more without it",
        ),
    ),
    Published(
        "steel | tin tariff",
        "{all: [{any: [steel, tin]}, tariff]}",
        fires=("tin tariff",),
        silent=("tin",),
    ),
    Published(
        "tin price -can -foil",
        "{all: [tin, price], none: [can, foil]}",
        fires=("the price of tin",),
        silent=("the price of a tin can",),
    ),
    Published(
        "related:example.org",
        "",
        lost=(
            "1:1: related:example.org: a rule knows no field 'related'. Name what it stands for as words, or leave it out",
        ),
    ),
    Published(
        '"open phrase',
        "",
        lost=('1:1: "open phrase: this quote is not closed. Add the other quote',),
    ),
    Published(
        "(steel OR tin", "", lost=("1:1: (: this parenthesis is not closed. Add the ) to it",)
    ),
    Published(
        "OR steel",
        "",
        lost=("1:1: OR: before 'OR' a term is missing. Add it, or remove the operator",),
    ),
]
