"""Polls are stored together, and one that cannot be stored costs the others nothing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from monitor.errors import StoreError
from monitor.model import Article, FeedState
from monitor.pipeline.recorder import PollRecorder
from monitor.store import Ended, Poll, Recorded, RecordedAs, Result, Store, StoreThread

NOW = datetime(2026, 3, 1, tzinfo=UTC)


class Stubborn(Store):
    """A store that takes every poll but the bad one."""

    def __init__(self, error: Exception) -> None:
        self._error = error
        self.batches: list[int] = []

    def record_polls(self, polls: Sequence[Poll]) -> list[int]:
        self.batches.append(len(polls))
        if any(poll.state.url == "bad" for poll in polls):
            raise self._error
        return [7] * len(polls)

    def record_articles(self, ended: Sequence[Ended]) -> list[Recorded]:
        self.batches.append(len(ended))
        if any(each.entry_id == 3 for each in ended):
            raise self._error
        return [Recorded(each.result.article.id, RecordedAs.NEW) for each in ended]


@pytest.mark.parametrize(
    "error",
    [
        pytest.param(StoreError("full"), id="what a store may raise"),
        pytest.param(ValueError("naive"), id="a value that cannot be stored"),
        pytest.param(TypeError("oops"), id="a fault of ours"),
    ],
)
def test_one_bad_poll_costs_the_others_nothing_and_nobody_waits_for_ever(error: Exception) -> None:
    store = Stubborn(error)

    async def work() -> list[int | BaseException]:
        thread = StoreThread()
        recorder = PollRecorder(store, thread)
        try:
            urls = ["a", "b", "bad", "c", "d"]
            async with asyncio.timeout(10):
                first = await asyncio.gather(
                    *(recorder.record(Poll(FeedState(url))) for url in urls), return_exceptions=True
                )
                return [*first, await recorder.record(Poll(FeedState("later")))]
        finally:
            await thread.close()

    found = asyncio.run(work())
    assert [each for each in found if each != 7] == [error]
    assert found.index(error) == 2
    assert max(store.batches) > 1, "polls that come together are stored together"


def test_one_bad_article_costs_the_others_nothing_and_each_gets_its_own_answer() -> None:
    error = StoreError("full")
    store = Stubborn(error)

    async def work() -> list[Recorded | BaseException]:
        thread = StoreThread()
        articles = PollRecorder(store, thread).articles
        try:
            results = [Result(Article(str(n), "", "", ""), ()) for n in range(1, 6)]
            ended = [Ended(int(result.article.id), result, NOW) for result in results]
            async with asyncio.timeout(10):
                return await asyncio.gather(*map(articles.record, ended), return_exceptions=True)
        finally:
            await thread.close()

    found = asyncio.run(work())
    assert found == [error if name == "3" else Recorded(name, RecordedAs.NEW) for name in "12345"]
    assert max(store.batches) > 1, "what comes together is stored together"
