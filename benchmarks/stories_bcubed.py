"""How well articles are grouped into stories, beside two usual ways, and what a placing costs.

    python -m benchmarks.stories_bcubed DATA_DIR [--short] [--json FILE]

DATA_DIR holds ``*.jsonl`` or ``*.jsonl.gz`` files of lines ``{"id", "title", "text", "source",
"published", "story", "language"}``; ``story`` is the label, ``published`` and ``language`` may be
null. Each file is read in one pass, in order of time; a line without one has that of the line
before it.
B-cubed precision and recall (Bagga and Baldwin, 1998) are means over articles. Ours has one set of
constants; the thresholds of the others are the best for each file. ``halves``: the file's stories
parted in two by a hash of their label, and each half grouped alone.

What a placing costs is measured on made-up articles, with a history of 1,000 and of 100,000.
"""

import argparse
import gzip
import hashlib
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

from benchmarks.stories_baselines import (
    join_middle,
    join_nearest,
    minhash_rows,
    nearest_signatures,
    nearest_vectors,
    tfidf_rows,
)
from benchmarks.table import aligned
from monitor.model import Article
from monitor.stories.group import StoryIndex
from monitor.stories.placing import story_id

_TFIDF: Final = tuple(step / 100 for step in range(4, 42, 2))
_MINHASH: Final = tuple(step / 64 for step in range(2, 34, 2))
_START: Final = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article, when it came, and the story that people put it in."""

    article: Article
    at: datetime
    story: str


@dataclass(frozen=True, slots=True)
class Score:
    """B-cubed of one way on one file."""

    who: str
    precision: float
    recall: float
    threshold: float | None = None  # None: ours, from the program

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        together = self.precision + self.recall
        return 2 * self.precision * self.recall / together if together else 0.0


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float]:
    """(precision, recall), means over articles."""
    if not gold:
        return 0.0, 0.0
    golds, founds = Counter(gold), Counter(found)
    both = Counter(zip(gold, found, strict=True))
    precision = sum(count * count / founds[key[1]] for key, count in both.items())
    recall = sum(count * count / golds[key[0]] for key, count in both.items())
    return precision / len(gold), recall / len(gold)


def read(path: Path) -> list[Labelled]:
    """The labelled articles of a file, in order of time."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines if line.strip()]
    found = []
    at = next((_time(row["published"]) for row in rows if row.get("published")), _START)
    for row in rows:
        at = _time(row["published"]) if row.get("published") else at
        article = Article(
            id=str(row["id"]),
            url="",
            title=row.get("title") or "",
            text=row.get("text") or "",
            source=row.get("source") or "",
            language=row.get("language"),
        )
        found.append(Labelled(article, at, str(row["story"])))
    return sorted(found, key=lambda each: each.at)


def _time(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def ours(rows: Sequence[Labelled]) -> list[str]:
    """The story of each article, as the program would place it."""
    index = StoryIndex()
    stories = []
    for row in rows:
        story = index.place(row.article, row.at).story_id or story_id(row.article.id)
        index.add(row.article, story, row.at)
        stories.append(story)
    return stories


def compare(rows: Sequence[Labelled], *, tune: bool = True) -> list[Score]:
    """Ours, and each other way with the threshold that is best here."""
    gold = [row.story for row in rows]
    scores = [Score("news-monitor", *bcubed(gold, ours(rows)))]
    articles = [row.article for row in rows]
    vectors = tfidf_rows(articles)
    by_cosine = nearest_vectors(vectors)
    by_hash = nearest_signatures(minhash_rows(articles))
    ways: list[tuple[str, Sequence[float], Callable[[float], Sequence[int]]]] = [
        ("TF-IDF, nearest article", _TFIDF, lambda t: join_nearest(by_cosine, t)),
        ("TF-IDF, middle of story", _TFIDF, lambda t: join_middle(vectors, t)),
        ("MinHash of words", _MINHASH, lambda t: join_nearest(by_hash, t)),
    ]
    for who, thresholds, way in ways:
        tried = thresholds if tune else thresholds[4:7]
        scores.append(
            max(
                (Score(who, *bcubed(gold, way(each)), threshold=each) for each in tried),
                key=lambda score: score.f1,
            )
        )
    return scores


def halves(rows: Sequence[Labelled]) -> list[list[Labelled]]:
    """The rows of each half of the stories."""
    parted: list[list[Labelled]] = [[], []]
    for row in rows:
        parted[hashlib.sha256(row.story.encode()).digest()[0] % 2].append(row)
    return parted


def made_up(count: int, seed: int) -> list[Labelled]:
    """Articles with the word frequencies of a language (Zipf) and three reports of each event."""
    chance = random.Random(seed)
    vocabulary = [f"w{rank}q" for rank in range(60_000)]
    weights = list(accumulate(1 / (rank + 10) for rank in range(len(vocabulary))))
    found: list[Labelled] = []
    while len(found) < count:
        event = story_id(f"{seed}-{len(found)}")
        names = [f"Name{chance.randrange(20_000)}" for _ in range(5)]
        topic = chance.choices(vocabulary, cum_weights=weights, k=40)
        for _ in range(3):
            words = chance.choices(vocabulary, cum_weights=weights, k=80) + chance.sample(topic, 25)
            words += names + names
            chance.shuffle(words)
            title = " ".join(chance.sample(names, 2) + chance.sample(topic, 5))
            number = len(found)
            article = Article(f"{seed}-{number}", "", title, " ".join(words))
            found.append(Labelled(article, _START, event))
    step = timedelta(days=3) / count  # all within the window
    return [replace(each, at=_START + at * step) for at, each in enumerate(found[:count])]


def cost(history: int, new: int) -> float:
    """Milliseconds of processor time for one new article, placed and added, after a history."""
    index = StoryIndex()
    for row in made_up(history, 1):
        index.add(row.article, row.story, row.at)
    fresh = made_up(new, 2)
    before = time.process_time()
    for row in fresh:
        at = row.at + timedelta(days=3)
        story = index.place(row.article, at).story_id or story_id(row.article.id)
        index.add(row.article, story, at)
    return 1000 * (time.process_time() - before) / new


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DATA_DIR", help="labelled articles")
    parser.add_argument("--short", action="store_true", help="few thresholds, a short history")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure to FILE")
    options = parser.parse_args(arguments)
    paths = sorted(options.data.glob("*.jsonl*"))
    if not paths:
        print(f"no file in {options.data} ends in .jsonl or .jsonl.gz", file=sys.stderr)
        return 2
    report: dict[str, Any] = {"files": {}}
    for path in paths:
        rows = read(path)
        parts = [("all", rows)]
        if not options.short:
            parts += [(f"half {n}", half) for n, half in enumerate(halves(rows), 1)]
        for name, part in parts:
            scores = compare(part, tune=not options.short)
            print(f"{path.name}, {name}: {len(part)} articles\n{_table(scores)}\n")
            report["files"].setdefault(path.name, {})[name] = [_figures(each) for each in scores]
    sizes = (30, 300) if options.short else (1_000, 100_000)
    costs = [cost(size, 30 if options.short else 1_000) for size in sizes]
    report["cost_ms"] = dict(zip(map(str, sizes), costs, strict=True))
    print(
        f"one article placed and added: {costs[0]:.2f} ms after {sizes[0]:,}, "
        f"{costs[1]:.2f} ms after {sizes[1]:,}: {costs[1] / costs[0]:.2f} times"
    )
    if options.json is not None:
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0


def _table(scores: Sequence[Score]) -> str:
    lines = [("who", "precision", "recall", "F1", "threshold")]
    lines += [
        (
            each.who,
            f"{each.precision:.3f}",
            f"{each.recall:.3f}",
            f"{each.f1:.3f}",
            "" if each.threshold is None else f"{each.threshold:.2f}, best here",
        )
        for each in scores
    ]
    return aligned(lines, left=(0,))


def _figures(score: Score) -> dict[str, float | str | None]:
    return {
        "who": score.who,
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "threshold": score.threshold,
    }


if __name__ == "__main__":
    sys.exit(main())
