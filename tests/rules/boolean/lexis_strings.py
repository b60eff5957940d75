"""Lexis and Nexis strings: their form is that of the published help, their subjects are made up.

help.lexisnexis.com, "Terms & Connectors Complete Reference"; support.lexis-nexis.com, "GS_Connectors";
lexisnexis.com, "Advanced search techniques in News"; support.lexisnexis.com, SS4128.
"""

from tests.rules.boolean.published import Published

STRINGS = [
    Published(
        "antitrust and cloud",
        "{all: ['~antitrust', '~cloud']}",
        fires=("Antitrust rules for cloud firms",),
        silent=("antitrust rules", "cloud firms"),
    ),
    Published(
        "merger or takeover or buyout",
        "{any: ['~merger', '~takeover', '~buyout']}",
        fires=("a buyout", "Takeovers are up"),
        silent=("a sale",),
    ),
    Published(
        "chip and not potato",
        "{all: ['~chip'], none: ['~potato']}",
        fires=("a chip maker",),
        silent=("a chip of potato",),
    ),
    Published(
        "chip andnot potato",
        "{all: ['~chip'], none: ['~potato']}",
        fires=("a chip maker",),
        silent=("a chip of potato",),
    ),
    Published(
        "chip but not potato",
        "{all: ['~chip'], none: ['~potato']}",
        fires=("a chip maker",),
        silent=("a chip of potato",),
    ),
    Published(
        "chip butnot potato",
        "{all: ['~chip'], none: ['~potato']}",
        fires=("a chip maker",),
        silent=("a chip of potato",),
    ),
    Published(
        "regulator & approv!",
        "{all: ['~regulator', 'approv*']}",
        fires=("The regulator approved it.",),
        silent=("The regulator waits.",),
    ),
    Published(
        "regulator w/5 fine",
        "{near: {within: 4, all: ['~regulator', '~fine']}}",
        fires=("the fine of the regulator", "regulators may soon propose a fine"),
        silent=("the regulator did not yet say if a fine is due",),
    ),
    Published(
        "regulator near/3 fine",
        "{near: {within: 2, all: ['~regulator', '~fine']}}",
        fires=("fine by the regulator",),
        silent=("regulator says that some fine is due",),
    ),
    Published(
        "regulator /3 fine",
        "{near: {within: 2, all: ['~regulator', '~fine']}}",
        fires=("fine by the regulator",),
        silent=("regulator says that some fine is due",),
    ),
    Published(
        "power pre/3 grid",
        "{then: {within: 2, all: ['~power', '~grid']}}",
        fires=("a power and gas grid",),
        silent=("a grid for power",),
    ),
    Published(
        "power onear/3 grid",
        "{then: {within: 2, all: ['~power', '~grid']}}",
        fires=("a power and gas grid",),
        silent=("a grid for power",),
    ),
    Published(
        "battery w/s recall",
        "{same: {unit: sentence, all: ['~battery', '~recall']}}",
        fires=("The battery maker faces a recall.",),
        silent=("The battery maker is new. A recall began.",),
    ),
    Published(
        "battery w/p recall",
        "{same: {unit: paragraph, all: ['~battery', '~recall']}}",
        fires=("The battery maker is new. A recall began.",),
        silent=("The battery maker is new.\n\nA recall began.",),
    ),
    Published(
        "battery w/sent recall",
        "{same: {unit: sentence, all: ['~battery', '~recall']}}",
        fires=("The battery maker faces a recall.",),
        silent=("The battery maker is new. A recall began.",),
    ),
    Published(
        "battery w/para recall",
        "{same: {unit: paragraph, all: ['~battery', '~recall']}}",
        fires=("The battery is new. A recall began.",),
        silent=("A battery.\n\nA recall.",),
    ),
    Published(
        "battery w/seg recall",
        "{all: ['~battery', '~recall']}",
        fires=("A battery. Later on, far away from that, a recall.",),
        silent=("a battery",),
        lost=("1:9: w/seg: one document section; read as AND",),
    ),
    Published(
        "battery pre/s recall",
        "{same: {unit: sentence, all: ['~battery', '~recall']}}",
        fires=("The battery faces a recall.", "A recall of the battery."),
        silent=("A battery. A recall.",),
        lost=("1:9: pre/s: a sentence or paragraph keeps no order here; found in any",),
    ),
    Published(
        "mercury not w/3 planet",
        "{any: ['~mercury'], unless_near: {within: 2, any: ['~planet']}}",
        fires=("mercury rises",),
        silent=("the planet mercury",),
    ),
    Published(
        "mercury not/3 planet",
        "{any: ['~mercury'], unless_near: {within: 2, any: ['~planet']}}",
        fires=("mercury rises",),
        silent=("the planet mercury",),
    ),
    Published(
        "mercury not w/seg planet",
        "{all: ['~mercury'], none: ['~planet']}",
        fires=("mercury rises",),
        silent=("mercury, and later on the planet",),
        lost=("1:9: not w/seg: one document section; read as AND NOT",),
    ),
    Published(
        "mercury not w/p planet",
        "{any: ['~mercury'], unless_near: {within: 50, any: ['~planet']}}",
        fires=("mercury rises",),
        silent=("mercury is a planet",),
        lost=(
            "1:9: not w/p: an exclusion reaches so many words, not a sentence or paragraph; read as 50 words",
        ),
    ),
    Published(
        "subsid! w/10 solar or wind or hydrogen and parliament",
        "{all: [{near: {within: 9, all: ['subsid*', {any: ['~solar', '~wind', '~hydrogen']}]}}, '~parliament']}",
        fires=("Parliament votes on a subsidy for wind farms",),
        silent=(
            "subsidies for wind farms",
            "Parliament on a subsidy. x x x x x x x x x x x x x x x x x x x x  wind",
        ),
    ),
    Published(
        "credit near/1 rating near/10 downgrade",
        "{near: {within: 9, all: [{near: {within: 0, all: ['~credit', '~rating']}}, '~downgrade']}}",
        fires=("a downgrade of the credit rating",),
        silent=("a downgrade of the rating, a credit fund says",),
    ),
    Published(
        "atleast5(hydrogen)",
        "{any: ['~hydrogen'], min_mentions: 5}",
        fires=("hydrogen hydrogen hydrogen hydrogen hydrogen ",),
        silent=("hydrogen hydrogen hydrogen hydrogen ",),
    ),
    Published(
        "allcaps(aid) and export",
        "{all: ['=AID', '~export']}",
        fires=("AID for export",),
        silent=("aid for export",),
    ),
    Published(
        "caps(orange) and mobile",
        "{all: [{any: ['=Orange', '=ORANGE']}, '~mobile']}",
        fires=("Orange, the mobile firm",),
        silent=("orange mobile",),
    ),
    Published(
        "nocaps(orange) and juice",
        "{all: ['=orange', '~juice']}",
        fires=("orange juice",),
        silent=("Orange juice",),
    ),
    Published(
        "atleast3(caps(shell energy))",
        "{any: ['=Shell Energy', '=SHELL ENERGY'], min_mentions: 3}",
        fires=("Shell Energy, Shell Energy and SHELL ENERGY",),
        silent=("Shell Energy, Shell Energy and shell energy",),
    ),
    Published(
        "plural(fine) and bank",
        "{all: ['~fine', '~bank']}",
        fires=("fines for a bank",),
        silent=("a loan of a bank",),
        lost=("1:1: plural: a rule has no plural only; all forms are found",),
    ),
    Published(
        "singular(fine) and bank",
        "{all: [fine, '~bank']}",
        fires=("a fine for a bank",),
        silent=("fines for a bank",),
    ),
    Published(
        "headline(merger w/5 bank)",
        "{near: {within: 4, all: ['~merger', '~bank']}, in: title}",
        fires=(("Bank in merger talks", "x"),),
        silent=(("x", "Bank in merger talks"),),
    ),
    Published(
        "hlead(allcaps(esg) and fund)",
        "{all: ['=ESG', '~fund'], in: [title, lead]}",
        fires=(("ESG fund grows", "x"), ("x", "An ESG fund grows.")),
        silent=(
            ("esg fund", "x"),
            (
                "x",
                "y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y y \n\nESG fund",
            ),
        ),
    ),
    Published(
        "publication(herald) and tariff!",
        "{all: [{any: ['~herald'], in: source}, 'tariff*']}",
        fires=({"text": "tariffs rise", "source": "Morning Herald"},),
        silent=({"text": "tariffs rise", "source": "Daily Post"},),
    ),
    Published(
        "byline(desk) and tariff!",
        "{all: [{any: ['~desk'], in: author}, 'tariff*']}",
        fires=({"text": "tariffs rise", "author": "Economy desk"},),
        silent=({"text": "tariffs rise", "author": "Sports page"},),
    ),
    Published(
        "hlead(caps(shell)) and atleast2(caps(shell)) and term(oil prices #90plus#) and length > 1500",
        "{all: [{any: ['=Shell', '=SHELL'], in: [title, lead]}, {any: ['=Shell', '=SHELL'], min_mentions: 2}]}",
        fires=(("Shell", "Shell grows"),),
        silent=(("shell", "shell shell"),),
        lost=(
            "1:50: term(oil prices #90plus#): this segment has no counterpart in a rule. Use source: or labels of feeds. The rule finds more without it",
            "1:80: length > 1500: a length is not part of match:. Write source: {min_words: …} beside it. The rule finds more without it",
        ),
    ),
    Published(
        "company(carmaker inc #85plus#) and recall",
        "'~recall'",
        fires=("a recall",),
        silent=("a car",),
        lost=(
            "1:1: company(carmaker inc #85plus#): this segment has no counterpart in a rule. Use source: or labels of feeds. The rule finds more without it",
        ),
    ),
    Published(
        "tariff! and date aft 1/1/2024 and bef 6/1/2024",
        "'tariff*'",
        fires=("tariffs",),
        silent=("taxes",),
        lost=(
            "1:13: date aft 1/1/2024 and bef 6/1/2024: a date is not part of match:. Write source: {max_age: …} beside it. The rule finds more without it",
        ),
    ),
    Published(
        "tariff! and date(geq (1/1/2024) and leq (6/1/2024))",
        "'tariff*'",
        fires=("tariffs",),
        silent=("taxes",),
        lost=(
            "1:13: date(geq (1/1/2024) and leq (6/1/2024)): a date is not part of match:. Write source: {max_age: …} beside it. The rule finds more without it",
        ),
    ),
    Published(
        "section(business) and tariff!",
        "'tariff*'",
        fires=("tariffs",),
        silent=("taxes",),
        lost=(
            "1:1: section(business): this segment has no counterpart in a rule. Use source: or labels of feeds. The rule finds more without it",
        ),
    ),
    Published(
        "gr*y and hydrogen",
        "{all: [{regex: '(?i)\\bgr[\\pL\\pN]y\\b'}, '~hydrogen']}",
        fires=("grey hydrogen", "gray hydrogen"),
        silent=("green hydrogen",),
    ),
    Published(
        "f??l and price!",
        "{all: [{regex: '(?i)\\bf[\\pL\\pN][\\pL\\pN]l\\b'}, 'price*']}",
        fires=("fuel prices", "the price of foil"),
        silent=("a price for flour",),
    ),
    Published(
        "bank* and rescue",
        "{all: [{regex: '(?i)\\bbank[\\pL\\pN]?\\b'}, '~rescue']}",
        fires=("banks in a rescue",),
        silent=("a banking rescue",),
        lost=(
            "1:5: *: at the end of a word read as one letter or none, as Nexis does; Lexis+ takes any ending. Write ! for that",
        ),
    ),
    Published(
        '"supply contract" and claim!',
        "{all: [supply contract, 'claim*']}",
        fires=("supply contract claims",),
        silent=("supply contracts claims",),
    ),
    Published(
        "(wind or solar) w/5 loan",
        "{near: {within: 4, all: [{any: ['~wind', '~solar']}, '~loan']}}",
        fires=("a loan for a solar farm",),
        silent=("a solar farm",),
    ),
    Published(
        "ai w/5 (chip or gpu)",
        "{near: {within: 4, all: ['~ai', {any: ['~chip', '~gpu']}]}}",
        fires=("an AI chip", "ai gpu"),
        silent=("an AI model",),
    ),
    Published(
        "(court and ruling) w/10 patent",
        "{all: [{near: {within: 9, all: ['~court', '~patent']}}, {near: {within: 9, all: ['~ruling', '~patent']}}]}",
        fires=("the court's ruling on a patent",),
        silent=("a patent",),
        lost=("1:20: window: each part of the AND may have its own place near the other side",),
    ),
    Published(
        "merger w/5 (bank", "", lost=("1:12: (: this parenthesis is not closed. Add the ) to it",)
    ),
    Published("merger and", "", lost=("1:8: and: a term is missing beside 'and'. Add it",)),
    Published(
        "w/5 merger",
        "",
        lost=("1:1: w/5: before 'w/5' a term is missing. Add it, or remove the operator",),
    ),
]
