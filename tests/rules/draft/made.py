"""Examples for the tests of drafting and tuning: made-up reports, short and long."""

from typing import Any

from monitor.model import Article
from monitor.rules.draft.built import Example

FILLER = " ".join(["The report goes on about rain and the price of bread in town."] * 6)


def example(text: str = "", title: str = "", **fields: Any) -> Example:
    """An example with this title and text."""
    return Example(Article(id=title or text[:30], url="", title=title, text=text, **fields))


MERGERS = (
    example("The European Commission opened an antitrust probe on Monday into Nordwind's deal "
            "with Velta AI, the start-up.", "EU opens probe into Nordwind and Velta"),
    example("Brussels will look at the partnership of Nordwind with Velta AI, officials at the "
            "European Commission said.", "Nordwind deal with Velta AI draws EU scrutiny"),
    example("EU officials asked rivals of Nordwind about its stake in Velta AI.",
            "Nordwind's Velta AI stake under EU review"),
)  # fmt: skip
OTHERS = (
    example("The velta wind stopped ferries near Ostend, where Nordwind has an office.",
            "Velta closes port; Nordwind staff at home"),
    example("Velta AI will sell its language models to shops. Nordwind takes a small stake.",
            "Nordwind invests in Velta AI"),
)  # fmt: skip
