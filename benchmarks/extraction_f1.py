"""How well pages are read: token F1 and CPU time, beside trafilatura alone.

    python benchmarks/extraction_f1.py FOLDER [--worst N]

FOLDER holds ``expected.jsonl`` (file, url, text per line) and the pages it names (``*.html.gz``).
F1 is over the bags of words of a page, then the plain mean of all pages.
"""

import argparse
import gzip
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import trafilatura

from monitor.articles.extract import extract_page

Read = Callable[[bytes, str], str]


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
    readers: dict[str, Read] = {
        "trafilatura, default": default,
        "trafilatura, no comments": no_comments,
        "trafilatura, no comments, precision": precise,
        "ours": ours,
    }
    for name, read in readers.items():
        began = time.process_time()
        found = [read(page, row["url"]) for page, row in zip(pages, rows, strict=True)]
        spent = (time.process_time() - began) / len(rows)
        scores = [f1(text, row["text"]) for text, row in zip(found, rows, strict=True)]
        print(f"{name:36} F1 {sum(scores) / len(scores):.4f}  {1000 * spent:5.1f} ms/page")
    for score, row in sorted(zip(scores, rows, strict=True), key=lambda pair: pair[0])[
        : options.worst
    ]:
        print(f"  {score:.3f} {row['file']}")


if __name__ == "__main__":
    main()
