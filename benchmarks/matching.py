"""Rules on articles: words cut, candidates found, trees evaluated, evidence gathered.

Bare libraries that find words do less; ``match_peers.py`` sets what they can do beside it.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.made_up import article, rules
from benchmarks.table import OURS, Case
from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.userfiles import read_rules

SIZES: Final = (100, 1_000)  # rules, besides the two that are shipped
SHIPPED: Final = "match, shipped rules"  # two of them
_SHIPPED: Final = Path(__file__).parents[1] / "rules"


def stage(count: int) -> str:
    """The name of the row for so many rules."""
    return f"match, {count:,} rules"


def matching(folder: Path, count: int) -> list[Case]:
    """Cases over ``count`` made-up articles; rule files are written to ``folder``."""
    articles = [article(number) for number in range(count)]
    cases = [_case(SHIPPED, _book(_SHIPPED), articles)]
    for size in SIZES:
        place = folder / f"rules-{size}"
        place.mkdir()
        (place / "made-up.yaml").write_text(rules(size, articles))
        cases.append(_case(stage(size), _book(place), articles))
    return cases


def _book(folder: Path) -> RuleBook:
    read = read_rules([folder])
    if read.errors:
        raise RuntimeError("\n".join(map(str, read.errors)))
    return read.book


def _case(name: str, book: RuleBook, articles: Sequence[Article]) -> Case:
    if not any(book.match(told) for told in articles):
        raise RuntimeError("no rule matches: evidence would not be measured")

    async def run() -> None:
        for told in articles:
            book.match(told)

    return Case(name, OURS, len(articles), run)
