"""C-21, C-26: the real program under a service manager: ready, alive, frozen, reloading, ending."""

import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.sdnotify import VARIABLES
from tests.daemon.program import FERRY_RULE, PATIENCE, Folder, Program
from tests.flow.outlets import Site, feed

SILENCE = 2.5  # seconds; signs of life come twice in that time


class Manager:
    """A service manager's socket, and what came in."""

    def __init__(self, door: socket.socket) -> None:
        self._door = door

    def hears(self, sought: str, within: float = PATIENCE) -> str:
        """Wait for a message with ``sought`` in it."""
        ends = time.monotonic() + within
        while (left := ends - time.monotonic()) > 0:
            self._door.settimeout(left)
            try:
                said = self._door.recv(4096).decode()
            except TimeoutError:
                break
            if sought in said:
                return said
        raise AssertionError(f"{sought!r} was never heard")

    def hears_nothing(self, seconds: float) -> bool:
        """What came before is forgotten; then nothing comes for so long."""
        self._door.setblocking(False)
        try:
            while self._door.recv(4096):
                pass
        except BlockingIOError:
            pass
        self._door.settimeout(seconds)
        try:
            return not self._door.recv(4096)
        except TimeoutError:
            return True


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as door:
        door.bind(str(tmp_path / "notify"))
        yield Manager(door)


def test_c26_a_service_from_ready_to_stopping(
    site: Site, folder: Folder, manager: Manager, tmp_path: Path
) -> None:
    folder.rule("ferries.yaml", FERRY_RULE)
    folder.write(feeds=[site.serve("/feed", feed())])
    told = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "3000000"}
    with Program(folder, **told) as program:
        ready = manager.hears("READY=1")
        assert "STATUS=watching 1 feeds with 1 rules" in ready
        assert (folder.path / "data" / "news-monitor.db").exists()
        manager.hears("WATCHDOG=1")
        program.send(signal.SIGSTOP)
        assert manager.hears_nothing(SILENCE), "C-26 a frozen program gives no sign of life"
        program.send(signal.SIGCONT)
        manager.hears("WATCHDOG=1")
        here = program.here()
        folder.rule("ferries.yaml", "id: ferries\nmatch: [\n")
        program.send(signal.SIGHUP)
        manager.hears("RELOADING=1\nMONOTONIC_USEC=")
        manager.hears("READY=1")
        program.wait_for("rule file has mistakes", after=here)
        for child in children(program.process.pid):
            environ = (child / "environ").read_bytes()
            assert not any(name.encode() in environ for name in VARIABLES)
        program.send(signal.SIGHUP)
        program.send(signal.SIGTERM)  # in the middle of a reload, or nearly
        manager.hears("STOPPING=1")
        began = time.monotonic()
        assert program.end() == 0
        took = time.monotonic() - began
        said = program.output
    assert took < 3.0, "C-21: a second when idle; the machine may be busy"
    assert "Traceback" not in said
    assert "CancelledError" not in said
    assert "building it anew" not in said, "a frozen program is no dead scheduler"


def children(pid: int) -> list[Path]:
    """The folders in /proc of the processes that ``pid`` started."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((place / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid:
            found.append(place)
    return found
