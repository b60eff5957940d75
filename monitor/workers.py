"""Runs parsers in processes that can be killed: a hostile page costs its own task and no other.

Edge. feedparser and trafilatura hold the interpreter lock for seconds to minutes on hostile input,
so neither threads nor asyncio timeouts help (docs/decisions/0006-killable-workers.md). The process
is ``workers_child``, what passes between ``workers_wire``; here is who gets which process when.
"""

import asyncio
import contextlib
import logging
import signal
import time
from collections import deque
from enum import StrEnum
from typing import Any, Final

from monitor.articles.reading import ReadPage
from monitor.articles.site_rules import NO_RULES, SiteRules
from monitor.errors import MonitorError
from monitor.feeds import quick
from monitor.model import ParsedFeed
from monitor.workers_process import PROGRAM, Gone, WorkerProcess
from monitor.workers_wire import Answer, Failed, NoFeed, Nonsense, PageRead, raised

log = logging.getLogger(__name__)

MEMORY: Final = 512 * 1024 * 1024  # bytes that one task may need beyond the loaded program
_TASKS_PER_WORKER: Final = 500  # then a fresh one: no leak of a parser lives long
_STARTING: Final = 20.0  # seconds granted to a new worker to load its libraries
_CLOSING: Final = 1.5  # seconds
_MANY_DEATHS: Final = 5  # within …
_SHORT_TIME: Final = 600.0  # … seconds are told
_FAILED_STARTS: Final = 3  # in a row, then no more for a while:
_LONGEST_REST: Final = 60.0  # seconds at most


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
    ``program`` is what a process runs: a seam for tests.
    """

    def __init__(
        self,
        *,
        processes: int = 2,
        parse_timeout: float = 15.0,
        extract_timeout: float = 15.0,
        memory: int = MEMORY,
        program: str = PROGRAM,
    ) -> None:
        self._processes = processes
        self._parse_timeout = parse_timeout
        self._extract_timeout = extract_timeout
        self._memory = memory
        self._program = program
        self._turn = asyncio.Semaphore(processes)
        self._idle: list[tuple[WorkerProcess, int]] = []  # with the tasks that it has done
        self._tasks: set[asyncio.Task[Any]] = set()  # what ``close`` must end
        self._deaths: deque[float] = deque(maxlen=_MANY_DEATHS)
        self._told_at = -_SHORT_TIME
        self._failed_starts = 0
        self._rests_until = 0.0
        self._closed = False

    def start(self) -> None:
        """Starts the processes without waiting for them; the first task would do it, too."""
        for _ in range(self._processes):
            self._keep(asyncio.create_task(self._warm_up()))

    def scan(self, body: bytes, url: str, content_type: str | None) -> quick.Scan | quick.Doubt:
        """``quick.scan_in_loop``: in this process, for most feeds are plain and need no worker."""
        return quick.scan_in_loop(body, url, content_type)

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        """``parse_feed`` in a worker.

        Raises:
            NotAFeed, SitemapsListed: as ``parse_feed``.
            WorkerFailed: it took too long, needed too much memory, or its process died.
        """
        said = {"task": "parse", "url": url, "content_type": content_type}
        answer = await self._run(said, body, self._parse_timeout)
        if isinstance(answer, NoFeed):
            raise raised(answer)
        if not isinstance(answer, ParsedFeed):
            raise _nonsense()
        return answer

    async def extract(
        self, body: bytes, url: str, content_type: str | None, rules: SiteRules = NO_RULES
    ) -> ReadPage:
        """``extract_page`` in a worker.

        Raises:
            WorkerFailed: it took too long, needed too much memory, or its process died.
            ValueError: a selector of ``rules`` cannot be used.
        """
        said = {
            "task": "extract", "url": url, "content_type": content_type,
            "rules": [rules.include, rules.remove],
        }  # fmt: skip
        answer = await self._run(said, body, self._extract_timeout)
        if not isinstance(answer, PageRead):
            raise _nonsense()
        return answer.page

    async def close(self) -> None:
        """Ends the processes, whatever they are doing, within two seconds.

        Who waits for a task gets ``WorkerFailed``.
        """
        self._closed = True
        idle, self._idle = self._idle, []
        for process, _ in idle:
            self._end(process)
        for task in list(self._tasks):
            if task.get_name() != "ending":
                task.cancel()
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=_CLOSING)
        while self._tasks:  # those that ended a process when they were cancelled
            _, late = await asyncio.wait(list(self._tasks), timeout=_CLOSING)
            if late:
                break

    async def _run(self, said: dict[str, Any], body: bytes, seconds: float) -> Answer | ParsedFeed:
        """One task in a worker; ``seconds`` count from when a worker takes it up."""
        self._still_open()
        task = asyncio.create_task(self._in_turn(said, body, seconds))
        self._keep(task)
        try:
            return await task
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is None or current.cancelling():
                task.cancel()
                raise  # the caller is cancelled, and the worker killed
            raise _closing() from None

    async def _in_turn(
        self, said: dict[str, Any], body: bytes, seconds: float
    ) -> Answer | ParsedFeed:
        async with self._turn:
            process, done = await self._take()
            answered = False
            try:
                async with asyncio.timeout(seconds):
                    answer = await process.ask({**said, "seconds": seconds}, body)
                answered = not isinstance(answer, Failed)
            except TimeoutError:
                message = f"took longer than {seconds:g} s"
                raise WorkerFailed(Failure.TIMEOUT, message) from None
            except Gone as gone:
                self._note_death()
                raise _expired(gone.code, seconds) from None
            except Nonsense as nonsense:
                self._note_death()
                log.warning("a parser process gave an answer that is none: %s", nonsense)
                raise _nonsense() from None
            finally:
                if answered and done + 1 < _TASKS_PER_WORKER and not self._closed:
                    self._idle.append((process, done + 1))
                else:
                    self._end(process)
        if isinstance(answer, Failed):
            raise self._failed(answer)
        return answer

    async def _take(self) -> tuple[WorkerProcess, int]:
        """A process that waits for work, else a new one.

        Raises WorkerFailed if none comes up; after some that did not, none is tried for a while.
        """
        while self._idle:
            process, done = self._idle.pop()
            if process.is_alive:
                return process, done
            self._end(process)
        rest = self._rests_until - time.monotonic()
        if rest > 0:
            raise WorkerFailed(
                Failure.CRASH,
                f"the parser crashed at its start {self._failed_starts} times in a row; "
                f"the next try is in {rest:.0f} s",
            )
        try:
            async with asyncio.timeout(_STARTING):
                process = await WorkerProcess.start(self._memory, self._program)
        except (TimeoutError, Gone, Nonsense, OSError) as problem:
            self._start_failed()
            message = f"the parser crashed at its start ({type(problem).__name__})"
            raise WorkerFailed(Failure.CRASH, message) from None
        self._failed_starts = 0
        return process, 0

    async def _warm_up(self) -> None:
        with contextlib.suppress(WorkerFailed):
            async with self._turn:
                process, done = await self._take()
                self._idle.append((process, done))

    def _start_failed(self) -> None:
        self._failed_starts += 1
        over = self._failed_starts - _FAILED_STARTS
        if over >= 0:
            rest = min(2.0**over, _LONGEST_REST)
            self._rests_until = time.monotonic() + rest
            if self._failed_starts == _FAILED_STARTS:
                log.error("the parser processes do not start; feeds and pages cannot be read")

    def _note_death(self) -> None:
        """Tell once in a while if processes keep dying: one hostile page alone is no news."""
        now = time.monotonic()
        self._deaths.append(now)
        many = len(self._deaths) == _MANY_DEATHS and now - self._deaths[0] < _SHORT_TIME
        if many and now - self._told_at >= _SHORT_TIME:
            self._told_at = now
            fields = {"deaths": _MANY_DEATHS, "within": f"{now - self._deaths[0]:.0f}s"}
            log.warning("parser processes keep dying", extra={"fields": fields})

    def _failed(self, answer: Failed) -> Exception:
        if answer.what == "memory":
            message = f"needed more than {self._memory // 1024**2} MB"
            return WorkerFailed(Failure.MEMORY, message)
        if answer.what == "value":
            return ValueError(answer.message)
        return WorkerFailed(Failure.CRASH, f"the parser failed ({answer.message[:80]})")

    def _end(self, process: WorkerProcess) -> None:
        process.kill()
        self._keep(asyncio.create_task(process.ended(), name="ending"))

    def _keep(self, task: asyncio.Task[Any]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _still_open(self) -> None:
        if self._closed:
            raise _closing()


def _closing() -> WorkerFailed:
    return WorkerFailed(Failure.CRASH, "the program is closing")


def _nonsense() -> WorkerFailed:
    return WorkerFailed(Failure.CRASH, "the parser gave no usable result")


def _expired(code: int | None, seconds: float) -> WorkerFailed:
    """What the exit code of a worker that died over a task means to people."""
    if code == -signal.SIGXCPU:
        return WorkerFailed(Failure.TIMEOUT, f"took longer than {seconds:g} s")
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            name = signal.Signals(-code).name
            return WorkerFailed(Failure.CRASH, f"the parser crashed ({name})")
    return WorkerFailed(Failure.CRASH, "the parser crashed")
