"""What a case is, and short ways to write documents."""

from dataclasses import dataclass, field
from typing import Any

URL = "https://pier-gazette.example/feeds/news.xml"
NINE = "2024-02-27T09:00:00Z"
RSS_NAMES = (
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/"'
)


@dataclass(frozen=True, slots=True)
class Case:
    """``entries``: for each entry the fields that must be so, as ``feeds parse --json`` has them.

    ``feed``: fields of the feed. ``problem``: a part of the sentence that says why it is no feed.
    ``warning``: a part of some warning; "" where there must be none, None where any is fine.
    """

    id: str
    body: bytes | str
    entries: tuple[dict[str, Any], ...] | None = None
    feed: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    warning: str | None = None
    content_type: str | None = None
    url: str = URL

    @property
    def data(self) -> bytes:
        """The document as bytes."""
        return self.body.encode() if isinstance(self.body, str) else self.body


def rss(*items: str, head: str = "<title>Pier</title>", version: str = "2.0") -> str:
    """RSS 2.0 around the insides of items."""
    inside = "".join(f"<item>{item}</item>" for item in items)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="{version}"{RSS_NAMES}>'
        f"<channel>{head}{inside}</channel></rss>"
    )


def atom(*entries: str, head: str = "<title>Pier</title>", root: str = "") -> str:
    """Atom 1.0 around the insides of entries."""
    inside = "".join(f"<entry>{entry}</entry>" for entry in entries)
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"{root}>'
        f"{head}{inside}</feed>"
    )
