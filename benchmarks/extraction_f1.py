"""How well pages are read: token F1 and CPU time, beside trafilatura alone.

    python benchmarks/extraction_f1.py FOLDER [--worst N]

FOLDER holds ``expected.jsonl`` (file, url, text per line) and the pages it names (``*.html.gz``).
F1 is over the bags of words of a page, then the plain mean of all pages, and of each set of them
(files named alike). A page on which we are clearly below trafilatura's default is named.
"""

import argparse
import gzip
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import trafilatura

from monitor.articles.extract import extract_page

Read = Callable[[bytes, str], str]
OURS = "ours"
CLEARLY = 0.005


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.casefold()))


def f1(found: str, expected: str) -> float:
    have, want = words(found), words(expected)
    common = sum((have & want).values())
    return 2 * common / (have.total() + want.total()) if common else 0.0


def default(page: bytes, url: str) -> str:
    return trafilatura.extract(page, url=url) or ""


def no_comments(page: bytes, url: str) -> str:
    return trafilatura.extract(page, url=url, include_comments=False) or ""


def precise(page: bytes, url: str) -> str:
    return trafilatura.extract(page, url=url, include_comments=False, favor_precision=True) or ""


def ours(page: bytes, url: str) -> str:
    return extract_page(page, url, None).text


def with_metadata(page: bytes, url: str) -> str:
    document = trafilatura.bare_extraction(page, url=url, with_metadata=True)
    return (getattr(document, "text", "") or "") if document else ""


def set_of(file: str) -> str:
    """The collection that a page belongs to: its file's name up to the first number."""
    return re.sub(r"[-_]?\d.*", "", file) or "pages"


def mean(scores: Iterable[float]) -> float:
    known = list(scores)
    return sum(known) / len(known)


def of_set(name: str, rows: list[dict[str, str]], scores: list[float]) -> float:
    """The mean of one set."""
    return mean(own for own, row in zip(scores, rows, strict=True) if set_of(row["file"]) == name)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--worst", type=int, default=0, help="name our N worst pages")
    options = arguments.parse_args()
    logging.disable(logging.CRITICAL)
    rows = [
        json.loads(line)
        for line in (options.folder / "expected.jsonl").read_text("utf-8").splitlines()
    ]
    pages = [gzip.decompress((options.folder / row["file"]).read_bytes()) for row in rows]
    sets = sorted({set_of(row["file"]) for row in rows})
    readers: dict[str, Read] = {
        "trafilatura, default": default,
        "trafilatura, with metadata": with_metadata,
        "trafilatura, no comments": no_comments,
        "trafilatura, no comments, precision": precise,
        OURS: ours,
    }
    scores: dict[str, list[float]] = {}
    texts: dict[str, list[str]] = {}
    print(f"{'':36}{'all':>8}{''.join(f'{name:>16}' for name in sets)}   ms/page")
    for name, read in readers.items():
        began = time.process_time()
        texts[name] = [read(page, row["url"]) for page, row in zip(pages, rows, strict=True)]
        spent = 1000 * (time.process_time() - began) / len(rows)
        scores[name] = [f1(text, row["text"]) for text, row in zip(texts[name], rows, strict=True)]
        of_sets = "".join(f"{of_set(one, rows, scores[name]):16.4f}" for one in sets)
        print(f"{name:36}{mean(scores[name]):8.4f}{of_sets}{spent:10.1f}")
    against_default(rows, scores, texts)
    worst = sorted(zip(scores[OURS], rows, strict=True), key=lambda pair: pair[0])
    for score, row in worst[: options.worst]:
        print(f"  {score:.3f} {row['file']}")


def against_default(
    rows: list[dict[str, str]], scores: dict[str, list[float]], texts: dict[str, list[str]]
) -> None:
    """Says on which pages we are clearly below trafilatura's default, and where we read nothing."""
    pairs = list(zip(rows, scores[OURS], scores["trafilatura, default"], strict=True))
    below = [(row["file"], own, peer) for row, own, peer in pairs if own < peer - CLEARLY]
    above = sum(own > peer + CLEARLY for _, own, peer in pairs)
    print(f"by more than {CLEARLY}: above trafilatura's default {above}, below {len(below)}")
    for file, own, peer in below:
        print(f"  {file} {own:.3f} instead of {peer:.3f}")
    both = zip(rows, texts[OURS], texts["trafilatura, default"], strict=True)
    empty = [row["file"] for row, own, peer in both if peer and not own]
    print(f"empty where trafilatura reads: {', '.join(empty) or 'none'}")


if __name__ == "__main__":
    main()
