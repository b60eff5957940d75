"""An article as the rules see it: its fields, cut into words, with sentences and paragraphs.

Layer 1, pure. Everything is made when first asked for: most rules look at title and body only.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from functools import cached_property
from typing import Final, Literal

from monitor.model import Article
from monitor.rules.patterns import MarkedText, mark
from monitor.rules.stems import DEFAULT_LANGUAGE, language_of, stem
from monitor.text.sentences import Range, paragraphs, sentences
from monitor.text.words import Words, cut

FIELDS: Final = ("title", "lead", "body", "summary", "author", "url", "source")
DEFAULT_SCOPE: Final = ("title", "body")
LEAD_WORDS: Final = 60
_FEW_ASKED: Final = 8  # look-ups that cost less than an index of all words

Unit = Literal["sentence", "paragraph"]


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
    def _sorted(self) -> list[str]:
        return sorted(self.vocabulary)

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """The distinct words, folded."""
        return frozenset(self._folds)

    def places(self, fold: str) -> list[int]:
        """Where the word stands, in order."""
        if fold not in self.vocabulary:
            return []
        if self._asked < _FEW_ASKED:  # most articles are asked for few words: no index for these
            self._asked += 1
            return self._scanned(fold)
        return self._index[fold]

    def _scanned(self, fold: str) -> list[int]:
        folds = self.words.folds
        at = folds.index(fold)  # it is in the vocabulary
        found = [at]
        with suppress(ValueError):  # how index() says that there is no more
            while True:
                at = folds.index(fold, at + 1, self.end)
                found.append(at)
        return found

    def beginning_with(self, fold: str) -> list[int]:
        """Where words that begin with ``fold`` stand, in order."""
        words = self._sorted
        at = bisect_left(words, fold)
        found: list[int] = []
        while at < len(words) and words[at].startswith(fold):
            found.extend(self._index[words[at]])
            at += 1
        return sorted(found)

    @cached_property
    def _stems(self) -> dict[str, list[int]]:
        index: dict[str, list[int]] = {}
        for at, exact in enumerate(self.words.exacts[: self.end]):
            index.setdefault(stem(exact, self.language), []).append(at)
        return index

    @property
    def stems(self) -> Iterable[str]:
        """The distinct stems in the article's language."""
        return self._stems.keys()

    def stem_of(self, word: str) -> str:
        """The stem of a rule's word in the article's language."""
        return stem(word, self.language)

    def stem_at(self, place: int) -> str:
        """The stem of the text's word at ``place``."""
        return stem(self.words.exacts[place], self.language)

    def stem_places(self, wanted: str) -> list[int]:
        """Where words with this stem stand, in order."""
        return self._stems.get(wanted, [])

    @cached_property
    def marked(self) -> MarkedText:
        """The text with marks at its words' edges, as patterns are matched on it."""
        return mark(self.text, self.words)

    def unit_of(self, word: int, unit: Unit) -> int:
        """The number of the sentence or paragraph in which a word stands."""
        starts = self._sentence_starts if unit == "sentence" else self._paragraph_starts
        return bisect_right(starts, self.words.starts[word])

    @cached_property
    def sentences(self) -> list[Range]:
        """The sentences; a title is one."""
        return [(0, len(self.text))] if self.name == "title" else sentences(self.text)

    @cached_property
    def _sentence_starts(self) -> list[int]:
        return [start for start, _ in self.sentences]

    @cached_property
    def _paragraph_starts(self) -> list[int]:
        if self.name == "title":
            return [0]
        return [start for start, _ in paragraphs(self.text)]


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
    first = bisect_left(body.words.starts, blocks[0][1]) if blocks else 0
    return max(first, min(LEAD_WORDS, len(body.words)))
