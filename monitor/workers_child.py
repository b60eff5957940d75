"""The parser process: reads tasks from its standard input, answers on its standard output.

Edge; runs in a process of its own with limits of its own: memory, processor time, no writing to
files, few descriptors, and nothing of the parent's environment. What it answers is judged by the
parent (``workers_wire``). Tasks are ``{"task", "size", "url", "content_type", "rules", "seconds"}``
on a line, followed by ``size`` bytes of body.
"""

import contextlib
import ctypes
import json
import math
import os
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, BinaryIO, Final, TypeAlias

Task: TypeAlias = Callable[[bytes, dict[str, Any]], Iterator[bytes]]
"""A body and the line that came before it to the lines of the answer."""

DESCRIPTORS: Final = 64
_PR_SET_PDEATHSIG: Final = 1  # prctl(2)


def parse(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """``parse_feed``."""
    from monitor.feeds.parse import NotAFeed, parse_feed  # heavy, see NEEDED
    from monitor.workers_wire import feed_lines, no_feed_line

    try:
        feed = parse_feed(body, said["url"], said["content_type"], now=datetime.now(UTC))
    except MemoryError:
        raise
    except NotAFeed as problem:
        yield no_feed_line(problem)
    except Exception as problem:  # noqa: BLE001  # feedparser fails in many ways; what is unreadable is no feed
        yield no_feed_line(NotAFeed(f"not a feed: the parser failed ({type(problem).__name__})"))
    else:
        yield from feed_lines(feed)


def extract(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """``extract_page``."""
    from monitor.articles.extract import extract_page  # heavy, see NEEDED
    from monitor.articles.site_rules import SiteRules
    from monitor.workers_wire import page_line

    yield page_line(
        extract_page(body, said["url"], said["content_type"], SiteRules(*said["rules"]))
    )


TASKS: Final[Mapping[str, Task]] = {"parse": parse, "extract": extract}
NEEDED: Final = (
    "monitor.articles.extract", "monitor.feeds.parse", "monitor.feeds.tolerant",
    "monitor.feeds.webpages", "monitor.workers_wire",
)  # fmt: skip


def serve(tasks: Mapping[str, Task], needed: Sequence[str] = NEEDED) -> None:
    """Take up one task after the other until the parent closes the pipe.

    ``needed``: what is imported before the limits are set and before time is counted.
    """
    tasks_in, answers_out = _own_pipes()
    setup = json.loads(tasks_in.readline())
    _begin(setup["memory"], setup["parent"], needed)
    from monitor.workers_wire import Failed, Ready, answer_line  # heavy, see NEEDED

    _send(answers_out, [answer_line(Ready("ready"))])
    while line := tasks_in.readline():
        said = json.loads(line)
        try:
            body = tasks_in.read(said["size"])
            _limit_processor(said["seconds"])
            _send(answers_out, tasks[said["task"]](body, said))
        except MemoryError:
            failed = Failed("failed", "memory", "")
        except ValueError as problem:
            failed = Failed("failed", "value", str(problem)[:1000])
        except Exception as problem:  # noqa: BLE001  # told to the parent, which decides
            failed = Failed("failed", "other", type(problem).__name__)
        else:
            continue
        body = b""  # what is left of the memory is needed to say so
        _send(answers_out, [answer_line(failed)])


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Keep the pipes for ourselves: what a library prints or reads must not come between."""
    tasks_in, answers_out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return tasks_in, answers_out


def _send(pipe: BinaryIO, lines: Iterator[bytes] | list[bytes]) -> None:
    for line in lines:
        pipe.write(line)
    pipe.flush()


def _begin(memory: int, parent: int, needed: Sequence[str]) -> None:
    """Set this process up: dies with its parent, ignores Ctrl-C, keeps within its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, even in the middle of C code
    _die_with(parent)
    for name in needed:
        import_module(name)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
    ):
        resource.setrlimit(kind, (most, most))
    used = _address_space()
    if used:  # macOS neither tells the size nor keeps this limit
        resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))


def _limit_processor(seconds: float) -> None:
    """A limit of processor time: the last resort if nobody kills us."""
    _, hardest = resource.getrlimit(resource.RLIMIT_CPU)
    most = math.ceil(time.process_time() + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (most, hardest))


def _address_space() -> int:
    """Bytes of address space of this process now; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  # a kernel file
            return int(file.read().split()[0]) * resource.getpagesize()
    except (OSError, ValueError):
        return 0


def _die_with(parent: int) -> None:
    """End this process when its parent is gone, however the parent went.

    Linux tells the kernel (prctl(2), PR_SET_PDEATHSIG: also when the thread that started us
    ends). Elsewhere a thread looks every second.
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


def main() -> None:
    """The program of a parser process."""
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(TASKS)
