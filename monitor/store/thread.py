"""The store's face for asyncio: its calls run one after another in one thread of their own."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

from monitor.errors import StoreError

P = ParamSpec("P")
T = TypeVar("T")


class StoreThread:
    """One thread, in which the blocking calls of a store take their turns."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``function(*args, **kwargs)`` when its turn comes; the event loop goes on meanwhile.

        Once called it will run, even if the caller is cancelled while waiting: the record that a
        message was accepted must not be lost because the program is about to end. Raises what the
        function raises, and StoreError after ``close``.
        """
        loop = asyncio.get_running_loop()
        try:
            running = loop.run_in_executor(self._pool, partial(function, *args, **kwargs))
        except RuntimeError:  # the pool takes nothing after its shutdown
            raise StoreError("the store is closed") from None
        return await asyncio.shield(running)

    async def close(self) -> None:
        """Take no more calls and wait until those taken are done; a second call does nothing."""
        self._pool.shutdown(wait=False)
        await asyncio.to_thread(self._pool.shutdown, wait=True)
