"""Runs parsers in processes that can be killed: a hostile page costs its own task and no other.

Edge. feedparser and trafilatura hold the interpreter lock for seconds to minutes on hostile input,
so neither threads nor asyncio timeouts help (docs/decisions/0006-killable-workers.md). Each worker
has limits of its own: memory, processor time, no writing to files, few descriptors.
"""

import asyncio
import contextlib
import ctypes
import math
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from datetime import UTC, datetime
from enum import StrEnum
from importlib import import_module
from typing import Any, Final, TypeVar

from pebble import ProcessExpired, ProcessPool

from monitor.articles.reading import ReadPage
from monitor.articles.site_rules import NO_RULES, SiteRules
from monitor.errors import MonitorError
from monitor.feeds import quick
from monitor.feeds.parse import NotAFeed, parse_feed
from monitor.model import ParsedFeed

T = TypeVar("T")

MEMORY: Final = 512 * 1024 * 1024  # bytes that one task may need beyond the loaded program
_DESCRIPTORS: Final = 64
_TASKS_PER_WORKER: Final = 500  # then a fresh one: no leak of a parser lives long
_STARTING: Final = 20.0  # seconds granted to a new worker to load its libraries
_CLOSING: Final = 1.5  # seconds
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


class Failure(StrEnum):
    """How a worker failed."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    CRASH = "crash"


class WorkerFailed(MonitorError):  # noqa: N818  # says what is the case
    """A task gave no result; its text is a sentence for people."""

    def __init__(self, kind: Failure, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message


class Workers:
    """Two killable processes (``processes``) that parse feeds and read pages.

    ``parse_timeout`` and ``extract_timeout`` are wall-clock seconds per task, ``memory`` bytes.
    Tasks beyond the number of processes wait their turn here, outside their time limit.
    """

    def __init__(
        self,
        *,
        processes: int = 2,
        parse_timeout: float = 15.0,
        extract_timeout: float = 15.0,
        memory: int = MEMORY,
    ) -> None:
        self._processes = processes
        self._parse_timeout = parse_timeout
        self._extract_timeout = extract_timeout
        self._memory = memory
        self._pool: ProcessPool | None = None
        self._turn = asyncio.Semaphore(processes)
        self._waiting: dict[asyncio.Future[Any], ProcessPool] = {}
        self._closed = False

    def start(self) -> None:
        """Starts the processes without waiting for them; the first task would do it, too."""
        for _ in range(self._processes):
            self._running().schedule(_load)

    def scan(self, body: bytes, url: str, content_type: str | None) -> quick.Scan | quick.Doubt:
        """``quick.scan_in_loop``: in this process, for most feeds are plain and need no worker."""
        return quick.scan_in_loop(body, url, content_type)

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        """``parse_feed`` in a worker.

        Raises:
            NotAFeed, SitemapsListed: as ``parse_feed``.
            WorkerFailed: it took too long, needed too much memory, or its process died.
        """
        return await self._run(_parse, (body, url, content_type), self._parse_timeout)

    async def extract(
        self, body: bytes, url: str, content_type: str | None, rules: SiteRules = NO_RULES
    ) -> ReadPage:
        """``extract_page`` in a worker.

        Raises:
            WorkerFailed: it took too long, needed too much memory, or its process died.
        """
        return await self._run(_extract, (body, url, content_type, rules), self._extract_timeout)

    async def close(self) -> None:
        """Ends the processes, whatever they are doing, within two seconds.

        Who waits for a task gets ``WorkerFailed``.
        """
        self._closed = True
        if self._pool is not None:
            await self._replace(self._pool)

    async def _run(self, task: Callable[..., T], arguments: tuple[Any, ...], seconds: float) -> T:
        """One task in a worker; ``seconds`` count from when a worker takes it up."""
        async with self._turn:
            pool = self._running()
            future = asyncio.wrap_future(
                pool.schedule(_limited, args=(task, arguments, seconds), timeout=seconds)
            )
            self._waiting[future] = pool
            try:
                # pebble watches the worker's time. The second limit is for pebble itself: its
                # clock is the wall clock, which may be set back.
                async with asyncio.timeout(seconds + _STARTING):
                    result: T = await future
                    return result
            except TimeoutError as problem:
                if future.cancelled():
                    await self._replace(pool)
                raise WorkerFailed(Failure.TIMEOUT, f"took longer than {seconds:g} s") from problem
            except MemoryError:
                message = f"needed more than {self._memory // 1024**2} MB"
                raise WorkerFailed(Failure.MEMORY, message) from None
            except ProcessExpired as problem:
                raise _expired(problem.exitcode, seconds) from problem
            except asyncio.CancelledError:
                current = asyncio.current_task()
                if current is None or current.cancelling():
                    raise  # the caller is cancelled, and the worker killed
                self._still_open()
                raise WorkerFailed(Failure.CRASH, "the workers were replaced") from None
            except (BrokenProcessPool, OSError, RuntimeError) as problem:
                await self._replace(pool)
                raise WorkerFailed(Failure.CRASH, "the parser crashed") from problem
            finally:
                self._waiting.pop(future, None)

    def _still_open(self) -> None:
        if self._closed:
            raise WorkerFailed(Failure.CRASH, "the program is closing")

    def _running(self) -> ProcessPool:
        self._still_open()
        if self._pool is None or not self._pool.active:
            self._pool = ProcessPool(
                max_workers=self._processes,
                max_tasks=_TASKS_PER_WORKER,
                initializer=_begin,
                initargs=(self._memory, os.getpid()),
                context=multiprocessing.get_context("spawn"),
            )
        return self._pool

    async def _replace(self, pool: ProcessPool) -> None:
        """Ends ``pool``; the next task starts another. pebble may forget those who wait."""
        if self._pool is pool:
            self._pool = None
        for future, owner in list(self._waiting.items()):
            if owner is pool:
                future.cancel()
        await asyncio.to_thread(_end, pool)


def _expired(code: int | None, seconds: float) -> WorkerFailed:
    """What the exit code of a worker that died over a task means to people."""
    if code == -signal.SIGXCPU:
        return WorkerFailed(Failure.TIMEOUT, f"took longer than {seconds:g} s")
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return WorkerFailed(Failure.CRASH, f"the parser crashed ({name})")
    return WorkerFailed(Failure.CRASH, "the parser crashed")


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]  # pebble annotates most, not this
    with contextlib.suppress(TimeoutError, BrokenProcessPool, RuntimeError):
        pool.join(timeout=_CLOSING)


# What follows runs in the worker.


def _begin(memory: int, parent: int) -> None:
    """Sets up a new worker: dies with its parent, ignores Ctrl-C, keeps within its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, even in the middle of C code
    _die_with(parent)
    _load()
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
    ):
        resource.setrlimit(kind, (most, most))
    used = _address_space()
    if used:  # macOS neither tells the size nor keeps this limit
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _load() -> None:
    """Imports what tasks need, before the limits are set and before time is counted."""
    import_module("monitor.articles.extract")


def _limited(task: Callable[..., T], arguments: tuple[Any, ...], timeout: float) -> T:
    """Runs ``task`` under a limit of processor time: the last resort if nobody kills us."""
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    most = math.ceil(time.process_time() + timeout) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, hardest))
    return task(*arguments)


def _parse(body: bytes, url: str, content_type: str | None) -> ParsedFeed:
    try:
        return parse_feed(body, url, content_type, now=datetime.now(UTC))
    except (NotAFeed, MemoryError):
        raise
    except Exception as problem:  # noqa: BLE001  # feedparser fails in many ways; what is unreadable is no feed
        raise NotAFeed(f"not a feed: the parser failed ({type(problem).__name__})") from None


def _extract(body: bytes, url: str, content_type: str | None, rules: SiteRules) -> ReadPage:
    from monitor.articles.extract import extract_page  # heavy, see _load

    return extract_page(body, url, content_type, rules)


def _address_space() -> int:
    """Bytes of address space of this process now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # a kernel file
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _die_with(parent: int) -> None:
    """Ends this process when its parent is gone, however the parent went.

    Linux tells the kernel (prctl(2), PR_SET_PDEATHSIG: also when the thread that started us
    ends, which for pebble means that its pool ended). Elsewhere a thread looks every second.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    else:
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()
    if os.getppid() != parent:
        os._exit(1)


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
