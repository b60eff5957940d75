"""Made-up reports of one deal, of a ferry, and the outlets that tell them."""

from tests.flow.outlets import Item, Site, feed, semantic

Report = tuple[str, tuple[str, ...]]

# Made up: no such companies, no such deal.
FIRST = (
    "Norvik invests in the language lab Calliope",
    (
        "The cloud group Norvik is to invest $2.1 billion in the language laboratory Calliope, "
        "both companies said on Monday. Norvik takes a minority of the shares and a seat on the "
        "board of the Lisbon laboratory.",
        "Calliope trains language models for courts and archives. Its models are to run in the "
        "data centres of Norvik from spring.",
    ),
)
SECOND = (
    "Calliope, valued at $2.1 billion, finds a partner in Norvik",
    (
        "Calliope, the Lisbon laboratory for language models, has found a partner in the cloud "
        "group Norvik, the two said on Monday. The deal values Calliope at $2.1 billion.",
        "Norvik takes a minority of its shares and gets a seat on the board. The models of "
        "Calliope for courts and archives will run in Norvik's data centres from spring.",
    ),
)
REGULATOR = (
    "Competition authority to look at Norvik's stake in Calliope",
    (
        "The competition authority said on Tuesday that it will look at the minority stake which "
        "the cloud group Norvik takes in the language laboratory Calliope. It asked both companies "
        "for the contract about the data centres.",
        "The authority wants to know whether other clouds can still run the models of the Lisbon "
        "laboratory. Norvik said that it welcomes the questions.",
    ),
)
THIRD = (
    "Norvik and Calliope: what the courts get",
    (
        "Courts and archives that use the language models of the Lisbon laboratory Calliope will "
        "find them in the data centres of the cloud group Norvik from spring, when the deal is "
        "done and Norvik has its seat on the board.",
        "Norvik takes a minority of the shares of Calliope, both companies said on Monday.",
    ),
)
FERRY = (
    "Two islands get a ferry that reads letters aloud",
    (
        "A ferry between two islands reads letters aloud to its passengers, in the voice of a "
        "retired teacher. The captain prefers silence.",
        "The harbour master says that most letters are about the weather, and that the ferry has "
        "been late twice since people began to listen.",
    ),
)
LATER = (
    "Ferry between two islands is late again, its letters unread",
    (
        "Passengers of the ferry between the two islands clapped when the voice of the retired "
        "teacher began to read their letters aloud once more. The ferry was late again.",
        "Most letters were about the weather, the captain said. The harbour master has asked for "
        "shorter ones.",
    ),
)


def outlets(site: Site, *reports: Report) -> list[dict[str, str]]:
    """A feed for each report, each an outlet of its own, in this order."""
    found = []
    for number, (title, paragraphs) in enumerate(reports):
        link = site.page(f"/page/{number}", semantic(title, paragraphs))
        url = site.serve(f"/feed/{number}", feed(Item(title, link)))
        found.append({"url": url, "name": f"Outlet {number + 1}"})
    return found
