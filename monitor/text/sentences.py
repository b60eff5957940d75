"""Where paragraphs and sentences of a text stand.

Layer 0. Paragraphs are parted by blank lines. Sentences end at a full stop, question mark or the
like, unless what stands before is an abbreviation, an initial or a number, or what follows goes on
in lower case. Rule-based, for the languages of the table in tests/text/test_sentences.py; no
sentence crosses a paragraph. Offsets are code points of the text, ends excluded.
"""

import re
from collections.abc import Iterator
from typing import Final

Range = tuple[int, int]

_PARAGRAPH_BREAK: Final = re.compile(r"\n[^\S\n]*\n\s*")

# A mark that may end a sentence, with closing quotes and brackets that belong to it.
_END: Final = re.compile(
    r"(?P<mark>[.!?…]+|[。！？｡؟۔।]+)(?P<close>(?:[\"'’”“»›\)\]」』）】]|\[\d+\])*)(?P<gap>\s*)"
)
_OPENING: Final = "\"'‘“„«‹([「『（【-–—•"

# Abbreviations that are followed by more of the same sentence: titles, "for example", "street".
_NEVER_LAST: Final = frozenset(
    "mr mrs ms prof sen rep gov lt col sgt capt hon rev pres messrs vs "
    "cf e.g eg i.e ie viz approx est dept univ "
    "z.b d.h u.a o.ä bzw frl sog vgl zzgl inkl ggf evtl mio mrd tsd "
    "mme mmes mlle p.ex av tél "
    "sra srta dña uds vd dott sig sigg sig.ra ing avv rag geom dra drª eng exmo "
    "dhr mevr mw drs bijv m.b.t o.a np m.in tzn tzw tj ul św ks płk tys gen.dyw "
    "t.ex bl.a d.v.s m.m s.k o.s.v kl د أ م".split()
)
# The same, but only with a capital: in lower case they are words.
_TITLES: Final = frozenset("M MM Me Mm Pr St Ft Mt Dr Hr Fr Gen Sr Ud Ir On Mag Dipl V".split())
# Abbreviations of numbered things and of months: they go on before a number only, since many are
# words of some language too ("he said no.").
_BEFORE_NUMBERS: Final = frozenset(
    "no nos nr fig eq ch sec art vol pp p n abs bd núm pág ok ca "
    "jan feb apr jun jul aug sept sep oct nov dec okt dez janv févr avr juil déc ene abr dic "
    "ott stycz paźdz grudz".split()
)
# Abbreviations that may also close a sentence: then a common first word tells.
_MAY_BE_LAST: Final = frozenset(
    "inc corp ltd co llc plc bros jr sr etc usw u.s u.k u.n e.u d.c a.m p.m "
    "b.v n.v s.a s.p.a s.r.l ph.d u.s.a ee.uu m.d itd itp".split()
)
_ABBREVIATIONS: Final = (
    _NEVER_LAST | _BEFORE_NUMBERS | _MAY_BE_LAST | {title.casefold() for title in _TITLES}
)
_FIRST_WORDS: Final = frozenset(
    "the a an it its he she they we you i in on at but and this that these those there as for if "
    "when while after before however meanwhile according what who how why by with from last "
    "der die das er sie es wir ein eine im am in und aber le la les il elle un une ils ce cette "
    "el los las una pero en lo gli per de het een".split()
)
_MONTHS: Final = frozenset(
    "january february march april may june july august september october november december "
    "januar februar märz mai juni juli oktober dezember jänner "
    "janvier février mars avril juin juillet août septembre octobre novembre décembre "
    "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada "
    "grudnia leden tammikuuta januari februari maart mei augustus jahrhundert".split()
)
_BEFORE_ORDINALS: Final = frozenset("der die das dem den des im am zum zur beim vom".split())
_BEFORE_LETTERS: Final = frozenset("plan vitamin class type group grade hepatitis serie".split())
_LONGEST_WORD: Final = 40  # characters looked at before a full stop; no abbreviation is longer
_QUOTE_GOES_ON: Final = re.compile("[とっ、。]")
_BEFORE_WORDS: Final = frozenset("\"'‘“„«‹([「『（【–—/")
_NEXT_WORD: Final = re.compile(r"[^\W\d_]+")


def paragraphs(text: str) -> list[Range]:
    """The paragraphs of ``text``: parted by blank lines, blank ones left out."""
    found: list[Range] = []
    start = len(text) - len(text.lstrip())
    for gap in _PARAGRAPH_BREAK.finditer(text, start):
        found.append((start, gap.start()))
        start = gap.end()
    found.append((start, len(text)))
    ends = [(low, low + len(text[low:high].rstrip())) for low, high in found]
    return [(low, high) for low, high in ends if high > low]


def sentences(text: str) -> list[Range]:
    """The sentences of ``text``, in order; none crosses a paragraph."""
    found: list[Range] = []
    for start, end in paragraphs(text):
        found.extend(sentences_within(text, start, end))
    return found


def sentences_within(text: str, start: int, end: int) -> Iterator[Range]:
    """The sentences of one paragraph of ``text``; the first begins where the paragraph does."""
    position = start
    for mark in _END.finditer(text, start, end):
        if mark.end() >= end:
            break
        if _ends_sentence(text, position, mark):
            close = mark.end("close")
            yield position, close
            position = mark.end()
    if end > position:
        yield position, end


def _ends_sentence(text: str, start: int, mark: re.Match[str]) -> bool:
    if mark["mark"][0] in "。！？｡؟۔।":
        # 「…。」と言った goes on after the quotation.
        return not (mark["close"] and _QUOTE_GOES_ON.match(text, mark.end()))
    if not mark["gap"]:
        return False  # 2.1, example.org, "deal.Microsoft": no sentence without a space
    following = text[mark.end() : mark.end() + 40].lstrip(_OPENING + " ")
    if following[:1].islower() and not following[1:2].isupper():  # iPhone begins a sentence
        return False
    if mark["mark"] == "!" and following.startswith("Inc."):
        return False
    if mark["mark"] != ".":
        return True
    before = text[max(start, mark.start() - _LONGEST_WORD) : mark.start()]
    return not _goes_on(before, following, closed=bool(mark["close"]))


def _goes_on(before: str, following: str, *, closed: bool) -> bool:
    """Whether a single full stop after ``before`` belongs to an abbreviation, not to an end."""
    if closed:
        return False
    before, word = _last_word(before)
    if not word:
        return False
    folded = word.casefold()
    if len(word) > 2 and folded not in _ABBREVIATIONS and "." not in word:
        return False  # nearly every sentence ends so
    next_word = _NEXT_WORD.match(following)
    follower = next_word.group().casefold() if next_word else ""
    if len(word) <= 2 and word.isdecimal():  # 27. Februar, der 1. FC
        return follower in _MONTHS or _ordinal(before)
    if len(word) == 1 and word.isalpha() and word.isupper():  # J. Smith
        if word == "M" and _is_title(before, following):
            return True
        return word != "I" and _is_initial(before, following)
    if folded in _NEVER_LAST or word in _TITLES:
        return True
    if len(word) == 1 and word.islower() and re.match(r"[^\W\d_]\.", following):
        return True  # z. B.
    if folded == "ee" and following.startswith("UU"):
        return True
    if folded in _BEFORE_NUMBERS:
        return following[:1].isdecimal()
    if folded in _MAY_BE_LAST or re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]", word):
        return bool(follower) and follower not in _FIRST_WORDS
    return False


def _last_word(before: str) -> tuple[str, str]:
    """What stands before the last word, and that word; a single line break after it is none."""
    before = before.removesuffix("\n")
    at = len(before)
    while at and not (before[at - 1].isspace() or before[at - 1] in _BEFORE_WORDS):
        at -= 1
    return before[:at], before[at:]


def _ordinal(before: str) -> bool:
    """Whether a German article or preposition stands before the number: die 2. Kammer."""
    words = before.split()
    return bool(words) and words[-1].casefold() in _BEFORE_ORDINALS


def _is_title(before: str, following: str) -> bool:
    """Whether a capital M in the middle of a sentence is French for Mr: la banque de M. Exemple."""
    words = before.split()
    return bool(words) and words[-1].casefold() not in _BEFORE_LETTERS and following[:1].isupper()


def _is_initial(before: str, following: str) -> bool:
    """Whether a single capital is part of a name: beside other capitals, not after a noun."""
    if re.match(r"[^\W\d_]\.", following):  # J. P. Morgan
        return True
    words = before.split()
    if not words or re.fullmatch(r"[^\W\d_]\.", words[-1]):  # z. B.
        return True
    return words[-1][:1].isupper() and words[-1].casefold() not in _BEFORE_LETTERS
