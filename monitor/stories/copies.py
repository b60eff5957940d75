"""Which article is the same text as an earlier one: syndicated, moved, lightly edited.

Layer 1, pure. Equal words are told by ``Article.fingerprint``; here are near ones. A copy shares
nearly all runs of four words with the earlier text, or is nearly all contained in it (cut at the
end) without being much shorter. A brief of two sentences is no copy of the report that it sums up.
"""

from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Article
from monitor.stories.shingles import shared, shingles, smallest, words_of

WINDOW: Final = timedelta(days=14)
ALIKE: Final = 0.70  # resemblance of copies
CONTAINED: Final = 0.85  # of the shorter one's runs stand in the longer one …
CUT: Final = 0.4  # … which is at most so much longer: 0.4 of the runs are left
FEWEST_WORDS: Final = 30  # a shorter text could be anybody's: only equal words are copies
MOST_TEXTS: Final = 100_000
_PROBES: Final = 16  # smallest values that a text is filed under
_ROW: Final = 32  # newest texts filed under one value, beside the first


@dataclass(frozen=True, slots=True)
class Copy:
    """An article is a copy of ``article_id``, which came before. ``score``: 0 to 1."""

    article_id: str
    score: float
    reason: str  # one sentence for people
    same_address: bool  # the same article again, edited: ``changes`` tells what


@dataclass(frozen=True, slots=True)
class _Text:
    at: float
    url: str
    fingerprint: str
    size: int  # different runs
    signature: "array[int]"


class CopyIndex:
    """The texts of the last two weeks. ``find`` asks, ``add`` remembers.

    Memory: about 3.5 KB for a text of 128 runs or more, less for a shorter one.
    """

    def __init__(self, window: timedelta = WINDOW, most_texts: int = MOST_TEXTS) -> None:
        self._window = window.total_seconds()
        self._most = most_texts
        self._texts: OrderedDict[str, _Text] = OrderedDict()  # by article id, oldest first
        self._rows: dict[int, tuple[str, ...]] = {}  # article ids by value: the first, the newest
        self._equal: dict[str, dict[str, None]] = {}  # article ids by fingerprint
        self._now = float("-inf")
        self._last: tuple[Article, _Text] | None = None  # asked, then added: read once

    def __len__(self) -> int:
        """How many texts are remembered."""
        return len(self._texts)

    def find(self, article: Article, at: datetime) -> Copy | None:
        """The earlier article that this one is a copy of; None if it is none. Changes nothing.

        Of several the most alike, then the earliest. An article is no copy of itself (same id).
        """
        mine = self._read(article, at)
        same = [each for each in self._equal.get(mine.fingerprint, ()) if each != article.id]
        if mine.fingerprint and same:
            return self._copy(article, same[0], 1.0, "the same words")
        found: list[tuple[float, int, str, float, str]] = []
        for order, other_id in enumerate(self._near(mine)):
            other = self._texts[other_id]
            if other_id == article.id or mine.at - other.at > self._window:
                continue
            verdict = _verdict(mine, other)
            if verdict is not None:
                alike, score, words = verdict
                found.append((-alike, order, other_id, score, words))
        if not found:
            return None
        _, _, other_id, score, words = min(found)
        return self._copy(article, other_id, round(score, 4), words)

    def add(self, article: Article, at: datetime) -> None:
        """Remember the text. An article that is remembered is replaced by what it is now."""
        text = self._read(article, at)
        if article.id in self._texts:
            self._drop(article.id)
        self._now = max(self._now, text.at)
        self._texts[article.id] = text
        for value in text.signature[:_PROBES]:
            row = self._rows.get(value, ())
            self._rows[value] = (*row[:1], *row[1:][-_ROW:], article.id)
        if text.fingerprint:
            self._equal.setdefault(text.fingerprint, {})[article.id] = None
        while len(self._texts) > self._most or (
            self._texts and next(iter(self._texts.values())).at < self._now - self._window
        ):
            self._drop(next(iter(self._texts)))

    def _read(self, article: Article, at: datetime) -> _Text:
        seconds = at.timestamp()
        if self._last is None or self._last[0] is not article or self._last[1].at != seconds:
            words = words_of(article.text)
            values = shingles(words) if len(words) >= FEWEST_WORDS else {}
            signature = array("Q", smallest(values))
            text = _Text(seconds, article.url, article.fingerprint, len(values), signature)
            self._last = (article, text)
        return self._last[1]

    def _near(self, mine: _Text) -> list[str]:
        """Texts that share a small value with this one, each once, the earliest found first."""
        found: dict[str, None] = {}
        for value in mine.signature[:_PROBES]:
            found.update(dict.fromkeys(self._rows.get(value, ())))
        return list(found)

    def _copy(self, article: Article, other_id: str, score: float, words: str) -> Copy:
        same_address = bool(article.url) and self._texts[other_id].url == article.url
        return Copy(other_id, score, words, same_address)

    def _drop(self, article_id: str) -> None:
        text = self._texts.pop(article_id)
        for value in text.signature[:_PROBES]:
            left = tuple(each for each in self._rows.get(value, ()) if each != article_id)
            if left:
                self._rows[value] = left
            else:
                self._rows.pop(value, None)
        equal = self._equal.get(text.fingerprint)
        if equal is not None:
            equal.pop(article_id, None)
            if not equal:
                del self._equal[text.fingerprint]


def _verdict(mine: _Text, other: _Text) -> tuple[float, float, str] | None:
    """(resemblance, score, reason) of a copy; None for another text."""
    if not mine.size or not other.size:
        return None
    sizes = (mine.size, other.size)
    alike, contained = shared(mine.signature, other.signature, sizes)
    if alike >= ALIKE:
        return alike, alike, f"{alike:.0%} of the runs of words are the same"
    if contained >= CONTAINED and min(sizes) >= CUT * max(sizes):
        which = "this one is cut" if mine.size < other.size else "the earlier one is cut"
        return (
            alike,
            contained,
            f"{contained:.0%} of the shorter text stands in the longer; {which}",
        )
    return None
