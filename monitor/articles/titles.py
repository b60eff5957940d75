"""Takes the site's name off a page's title; pure."""

import re
import unicodedata
from typing import Final

_SEPARATOR: Final = re.compile(r"\s+(?:[|–—·•»«:-]|::|\|\|)\s+|\s*\|\s*|\s+[»›]\s*")


def without_site(title: str, site: str | None, host: str, headings: list[str]) -> str:
    """``title`` without the site's name before or after it; "" if it is nothing but that name.

    A piece at an end, cut off by " | ", " - " and the like, goes if it is the name that the page
    gives its site, or the name in ``host``; or if the rest is exactly one of the page's
    ``headings``. Other pieces stay: they may be part of the headline.
    """
    names = {_letters(site or ""), *_names_in(host)} - {""}
    if _is_site(title, names) and not any(_letters(title) == _letters(h) for h in headings):
        return ""
    while True:
        shorter = _one_less(title, names, headings)
        if shorter == title:
            return title
        title = shorter


def _one_less(title: str, names: set[str], headings: list[str]) -> str:
    cuts = list(_SEPARATOR.finditer(title))
    if not cuts:
        return title
    head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
    if head and _is_site(tail, names):
        return head
    first, rest = title[: cuts[0].start()].strip(), title[cuts[0].end() :].strip()
    if rest and _is_site(first, names):
        return rest
    for cut in cuts:
        before = title[: cut.start()].strip()
        if len(before.split()) > 1 and any(_letters(before) == _letters(h) for h in headings):
            return before
    return title


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
