"""Turns what the extractor found into paragraphs and takes off furniture lines; pure.

The extractor's tree has ``p``, ``head``, ``list``/``item``, ``quote``, ``table``/``row``/``cell``
and ``lb`` (trafilatura's own vocabulary, near TEI).
"""

import re
from typing import Final

from lxml.etree import _Element, iterwalk

from monitor.articles.asides import without_asides
from monitor.text.markup import one_line

_INNER_BLOCKS: Final = frozenset(
    {"p", "head", "list", "item", "quote", "table", "row", "code", "lb"}
)
_PAGE_BLOCKS: Final = frozenset(
    "address article blockquote br center dd details div dl dt fieldset figure footer h1 h2 h3 h4"
    " h5 h6 header hr li main ol p pre section summary table tr ul".split()
)
_MONTH: Final = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    "|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|januar|februar|märz|mai|juni|juli|oktober|dezember"
    "|janvier|février|mars|avril|juin|juillet|août|septembre|octobre|novembre|décembre"
)
_DATE: Final = (
    rf"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
    rf"(?:(?:{_MONTH})\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    rf"|\d{{1,2}}\.?(?:st|nd|rd|th)?\s+(?:{_MONTH})\.?,?\s+\d{{4}}"
    r"|\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4})"
)
_TIME: Final = r"(?:,?\s*(?:at\s+)?\d{1,2}[:.h]\d{2}\s*(?:[ap]\.?m\.?)?\s*(?:[a-z]{2,4})?)?"
_DATE_LINE: Final = re.compile(
    rf"[\W_]*(?:(?:published|updated|posted|last updated|date)(?:\s+on)?[:\s]+)?"
    rf"{_DATE}{_TIME}[\W_]*",
    re.IGNORECASE,
)


def _any_of(*phrases: str) -> re.Pattern[str]:
    """One pattern for ``phrases`` (regular expressions), case ignored."""
    return re.compile("|".join(phrases), re.IGNORECASE)


# Lines of comment forms and tool bars as they stand alone in a text; compared whole.
_FURNITURE: Final = _any_of(
    r"subscribe",
    r"notify of",
    r"guest",
    r"oldest",
    r"newest",
    r"most voted",
    r"newest most voted",
    r"oldest newest most voted",
    r"label",
    r"name\*?",
    r"email\*?",
    r"website",
    r"inline feedbacks?",
    r"view all comments",
    r"\d+ comments?",
    r"no comments(?: yet)?",
    r"leave a (?:comment|reply)",
    r"post (?:a )?comment",
    r"add a comment",
    r"cancel reply",
    r"reply",
    r"insert",
    r"would love your thoughts, please comment\.?\s*x?",
    r"save my name, email, and website in this browser.*",
    r"your email address will not be published\.?.*",
    r"x",
    r"\(\)",
    r"\( ?\)\s*x?",
    r"\d{1,4}",
    r"share this:?",
    r"share",
    r"tweet",
    r"like this:?",
    r"loading\.*",
    r"related",
    r"advertisement",
    r"print",
    r"email",
    r"copy link",
    r"click to share on .{0,60}",
    r"this entry was posted in .{0,200}",
    r"follow us on .{0,60}",
    r"read more",
    r"sign up for our newsletter\.?",
    r"\(?adsbygoogle.*",
)
_FURNITURE_AT_MOST: Final = 300  # characters


def paragraphs(body: _Element) -> list[str]:
    """The blocks of the extractor's ``body`` as lines of text, in order, none empty."""
    return _lines(body)


def page_lines(element: _Element) -> list[str]:
    """The text of a page's ``element`` as lines, each block of HTML one, none empty."""
    lines: list[str] = []
    running: list[str] = []

    def end_line() -> None:
        line = one_line("".join(running))
        running.clear()
        if line:
            lines.append(line)

    for event, node in iterwalk(element, events=("start", "end")):
        block = node.tag in _PAGE_BLOCKS
        if event == "start":
            if block:
                end_line()
            running.append(node.text or "" if isinstance(node.tag, str) else "")
            continue
        if block:
            end_line()
        elif node.tag in ("td", "th"):
            running.append(" ")
        if node is not element:
            running.append(node.tail or "")
    end_line()
    return lines


def without_furniture(lines: list[str], title: str) -> list[str]:
    """``lines`` without the title and date line above the text, form lines below it, and asides.

    Such lines are taken off from the two ends only, so that none of the text itself can go. Short
    form lines (``Notify of``, ``0 Comments``) in the middle go where three or more stand together.
    """
    start, end = 0, len(lines)
    heading = _folded(title)
    longest = 2 * len(title) + 20
    while start < end and (
        (len(lines[start]) <= longest and _folded(lines[start]) == heading)
        or _is_date_line(lines[start])
    ):
        start += 1
    while end > start and _is_form_line(lines[end - 1]):
        end -= 1
    if not _speaks(lines[end:]):
        end = len(lines)
    return without_asides(_without_runs(lines[start:end]))


def _without_runs(lines: list[str]) -> list[str]:
    kept: list[str] = []
    run: list[str] = []
    for line in [*lines, ""]:
        if line and _is_form_line(line):
            run.append(line)
            continue
        if len(run) < 3 or not _speaks(run):
            kept += run
        run = []
        if line:
            kept.append(line)
    return kept


def _speaks(run: list[str]) -> bool:
    """Whether a run of form lines has words: figures alone may be a table of the article."""
    return any(sum(character.isalpha() for character in line) > 1 for line in run)


def _is_form_line(line: str) -> bool:
    return len(line) <= _FURNITURE_AT_MOST and _FURNITURE.fullmatch(line) is not None


def _is_date_line(line: str) -> bool:
    return len(line) <= 80 and _DATE_LINE.fullmatch(line) is not None


def _folded(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _lines(block: _Element) -> list[str]:
    """One block as lines; a block in a block and a line break begin a new line."""
    if block.tag == "row":
        return [one_line(" ".join("".join(cell.itertext()) for cell in block))]
    lines: list[str] = []
    running = [block.text or ""]
    for child in block:
        if isinstance(child.tag, str) and child.tag in _INNER_BLOCKS:
            lines.append(one_line("".join(running)))
            lines += _lines(child)
            running = [child.tail or ""]
        else:
            inner = "".join(str(piece) for piece in child.itertext())
            running += [inner, child.tail or ""]
    lines.append(one_line("".join(running)))
    return [line for line in lines if line]
