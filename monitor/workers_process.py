"""The parent's side of one parser process: start it, give it a task, end it.

Edge. The process gets an environment of its own: secrets that came to us through the environment
are not there to be read by a parser that was taken over.
"""

import asyncio
import json
import os
import subprocess
import sys
from asyncio.subprocess import Process
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from monitor.model import Entry, ParsedFeed
from monitor.workers_wire import (
    MOST_ANSWER,
    MOST_LINE,
    Answer,
    FeedHead,
    Nonsense,
    Ready,
    read_answer,
    read_entry,
    whole_feed,
)

PROGRAM: Final = "from monitor.workers_child import main; main()"
_BOOT: Final = "import sys, json; sys.path[:] = json.loads(sys.argv.pop(1)); "
_PASSED_ON: Final = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH", "SYSTEMROOT")
_PIECE: Final = 256 * 1024  # bytes of a body written at a time
_AT_A_TIME: Final = 0.01  # seconds of reading entries before the loop gets its turn


class Gone(Exception):  # noqa: N818  # says what is the case
    """The process ended over its task; ``code``: its exit code, negative for a signal."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"the process ended ({code})")
        self.code = code


class WorkerProcess:
    """One process, which does one task at a time."""

    def __init__(self, process: Process) -> None:
        self._process = process
        assert process.stdin is not None
        assert process.stdout is not None
        self._tasks, self._answers = process.stdin, process.stdout

    @classmethod
    async def start(cls, memory: int, program: str = PROGRAM) -> "WorkerProcess":
        """A process that is ready for tasks. ``memory``: bytes beyond the loaded program.

        Raises:
            Gone, Nonsense: it did not come up.
            OSError: it could not be started at all.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-I", "-c", _BOOT + program, json.dumps(_paths()),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            limit=MOST_LINE, env=_environment(os.environ), start_new_session=True,
        )  # fmt: skip
        started = cls(process)
        try:
            started._write({"memory": memory, "parent": os.getpid()})
            await started._expect_ready()
        except BaseException:
            started.kill()
            await started.ended()
            raise
        return started

    async def ask(self, said: dict[str, Any], body: bytes) -> Answer | ParsedFeed:
        """What the process answers to a task.

        Raises:
            Gone: it ended instead.
            Nonsense: the answer is none that our own code gives.
        """
        try:
            self._write({**said, "size": len(body)})
            for start in range(0, len(body), _PIECE):
                self._tasks.write(memoryview(body)[start : start + _PIECE])
                await self._tasks.drain()  # a pipe's buffer would be a second copy
        except (BrokenPipeError, ConnectionResetError):
            raise Gone(await self._process.wait()) from None
        answer = read_answer(await self._line())
        if isinstance(answer, FeedHead):
            return await self._feed(answer)
        return answer

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended, as far as is known."""
        return self._process.returncode is None

    def kill(self) -> None:
        """End it at once, whatever it does."""
        with suppress(ProcessLookupError):
            self._process.kill()
        self._tasks.close()

    async def ended(self) -> None:
        """Wait until it has ended."""
        with suppress(ProcessLookupError):
            await self._process.wait()

    async def _expect_ready(self) -> None:
        if not isinstance(read_answer(await self._line()), Ready):
            raise Nonsense("it did not say that it is ready")

    async def _feed(self, head: FeedHead) -> ParsedFeed:
        """Read the entries; the loop gets its turn now and then, however fast they come."""
        entries: list[Entry] = []
        loop = asyncio.get_running_loop()
        size, since = 0, loop.time()
        for _ in range(head.entries):
            line = await self._line()
            size += len(line)
            if size > MOST_ANSWER:
                raise Nonsense(f"more than {MOST_ANSWER:,} bytes")
            entries.append(read_entry(line))
            if loop.time() - since > _AT_A_TIME:
                await asyncio.sleep(0)
                since = loop.time()
        return whole_feed(head, entries)

    async def _line(self) -> bytes:
        try:
            return await self._answers.readuntil(b"\n")
        except asyncio.LimitOverrunError:
            raise Nonsense(f"a line of more than {MOST_LINE:,} bytes") from None
        except (asyncio.IncompleteReadError, ConnectionResetError):
            raise Gone(await self._process.wait()) from None

    def _write(self, said: Mapping[str, Any]) -> None:
        self._tasks.write(json.dumps(said).encode() + b"\n")


def _paths() -> Sequence[str]:
    """Where our own modules and libraries are, for a process that looks nowhere by itself."""
    return [path or os.getcwd() for path in sys.path]  # noqa: PTH109  # sys.path is text


def _environment(ours: Mapping[str, str]) -> dict[str, str]:
    return {name: ours[name] for name in _PASSED_ON if name in ours}
