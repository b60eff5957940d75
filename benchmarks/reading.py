"""Feeds parsed and pages read, beside the bare libraries.

Ours twice: the function alone, in this process like the peer; and in a worker, as the daemon does
it, with bytes handed over and values handed back (the whole process tree counts).
"""

import asyncio
import gzip
import io
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any, Final

import feedparser
import trafilatura

from benchmarks.made_up import feed, page
from benchmarks.table import OURS, Case
from monitor.articles.extract import extract_page
from monitor.feeds.parse import parse_feed
from monitor.workers import Workers

PARSE: Final = "parse a feed"
EXTRACT: Final = "extract a page"
IN_WORKER: Final = ", in a worker"
_URL: Final = "https://ledger.example/"
_XML: Final = "application/xml; charset=utf-8"
_HTML: Final = "text/html; charset=utf-8"


def feeds(count: int) -> list[bytes]:
    """Made-up feeds, different from each other."""
    return [feed(number) for number in range(count)]


def pages(count: int) -> list[bytes]:
    """Made-up pages, different from each other."""
    return [page(number) for number in range(count)]


def files(folder: Path, endings: Sequence[str]) -> list[bytes]:
    """The user's own files below ``folder``, ``.gz`` unpacked, in order of their names.

    Raises:
        ValueError: there is none with one of these endings.
    """
    found = [
        gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name.removesuffix(".gz").lower().endswith(tuple(endings))
    ]
    if not found:
        raise ValueError(f"no file in {folder} ends in {', '.join(endings)} (or those and .gz)")
    return found


def parsing(bodies: Sequence[bytes], workers: Workers) -> list[Case]:
    """Cases of the stage "parse"; ``feedparser`` with its defaults is the peer."""

    def ours(body: bytes) -> None:
        parse_feed(body, _URL, _XML)

    def bare(body: bytes) -> None:
        feedparser.parse(io.BytesIO(body))

    def in_worker(body: bytes) -> Coroutine[Any, Any, object]:
        return workers.parse(body, _URL, _XML)

    return [
        _here(PARSE, OURS, bodies, ours),
        _here(PARSE, "feedparser", bodies, bare),
        _there(PARSE, bodies, in_worker),
    ]


def extracting(bodies: Sequence[bytes], workers: Workers) -> list[Case]:
    """Cases of the stage "extract"; trafilatura with metadata does what we do, text alone less."""

    def ours(body: bytes) -> None:
        extract_page(body, _URL, _HTML)

    def with_metadata(body: bytes) -> None:
        trafilatura.bare_extraction(body, url=_URL, with_metadata=True)

    def text_alone(body: bytes) -> None:
        trafilatura.extract(body, url=_URL)

    def in_worker(body: bytes) -> Coroutine[Any, Any, object]:
        return workers.extract(body, _URL, _HTML)

    return [
        _here(EXTRACT, OURS, bodies, ours),
        _here(EXTRACT, "trafilatura, with metadata", bodies, with_metadata),
        _here(EXTRACT, "trafilatura, text only", bodies, text_alone),
        _there(EXTRACT, bodies, in_worker),
    ]


def _here(stage: str, who: str, bodies: Sequence[bytes], read: Callable[[bytes], None]) -> Case:
    async def run() -> None:
        for body in bodies:
            read(body)

    async def prepare() -> None:
        read(bodies[0])

    return Case(stage, who, len(bodies), run, prepare)


def _there(
    stage: str, bodies: Sequence[bytes], read: Callable[[bytes], Coroutine[Any, Any, object]]
) -> Case:
    async def run() -> None:
        await asyncio.gather(*(read(body) for body in bodies))

    async def prepare() -> None:  # both processes have loaded what they need
        for _ in range(2):
            await asyncio.gather(*(read(bodies[0]) for _ in range(4)))

    return Case(stage + IN_WORKER, OURS, len(bodies), run, prepare, peers_of=stage)
