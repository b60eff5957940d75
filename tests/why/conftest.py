"""A site, a newsroom, and ``why`` asked in this process with the program's own parts."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.app import make_outbound
from monitor.store import FILE_NAME, open_store
from monitor.why import Answer, Question, page_reader, why
from tests.flow.newsroom import Newsroom, Parsers
from tests.flow.outlets import Site

Ask = Callable[..., Answer]


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def newsroom(tmp_path: Path) -> Newsroom:
    return Newsroom(tmp_path / "newsroom")


@pytest.fixture
def ask(newsroom: Newsroom) -> Ask:
    """``ask(url, rule=None, offline=False)``: real HTTP, real extraction, the newsroom's store."""

    async def answer(url: str, rule: str | None, offline: bool) -> Answer:
        files = newsroom.files()
        settings, book = files.settings, files.rules.book
        store = (
            open_store(settings.data, read_only=True)
            if (settings.data / FILE_NAME).exists()
            else None
        )
        outbound, workers = make_outbound(settings), Parsers()
        read = (
            None if offline else page_reader(outbound, workers, settings.articles, settings.polling)
        )
        wanted = book.rule(rule) if rule else None
        try:
            return await why(Question(url, settings, book, store, read, newsroom.clock(), wanted))
        finally:
            await workers.close()
            await outbound.aclose()
            if store is not None:
                store.close()

    def asked(url: str, rule: str | None = None, *, offline: bool = False) -> Answer:
        return asyncio.run(answer(url, rule, offline))

    return asked
