"""Words are cut fast (bytes, remembered pieces, places only where asked): never other words."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor.text.chunks import chunk_table, open_chunk
from monitor.text.words import cut

Word = tuple[int, int, str, str]  # start, end, fold, exact


def slow(text: str) -> list[Word]:
    """Every word of the whole text in one pass, with the table of all of Unicode: no short cuts."""
    return [
        (found.start() + part.start, found.start() + part.end, part.fold, part.exact)
        for found in chunk_table(0x110000).finditer(text)
        for part in open_chunk(found.group())
    ]


def fast(text: str) -> list[Word]:
    words = cut(text)
    return list(zip(words.starts, words.ends, words.folds, words.exacts, strict=True))


def one_by_one(text: str) -> list[Word]:
    """Each word asked for by itself, the last one first."""
    words = cut(text)
    numbers = range(len(words) - 1, -1, -1)
    found = [(*words.place(at), words.folds[at], words.exacts[at]) for at in numbers]
    return found[::-1]


PIECES = (
    "deal", "Microsoft's", "l'Europe", "dell’Antitrust", "L'O.N.U.", "U.S.", "U.S.'s", "e.g.", "2.1", "1,000,",
    "AT&T", "C++", "C#,", "“quoted”", "'so'", "(yes)", "tie-up", "—", "…", "€2.1", "x²", "Café", "STRASSE", "straße",
    "Cafe\u0301", "İstanbul", "\u212b", "\u212aelvin", "Mi\u00adstral", "a\u200bb", "東京都", "ガス", "ｶﾞｽ", "ขั้นตอน", "๓,๔", "l'๓,๔",
    "الاتحاد", "한국은행이", "नमस्ते", "𝐌𝐢𝐬𝐭𝐫𝐚𝐥", "🚀", "™", "_a_", "`b`", "a`b", "I\u0307x", "ſ's", "qu\u0301'il", "\ud800", "A.B", "a.", "b,", "C.,",
)  # fmt: skip
BLANKS = (
    " ",
    " ",
    " ",
    "",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "\u00a0",
    "\u2028",
    "\x85",
    "\x1c",
    "\r\n",
    ". ",
    ", ",
    ".\n",
    ".” ",
)
MIXED = st.lists(st.sampled_from(PIECES) | st.sampled_from(BLANKS), max_size=25).map("".join)
LATIN = st.text(alphabet="abzABZ019éßİ'’`&+#.,-_“” \n\u00ad\u0301", max_size=40)
ANY = st.text(max_size=30)


@pytest.mark.parametrize("read", [fast, one_by_one])
@settings(max_examples=300, deadline=None)
@given(text=MIXED | LATIN | ANY)
@example(text="A\u030angstro\u0308m U.S.'s, l'๓,๔. 東京 " * 3)
def test_the_words_are_those_of_one_slow_pass(read: object, text: str) -> None:
    assert callable(read)
    assert read(text) == slow(text)
    assert read(text + " so it is " * 10) == slow(text + " so it is " * 10)  # mostly ASCII


@settings(deadline=None)
@given(MIXED | LATIN, st.integers(-3, 60))
def test_the_number_of_words_before_a_place(text: str, offset: int) -> None:
    assert cut(text).before(offset) == sum(start < offset for start, *_ in slow(text))


def test_exact_words_are_a_sequence_like_any_other() -> None:
    exacts = cut("Café EU ΑΒ").exacts
    assert (exacts[-1], exacts[1:], len(exacts), "EU" in exacts) == ("ΑΒ", ["EU", "ΑΒ"], 3, True)
    with pytest.raises(IndexError):
        exacts[3]


def test_a_long_text_without_a_line_end_is_walked_once() -> None:
    """A quadratic walk would take minutes here."""
    words = cut("one two, three's four. " * 50_000)
    assert len(words) == 200_000
    assert words.place(199_999) == (23 * 50_000 - 6, 23 * 50_000 - 2)
    assert all(words.place(at)[0] == words.starts[at] for at in range(0, 200_000, 7))
