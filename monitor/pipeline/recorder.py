"""Store together what comes at the same time: what arrives during one transaction is the next.

Layer 4. A commit costs a sync to disk whatever it holds; in a busy minute dozens of polls, or the
results of a dozen entries, share one. Each caller still waits until its own is stored, and what is
stored of one is whole.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final, Generic, TypeVar

from monitor.store import Ended, Poll, Recorded, Store, StoreThread

_MOST: Final = 128  # in one transaction

T = TypeVar("T")
R = TypeVar("R")


class _Together(Generic[T, R]):
    """Writes what waits with ``write``, all in one transaction; one by one where that fails."""

    def __init__(self, thread: StoreThread, write: Callable[[Sequence[T]], list[R]]) -> None:
        self._thread = thread
        self._write = write
        self._waiting: deque[tuple[T, asyncio.Future[R]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def record(self, item: T) -> R:
        """Store ``item`` with others that wait; returns what came of it.

        Raises:
            StoreError: it could not be stored; nothing of it was.
        """
        done: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._work(), name="store together")
        return await done

    async def _work(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
                await self._store_batch(batch)
        finally:
            self._writer = None

    async def _store_batch(self, batch: list[tuple[T, asyncio.Future[R]]]) -> None:
        try:
            found = await self._thread.call(self._write, [item for item, _ in batch])
        except Exception as error:  # noqa: BLE001  # a fault of ours must not silence feeds either
            await self._one_by_one(batch, error)
            return
        for (_, done), each in zip(batch, found, strict=True):
            if not done.done():
                done.set_result(each)

    async def _one_by_one(self, batch: list[tuple[T, asyncio.Future[R]]], error: Exception) -> None:
        """One that cannot be stored must not cost the others theirs."""
        if len(batch) == 1:
            _tell(batch[0][1], error)
            return
        for item, done in batch:
            try:
                (found,) = await self._thread.call(self._write, [item])
            except Exception as problem:  # noqa: BLE001  # whoever waits is told, whatever it was
                _tell(done, problem)
            else:
                if not done.done():
                    done.set_result(found)


class PollRecorder(_Together[Poll, int]):
    """Polls, written first come first served; what is returned is the number of new entries.

    ``articles`` does the same for what came of entries (``Store.record_article``).
    """

    def __init__(self, store: Store, thread: StoreThread) -> None:
        super().__init__(thread, store.record_polls)
        self.articles: _Together[Ended, Recorded] = _Together(thread, store.record_articles)


def _tell(done: "asyncio.Future[Any]", problem: Exception) -> None:
    if not done.done():
        done.set_exception(problem)
