"""Takes the site's name off a page's title; pure."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•»«:-]|::|\|\|)\s+|\s*\|\s*|\s+[»›]\s*")


def without_site(title: str, names: Sequence[str], host: str, headings: Sequence[str]) -> str:
    """``title`` without the site's name before or after it; "" if it is nothing but that name.

    A piece at an end, cut off by " | ", " - " and the like, goes if it is one of ``names`` (what
    the page calls its site and its section), or the name in ``host``; or if the rest is exactly
    one of the page's ``headings``. "Site: " before goes only if both hold: a headline may begin
    with the site's own name. Other pieces stay: they may be part of the headline.
    """
    known = {_letters(name) for name in names} | _names_in(host)
    known.discard("")
    if _is_site(title, known) and not any(_letters(title) == _letters(h) for h in headings):
        return ""
    while True:
        shorter = _one_less(title, known, headings)
        if shorter == title:
            return title
        title = shorter


def _one_less(title: str, names: set[str], headings: Sequence[str]) -> str:
    if any(title == heading for heading in headings) and not _cut_by_bar(title, names):
        return title
    cuts = list(_SEPARATOR.finditer(title))
    if cuts:
        head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
        if head and _is_site(tail, names):
            return head
        first, rest = title[: cuts[0].start()].strip(), title[cuts[0].end() :].strip()
        if rest and _is_site(first, names):
            return rest
    for cut in cuts:
        before, after = title[: cut.start()].strip(), title[cut.end() :].strip()
        for piece in (before, after):
            if len(piece.split()) > 1 and any(_letters(piece) == _letters(h) for h in headings):
                return piece
    named, colon, rest = title.partition(": ")
    if colon and _is_site(named, names) and any(_letters(rest) == _letters(h) for h in headings):
        return rest.strip()
    return title


def _cut_by_bar(title: str, names: set[str]) -> bool:
    """A site that puts its own name even into its heading."""
    cuts = list(_SEPARATOR.finditer(title))
    return bool(cuts) and _is_site(title[cuts[-1].end() :].strip(), names)


def _is_site(piece: str, names: set[str]) -> bool:
    letters = _letters(piece)
    return bool(letters) and (letters in names or letters.removeprefix("the") in names)


def _names_in(host: str) -> set[str]:
    """``www.example-times.co.uk`` → exampletimes, exampletimescouk."""
    labels = host.removeprefix("www.").split(".")
    whole = {_letters("".join(labels))}
    if len(labels) >= 2:
        short = labels[-3] if len(labels) >= 3 and len(labels[-2]) <= 3 else labels[-2]
        whole |= {_letters(short), _letters(".".join(labels[:-1]))}
    return whole


def _letters(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(character for character in decomposed if character.isalnum())
    return letters.removeprefix("the") or letters
