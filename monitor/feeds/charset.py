"""Decides which letters a feed's bytes are, and writes them as UTF-8; pure and linear.

Labels are wrong more often than bytes: text that is valid UTF-8 with letters beyond ASCII in it is
UTF-8, whatever the header or the XML declaration says. Otherwise the declaration counts, then the
header (RFC 7303, 3, has it the other way round; feeds do not), then UTF-8 in which single bad
bytes are read as Windows-1252. Names mean what browsers take them for (WHATWG Encoding, 4.2).
"""

import codecs
import re
from dataclasses import dataclass
from typing import Final

_DECLARED: Final = re.compile(
    rb"""\A\s*<\?xml[^<>]{0,200}?\sencoding\s*=\s*["']\s*([\w.:-]{1,40})\s*["']"""
)
_HEADER: Final = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_SHIFTED: Final = frozenset(("iso2022_jp", "iso2022_kr", "hz"))  # encodings of seven bits
_MARKS: Final = (
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0\0\0", "utf-32-le"),
    (b"\0<", "utf-16-be"),
    (b"<\0", "utf-16-le"),
)
_WESTERN: Final = "cp1252"
_CODECS: Final = {
    **dict.fromkeys(
        "us-ascii ascii iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 windows-1252 cp1252"
        " x-cp1252 ansi iso-8859-15-1".split(),
        _WESTERN,
    ),
    **dict.fromkeys("gb2312 gb_2312-80 gbk x-gbk gb18030 chinese cp936".split(), "gb18030"),
    **dict.fromkeys("shift_jis shift-jis sjis x-sjis ms_kanji windows-31j".split(), "cp932"),
    **dict.fromkeys("euc-kr ks_c_5601-1987 ksc5601 korean windows-949".split(), "cp949"),
    **dict.fromkeys("big5 big5-hkscs x-x-big5 cn-big5".split(), "big5hkscs"),
    **dict.fromkeys("iso-8859-9 latin5 windows-1254".split(), "cp1254"),
    **dict.fromkeys("tis-620 iso-8859-11 windows-874".split(), "cp874"),
    **{f"windows-{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"cp{number}": f"cp{number}" for number in range(1250, 1259)},
    **{f"iso-8859-{number}": f"iso8859-{number}" for number in (*range(2, 9), 10, 13, 14, 15, 16)},
    "koi8-r": "koi8-r", "koi8-u": "koi8-u", "euc-jp": "euc_jp", "x-euc-jp": "euc_jp",
    "iso-2022-jp": "iso2022_jp", "iso-2022-kr": "iso2022_kr", "hz-gb-2312": "hz",
    "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic", "ibm866": "cp866",
}  # fmt: skip
_UTF8: Final = frozenset(("", "utf-8", "utf8", "us-ascii", "ascii"))


@dataclass(frozen=True, slots=True)
class Letters:
    """``body`` in UTF-8 without a mark, declaring nothing else; ``warning`` may be empty."""

    body: bytes
    warning: str = ""


def to_utf8(body: bytes, content_type: str | None) -> Letters:
    """``body`` as UTF-8 fit for an XML parser: control characters gone, the declaration true."""
    body, marked = _unmarked(body)
    if marked:
        return _fit(body, "")
    declared = _declared(body)
    header = _named_in(content_type)
    try:
        body.decode()
    except UnicodeDecodeError:
        return _foreign(body, declared, header)
    for name in (declared, header):
        codec = _CODECS.get(name, "")
        if codec in _SHIFTED and (text := _strictly(body, codec)):
            return _fit(text, "")
    wrong = next((name for name in (declared, header) if name not in _UTF8), "")
    said = f"declared as {wrong}, but it is UTF-8" if wrong and not body.isascii() else ""
    return _fit(body, said)


def is_plain_utf8(body: bytes, content_type: str | None) -> bool:
    """Whether ``to_utf8`` would change nothing but control characters, and say nothing."""
    if _declared(body) not in _UTF8 or _named_in(content_type) not in _UTF8:
        return False
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return not body.startswith(tuple(mark for mark, _ in _MARKS))


def _unmarked(body: bytes) -> tuple[bytes, bool]:
    """``body`` in UTF-8 if a byte order mark, or the shape of its first character, names it."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            rest = body if mark.strip(b"\0") == b"<" else body[len(mark) :]
            if codec == "utf-8":
                return rest, False  # a mark before something else is common enough
            return rest.decode(codec, "replace").encode("utf-8", "replace"), True
    return body, False


def _foreign(body: bytes, declared: str, header: str) -> Letters:
    """``body``, which is not UTF-8 throughout."""
    for name in (declared, header):
        codec = _CODECS.get(name)
        if codec and (text := _strictly(body, codec)) is not None:
            other = header if name == declared and header not in (*_UTF8, declared) else ""
            return _fit(text, f"declared as {declared} and as {other}" if other else "")
    label = declared or header or "utf-8"
    kept = len(body.decode("utf-8", "ignore").encode())
    if kept > 0.9 * len(body):
        text = body.decode("utf-8", _MENDING).encode()
        return _fit(text, f"declared as {label}, but some bytes are not; read as Windows-1252")
    western = body.decode(_WESTERN, "replace").encode()
    return _fit(western, f"declared as {label}, which it is not; read as Windows-1252")


def _strictly(body: bytes, codec: str) -> bytes | None:
    try:
        return body.decode(codec).encode()
    except UnicodeError:
        if codec == _WESTERN:  # five of its bytes mean nothing; browsers let them pass
            return body.decode(codec, "replace").encode()
        return None


def _fit(body: bytes, warning: str) -> Letters:
    found = _DECLARED.search(body[:1000])
    if found and found[1].lower() != b"utf-8":
        body = body[: found.start(1)] + b"utf-8" + body[found.end(1) :]
    cleaned = body.translate(None, _CONTROLS)
    if len(cleaned) < len(body):
        warning = warning or "it held control characters, which were left out"
    return Letters(cleaned, warning)


def _declared(body: bytes) -> str:
    found = _DECLARED.search(body[:1000])
    return found[1].decode("ascii", "replace").lower() if found else ""


def _named_in(content_type: str | None) -> str:
    found = _HEADER.search(content_type or "")
    return found[1].lower() if found else ""


_MENDING: Final = "news-monitor-western"


def _as_western(error: UnicodeError) -> tuple[str, int]:
    """One bad byte of UTF-8 as the letter that Windows-1252 has for it."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    bad = error.object[error.start : error.end]
    return bad.decode(_WESTERN, "replace"), error.end


codecs.register_error(_MENDING, _as_western)
