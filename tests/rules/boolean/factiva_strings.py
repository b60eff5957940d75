"""Factiva strings: their form is that of the published help, their subjects are made up.

Factiva help, "Using Connectors and Operators"; factiva.com, Developer's Kit, "Search Statement
Operators", "Search Statement Examples", "Range Searches"; ProQuest, "Factiva: Search Tips".
"""

from tests.rules.boolean.published import Published

STRINGS = [
    Published(
        "solar panel and import duty",
        "{all: [solar panel, import duty]}",
        fires=("Import duty on solar panel parts",),
        silent=("a duty on the import of a solar panel",),
    ),
    Published(
        "airbus or boeing", "{any: [airbus, boeing]}", fires=("Boeing grows",), silent=("trains",)
    ),
    Published(
        "broadband not satellite",
        "{all: [broadband], none: [satellite]}",
        fires=("broadband grows",),
        silent=("broadband by satellite",),
    ),
    Published(
        "mobile payment and (retail or travel)",
        "{all: [mobile payment, {any: [retail, travel]}]}",
        fires=("mobile payment in retail",),
        silent=("payment by mobile in retail",),
    ),
    Published(
        "[airline or carrier] and strike",
        "{all: [{any: [airline, carrier]}, strike]}",
        fires=("a strike at the carrier",),
        silent=("a carrier",),
    ),
    Published(
        "airline or carrier and strike",
        "{any: [airline, {all: [carrier, strike]}]}",
        fires=("the airline", "a carrier on strike"),
        silent=("a carrier",),
    ),
    Published(
        "airline and strike not pilot",
        "{all: [airline, strike], none: [pilot]}",
        fires=("airline strike",),
        silent=("airline strike of a pilot",),
    ),
    Published(
        "lithium near5 mine",
        "{near: {within: 4, all: [lithium, mine]}}",
        fires=("a mine in which they find lithium",),
        silent=("a mine in which they may also find some lithium",),
    ),
    Published(
        "lithium adj5 mine",
        "{then: {within: 4, all: [lithium, mine]}}",
        fires=("the lithium from this mine",),
        silent=("a mine for lithium",),
    ),
    Published(
        "lithium adj mine",
        "{then: {within: 0, all: [lithium, mine]}}",
        fires=("a lithium mine",),
        silent=("a lithium and tin mine",),
    ),
    Published(
        "prime adj minister near10 resign*",
        "{near: {within: 9, all: [{then: {within: 0, all: [prime, minister]}}, 'resign*']}}",
        fires=("the prime minister will resign", "resignation of the prime minister"),
        silent=("a minister in his prime may resign",),
    ),
    Published(
        "minister w/2 energy",
        "{then: {within: 1, all: [minister, energy]}}",
        fires=("minister for energy",),
        silent=("energy minister", "minister of trade and energy"),
    ),
    Published(
        "central bank/N10/rate cut",
        "{near: {within: 9, all: [central bank, rate cut]}}",
        fires=("a rate cut by the central bank",),
        silent=("a cut in the rate by the central bank",),
    ),
    Published(
        "data centre same electricity",
        "{same: {unit: paragraph, all: [data centre, electricity]}}",
        fires=("A data centre opens. Electricity is dear.",),
        silent=("A data centre opens.\n\nElectricity is dear.",),
    ),
    Published(
        "atleast5 hydrogen",
        "{any: [hydrogen], min_mentions: 5}",
        fires=("hydrogen hydrogen hydrogen hydrogen hydrogen ",),
        silent=("hydrogen hydrogen hydrogen hydrogen ",),
    ),
    Published(
        "atleast3 wind and atleast3 solar",
        "{all: [{any: [wind], min_mentions: 3}, {any: [solar], min_mentions: 3}]}",
        fires=("wind wind wind solar solar solar ",),
        silent=("wind wind wind solar solar ",),
    ),
    Published(
        "atleast2 (wind or solar)",
        "{any: [wind, solar], min_mentions: 2}",
        fires=("wind and solar",),
        silent=("wind",),
    ),
    Published(
        "nissan/F50/",
        "{any: [nissan], in: [title, lead]}",
        fires=("Nissan grows",),
        silent=(
            "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x \n\nnissan",
        ),
        lost=("1:7: /F50/: read as title and lead: the first paragraph, or the first 60 words",),
    ),
    Published(
        "nissan/F400/ and recall",
        "{all: [nissan, recall]}",
        fires=(
            "x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x x  nissan recall",
        ),
        silent=("a recall",),
        lost=(
            "1:7: /F400/: a rule can ask for the lead, not for so many words. The rule finds more without it",
        ),
    ),
    Published(
        "hd=merger",
        "{any: [merger], in: title}",
        fires=(("Merger agreed", "x"),),
        silent=(("x", "merger"),),
    ),
    Published(
        "hd=(merger or takeover) and bank",
        "{all: [{any: [merger, takeover], in: title}, bank]}",
        fires=(("Takeover", "a bank"),),
        silent=(("x", "bank takeover"),),
    ),
    Published(
        "hlp=(data near3 breach)",
        "{near: {within: 2, all: [data, breach]}, in: [title, lead]}",
        fires=(("x", "A breach of data."),),
        silent=(
            (
                "x",
                "y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y \n\nbreach of data",
            ),
        ),
    ),
    Published(
        "hl=northern lights and td=tour operator",
        "{all: [{any: [northern lights], in: title}, {any: [tour operator], in: body}]}",
        fires=(("Northern lights", "a tour operator"),),
        silent=(("x", "northern lights; a tour operator"),),
        lost=("1:24: td=: the text without its lead; a rule's body holds the lead",),
    ),
    Published(
        "lp=strike and td=union",
        "{all: [{any: [strike], in: lead}, {any: [union], in: body}]}",
        fires=("A strike began. The union agrees.",),
        silent=(
            "y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y \n\nstrike union",
        ),
        lost=("1:15: td=: the text without its lead; a rule's body holds the lead",),
    ),
    Published(
        "by=desk and tariff*",
        "{all: [{any: [desk], in: author}, 'tariff*']}",
        fires=({"text": "tariffs rise", "author": "Economy desk"},),
        silent=({"text": "tariffs rise", "author": "Sports page"},),
    ),
    Published(
        "sn=herald and tariff*",
        "{all: [{any: [herald], in: source}, 'tariff*']}",
        fires=({"text": "tariffs rise", "source": "Morning Herald"},),
        silent=({"text": "tariffs rise", "source": "Daily Post"},),
    ),
    Published(
        "fds=ibm and layoff*",
        "'layoff*'",
        fires=("layoffs",),
        silent=("sales",),
        lost=(
            "1:1: fds=ibm: fds= is the database's own index, which articles do not carry. Name what it stands for as words. The rule finds more without it",
        ),
    ),
    Published(
        "co=ibm or layoff*",
        "'layoff*'",
        fires=("layoffs",),
        silent=("sales",),
        lost=(
            "1:1: co=ibm: co= is the database's own index, which articles do not carry. Name what it stands for as words. The rule finds less without it",
        ),
    ),
    Published(
        "ns=c18 and bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: ns=c18: ns= is the database's own index, which articles do not carry. Name what it stands for as words. The rule finds more without it",
        ),
    ),
    Published(
        "re=(usa or uk) and in=i1 and bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: re=(usa or uk): re= is the database's own index, which articles do not carry. Give the feeds tags, or name the places as words. The rule finds more without it",
            "1:20: in=i1: in= is the database's own index, which articles do not carry. Name what it stands for as words. The rule finds more without it",
        ),
    ),
    Published(
        "rst=(nytf or j) and bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: rst=(nytf or j): rst= is the database's own index, which articles do not carry. Give the feeds tags and write source: {tags: […]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "bank not ns=(nrgn or nsum)",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: ns=(nrgn or nsum): ns= is the database's own index, which articles do not carry. Name what it stands for as words. The rule finds more without it",
        ),
    ),
    Published(
        "la=en and bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: la=en: la= is the database's own index, which articles do not carry. Write source: {languages: [en]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "sc=ftft and bank",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:1: sc=ftft: sc= is the database's own index, which articles do not carry. Give the feeds tags and write source: {tags: […]} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "bank and wc>500",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: wc>500: no part of match:. Write source: {min_words: 500} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "bank and wc<200",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: wc<200: no part of match:. A rule has no greatest length. The rule finds more without it",
        ),
    ),
    Published(
        "bank and date after -7",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: date after -7: no part of match:. Write source: {max_age: 48h} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "bank and date from 20240101 to 20240131",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: date from 20240101 to 20240131: no part of match:. Write source: {max_age: 48h} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "bank and upd before 20240101",
        "bank",
        fires=("a bank",),
        silent=("a shop",),
        lost=(
            "1:10: upd before 20240101: no part of match:. Write source: {max_age: 48h} beside match:. The rule finds more without it",
        ),
    ),
    Published(
        "refiner$3 near5 strike",
        "{near: {within: 4, all: [{regex: '(?i)\\brefiner[\\pL\\pN]?[\\pL\\pN]?[\\pL\\pN]?\\b'}, strike]}}",
        fires=("refiners on strike", "refineries on strike"),
        silent=("refinement strike",),
    ),
    Published(
        "gr?y and hydrogen",
        "{all: [{regex: '(?i)\\bgr[\\pL\\pN]y\\b'}, hydrogen]}",
        fires=("grey hydrogen", "gray hydrogen"),
        silent=("greey hydrogen",),
    ),
    Published(
        "charg* and (batter* or grid)",
        "{all: ['charg*', {any: ['batter*', grid]}]}",
        fires=("a charger for batteries",),
        silent=("change of the grid",),
    ),
    Published(
        '"research and development" and budget',
        "{all: [research and development, budget]}",
        fires=("a budget for research and development",),
        silent=("a budget for development and research",),
    ),
    Published(
        "minister % energy",
        "{then: {within: 1, all: [minister, energy]}}",
        fires=("minister for energy",),
        silent=("minister for trade and energy",),
        lost=("1:10: %: exactly one word; a rule says at most one",),
    ),
    Published(
        "alphabet's 'moonshot plan'",
        "'alphabet''s moonshot plan'",
        fires=("Alphabet's moonshot plan",),
        silent=("a plan for Alphabet's moonshot",),
    ),
    Published(
        "c++ and memory-safe languages",
        "{all: ['c++', memory-safe languages]}",
        fires=("C++ and memory safe languages",),
        silent=("C and safe languages",),
    ),
    Published(
        "bank and (merger", "", lost=("1:10: (: this parenthesis is not closed. Add the ) to it",)
    ),
    Published("bank near5", "", lost=("1:6: near5: a term is missing beside 'near5'. Add it",)),
    Published(
        "ns=c18",
        "",
        lost=(
            "1:1: ns=c18: ns= is the database's own index, which articles do not carry. Name what it stands for as words",
        ),
    ),
]
