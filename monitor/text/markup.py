"""Markup to plain text, and text made fit to store: pure, linear, never raises.

Layer 0, standard library only. It reads the HTML of feed fields the way a reader needs it (which
words, which paragraphs), not the way a browser shows it. Pages go through the extractor instead.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from typing import Final

# A tag ends at ">" outside quotes; "<" never stands in one, which keeps the search linear.
_TAG: Final = re.compile(
    r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9:-]{0,40})"""
    r"""(?P<rest>(?>\s[^<>"']*(?>(?>"[^"<]*"|'[^'<]*'|["'])[^<>"']*)*|/)?)>"""
    r"""|<!--|<!\[CDATA\[|\]\]>|<[!?][^<>]*>"""
)
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_UNFIT: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_SPACES: Final = re.compile(r"[^\S\n]+")
_CLASS_OR_ID: Final = re.compile(
    r"""\b(?:class|id|itemprop)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)

_DROPPED: Final = frozenset(
    "script style template noscript iframe object svg math select textarea button figcaption"
    " head title audio video canvas".split()
)
_BLOCKS: Final = frozenset(
    "address article aside blockquote body center dd details dialog div dl dt fieldset figure"
    " footer form h1 h2 h3 h4 h5 h6 header hr html li main nav ol p pre section summary table"
    " tbody tfoot thead tr ul".split()
)
_CELLS: Final = frozenset({"td", "th", "option", "img"})
_VOID: Final = frozenset(
    "area base br col embed hr img input link meta param source track wbr".split()
)

Skip = Callable[[str], bool]


def tidy(text: str) -> str:
    """``text`` in Unicode form NFC, without what no store or message can hold.

    Removes NUL and other control characters, lone surrogates and noncharacters; line ends become
    "\\n"; tabs and line feeds stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    return unicodedata.normalize("NFC", _UNFIT.sub("", text))


def one_line(text: str) -> str:
    """``text`` tidied, every run of white space one space, none at the ends."""
    return " ".join(tidy(text).split())


def unescape(text: str) -> str:
    """``text`` with character references decoded once; only those that end in ";" are any.

    ``&copy=2`` of an address is none, though browsers would show a sign for it.
    """
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def plain_text(markup: str, skip: Skip | None = None) -> str:
    """The text of ``markup``: paragraphs parted by one blank line, entities decoded once.

    Scripts, styles, captions (``figcaption``) and other elements without running text are left
    out; so is every element with a class, id or itemprop for which ``skip`` says yes, unless more
    than half of the text would go that way. Never raises; linear in the length of ``markup``.
    """
    text = _rendered(markup, skip)
    if skip is None:
        return text
    whole = _rendered(markup, None)
    return text if 2 * len(text) >= len(whole) else whole


def line_of(markup: str) -> str:
    """``plain_text`` on one line: a title."""
    return " ".join(plain_text(markup).split())


def has_markup(text: str) -> bool:
    """Whether ``text`` holds at least one tag of HTML that is closed, or a void one."""
    for found in _TAG.finditer(text):
        name = (found["name"] or "").lower()
        if name and (found["close"] or name in _VOID):
            return True
    return False


def _rendered(markup: str, skip: Skip | None) -> str:
    pieces: list[str] = []
    position = 0
    dropped = ""  # the name of the element being left out
    depth = 0
    while found := _TAG.search(markup, position):
        if not dropped:
            pieces.append(unescape(markup[position : found.start()]))
        position = found.end()
        name = (found["name"] or "").lower()
        if not name:
            if found[0] == "<!--":
                end = markup.find("-->", position)
                position = len(markup) if end < 0 else end + 3
            continue
        closing, empty = bool(found["close"]), found["rest"].endswith("/") or name in _VOID
        if dropped:
            if name == dropped and not empty:
                depth += -1 if closing else 1
                dropped = dropped if depth else ""
            continue
        if not closing and not empty and (name in _DROPPED or _skipped(found["rest"], skip)):
            dropped, depth = name, 1
        pieces.append(_space_of(name))
    if not dropped:
        pieces.append(unescape(markup[position:]))
    return _paragraphs("".join(pieces))


def _skipped(attributes: str, skip: Skip | None) -> bool:
    if skip is None or not attributes:
        return False
    return any(
        skip(name)
        for found in _CLASS_OR_ID.finditer(attributes[:1000])
        for name in (found[1] or found[2] or found[3] or "").split()[:20]
    )


def _space_of(name: str) -> str:
    if name in _BLOCKS:
        return "\x1e\x1e"
    if name == "br":
        return "\x1e"
    return " " if name in _CELLS else ""


def _paragraphs(text: str) -> str:
    """Blocks were marked with two record separators, line breaks with one; source lines fold."""
    blocks = re.sub(r"\x1e\s*\x1e[\x1e\s]*", "\x1d", text)
    lines = (one_line(block) for block in blocks.replace("\x1e", " ").split("\x1d"))
    return "\n\n".join(line for line in lines if line)
