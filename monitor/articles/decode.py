"""Decides the characters of a page from its bytes: what it says, checked against what it holds.

Pure. The order is that of the WHATWG "encoding sniffing algorithm" with one difference that real
pages ask for: bytes that are valid UTF-8 with at least one character outside ASCII are UTF-8,
whatever label they carry (text in another encoding is practically never valid UTF-8).
"""

import codecs
import re
from typing import Final

_META: Final = re.compile(
    rb"""<meta[^<>]{0,300}?charset\s*=\s*["']?\s*([a-zA-Z0-9_:.-]{2,40})""", re.I
)
_XML: Final = re.compile(rb"""^\s*<\?xml[^<>]{0,200}?encoding\s*=\s*["']([a-zA-Z0-9_.-]{2,40})""")
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?([a-zA-Z0-9_:.-]{2,40})""", re.I)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What a label means in practice (WHATWG Encoding Standard, "Names and labels").
_MEANT: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
# Text encodings of the web. Not in it: utf-7, idna, unicode_escape, zlib and other such codecs.
_KNOWN: Final = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|cp125[0-8]|cp874|cp866|cp932|cp949|iso8859-\d+|koi8-[ru]|gb18030"
    r"|big5hkscs|euc_jp|iso2022_jp|mac-roman|mac-cyrillic"
)


def page_text(body: bytes, content_type: str | None) -> str:
    """The characters of ``body``. Never raises; what cannot be decoded becomes U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    start = body[:4096]
    declared = [
        _encoding(_HEADER.search(content_type or "")),
        _encoding(_META.search(start)),
        _encoding(_XML.search(start)),
    ]
    wide = _wide(start)
    if wide:
        return body.decode(wide, "replace")
    # ISO-2022-JP is pure ASCII to look at; everything else that is valid UTF-8 is UTF-8.
    names = ["utf-8", *(name for name in declared if name and not name.startswith("utf-16"))]
    if "iso2022_jp" in declared and b"\x1b$" in body:
        names.insert(0, "iso2022_jp")
    for name in names:
        try:
            return body.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
    return _best_effort(body, names)


def _best_effort(body: bytes, names: list[str]) -> str:
    """Damaged text: the declared encoding that loses least, Windows-1252 if that loses nothing."""
    candidates = [body.decode(name, "replace") for name in names]
    best = min(candidates, key=lambda text: text.count("\ufffd"))
    outside = sum(byte > 0x7F for byte in body[:100_000])
    if best.count("\ufffd") * 3 < outside:
        return best  # a few damaged places, or a page cut in the middle of a character
    return body.decode("cp1252", "replace")


def _encoding(found: re.Match[bytes] | re.Match[str] | None) -> str | None:
    if found is None:
        return None
    label = found[1] if isinstance(found[1], str) else found[1].decode("ascii")
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return None
    name = _MEANT.get(name, name)
    return name if _KNOWN.fullmatch(name) else None


def _wide(start: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of markup is zero."""
    if start[1:2] == b"\x00" and start[3:4] == b"\x00" and start[:1] != b"\x00":
        return "utf-16-le"
    if start[:1] == b"\x00" and start[2:3] == b"\x00" and start[1:2] != b"\x00":
        return "utf-16-be"
    return None
