"""How long ``replay`` takes: 20,000 made-up articles over 30 simulated days, with real rules.

One article in five is about what the shipped rules watch, one in twenty is a copy, one in five goes
on with the story of an earlier one.

    python -m benchmarks.replay_speed [--articles 20000] [--words 150]
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks import made_up

_DAYS = 30
_CONFIG = """
timezone: Europe/Brussels
notifiers: {newsroom: {type: console}, desk: {type: console}}
routes:
  - {match: {level: urgent}, notify: [newsroom, desk], continue: true}
  - {notify: [desk], quiet: "22:00-07:00", max_per_hour: 20}
"""


def articles(count: int, words: int) -> Iterator[dict[str, Any]]:
    """Made-up articles in a made-up order; the same in every run."""
    chance = random.Random(3)
    step = timedelta(days=_DAYS) / count
    for number in chance.sample(range(count), count):
        earlier = number - chance.randint(1, 30)
        of = earlier if earlier > 0 and chance.random() < 0.25 else number
        article = made_up.article(of, words)
        assert article.published is not None
        text = article.text
        if of != number and chance.random() < 0.8:  # a report of its own, else a copy
            parts = text.split("\n\n")
            fresh = made_up.article(number + count, words // 2).text.split("\n\n")
            text = "\n\n".join([*parts[: len(parts) // 2], *fresh])
        yield {
            "id": number, "title": article.title, "text": text, "source": f"Outlet {number % 40}",
            "url": f"https://outlet{number % 40}.example/{number}", "language": "en",
            "published": (article.published + step * number).isoformat(),
        }  # fmt: skip


def main() -> None:
    """Write the articles, replay them, print times (seconds) and memory (MB)."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=150)
    given = parser.parse_args()
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory() as folder:
        config, lines = Path(folder, "config.yaml"), Path(folder, "articles.jsonl")
        config.write_text(_CONFIG + f"rules: ['{root / 'rules'}']\n", encoding="utf-8")
        with lines.open("w", encoding="utf-8") as stream:
            for article in articles(given.articles, given.words):
                stream.write(json.dumps(article) + "\n")
        started = time.monotonic()
        subprocess.run(
            [sys.executable, "-m", "monitor", "--config", config, "replay", lines],
            cwd=root, check=True, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        wall = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"{given.articles:,} articles of some {given.words} words: {wall:.1f} s, "
          f"{used.ru_utime + used.ru_stime:.1f} s of CPU in two processes, "
          f"at most {used.ru_maxrss // 1024} MB in one")  # fmt: skip


if __name__ == "__main__":
    main()
