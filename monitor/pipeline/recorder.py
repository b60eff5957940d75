"""Store polls together: what arrives while one transaction is under way goes into the next.

Layer 4. A commit costs a sync to disk whatever it holds; in a busy minute dozens of polls share
one. Each caller still waits until its own poll is stored.
"""

import asyncio
from collections import deque
from typing import Final

from monitor.store import Poll, Store, StoreThread

_MOST: Final = 128  # polls in one transaction


class PollRecorder:
    """Collects polls and writes them with one writer, first come first served."""

    def __init__(self, store: Store, thread: StoreThread) -> None:
        self._store = store
        self._thread = thread
        self._waiting: deque[tuple[Poll, asyncio.Future[int]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def record(self, poll: Poll) -> int:
        """Store one poll; returns how many of its entries were really new.

        Raises:
            StoreError: it could not be stored; nothing of it was.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((poll, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write(), name="store polls")
        return await done

    async def _write(self) -> None:
        try:
            while self._waiting:
                batch = [self._waiting.popleft() for _ in range(min(_MOST, len(self._waiting)))]
                await self._store_batch(batch)
        finally:
            self._writer = None

    async def _store_batch(self, batch: list[tuple[Poll, asyncio.Future[int]]]) -> None:
        polls = [poll for poll, _ in batch]
        try:
            counts = await self._thread.call(self._store.record_polls, polls)
        except Exception as error:  # noqa: BLE001  # a fault of ours must not silence feeds either
            await self._one_by_one(batch, error)
            return
        for (_, done), count in zip(batch, counts, strict=True):
            if not done.done():
                done.set_result(count)

    async def _one_by_one(
        self, batch: list[tuple[Poll, asyncio.Future[int]]], error: Exception
    ) -> None:
        """One bad poll must not cost the others theirs."""
        if len(batch) == 1:
            _tell(batch[0][1], error)
            return
        for poll, done in batch:
            try:
                (count,) = await self._thread.call(self._store.record_polls, [poll])
            except Exception as problem:  # noqa: BLE001  # whoever waits is told, whatever it was
                _tell(done, problem)
            else:
                if not done.done():
                    done.set_result(count)


def _tell(done: asyncio.Future[int], problem: Exception) -> None:
    if not done.done():
        done.set_exception(problem)
