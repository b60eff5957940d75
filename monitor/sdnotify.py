"""What a service manager is told: ready, alive, reloading, stopping (sd_notify(3)).

Layer 3. A datagram to the socket that ``NOTIFY_SOCKET`` names; without one, nothing happens. It
never raises and never waits: a service manager that does not listen is no reason to fail.
"""

import socket
import time
from collections.abc import Mapping, MutableMapping
from contextlib import suppress
from typing import Final

VARIABLES: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")


class ServiceManager:
    """The one who started us, if it listens."""

    def __init__(self, address: str | None, watchdog: float | None = None) -> None:
        """``address``: a path, or ``@name`` in the abstract namespace; ``watchdog``: seconds."""
        self._address = address
        self.watchdog = watchdog  # the longest silence it bears, in seconds; None: any

    @classmethod
    def from_environment(cls, environ: MutableMapping[str, str], pid: int) -> "ServiceManager":
        """Whoever the environment names; takes the names out, since they are not for children."""
        address = environ.get("NOTIFY_SOCKET")
        watchdog = _watchdog(environ, pid)
        for name in VARIABLES:
            environ.pop(name, None)
        usable = address if address and address[0] in "/@" else None
        return cls(usable, watchdog if usable else None)

    def ready(self, status: str) -> None:
        """The program works: its files are in order, its database is open."""
        self._tell("READY=1", f"STATUS={_line(status)}")

    def alive(self) -> None:
        """It still works."""
        self._tell("WATCHDOG=1")

    def reloading(self) -> None:
        """It reads its files again; ``ready`` follows."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def stopping(self) -> None:
        """It ends."""
        self._tell("STOPPING=1", "STATUS=stopping")

    def status(self, text: str) -> None:
        """One line for ``systemctl status``."""
        self._tell(f"STATUS={_line(text)}")

    def _tell(self, *lines: str) -> None:
        if self._address is None:
            return
        name = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with (
            suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as door,
        ):
            door.setblocking(False)
            door.sendto("\n".join(lines).encode(errors="replace"), name)


def _watchdog(environ: Mapping[str, str], pid: int) -> float | None:
    """Seconds between signs of life at most, where they are asked of this very process."""
    with suppress(ValueError):
        micros = int(environ.get("WATCHDOG_USEC", ""))
        if micros > 0 and int(environ.get("WATCHDOG_PID", str(pid))) == pid:
            return micros / 1e6
    return None


def _line(text: str) -> str:
    return " ".join(text.split())
