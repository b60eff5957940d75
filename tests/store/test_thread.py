"""The store for asyncio."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from monitor.errors import StoreError
from monitor.model import Feed
from monitor.store import Store, StoreThread


def test_calls_run_one_after_another_in_one_thread() -> None:
    async def scenario() -> tuple[list[int], set[int]]:
        thread, done, threads = StoreThread(), list[int](), set[int]()

        def work(number: int) -> None:
            threads.add(threading.get_ident())
            done.append(number)

        await asyncio.gather(*(thread.call(work, number) for number in range(50)))
        await thread.close()
        return done, threads

    done, threads = asyncio.run(scenario())
    assert done == list(range(50))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_the_store_works_in_another_thread_than_it_was_opened_in(store: Store, make: Any) -> None:
    async def scenario() -> object:
        thread = StoreThread()
        await thread.call(store.sync_feeds, [Feed(make.feed)])
        try:
            return await thread.call(store.states)
        finally:
            await thread.close()

    assert asyncio.run(scenario()) == store.states()


def test_the_event_loop_goes_on_while_a_call_blocks() -> None:
    async def scenario() -> None:
        thread, go = StoreThread(), threading.Event()
        blocked = asyncio.create_task(thread.call(go.wait, 10))
        await asyncio.sleep(0)
        go.set()  # only a free event loop gets here
        assert await asyncio.wait_for(blocked, 10)
        await thread.close()

    asyncio.run(scenario())


def test_an_error_reaches_its_caller_and_no_other() -> None:
    async def scenario() -> None:
        thread = StoreThread()

        def fail() -> None:
            raise StoreError("no")

        with pytest.raises(StoreError, match="no"):
            await thread.call(fail)
        assert await thread.call(int, "7") == 7
        await thread.close()

    asyncio.run(scenario())


def test_a_call_whose_caller_was_cancelled_is_done_all_the_same() -> None:
    async def scenario() -> list[str]:
        thread, go, done = StoreThread(), threading.Event(), list[str]()
        first = asyncio.create_task(thread.call(go.wait, 10))
        second = asyncio.create_task(thread.call(done.append, "recorded"))
        await asyncio.sleep(0)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second
        go.set()
        await first
        await thread.close()
        return done

    assert asyncio.run(scenario()) == ["recorded"]


def test_close_waits_for_what_was_asked_and_takes_nothing_more(tmp_path: Path) -> None:
    async def scenario() -> list[int]:
        thread, done = StoreThread(), list[int]()
        calls = [asyncio.create_task(thread.call(done.append, n)) for n in range(20)]
        await asyncio.sleep(0)
        await thread.close()
        await thread.close()
        finished = list(done)
        await asyncio.gather(*calls)
        with pytest.raises(StoreError, match="closed"):
            await thread.call(done.append, 99)
        return finished

    assert asyncio.run(scenario()) == list(range(20))
