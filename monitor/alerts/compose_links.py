"""The next steps that a message offers: a link where there is a page, else the command to type.

Layer 1, pure. No link changes anything when it is opened: mail scanners and chat services open
every link, so the page behind "silence" holds a form. Commands are quoted for a shell (POSIX
1003.1, 2.2.2: nothing acts between single quotes), since the address in them is a stranger's.
"""

import shlex
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from monitor.alerts.escape import link

COMMAND_LIMIT: Final = 160  # characters; a longer address is not for typing
_LONG_ID: Final = 32  # a longer id is shown by its beginning, which the command accepts


@dataclass(frozen=True, slots=True)
class Way:
    """One next step. ``link`` is empty where there is no page; ``command`` always works."""

    label: str
    link: str
    command: str


def why_way(shown_link: str, alert_id: str, public_url: str | None) -> Way:
    """How a message came about: the way of its article, else all that is stored of the alert.

    ``shown_link`` is what ``escape.link`` returned; ``public_url`` is where the page is served.
    """
    by_id = f"news-monitor alerts show {short(alert_id)}"
    if not shown_link:
        return Way("More", _page(public_url, "alert", id=short(alert_id)), by_id)
    command = f"news-monitor why {shlex.quote(shown_link)}"
    page = _page(public_url, "why", url=shown_link)
    return Way("More", page, command if len(command) <= COMMAND_LIMIT else by_id)


def digest_way(alert_id: str, public_url: str | None) -> Way:
    """Everything that a digest holds, also what did not fit."""
    word = short(alert_id)
    page = _page(public_url, "alert", id=word)
    return Way("The whole digest", page, f"news-monitor alerts show {word}")


def notice_way(public_url: str | None) -> Way:
    """The state of the whole program."""
    return Way("More", _page(public_url, "status"), "news-monitor status")


def silence_way(story_id: str, public_url: str | None) -> Way | None:
    """How to hear nothing of a story for a day; None where the id is none."""
    word = short(story_id)
    if not word:
        return None
    return Way(
        "Silence for a day",
        _page(public_url, "silence", story=word, **{"for": "1d"}),
        f"news-monitor silence add --story {word} --for 1d",
    )


def short(written_id: str) -> str:
    """An id as the command line takes it: one word, letters, digits, dots, dashes, colons."""
    word = "".join(
        char for char in written_id[:200] if char.isascii() and (char.isalnum() or char in ".-_:")
    )
    return word if len(word) <= _LONG_ID else word[:16]


def _page(public_url: str | None, page: str, **query: str) -> str:
    """The address of a page of ours; empty without a public address, or where it is too long."""
    if not public_url:
        return ""
    asked = f"?{urlencode(query)}" if query else ""
    return link(f"{public_url.rstrip('/')}/{page}{asked}")
