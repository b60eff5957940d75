"""Makes text and links from the web harmless, before any channel sees them.

Layer 1, pure. Every title, outlet, sentence and address in a message was written by a stranger.
What is harmless everywhere is decided here (one line, no control or reordering characters, http
and https links only); what is special to one channel is escaped where that channel is rendered.

Sources: Unicode Standard Annex 9 (bidirectional controls) and Technical Report 36 (spoofing by
invisible characters); ECMA-48 (terminal control sequences); RFC 3986 (address characters).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

LINK_LIMIT: Final = 2000  # characters; longer addresses break in mail clients and chat services
ELLIPSIS: Final = "…"
_MARKS_IN_A_ROW: Final = 8  # combining marks; more only paint over neighbouring lines

_TERMINAL: Final = re.compile(
    "(?:\x1b\\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"  # CSI: colours, cursor
    "|(?:\x1b\\]|\x9d)[^\x07\x1b\x9c]{0,2000}(?:\x07|\x1b\\\\|\x9c)"  # OSC: window title, links
)
_JOINERS: Final = frozenset("\u200c\u200d")
_FORMAT_KEPT: Final = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u08e2")
_FILLERS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that look like nothing
_JOINABLE: Final = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})  # emoji, Arabic and Indic letters
_ADDRESSES: Final = re.compile(r"(https?://[^\s<>\"'()\[\]]+)")
_OPENING: Final = re.compile(r"<(?=[!@#/a-zA-Z])")
_SAFE_IN_LINK: Final = "%/:?#[]@!$&()*+,;=~-._"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a sentence; ``hit`` where a rule's words were found."""

    text: str
    hit: bool = False


def clean(text: str) -> str:
    """``text`` as one harmless line: no control, reordering or invisible characters.

    White space of every kind becomes one space; lone surrogates become U+FFFD, so that the result
    can always be encoded.
    """
    return _fold(_harmless(text)).strip()


def cut(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters; an ellipsis says that something is missing."""
    if len(text) <= limit:
        return text
    kept = text[: limit - 1].rstrip()
    while kept and (kept[-1] in _JOINERS or kept[-1] == "\ufe0f"):
        kept = kept[:-1]
    return kept + ELLIPSIS


def link(url: str) -> str:
    """``url`` if it is an http or https address that may be shown as a link, else an empty string.

    Characters that end a link in HTML, Slack or a terminal are percent-encoded; the host is written
    in ASCII, so that look-alike letters show; a user name before the host is refused, since it only
    serves to look like another host.
    """
    try:
        parts = urlsplit(_harmless(url).strip())
        host = parts.hostname or ""
        port = "" if parts.port is None else f":{parts.port}"
        if parts.scheme not in {"http", "https"} or not host or "@" in parts.netloc:
            return ""
        name = f"[{host}]" if ":" in host else host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return ""
    if not re.fullmatch(r"[a-z0-9._-]+|\[[0-9a-f:.]+\]", name):
        return ""
    rest = parts._replace(scheme="", netloc="").geturl()
    shown = f"{parts.scheme}://{name}{port}{quote(rest, safe=_SAFE_IN_LINK)}"
    return shown if len(shown) <= LINK_LIMIT else ""


def inert(text: str) -> str:
    """Cleaned ``text`` for a service whose markup is not known: no mention, token or label of a
    link can begin in it. Line breaks stay.

    The at sign is written in its wide form and an opening bracket as a look-alike; addresses of web
    pages keep working, with the at sign percent-encoded.
    """
    opened = _OPENING.sub("‹", text).replace("](", "] (")
    return "".join(
        part.replace("@", "%40" if part.startswith(("http://", "https://")) else "＠")
        for part in _ADDRESSES.split(opened)
    )


def host_of(shown_link: str) -> str:
    """The host of an address that ``link`` returned, without a leading ``www.``; may be empty."""
    host = urlsplit(shown_link).hostname or ""
    return host.removeprefix("www.")


def runs(text: str, marks: Iterable[tuple[int, int]], limit: int) -> tuple[Run, ...]:
    """``text`` cleaned, cut to ``limit`` characters around its first hit, parted at the marks.

    Marks that overlap are joined; marks outside the text or turned around are dropped.
    """
    pieces = list(_trimmed(_parted(text, _merged(marks, len(text))), limit))
    result: list[Run] = []
    for piece in pieces:
        words = _harmless(piece.text)
        words = _fold(words)
        if words.startswith(" ") and (not result or result[-1].text.endswith(" ")):
            words = words[1:]
        if not words:
            continue
        if result and result[-1].hit == piece.hit:
            result[-1] = Run(result[-1].text + words, piece.hit)
        else:
            result.append(Run(words, piece.hit))
    if result:
        result[-1] = Run(result[-1].text.rstrip(" "), result[-1].hit)
    return tuple(run for run in result if run.text)


def _merged(marks: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted((max(0, s), min(length, e)) for s, e in marks):
        if start >= end:
            continue
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _parted(text: str, marks: list[tuple[int, int]]) -> list[Run]:
    parts: list[Run] = []
    at = 0
    for start, end in marks:
        parts += [Run(text[at:start]), Run(text[start:end], hit=True)]
        at = end
    return [part for part in [*parts, Run(text[at:])] if part.text]


def _trimmed(parts: list[Run], limit: int) -> list[Run]:
    """At most ``limit`` characters of ``parts``, beginning a little before the first hit."""
    if sum(len(part.text) for part in parts) <= limit:
        return parts
    before = limit // 4
    left = limit
    kept: list[Run] = []
    for position, part in enumerate(parts):
        text = part.text
        if position == 0 and not part.hit and len(parts) > 1 and len(text) > before:
            text = ELLIPSIS + text[-before:]
        if len(text) > left:
            kept.append(Run(cut(text, max(left, 1)), part.hit))
            break
        kept.append(Run(text, part.hit))
        left -= len(text)
    return kept


def _harmless(text: str) -> str:
    text = _TERMINAL.sub("", text)
    if text.isascii() and text.isprintable():
        return text
    kept: list[str] = []
    marks = 0
    for position, char in enumerate(text):
        kind = unicodedata.category(char)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if kind == "Cs":
            kept.append("\ufffd")
        elif char.isspace() or kind in {"Zl", "Zp", "Zs"} or char in _FILLERS:
            kept.append(" ")
        elif kind == "Cf":
            if char in _FORMAT_KEPT or (char in _JOINERS and _joins(text, position)):
                kept.append(char)
        elif kind != "Cc" and marks <= _MARKS_IN_A_ROW and not _is_noncharacter(char):
            kept.append(char)
    return "".join(kept)


def _joins(text: str, position: int) -> bool:
    """Whether the joiner at ``position`` stands between two characters that it can join."""
    if not 0 < position < len(text) - 1:
        return False
    before, after = text[position - 1], text[position + 1]
    return {unicodedata.category(before), unicodedata.category(after)} <= _JOINABLE


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF


def _fold(text: str) -> str:
    return re.sub(" {2,}", " ", text)
