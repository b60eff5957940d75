"""Words that the checks know: names that are also words, beginnings that fit too much.

Layer 1, plain data. Gathered by hand from what news texts hold; a word that is missing here only
means a warning less.
"""

from typing import Final

# Companies, products and bodies whose names are ordinary words when written small.
AMBIGUOUS_NAMES: Final = frozenset(
    "alphabet amazon apple arm ally block box caterpillar chase citizen coach discover dove "
    "element gap guess hinge intuit kind meta notion oracle orange oscar "
    "puma ring sage shell signal slack snap sprint square stripe subway sunrise target "
    "telegram threads tide time tinder total twitch unity virgin visa wish zoom "
    "gemini copilot claude grok mistral windows teams word excel edge office surface pixel galaxy "
    "bard llama falcon cursor brave arc gem sky sun mirror guardian"
    .split()
)  # fmt: skip

# Capitals that are also English words: a headline wholly in capitals holds them all the time.
CAPITALS_WORDS: Final = frozenset(
    "ACT ADD AGE AID AIM ALL AM AN AND ARE ARM ART AS ASK AT BE BUT BY CAN CARE CAP CAR CASE "
    "DO EAT END FACT FAR FAST FAT FIT FOR FUND GAP GET GO GREAT HAD HAS HE HIS HOPE HOT HOW IF "
    "IN IS IT ITS JOB LAW LEAD LET LOT MAN MAP MAY ME MET MINE MY NET NEW NO NOT NOW OF OFF OIL ON "
    "ONE OR OUR OUT PAY PEN PER PET PLAN RAN RAW RED RISK RUN SAD SAFE SAT SAW SAY SEA SEE SET SHE "
    "SO STAR START STEM SUM TAP TEN THE TIP TO TOP TRADE TWO UP US USE WAR WAS WE WHO "
    "WHY WIN YES YET YOU".split()
)  # fmt: skip

# Words that nearly every article holds; German, French, Spanish and Dutch ones that are no names.
STOP_WORDS: Final = frozenset(
    "a about after all also an and any are as at be because been before but by can could did do "
    "does for from had has have he her his how if in into is it its just many more most new no not "
    "now of off on one only or other our out over per said say says she since so some such than "
    "that the their them then there these they this those to up was we were what when where which "
    "while who will with would year years you your "
    "aber als am auch auf aus bei bis das dass dem den der des die durch ein eine einen einer "
    "eines für ist mit nach nicht oder sich sie sind über um "
    "und uns von vor war wie wird wir zu zum "
    "zur au aux avec ce ces cette dans de des du elle en est et il ils la le les leur mais ne "
    "nous ou "
    "par pas pour qui sa se ses son sont sur un une vous "
    "con del el ella las lo los para pero por que sin su sus una y "
    "aan bij dat een het ik in met naar niet om ook op te uit van voor zijn"
    .split()
)  # fmt: skip

# Beginnings of four letters and more that fit words of unrelated meaning.
BROAD_BEGINNINGS: Final = {
    "care": "careful, career, caress", "char": "charge, character, charity",
    "comm": "commission, comment, community", "comp": "company, compete, complain",
    "conc": "concern, concert, concrete", "conf": "confirm, conflict, conference",
    "cons": "consider, construction, conservative", "cont": "contract, continue, contain",
    "coun": "country, council, counsel", "cour": "court, course, courage",
    "dema": "demand, demagogue", "disc": "discover, discuss, discount",
    "dist": "distance, district, distribute", "econ": "economy, econometrics",
    "expe": "expect, expert, expensive", "fina": "final, finance",
    "form": "form, former, formula", "gene": "general, gene, generate",
    "gran": "grand, grant, granite", "grou": "group, ground",
    "head": "head, headline, headquarters", "impo": "import, important, impossible",
    "indu": "industry, induce", "info": "info, inform", "inform": "informal, information, informer",
    "inte": "interest, intend, integrate", "inter": "interest, interview, internet",
    "lead": "lead, leader, leaded", "mana": "manage, manager",
    "mark": "mark, market, Markus", "micro": "Microsoft, microphone, microwave",
    "mini": "mini, minister, minimum", "nation": "national, nationwide",
    "over": "over, overall, overseas", "part": "part, party, partner",
    "pass": "pass, passenger, passion", "pers": "person, persuade, Persian",
    "plan": "plan, plane, planet, plant", "poli": "police, policy, politics, Poliakov",
    "port": "port, portrait, Portugal", "posi": "position, positive",
    "pres": "president, press, present", "prin": "print, prince, principle",
    "prod": "product, prodigy", "prof": "profit, professor, profile",
    "prop": "property, proposal, propaganda", "publ": "public, publish",
    "reco": "record, recover, recommend", "repo": "report, repository",
    "rese": "research, reserve, resemble", "sect": "sector, section, sect",
    "secu": "security, secular", "serv": "service, server, servant",
    "spec": "special, specific, spectator", "stan": "stand, standard, Stanford",
    "star": "star, start, starve", "stat": "state, station, statistics",
    "supp": "support, supply, suppose", "tech": "tech, technique",
    "trad": "trade, tradition", "tran": "transfer, transport, tranquil",
    "trans": "transfer, transport, translate", "under": "under, understand, underline",
    "univ": "university, universe", "vari": "various, vary, variant",
    "vers": "versus, version", "work": "work, worker, workshop",
}  # fmt: skip

# Latin letters and the letters of other scripts that look the same (Unicode TS 39 calls such
# letters confusable; these are the ones met in words that were copied together).
LOOK_ALIKES: Final = dict(
    zip(
        "АВЕЅІЈКМНОРСТХУаеѕіјорсхуΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
        "ABESIJKMHOPCTXYaesijopcxyABEZHIKMNOPTYXo",
        strict=True,
    )
)
