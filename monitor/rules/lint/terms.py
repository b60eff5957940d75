"""Checks of one term: what it means may not be what its author meant.

Layer 1, pure. Each check takes a term as written and says in one sentence what is wrong and how to
mend it, or nothing. Which traps are common was learnt from Boolean strings that people paste.
"""

import re
from collections.abc import Callable
from typing import Final

from monitor.rules.lint.reading import Reading
from monitor.rules.lint.vocabulary import (
    AMBIGUOUS_NAMES,
    BROAD_BEGINNINGS,
    CAPITALS_WORDS,
    STOP_WORDS,
)
from monitor.rules.lint.walk import NAMED, WHOLE, Written
from monitor.rules.terms import Compare
from monitor.text.characters import is_unspaced

LONGEST_PHRASE: Final = 8  # words; a longer phrase is found in copies of one text only
SHORT_BEGINNING: Final = 3  # letters
_HANGUL: Final = re.compile(r"[\uac00-\ud7a3]+")
_KOREAN_ENDS: Final = "은는이가을를의에도로과와"  # particles: the term already ends in one
_URL: Final = re.compile(r"(?i)^(?:https?://|www\.)|^\w[\w.-]*\.[a-z]{2,}/")
_EXCHANGE: Final = re.compile(
    r"(?i)^(?:nasdaq|nyse|amex|lse|lon|fra|etr|epa|ams|tyo|tse|hkex|hkg|bit|swx)\s?:\s?\w+$"
)

TermCheck = Callable[[Written, Reading], str | None]


def common_word(term: Written, _: Reading) -> str | None:
    """A name that is also a word, on which a rule fires alone: Apple, Shell, Target."""
    word = term.single
    if word is None or not term.deciding or word.prefix or word.compare is not Compare.FOLDED:
        return None
    if not term.value[:1].isupper() or word.fold not in AMBIGUOUS_NAMES:
        return None
    return (
        f"'{term.value}' alone fires on the ordinary word '{word.fold}' as well. Write "
        f"'={term.value}' for this case only, or say in near: what else must stand there"
    )


def capitals_word(term: Written, _: Reading) -> str | None:
    """Capitals that are also a word, on which a rule fires alone: WHO, IT, US."""
    word = term.single
    if word is None or not term.deciding or word.prefix or word.compare is not Compare.CAPITALS:
        return None
    if term.value not in CAPITALS_WORDS:
        return None
    return (
        f"'{term.value}' alone fires on every headline wholly in capitals that says "
        f"'{word.fold}'. Add what else must stand there, or write the name out"
    )


def stop_word(term: Written, _: Reading) -> str | None:
    """A word of nearly every article as a condition of its own."""
    word = term.single
    if word is None or term.listed.in_window or term.value in CAPITALS_WORDS:
        return None
    if word.prefix or word.compare is not Compare.FOLDED or word.fold not in STOP_WORDS:
        return None
    if term.listed.key == NAMED or word.exact.isupper():
        return None
    effect = "excludes" if term.listed.excluded else "lets through"
    return (
        f"nearly every article holds '{term.value}', so it {effect} nearly everything. Leave it "
        "out, or make it part of a phrase"
    )


def spelled_operator(term: Written, _: Reading) -> str | None:
    """Boolean words in small letters, which are searched for like any others."""
    folds = [word.fold for word in term.words]
    inner = folds[1:-1]
    joined = " ".join(inner)
    whole = term.listed.key == WHOLE and term.listed.items == (term.text,)
    if "or" in inner and _stands_apart(folds, term):
        found = "or"
    elif "and not" in joined or "but not" in joined:
        found = "not"
    elif whole and "and" in inner and not term.value.startswith('"'):
        found = "and"
    else:
        return None
    key = {"or": "any:", "and": "all:", "not": "none:"}[found]
    return (
        f"'{term.value}' is one phrase: '{found}' is searched for like any word. Write {key} "
        "with a list instead, or put double quotes inside the single ones if the phrase is meant"
    )


def _stands_apart(folds: list[str], term: Written) -> bool:
    """ "a or b" of names; not a saying such as "more or less", "dead or alive"."""
    sayings = {"less", "alive", "later", "not", "die", "more", "never", "two", "so", "worse"}
    return not sayings & set(folds) and not term.value.startswith(("'\"", '"'))


def long_phrase(term: Written, _: Reading) -> str | None:
    """A phrase that only copies of one text will hold."""
    count = len(term.words)
    if count <= LONGEST_PHRASE or any(is_unspaced(word.fold[0]) for word in term.words):
        return None
    return (
        f"a phrase of {count} words is found in copies of one text only. Keep the telling words, "
        "or join them with near:"
    )


def broad_wildcard(term: Written, _: Reading) -> str | None:
    """``poli*``: a beginning of words that have nothing to do with each other."""
    word = term.single
    if word is None or not word.prefix or word.compare is not Compare.FOLDED:
        return None
    if term.listed.key == "unless_near" or is_unspaced(word.fold[0]):
        return None
    if (fits := BROAD_BEGINNINGS.get(word.fold)) is not None:
        return f"'{term.value}' fits {fits} too. Write a longer beginning, or ~ before a whole word"
    if len(word.fold) <= SHORT_BEGINNING and word.fold.isalpha() and word.fold.isascii():
        return (
            f"'{term.value}': three letters begin too many unrelated words. Write a longer "
            "beginning, or list the words"
        )
    return None


def exact_lower(term: Written, _: Reading) -> str | None:
    """``=apple``: loses the word at the start of a sentence."""
    if any(word.compare is not Compare.EXACT for word in term.words):
        return None
    if any(char.isupper() or char.isdigit() for char in term.value):
        return None
    if not any(char.islower() for char in term.value):
        return None
    deliberate = term.listed.excluded or term.listed.in_window or term.listed.key == NAMED
    if deliberate and not term.deciding:
        return None
    return (
        f"'{term.value}' is not found at the start of a sentence or in a headline in title case. "
        "Leave = out, or exclude the name with unless_near:"
    )


def stem_of_capitals(term: Written, _: Reading) -> str | None:
    """``~WHO``: a stem has no case."""
    if any(word.compare is not Compare.STEM for word in term.words):
        return None
    shouting = [w.exact for w in term.words if 2 <= len(w.exact) <= 5 and w.exact.isupper()]
    if not shouting:
        return None
    return (
        f"'{term.value}': a stem has no case, so '{shouting[0].lower()}' is found too. Leave ~ out"
    )


def exchange_prefix(term: Written, _: Reading) -> str | None:
    """``NASDAQ:MSFT``: a phrase that few articles hold."""
    if not _EXCHANGE.match(term.bare):
        return None
    ticker = term.bare.split(":")[1].strip()
    return (
        f"'{term.value}' is found only where exchange and ticker stand side by side. Write "
        f"'{ticker}', and the company's name beside it in any:"
    )


def korean_particle(term: Written, _: Reading) -> str | None:
    """A Korean name without ``*``: particles are written onto the word."""
    last = term.words[-1]
    if last.prefix or last.compare is not Compare.FOLDED or len(last.exact) < SHORT_BEGINNING:
        return None
    if not _HANGUL.fullmatch(last.exact) or last.exact[-1] in _KOREAN_ENDS:
        return None
    if term.value[-1] in "\"”'":
        return None
    return f"'{term.value}' is not found with a particle written onto it. Write '{term.value}*'"


def one_character(term: Written, _: Reading) -> str | None:
    """A term of one character stands in most texts."""
    word = term.single
    if word is None or len(word.fold) > 1 or word.prefix or word.compare is Compare.EXACT:
        return None
    if term.listed.in_window and not is_unspaced(word.fold):
        return None
    if is_unspaced(word.fold):
        return (
            f"'{term.value}' is one character and is found inside every longer word that holds "
            "it. Write the whole word"
        )
    return (
        f"'{term.value}' is one character and stands in most texts as an initial or in a list. "
        "Join it with what stands beside it, in a phrase or in near:"
    )


def url_as_term(term: Written, _: Reading) -> str | None:
    """An address among the words of a text."""
    if "url" in term.listed.scope or not _URL.search(term.bare):
        return None
    return (
        f"'{term.value}' is an address, and texts do not hold those. Put in: url beside it, or "
        "name the feed under source: feeds:"
    )


CHECKS: Final[dict[str, TermCheck]] = {
    "common-word": common_word,
    "capitals-word": capitals_word,
    "stop-word": stop_word,
    "spelled-operator": spelled_operator,
    "long-phrase": long_phrase,
    "broad-wildcard": broad_wildcard,
    "exact-lower": exact_lower,
    "stem-of-capitals": stem_of_capitals,
    "exchange-prefix": exchange_prefix,
    "korean-particle": korean_particle,
    "one-character": one_character,
    "url-as-term": url_as_term,
}
