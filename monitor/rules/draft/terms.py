"""Terms that might tell the examples from the rest: names, words, phrases, stems.

Layer 1, pure. A name is a run of capitalised words that is not just how a sentence begins. Words of
grammar, of dates and of the outlet itself are no terms: they are accidents of the examples.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.alerts.escape import clean
from monitor.rules.draft.built import Example
from monitor.rules.draft.frequent import folded_words, is_common, is_empty, share
from monitor.rules.fields import DEFAULT_SCOPE, FieldText
from monitor.rules.nodes import Term
from monitor.rules.stems import stem
from monitor.rules.terms import TermError, find_term, parse_term
from monitor.text.characters import is_unspaced

LONGEST: Final = 4  # words of a phrase or name
_MOST_WORDS: Final = 1500  # of one example that are looked at; news puts its subject first
_BRIDGES: Final = frozenset(" \u00a0-\u2010\u2011")  # what may stand inside a phrase


@dataclass(frozen=True, slots=True)
class Candidate:
    """A term with what is known of it. ``guess``: share of news articles that hold it, 0 to 1."""

    term: Term
    words: tuple[str, ...]  # folded
    is_name: bool
    guess: float

    @property
    def written(self) -> str:
        """As a rule writes it."""
        return self.term.written


def make_term(written: str) -> Term | None:
    """A term as the rule language reads it; None where it means something else there."""
    words = parse_term(written)
    if isinstance(words, TermError):
        return None
    return Term(written, words, DEFAULT_SCOPE)


def found(term: Term, example: Example) -> bool:
    """Whether the term stands in the example's title or text."""
    return place_of(term, example) > 0


def place_of(term: Term, example: Example) -> float:
    """How prominent the term is: 1 in the title, 0.7 in the lead, 0.35 further down, 0 nowhere."""
    best = 0.0
    for segment in example.fields.segments(DEFAULT_SCOPE):
        places = find_term(term.words, segment)
        if not places:
            continue
        if segment.name == "title":
            return 1.0
        lead = segment.name != "body" or places[0][0] < example.fields.lead_words
        best = max(best, 0.7 if lead else 0.35)
    return best


def candidates(yes: Sequence[Example], most: int) -> list[Candidate]:
    """At most ``most`` terms of the examples, the most telling first; the order is certain."""
    counts: Counter[tuple[tuple[str, ...], bool]] = Counter()
    written: dict[tuple[tuple[str, ...], bool], Counter[str]] = {}
    for example in yes:
        own: set[tuple[tuple[str, ...], bool]] = set()
        for words, text, is_name in _terms_of(example):
            key = (words, is_name)
            written.setdefault(key, Counter())[text] += 1
            own.add(key)
        counts.update(own)
    least = 2 if len(yes) > 2 else 1
    names = {words for words, is_name in counts if is_name}
    made: list[Candidate] = []
    for (words, is_name), count in counts.items():
        if count < least and not is_name:
            continue
        if not is_name and words in names:
            continue  # the name finds the same places
        text = min(written[words, is_name].items(), key=lambda each: (-each[1], each[0]))[0]
        made.extend(_candidate(text, words, is_name))
        if is_name and len(words) == 1 and not text.isupper():
            made.extend(_candidate(f"={text}", words, is_name))
    made.extend(_stems(yes))
    return sorted(made, key=lambda each: _rank(each, yes))[:most]


def _candidate(text: str, words: tuple[str, ...], is_name: bool) -> Iterator[Candidate]:
    term = make_term(text)
    if term is not None and tuple(word.fold for word in term.words) == words:
        yield Candidate(term, words, is_name, share(words, is_name=is_name))


def _rank(each: Candidate, yes: Sequence[Example]) -> tuple[float, int, str]:
    prominence = sum(place_of(each.term, example) for example in yes) / len(yes)
    common = 0.5 if is_common(each.words) else 0.0
    return (-prominence - (0.3 if each.is_name else 0.0) + common, len(each.words), each.written)


def _stems(yes: Sequence[Example]) -> list[Candidate]:
    """``~word`` for words that the examples use in several forms."""
    forms: dict[tuple[str, str], set[str]] = {}
    languages = {example.fields.language for example in yes}
    if len(languages) != 1:
        return []
    language = next(iter(languages))
    for example in yes:
        for segment in example.fields.segments(DEFAULT_SCOPE):
            for exact, folded in zip(
                segment.words.exacts[:_MOST_WORDS], segment.words.folds, strict=False
            ):
                if len(folded) > 3 and exact.islower() and not is_empty(folded):
                    forms.setdefault((stem(exact, language), language), set()).add(folded)
    made: list[Candidate] = []
    for _, words in sorted(forms.items()):
        if len(words) < 2:
            continue
        shortest = min(words, key=lambda word: (len(word), word))
        made.extend(
            Candidate(term, (shortest,), False, min(1.0, 2 * share((shortest,), is_name=False)))
            for term in [make_term(f"~{shortest}")]
            if term is not None
        )
    return made


def _terms_of(example: Example) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    """(folded words, as written, is a name) of an example, repeats included."""
    own = {folded_words(example.article.source), folded_words(example.article.author)}
    segments = example.fields.segments(DEFAULT_SCOPE)
    names = frozenset().union(*(_name_words(segment) for segment in segments))
    for segment in segments:
        for run in runs(segment):
            for words, text, is_name in _phrases(segment, run, names):
                if words not in own:
                    yield words, text, is_name


def runs(segment: FieldText) -> Iterator[range]:
    """The stretches of words between which no punctuation stands."""
    words = segment.words
    end = min(segment.end, _MOST_WORDS)
    first = 0
    for at, after in pairwise(range(end)):
        between = segment.text[words.ends[at] : words.starts[after]]
        if not set(between) <= _BRIDGES:
            yield range(first, after)
            first = after
    if end:
        yield range(first, end)


def _name_words(segment: FieldText) -> frozenset[str]:
    """The folded words that stand capitalised where no sentence begins."""
    exacts = segment.words.exacts
    if segment.name == "title" and _is_headline_case(segment):
        return frozenset()
    starts = {start for start, _ in segment.sentences}
    found: set[str] = set()
    for at, place in enumerate(segment.words.starts[: min(segment.end, _MOST_WORDS)]):
        first = place in starts or segment.text[max(0, place - 1) : place] in ("“", '"', "«", "„")
        if exacts[at][:1].isupper() and (
            not first or (exacts[at].isupper() and len(exacts[at]) > 1)
        ):
            found.add(segment.words.folds[at])
    return frozenset(found)


def _is_headline_case(segment: FieldText) -> bool:
    """Whether Nearly Every Word of a Title Begins So, or all of it IS IN CAPITALS."""
    long = [word for word in segment.words.exacts if len(word) > 3]
    return len(long) > 2 and sum(word[:1].isupper() for word in long) > 0.7 * len(long)


def _phrases(
    segment: FieldText, run: range, names: frozenset[str]
) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    folds, exacts = segment.words.folds, segment.words.exacts

    def is_name(at: int) -> bool:
        return folds[at] in names and exacts[at][:1].isupper() and folds[at] not in _NOT_NAMES

    for first in run:
        if is_empty(folds[first]) and not (exacts[first].isupper() and is_name(first)):
            continue
        for last in range(first, min(first + LONGEST, run.stop)):
            if is_empty(folds[last]) and not (exacts[last].isupper() and is_name(last)):
                continue
            if last == first and is_unspaced(folds[first][0]):
                continue  # one character of a script without spaces is rarely a word
            words = tuple(folds[first : last + 1])
            whole = all(is_name(at) or _joins(folds[at]) for at in range(first, last + 1))
            named = whole and is_name(first) and is_name(last)
            if not named and (
                last - first > 2 or any(is_name(at) for at in range(first, last + 1))
            ):
                continue  # half a name, or a name with a verb behind it
            yield words, _written(segment, first, last, named), named


_NOT_NAMES: Final = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())


def _joins(word: str) -> bool:
    """Words that stand inside names: Bank *of* England."""
    return word in {"of", "de", "la", "du", "von", "van", "der", "di", "del"}


def _written(segment: FieldText, first: int, last: int, named: bool) -> str:
    """The words as a rule writes them: a name as in the text, others folded."""
    words = segment.words
    folds = tuple(words.folds[first : last + 1])
    if not named:
        unspaced = all(is_unspaced(fold[0]) for fold in folds)
        return ("" if unspaced else " ").join(folds)
    text = clean(segment.text[words.starts[first] : words.ends[last]])
    term = make_term(text)
    if term is not None and tuple(word.fold for word in term.words) == folds:
        return text
    return " ".join(words.exacts[first : last + 1])
