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


def tfidf(rows: Sequence[dict[str, float]], threshold: float, *, middle: bool) -> list[int]:
    """One pass: join the story of the most alike article, or the one with the nearest middle."""
    labels: list[int] = []
    holders: defaultdict[str, list[int]] = defaultdict(list)
    sums: list[dict[str, float]] = []
    lengths: list[float] = []
    for number, row in enumerate(rows):
        alike: defaultdict[int, float] = defaultdict(float)
        for word, value in row.items():
            for other in holders[word]:
                if middle:
                    alike[other] += value * sums[other][word] / lengths[other]
                else:
                    alike[other] += value * rows[other][word]
        best = max(alike.items(), key=lambda each: (each[1], -each[0]), default=(-1, 0.0))
        if best[1] >= threshold and best[0] >= 0:
            label = best[0] if middle else labels[best[0]]
        else:
            label = len(sums)
            sums.append({})
            lengths.append(1.0)
        labels.append(label)
        story = sums[label]
        for word, value in row.items():
            if not middle:
                holders[word].append(number)
            elif word not in story:
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


def minhash(rows: Sequence[tuple[int, ...]], threshold: float) -> list[int]:
    """One pass: join the story of the article with most equal values, if they are enough."""
    labels: list[int] = []
    holders: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    stories = 0
    for number, row in enumerate(rows):
        equal = Counter(other for key in enumerate(row) for other in holders[key])
        best = max(equal.items(), key=lambda each: (each[1], -each[0]), default=(-1, 0))
        if best[0] >= 0 and best[1] / len(row) >= threshold:
            labels.append(labels[best[0]])
        else:
            labels.append(stories)
            stories += 1
        for key in enumerate(row):
            holders[key].append(number)
    return labels
