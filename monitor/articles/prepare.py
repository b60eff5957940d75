"""Mends the markup of a cleaned page, so that the extractor loses no words of the article; pure.

An lxml tree in, the same tree changed; linear in its size. Four habits of real pages cost words,
sentences or whole paragraphs otherwise: text that stands loose beside paragraphs, paragraphs made
of ``div``, embedded posts that the article quotes, and class names on words inside a sentence.
"""

from itertools import islice
from typing import Final

from lxml.etree import _Element

from monitor.articles.removal import take_out

_LOOSE_IN: Final = frozenset("article body center div main section td".split())
_INLINE: Final = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i ins kbd mark q s samp small"
    " span strike strong sub sup time tt u var wbr".split()
)
_SENTENCE: Final = 60  # characters; shorter runs are labels
_ENDS: Final = frozenset(".!?…:;\"'”’»)]。！？」』｡।؟۔")
_MOST_QUOTES: Final = 200  # each looks at all the text around it
_MOST_LINKED: Final = 0.5  # share of the characters of a run
_CARD_LINKS: Final = 3  # links of a span in a sentence that make it a card that pops up
_NAMES: Final = ("class", "id", "role", "itemprop")


def keep_posts(root: _Element) -> _Element:
    """``root`` with quotations kept from being taken for buttons; call it before cleaning.

    Embedded posts stand in containers named ``embed`` or ``social``, as do buttons to share.
    """
    for quote in list(islice(root.iter("blockquote"), _MOST_QUOTES)):
        _keep_post(quote)
    return root


def prepare(root: _Element) -> _Element:
    """``root`` with every sentence of the article in a paragraph; call it after cleaning."""
    for element in list(root.iter()):
        if element.tag == "p":
            _trust_words(element)
        elif element.tag in _LOOSE_IN:
            _wrap_loose_text(element)
    return root


def _keep_post(quote: _Element) -> None:
    element: _Element | None = quote
    for _ in range(3):
        if element is None or element.tag not in ("blockquote", "div", "section", "p", "figure"):
            return
        if element is quote or _is_mostly(element, quote):
            _forget_names(element)
        element = element.getparent()


def _is_mostly(element: _Element, inner: _Element) -> bool:
    return 2 * _length(inner) > _length(element)


def _trust_words(paragraph: _Element) -> None:
    """Words of a sentence are not furniture, whatever their class; a card that pops up is."""
    whole = _length(paragraph)
    for element in list(paragraph.iter("span", "a")):
        if element.tag == "span" and _is_card(element):
            take_out(element)
        elif element.get("class") and whole - _length(element) >= _SENTENCE:
            _forget_names(element)


def _is_card(span: _Element) -> bool:
    links = list(span.iter("a"))
    return (
        len(links) >= _CARD_LINKS
        and next(span.iter("img"), None) is not None
        and sum(map(_length, links)) > 0.9 * _length(span)
    )


def _wrap_loose_text(element: _Element) -> None:
    """Puts runs of text and inline elements beside blocks into paragraphs of their own.

    Two or more ``div`` elements of prose beside each other are paragraphs.
    """
    if all(child.tag in _INLINE for child in element):
        return
    prose = [child for child in element if child.tag == "div" and _is_prose(child)]
    if len(prose) > 1:
        for child in prose:
            child.tag = "p"
    for run in _runs(element):
        _wrap(element, *run)


def _runs(element: _Element) -> list[tuple[_Element | None, list[_Element]]]:
    """Runs of loose text: the block before (None: the start) and the inline elements in it."""
    runs: list[tuple[_Element | None, list[_Element]]] = [(None, [])]
    for child in element:
        if child.tag in _INLINE:
            runs[-1][1].append(child)
        else:
            runs.append((child, []))
    return runs


def _wrap(parent: _Element, before: _Element | None, inline: list[_Element]) -> None:
    first = (parent.text if before is None else before.tail) or ""
    if not inline and len(first) < _SENTENCE:
        return
    text = (first + "".join(_text(child) + (child.tail or "") for child in inline)).strip()
    if not _reads(text, sum(_linked(child) for child in inline)):
        return
    paragraph = parent.makeelement("p", {})
    paragraph.text = first
    if before is None:
        parent.text = None
        parent.insert(0, paragraph)
    else:
        before.tail = None
        before.addnext(paragraph)
    paragraph.extend(inline)  # moves them, with the text behind them


def _is_prose(element: _Element) -> bool:
    if not all(child.tag in _INLINE for child in element):
        return False
    return _reads(_text(element).strip(), sum(_linked(child) for child in element))


def _reads(text: str, linked: int) -> bool:
    """Whether ``text`` is a sentence and not a label, an address or a list of links."""
    return (
        len(text) >= _SENTENCE
        and linked <= _MOST_LINKED * len(text)
        and text[-1] in _ENDS
        and not text.startswith(("http://", "https://"))
    )


def _linked(element: _Element) -> int:
    return sum(_length(link) for link in element.iter("a"))


def _length(element: _Element) -> int:
    return len(_text(element).strip())


def _text(element: _Element) -> str:
    return "".join(str(piece) for piece in element.itertext())


def _forget_names(element: _Element) -> None:
    for name in _NAMES:
        element.attrib.pop(name, None)
