"""Polls are stored together, and one that cannot be stored costs the others nothing."""

import asyncio
from collections.abc import Sequence

import pytest

from monitor.errors import StoreError
from monitor.model import FeedState
from monitor.pipeline.recorder import PollRecorder
from monitor.store import Poll, Store, StoreThread


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
