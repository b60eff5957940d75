"""An article as the rules see it: its fields, cut into words, with sentences and paragraphs.

Layer 1, pure. Everything is made when first asked for: most rules look at title and body only.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from typing import Final, Literal

from monitor.model import Article
from monitor.rules.patterns import MarkedText, mark
from monitor.rules.stems import DEFAULT_LANGUAGE, language_of, stem, stems_in
from monitor.text.sentences import Range, paragraphs, sentences, sentences_within
from monitor.text.words import Words, cut

FIELDS: Final = ("title", "lead", "body", "summary", "author", "url", "source")
DEFAULT_SCOPE: Final = ("title", "body")
LEAD_WORDS: Final = 60
HEAD: Final = 3  # characters by which words are looked up that are given by their beginning
_FEW_ASKED: Final = 40  # look-ups that cost less than an index of all words

Unit = Literal["sentence", "paragraph"]
Ranges = tuple[list[int], list[Range]]  # where they begin, and they themselves


class FieldText:
    """One field: its text, its words, and where each word stands.

    ``end`` is the number of words that count: the lead is the beginning of the body's words.
    """

    def __init__(
        self,
        name: str,
        text: str,
        words: Words | None = None,
        end: int | None = None,
        language: str = DEFAULT_LANGUAGE,
    ) -> None:
        self.name = name
        self.language = language
        self.text = text
        self.words = words if words is not None else cut(text)
        self.end = len(self.words) if end is None else end
        self._asked = 0  # how often a word was looked up
        # Sentences found so far and those to come, by where their paragraph begins.
        self._sentences_in: dict[int, tuple[list[int], list[Range], Iterator[Range]]] = {}
        self._units: dict[tuple[int, Unit], int] = {}  # where a word's sentence or paragraph begins

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        index: defaultdict[str, list[int]] = defaultdict(list)
        for at, fold in enumerate(self._folds):
            index[fold].append(at)
        return index

    @property
    def _folds(self) -> list[str]:
        folds = self.words.folds
        return folds if self.end == len(folds) else folds[: self.end]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words, folded."""
        return frozenset(self._folds)

    def places(self, fold: str) -> list[int]:
        """Where the word stands, in order."""
        if fold not in self.vocabulary:
            return []
        row = self.row()
        return self._index[fold] if row is None else row_places(row, f" {fold} ")

    def row(self) -> str | None:
        """All words with a blank before and after each: to search in.

        None where a word holds a blank itself, and to those who ask often: for them it is less
        work to look words up in an index.
        """
        if self._asked >= _FEW_ASKED:
            return None
        self._asked += 1
        return self._row

    @cached_property
    def _row(self) -> str | None:
        row = f" {' '.join(self._folds)} "
        return row if row.count(" ") == self.end + 1 else None

    def beginning_with(self, fold: str) -> list[int]:
        """Where words that begin with ``fold`` stand, in order."""
        if len(fold) >= HEAD:
            words = [word for word in self.heads.get(fold[:HEAD], ()) if word.startswith(fold)]
        else:
            words = [word for word in self.vocabulary if word.startswith(fold)]
        if len(words) == 1:
            return self.places(words[0])
        return sorted(place for word in words for place in self.places(word))

    @cached_property
    def heads(self) -> dict[str, list[str]]:
        """The distinct words by how they begin."""
        heads: defaultdict[str, list[str]] = defaultdict(list)
        for word in self.vocabulary:
            heads[word[:HEAD]].append(word)
        return dict(heads)

    @cached_property
    def _exacts(self) -> list[str]:
        return self.words.exacts[: self.end]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The distinct stems in the article's language; of a beginning of a text, those of all."""
        different = self.words.different_exacts()
        return frozenset(map(stems_in(self.language).__getitem__, different))

    def stem_of(self, word: str) -> str:
        """The stem of a rule's word in the article's language."""
        return stem(word, self.language)

    def stem_at(self, place: int) -> str:
        """The stem of the text's word at ``place``."""
        return stem(self.words.exacts[place], self.language)

    def stem_places(self, wanted: str) -> list[int]:
        """Where words with this stem stand, in order."""
        if wanted not in self.stems:
            return []
        known = stems_in(self.language)
        return [at for at, exact in enumerate(self._exacts) if known[exact] == wanted]

    @cached_property
    def marked(self) -> MarkedText:
        """The text with marks at its words' edges, as patterns are matched on it."""
        return mark(self.text, self.words)

    def unit_of(self, word: int, unit: Unit) -> int:
        """Where the sentence or paragraph begins in which a word stands."""
        known = self._units.get((word, unit))
        if known is None:
            start, _ = self.words.place(word)
            place = self.sentence_at(start) if unit == "sentence" else self._paragraph_at(start)
            known = self._units[word, unit] = place[0]
        return known

    def sentence_at(self, offset: int) -> Range:
        """The sentence in which this place of the text lies, or the one before it.

        Only the paragraph around it is looked at. The text must hold more than blanks.
        """
        if self.name == "title":
            return 0, len(self.text)
        paragraph = self._paragraph_at(offset)
        found = self._sentences_in.get(paragraph[0])
        if found is None:
            more = sentences_within(self.text, *paragraph)
            found = self._sentences_in[paragraph[0]] = [], [], more
        starts, ranges, more = found
        while not ranges or ranges[-1][1] <= offset:
            further = next(more, None)
            if further is None:
                break
            starts.append(further[0])
            ranges.append(further)
        return _last_before(starts, ranges, offset)

    def _paragraph_at(self, offset: int) -> Range:
        if self.name == "title":
            return 0, len(self.text)
        return _last_before(*self._paragraphs, offset)

    @cached_property
    def sentences(self) -> list[Range]:
        """The sentences; a title is one."""
        return [(0, len(self.text))] if self.name == "title" else sentences(self.text)

    @cached_property
    def _paragraphs(self) -> Ranges:
        ranges = paragraphs(self.text)
        return [low for low, _ in ranges], ranges


def _last_before(starts: list[int], ranges: list[Range], offset: int) -> Range:
    """The last range that begins at or before a place; the first where none does."""
    return ranges[max(0, bisect_right(starts, offset) - 1)]


def row_places(row: str, wanted: str) -> list[int]:
    """The number of the first word wherever ``wanted``, blanks around it, stands in the row."""
    found: list[int] = []
    number = counted = 0
    at = row.find(wanted)
    while at >= 0:
        number += row.count(" ", counted, at)
        counted = at
        found.append(number)
        at = row.find(wanted, at + 1)
    return found


class ArticleFields:
    """The fields of one article, made on demand."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._made: dict[str, FieldText] = {}
        self._segments: dict[tuple[str, ...], list[FieldText]] = {}

    def segments(self, scope: tuple[str, ...]) -> list[FieldText]:
        """The texts to look at for a scope; no word is in two of them.

        Where an article has a summary and no text, the summary stands in for the body.
        """
        found = self._segments.get(scope)
        if found is None:
            found = self._segments[scope] = self._make_segments(scope)
        return found

    def _make_segments(self, scope: tuple[str, ...]) -> list[FieldText]:
        found = [self._field(name) for name in scope if name not in ("lead", "body")]
        if "body" in scope and self.summary_stands_in:
            if "summary" not in scope:
                found.append(self._field("summary"))
        elif "body" in scope:
            found.append(self._field("body"))
            if self._lead_stands_apart:
                found.append(self._field("lead"))
        elif "lead" in scope:
            found.append(self._field("lead"))
        return found

    @cached_property
    def lead_words(self) -> int:
        """How many words of the body are its lead; 0 where the lead stands apart from it."""
        return 0 if self._lead_stands_apart else self._field("lead").end

    @cached_property
    def _lead_stands_apart(self) -> bool:
        """Whether the article gives a lead that is not simply how its text begins."""
        lead = " ".join((self._article.lead or "").split())
        if not lead:
            return False
        start = self._article.text[: 2 * len(lead) + 200]
        return not " ".join(start.split()).startswith(lead)

    def _field(self, name: str) -> FieldText:
        field = self._made.get(name)
        if field is None:
            field = self._made[name] = self._make(name)
        return field

    @cached_property
    def summary_stands_in(self) -> bool:
        """Whether there is no text, so that the summary is looked at as the body."""
        article = self._article
        return not article.text.strip() and not article.lead and bool(article.summary.strip())

    @cached_property
    def language(self) -> str:
        """The two letters of the article's language; English where nothing says which."""
        return language_of(self._article.language)

    def _make(self, name: str) -> FieldText:
        article = self._article
        if name == "lead":
            return self._make_lead()
        text = article.text if name == "body" else str(getattr(article, name))
        return FieldText(name, text, language=self.language)

    def _make_lead(self) -> FieldText:
        article = self._article
        if article.lead:
            return FieldText("lead", article.lead, language=self.language)
        body = self._field("body")
        return FieldText("lead", body.text, body.words, lead_length(body), self.language)


def lead_length(body: FieldText) -> int:
    """How many words of the body are its lead: the first paragraph, or 60 words if that is longer.

    The longer of the two: a first paragraph of a few words is no lead.
    """
    blocks = paragraphs(body.text)
    first = body.words.before(blocks[0][1]) if blocks else 0
    return max(first, min(LEAD_WORDS, len(body.words)))
