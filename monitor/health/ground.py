"""Watch what all work stands on: room on the disk, and a database that can be written.

Layer 4: the memory of ``monitor.health.disk``, which decides. While the ground does not bear, no
poll and no send is started; both go on by themselves when it does.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from monitor.errors import StoreError
from monitor.health.disk import (
    BALLAST,
    Ground,
    Write,
    bears,
    disk_trouble,
    told_as,
    wants_ballast,
)
from monitor.health.notices import Condition
from monitor.store import Store, StoreThread
from monitor.store.ballast import free_space, lay, lies, throw_away

log = logging.getLogger(__name__)

PROBE_AGAIN: Final = 2.0  # seconds between probes while the database cannot be written
ROOM: Final = 1024 * 1024  # bytes that must be free again after the disk was full


class GroundWatch:
    """Looks at the disk, and hears of every failure of the database.

    ``free(folder)`` gives the free bytes there, or None. ``keeps_ballast`` False: a short run that
    lays none.
    """

    def __init__(
        self,
        data: Path,
        store: Store,
        thread: StoreThread,
        *,
        free: Callable[[Path], int | None] = free_space,
        clock: Callable[[], float] = time.monotonic,
        keeps_ballast: bool = True,
    ) -> None:
        self._data = data
        self._store = store
        self._thread = thread
        self._free = free
        self._clock = clock
        self._write = Write.WELL
        self._error = ""
        self._ground = Ground(None)
        self._probed_at = float("-inf")
        self.keeps_ballast = keeps_ballast
        self.works = True
        store.on_failure = self._failed

    async def look(self) -> None:
        """Look at the disk once; probe the database where its last write failed."""
        if self._write is not Write.WELL and self._clock() - self._probed_at >= PROBE_AGAIN:
            await self.probe()
        self._ground = Ground(self._free(self._data), self._write, lies(self._data))
        works = bears(self._ground, self.works)
        self._store.rests = not works
        self.works = works
        if self.keeps_ballast and works and wants_ballast(self._ground):
            await asyncio.to_thread(lay, self._data, BALLAST)

    async def probe(self) -> bool:
        """Write something to the database; whether that went well."""
        self._probed_at = self._clock()
        try:
            room = ROOM if self._write is Write.FULL else 0
            await self._thread.call(self._store.probe, room)
        except StoreError:
            return False
        self._write = Write.WELL
        return True

    def trouble(self) -> Condition | None:
        """What is wrong, for the operator; None: nothing."""
        return disk_trouble(self._ground, self.works, str(self._data), self._error)

    def _failed(self, error: StoreError) -> None:
        """In the store's thread, at once: start nothing more, and make room for what is known."""
        self._write, self._error = told_as(str(error)), str(error)
        self._ground = Ground(self._ground.free, self._write, self._ground.has_ballast)
        self._store.rests = True
        self.works = False
        if self._write is Write.FULL:
            throw_away(self._data)
