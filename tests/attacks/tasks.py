"""Tasks of a parser process that was taken over, or is broken. Runs in that process."""

import base64
import os
import pickle
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.workers_child import TASKS, serve
from monitor.workers_wire import Failed, answer_line

QUICKLY = ("monitor.feeds.parse", "monitor.workers_wire")  # extraction loads when it is asked for

PROGRAM = "from tests.attacks.tasks import main; main()"
SWAPPED = "from tests.attacks.tasks import swapped; swapped()"
NOT_STARTING = "import sys; sys.exit(7)"
SAYS_OTHER = "print('{}', flush=True)"
HANGS = "import signal; signal.pause()"


def hang(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    signal.pause()
    yield b""


def spin(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    while os.getpid():
        pass
    yield b""


def swell(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    yield bytes(bytearray(700 * 1024 * 1024))


def fall(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    os.kill(os.getpid(), signal.SIGSEGV)
    yield b""


def killed(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    os.kill(os.getpid(), signal.SIGKILL)  # as the kernel does when memory is short
    yield b""


def leave(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    if os.getpid():
        os._exit(3)
    yield b""


def say(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """Answer with the body itself."""
    yield body


def pickled(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """A pickle that would make a file when it is read."""

    class Touch:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (Path(body.decode()),)

    yield pickle.dumps(Touch()) + b"\n"


def flood(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """100 MB without a line end."""
    for _ in range(100):
        yield b"x" * 1_000_000


def endless_entries(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """A head that announces a thousand entries, each of a megabyte."""
    yield body
    entry = b'{"id":"%d","link":null,"title":"","content":"' + b"x" * 1_000_000 + b'"}\n'
    for number in range(1000):
        yield entry.replace(b"%d", str(number).encode())


def around(body: bytes, said: dict[str, Any]) -> Iterator[bytes]:
    """What such a process can see and do, told as the message of a failure."""
    found = []
    try:
        with open("forbidden", "w") as file:
            file.write("x")
            file.flush()
        found.append("wrote a file")
    except OSError:
        pass
    Path("forbidden").unlink(missing_ok=True)
    try:
        kept = [socket.socketpair() for _ in range(200)]
        found.append(f"opened {2 * len(kept)} descriptors")
    except OSError:
        pass
    found.append("environment " + ",".join(sorted(os.environ)))
    found.append("arguments " + base64.b64encode(" ".join(sys.argv).encode()).decode())
    print("noise on standard output")
    os.write(1, b"more noise\n")
    yield answer_line(Failed("failed", "other", "; ".join(found)))


ATTACKS = {
    name: task
    for name, task in globals().items()
    if callable(task) and getattr(task, "__module__", "") == __name__
}


def main() -> None:
    serve({**TASKS, **ATTACKS}, QUICKLY)


def swapped() -> None:
    """A program that takes feeds for pages."""
    page = {"rules": [None, None]}
    serve({
        "parse": lambda body, said: TASKS["extract"](body, {**said, **page}),
        "extract": TASKS["parse"],
    })  # fmt: skip
