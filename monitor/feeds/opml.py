"""What a list of feeds is, and which of its texts may leave this machine or come into it.

Layer 1, pure. A feed of a list is the mapping that config.yaml has for it, as written: durations
are texts such as ``15m``, ``${NAME}`` names a variable and ``$${`` stands for the characters
``${``. So a list that goes out and comes in again is the same list. Sources: OPML 2.0
(opml.org/spec2.opml), XML 1.0 (2.2, characters).
"""

import json
import re
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from monitor.errors import MonitorError
from monitor.text.urls import safe_link

Plain: TypeAlias = str | list["Plain"] | dict[str, "Plain"]
Item: TypeAlias = dict[str, Plain]

NAMESPACE: Final = "urn:news-monitor:opml:1"
PREFIX: Final = "nm"
CREDENTIALS: Final = ("headers", "auth")  # settings that hold secrets, or name them
MOST_NAME: Final = 200  # characters of a name or tag that OPML's own attributes give
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")  # RFC 5646, 2.1, in short

_REFERENCE: Final = re.compile(r"\$(?P<literal>\$\{)|\$\{[^}]*\}?")
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FEED_SCHEME: Final = re.compile(r"feed:(?://)?(?=https?://)|feed(?=://)", re.IGNORECASE)
_HARMLESS_AROUND: Final = re.compile(r'[A-Za-z =:"_-]{0,24}')  # "Bearer ", "token="


class NotOpml(MonitorError):  # noqa: N818  # says what is the case
    """A document that is no list of feeds, or one that is not taken; its text says why."""


def literal(text: str) -> str | None:
    """What ``text`` means where it names no variable; None where it names one."""
    if any(not found["literal"] for found in _REFERENCE.finditer(text)):
        return None
    return text.replace("$${", "${")


def escaped(text: str) -> str:
    """``text`` from outside as config.yaml must have it: no part of it names a variable."""
    return text.replace("${", "$${")


def refers(value: Plain) -> bool:
    """Whether ``value`` would read a variable or a file of this machine."""
    match value:
        case str():
            return literal(value) is None
        case list():
            return any(refers(item) for item in value)
        case dict():
            return tuple(value) == ("file",) or any(refers(item) for item in value.values())


def shareable(key: str, value: Plain) -> Plain | None:
    """The setting without secrets: references stay, what was written out goes. None: nothing left.

    Of ``headers`` each is judged for itself; ``auth`` goes as a whole, for half of it is no use.
    """
    if key == "headers" and isinstance(value, dict):
        kept = {name: each for name, each in value.items() if _names_a_secret(each)}
        return kept or None
    if key == "auth":
        password = value.get("password") if isinstance(value, dict) else None
        return value if password is not None and _names_a_secret(password) else None
    return value


def _names_a_secret(value: Plain) -> bool:
    """Whether this is a reference with no more around it than the name of a scheme."""
    if isinstance(value, dict):
        return tuple(value) == ("file",) and isinstance(value["file"], str)
    if not isinstance(value, str) or literal(value) is not None:
        return False
    return _HARMLESS_AROUND.fullmatch(_REFERENCE.sub("", value)) is not None


def to_attribute(value: Plain) -> str:
    """A setting as the value of an attribute: text as it is, all else as JSON."""
    if isinstance(value, str) and value[:1] not in ("{", "[", '"') and not _NOT_XML.search(value):
        return value
    text = json.dumps(value, ensure_ascii=False)
    return _NOT_XML.sub(lambda found: json.dumps(found[0])[1:-1], text)


def from_attribute(text: str) -> Plain | None:
    """The setting that ``to_attribute`` wrote; None where ``text`` is none.

    Numbers and truth values of a hand-written file become the texts that YAML would have.
    """
    if text[:1] not in ("{", "[", '"'):
        return text
    try:
        return _texts(json.loads(text))
    except (ValueError, RecursionError):
        return None


def address(text: str) -> str:
    """An address that config.yaml takes; "" if there is none in ``text``.

    ``feed:`` addresses are what browsers once handed to readers. A name or password in an address
    is refused: addresses are shown.
    """
    link = safe_link(
        _FEED_SCHEME.sub(lambda found: "" if ":" in found[0] else "http", text.strip(), count=1)
    )
    return link if link and urlsplit(link).username is None else ""


def in_xml(text: str) -> str:
    """``text`` without the characters that XML cannot hold."""
    return _NOT_XML.sub("", text)


def _texts(value: object) -> Plain:
    match value:
        case str():
            return value
        case list():
            return [_texts(item) for item in value]
        case dict():
            return {str(key): _texts(item) for key, item in value.items()}
    return json.dumps(value)
