"""Takes an element out of a page and keeps the text behind it; pure."""

from lxml.etree import _Element


def take_out(element: _Element) -> None:
    """Removes ``element`` and keeps its tail, the text behind it, which lxml counts as part of it.

    Words before and behind do not run together. The root of a tree stays.
    """
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail and tail.strip():
        before = element.getprevious()
        if before is None:
            parent.text = f"{parent.text or ''} {tail}"
        else:
            before.tail = f"{before.tail or ''} {tail}"
    parent.remove(element)
