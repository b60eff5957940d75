"""What grouping is compared with: two usual ways to group news in one pass.

Both get the words of headline and text, and a threshold tuned on the very set they are judged on.
"""

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from monitor.model import Article
from monitor.text.words import cut

PERMUTATIONS: Final = 64
_MOST_WORDS: Final = 400

Near = tuple[int, float]  # an earlier article by number (-1: none), and how alike it is


def words_of(article: Article) -> list[str]:
    """The folded words of headline and text."""
    return cut(f"{article.title}\n{article.text}").folds


def tfidf_rows(articles: Sequence[Article]) -> list[dict[str, float]]:
    """A vector of length 1 for each article; rareness as known when it comes."""
    holding: Counter[str] = Counter()
    rows = []
    for number, article in enumerate(articles, 1):
        counts = Counter(words_of(article))
        holding.update(counts.keys())
        row = {
            word: (1 + math.log(count)) * (math.log((1 + number) / (1 + holding[word])) + 1)
            for word, count in counts.items()
        }
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        rows.append({word: value / length for word, value in row.items()})
    return rows


def nearest_vectors(rows: Sequence[dict[str, float]]) -> list[Near]:
    """For each article the earlier one with the highest cosine."""
    holders: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    near = []
    for number, row in enumerate(rows):
        alike: defaultdict[int, float] = defaultdict(float)
        for word, value in row.items():
            for other, weight in holders[word]:
                alike[other] += value * weight
            holders[word].append((number, value))
        near.append(max(alike.items(), key=lambda each: (each[1], -each[0]), default=(-1, 0.0)))
    return near


def join_nearest(near: Sequence[Near], threshold: float) -> list[int]:
    """One pass: join the story of the most alike article, if it is alike enough."""
    labels: list[int] = []
    for number, (other, alike) in enumerate(near):
        labels.append(labels[other] if other >= 0 and alike >= threshold else number)
    return labels


def join_middle(rows: Sequence[dict[str, float]], threshold: float) -> list[int]:
    """One pass: join the story whose middle has the highest cosine, if that is high enough."""
    labels: list[int] = []
    holders: defaultdict[str, list[int]] = defaultdict(list)
    sums: list[dict[str, float]] = []
    lengths: list[float] = []
    for row in rows:
        alike: defaultdict[int, float] = defaultdict(float)
        for word, value in row.items():
            for other in holders[word]:
                alike[other] += value * sums[other][word] / lengths[other]
        label, best = max(alike.items(), key=lambda each: (each[1], -each[0]), default=(-1, 0.0))
        if label < 0 or best < threshold:
            label = len(sums)
            sums.append({})
            lengths.append(1.0)
        labels.append(label)
        story = sums[label]
        for word, value in row.items():
            if word not in story:
                holders[word].append(label)
            story[word] = story.get(word, 0.0) + value
        lengths[label] = math.sqrt(sum(value * value for value in story.values())) or 1.0
    return labels


def minhash_rows(articles: Sequence[Article]) -> list[tuple[int, ...]]:
    """Signatures of the sets of words: the smallest hash of each of 64 permutations."""
    seen: dict[str, tuple[int, ...]] = {}
    rows = []
    for article in articles:
        words = sorted(set(words_of(article)[:_MOST_WORDS])) or [""]
        for word in words:
            if word not in seen:
                seen[word] = _hashes(word)
        rows.append(tuple(map(min, zip(*(seen[word] for word in words), strict=True))))
    return rows


def _hashes(word: str) -> tuple[int, ...]:
    data = hashlib.shake_128(word.encode("utf-8", "replace")).digest(4 * PERMUTATIONS)
    return tuple(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4))


def nearest_signatures(rows: Sequence[tuple[int, ...]]) -> list[Near]:
    """For each article the earlier one with most equal values, as a share of all values."""
    holders: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    near = []
    for number, row in enumerate(rows):
        equal = Counter(other for key in enumerate(row) for other in holders[key])
        best = max(equal.items(), key=lambda each: (each[1], -each[0]), default=(-1, 0))
        near.append((best[0], best[1] / len(row)))
        for key in enumerate(row):
            holders[key].append(number)
    return near
