"""The store's face for asyncio: its calls run one after another in one thread of their own.

Calls that come while the thread is at work are done in the same go, and answers that come within
two milliseconds are brought back together: changing threads costs more than many a call.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import Any, Final, ParamSpec, TypeVar

from monitor.errors import StoreError

_HOLD_BACK: Final = 0.002  # seconds at most that an answer waits for others to come along

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Call:
    """A call, the future that waits for it, and what came of it."""

    function: Callable[[], Any]
    answer: asyncio.Future[Any]
    value: Any = None
    error: BaseException | None = None

    def run(self) -> None:
        try:
            self.value = self.function()
        except BaseException as error:  # noqa: BLE001  # it belongs to the caller, whatever it is
            self.error = error

    def give(self) -> None:
        if self.answer.done():
            return
        if self.error is None:
            self.answer.set_result(self.value)
        else:
            self.answer.set_exception(self.error)


class StoreThread:
    """One thread, in which the blocking calls of a store take their turns."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._waiting: deque[_Call] = deque()
        self._handing = Lock()
        self._at_work = False
        self._closed = False

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``function(*args, **kwargs)`` when its turn comes; the event loop goes on meanwhile.

        Once called it will run, even if the caller is cancelled while waiting: the record that a
        message was accepted must not be lost because the program is about to end. Raises what the
        function raises, and StoreError after ``close``.
        """
        answer: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        with self._handing:
            if self._closed:
                raise StoreError("the store is closed")
            self._waiting.append(_Call(partial(function, *args, **kwargs), answer))
            if not self._at_work:
                self._at_work = True
                self._pool.submit(self._work)
        return await asyncio.shield(answer)

    async def close(self) -> None:
        """Take no more calls and wait until those taken are done; a second call does nothing."""
        with self._handing:
            self._closed = True
        await asyncio.to_thread(self._pool.shutdown, wait=True)

    def _work(self) -> None:
        """Do every call that waits, in the thread."""
        done: list[_Call] = []
        since = time.monotonic()
        while True:
            with self._handing:
                if not self._waiting:
                    self._at_work = False
                    break
                call = self._waiting.popleft()
            call.run()
            done.append(call)
            if time.monotonic() - since > _HOLD_BACK:
                _bring_back(done)
                done, since = [], time.monotonic()
        _bring_back(done)


def _bring_back(done: Sequence[_Call]) -> None:
    for loop in {call.answer.get_loop() for call in done}:
        with suppress(RuntimeError):  # a loop that is closed waits for nothing
            loop.call_soon_threadsafe(_give, [c for c in done if c.answer.get_loop() is loop])


def _give(done: Sequence[_Call]) -> None:
    for call in done:
        call.give()
