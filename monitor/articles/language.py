"""Decides the language of an article from what the page declares and from its words; pure.

Detection is Chromium's compact language detector (CLD2, package pycld2; docs/decisions/0009 has
the measurements). It has no wheel for every platform: without it nothing is detected, and what
page, feed or config.yaml declare holds.
"""

from typing import Final

try:
    import pycld2  # type: ignore[import-untyped]  # it publishes no types
except ImportError:  # pragma: no cover  # a platform without it
    pycld2 = None

_MOST_TEXT: Final = 4000  # characters; more changes no answer
_ENOUGH: Final = 40  # bytes
_SURE: Final = 90  # percent of the text, to contradict what the page declares
_ENOUGH_TO_CONTRADICT: Final = 400  # bytes
# CLD2's older codes, as ISO 639-1 has them today.
_TODAY: Final = {
    "iw": "he",
    "nb": "no",
    "nn": "no",
    "jw": "jv",
    "in": "id",
    "tl": "fil",
    "mo": "ro",
}
# Languages that no detector tells apart surely in a few paragraphs.
_NEAR: Final = (
    frozenset({"no", "nb", "nn", "da", "sv"}),
    frozenset({"hr", "sr", "bs", "sh", "sl", "me"}),
    frozenset({"id", "ms"}),
    frozenset({"pt", "gl", "es", "ca"}),
    frozenset({"cs", "sk"}),
    frozenset({"ru", "uk", "be", "bg", "mk"}),
    frozenset({"nl", "af"}),
    frozenset({"en", "ga", "gd", "cy", "sco"}),
    frozenset({"hi", "mr", "ne"}),
)


def language_of(declared: str | None, title: str, text: str) -> str | None:
    """The language (ISO 639-1, lower case) of an article; None if it is neither said nor plain.

    What the page declares holds, unless a long text is surely in another language that is not
    easily mistaken for it: many sites leave the ``lang`` of their template as it came.
    """
    if declared is None:
        found, _, _ = _detect(f"{title}\n{text}")
        return found
    found, percent, size = _detect(text)
    if found is None or size < _ENOUGH_TO_CONTRADICT or percent < _SURE or found == declared:
        return declared
    declared = _TODAY.get(declared, declared)
    if any(found in near and declared in near for near in _NEAR):
        return declared
    return found


def _detect(text: str) -> tuple[str | None, int, int]:
    """(code or None if unsure, percent of the text, bytes read)."""
    if pycld2 is None:
        return None, 0, 0
    text = text[:_MOST_TEXT].strip()
    try:
        sure, size, found = pycld2.detect(text.encode("utf-8", "ignore"), bestEffort=False)
    except (pycld2.error, ValueError):  # characters it does not take
        return None, 0, 0
    code = found[0][1].split("-")[0].lower()
    if not sure or size < _ENOUGH or code in ("un", "xx") or len(code) > 3:
        return None, 0, size
    return _TODAY.get(code, code), int(found[0][2]), size
