"""What was read from a page, with what only the reader of pages needs; values, pure."""

from dataclasses import dataclass
from enum import StrEnum

from monitor.model import Extracted


class Way(StrEnum):
    """Another form of a page's article."""

    AMP = "amp"
    PRINT = "print"


class Origin(StrEnum):
    """Where the text came from."""

    PAGE = "page"
    JSON_LD = "json-ld"  # the page's own description of its article
    SETTINGS = "settings"  # the elements that ``extract: {include: …}`` names


@dataclass(frozen=True, slots=True)
class Alternate:
    """A link of the page to another form of itself; an absolute http or https address."""

    way: Way
    url: str


@dataclass(frozen=True, slots=True)
class ReadPage(Extracted):
    """An ``Extracted`` with the section, the lead image, and the ways on from a stub.

    ``free`` is False where the page says that its article is not free to read.
    """

    section: str | None = None
    image: str | None = None
    free: bool = True
    origin: Origin = Origin.PAGE
    alternates: tuple[Alternate, ...] = ()
