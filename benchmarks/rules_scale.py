"""A hundred thousand rules: how long they load, what they weigh, how long an article takes.

Run by hand: ``python -m benchmarks.rules_scale [--sizes 1000,10000,100000]``. Every figure is
processor time of this process; sizes are measured in turns within one run, so that ratios hold on a
busy machine. Memory is what the process grew by after a load from the cache, and is measured in a
process of its own.
"""

import argparse
import gc
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

from benchmarks.made_up import article
from monitor.model import Article
from monitor.rulecache import RuleCache
from monitor.rules.book import RuleBook
from monitor.rules.frequencies import learned
from monitor.text.words import cut

SIZES: Final = (1_000, 10_000, 100_000)
ARTICLES: Final = 200
WORDS: Final = 600
HIT: Final = 0.3  # share of terms that stand in some article; the rest are names that do not
_PER_FILE: Final = 10_000
_TABLE: Final = "frequencies.json"
_NAME: Final = (
    "bra cle dri fro gla ker lum mon nex ost pry quo rin sal tev urb vex wyn yor zel".split()
)


@cache
def articles() -> tuple[Article, ...]:
    """Made-up articles of about 600 words; none is about what the shipped rules watch."""
    return tuple(article(5 * number + 1, WORDS) for number in range(ARTICLES))


@cache
def frequencies() -> Mapping[str, int]:
    """What a store would teach: from a thousand other articles."""
    return learned(cut(article(5 * n + 2, WORDS).text).folds for n in range(1_000))


def rule_files(count: int, hit: float = HIT) -> list[str]:
    """YAML texts that hold ``count`` rules: two groups of one or two terms, half with a ``none``;
    one rule in five asks for two words near each other. A term is a phrase of one to three words.
    """
    chance = random.Random(17)
    texts = [
        [word for word in told.text.lower().replace(".", " ").split() if word.isalpha()]
        for told in articles()
    ]
    spread = Counter(word for words in texts for word in set(words))
    common = {word for word, _ in spread.most_common(150)}

    def name() -> str:
        return "".join(chance.choices(_NAME, k=chance.randint(2, 4))) + chance.choice("aeiou")

    def term(longest: int = 3) -> str:
        length = min(longest, chance.choices((1, 2, 3), (50, 35, 15))[0])
        if chance.random() >= hit:
            return " ".join(name() for _ in range(length))
        most = 3 if chance.random() < 0.8 else ARTICLES
        while True:
            words = chance.choice(texts)
            at = chance.randrange(len(words) - length)
            if spread[words[at]] <= most and words[at] not in common:
                return " ".join(words[at : at + length])

    def rule(number: int) -> str:
        lines = [f"  - id: scale-{number}", "    match:"]
        if chance.random() < 0.2:
            first, second = term(1), term(1)
            while second == first:
                second = term(1)
            lines.append(f'      near: {{within: 10, all: ["{first}", "{second}"]}}')
        else:
            lines.append("      all:")
            for _ in range(2):
                group = dict.fromkeys(term() for _ in range(chance.randint(1, 2)))
                listed = ", ".join(f'"{each}"' for each in group)
                lines.append(f"        - any: [{listed}]")
        if chance.random() < 0.5:
            lines.append(f'      none: ["{term()}"]')
        return "\n".join(lines)

    return [
        "rules:\n"
        + "\n".join(rule(at) for at in range(start, min(start + _PER_FILE, count)))
        + "\n"
        for start in range(0, count, _PER_FILE)
    ]


def _spent(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _resident() -> float:
    """Memory of this process in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _written(folder: Path, count: int) -> list[Path]:
    place = folder / str(count)
    place.mkdir(exist_ok=True)
    for number, text in enumerate(rule_files(count)):
        (place / f"made-up-{number:03}.yaml").write_text(text)
    return sorted(place.glob("*.yaml"))


def _from_cache(files: Sequence[Path], kept: Path) -> dict[str, float]:
    """Seconds and MB of a load from the cache; run in a process of its own."""
    table = json.loads((kept.parent / _TABLE).read_text())
    gc.collect()
    before = _resident()
    start = time.process_time()
    read = RuleCache(kept, table).read(files, kept.parent)
    loaded = time.process_time()
    book = RuleBook(read.loaded.rules)
    built = time.process_time()
    assert read.reused == len(files)
    weight = _resident() - before
    for told in articles():
        book.match(told)
    return {"cache": loaded - start, "book": built - loaded, "MB": weight,
            "MB after": _resident() - before}  # fmt: skip


def main() -> None:
    """Print one line for each size."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sizes", default=",".join(map(str, SIZES)))
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--inner", nargs="+", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.inner:
        kept, *names = map(Path, given.inner)
        print(json.dumps(_from_cache(names, kept)))
        return
    sizes = [int(size) for size in given.sizes.split(",")]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        (folder / _TABLE).write_text(json.dumps(frequencies()))
        books: dict[int, RuleBook] = {}
        for size in sizes:
            files = _written(folder, size)
            kept = folder / f"{size}.cache"
            rules = RuleCache(kept, frequencies())
            cold = _spent(lambda f=files, r=rules: r.read(f, folder))  # type: ignore[misc]
            command = [sys.executable, "-m", "benchmarks.rules_scale", "--inner", str(kept)]
            said = subprocess.run([*command, *map(str, files)], capture_output=True, check=True)
            figures = json.loads(said.stdout)
            files[0].write_text(files[0].read_text() + "  - {id: one-more, match: [two, more]}\n")
            changed = _spent(lambda f=files, r=rules: r.read(f, folder))  # type: ignore[misc]
            books[size] = RuleBook(rules.read(files, folder).loaded.rules)
            shown = ", ".join(f"{name} {value:.2f}" for name, value in figures.items())
            print(f"{size:>7,} rules: from YAML {cold:.2f} s, one file changed {changed:.2f} s, "
                  f"in seconds: {shown}", flush=True)  # fmt: skip
        named = {f"{size:,} rules": book for size, book in books.items()}
        first, last = books[min(sizes)], books[max(sizes)]
        named[f"{len(first.rules):,} rules with the hits of {len(last.rules):,}"] = _as_busy(
            first, last
        )
        times: dict[str, list[float]] = {name: [] for name in named}
        hits = {n: sum(len(book.match(a)) for a in articles()) for n, book in named.items()}
        for _ in range(given.rounds):
            for name, book in named.items():
                run = _spent(lambda b=book: [b.match(told) for told in articles()])  # type: ignore[misc]
                times[name].append(1000 * run / ARTICLES)
        cutting = statistics.median(
            _spent(lambda: [cut(told.text) and cut(told.title) for told in articles()])
            for _ in range(given.rounds)
        )
        print(f"cutting words alone: {1000 * cutting / ARTICLES:.3f} ms an article")
        for name, took in times.items():
            tried = sum(len(named[name].candidates(told)) for told in articles()) / ARTICLES
            print(f"{name}: {statistics.median(took):.3f} ms an article (best {min(took):.3f}), "
                  f"{hits[name] / ARTICLES:.2f} hits of {tried:.1f} tried")  # fmt: skip
        busy, many = list(times)[-1], list(times)[-2]
        ratios = [one / other for one, other in zip(times[many], times[busy], strict=True)]
        print(f"with as many hits: {statistics.median(ratios):.2f} times {busy.split()[0]} rules")


def _as_busy(small: RuleBook, large: RuleBook) -> RuleBook:
    """As many rules as in ``small``, and as many hits as ``large`` has, so far as that goes."""
    hit = {found.rule_id for told in articles() for found in large.match(told)}
    rules = [rule for name in sorted(hit) if (rule := large.rule(name)) is not None]
    quiet = [rule for rule in small.rules if rule.id not in hit]
    return RuleBook([*rules, *quiet][: max(len(rules), len(small.rules))], frequencies())


if __name__ == "__main__":
    main()
