"""What a service manager is told, and that nothing goes wrong where none listens."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from monitor.sdnotify import ServiceManager


@pytest.fixture
def door(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_each_message_in_its_words(door: socket.socket) -> None:
    environ = {"NOTIFY_SOCKET": door.getsockname(), "WATCHDOG_USEC": "2500000", "HOME": "/x"}
    manager = ServiceManager.from_environment(environ, os.getpid())
    assert environ == {"HOME": "/x"}, "children are told nothing of it"
    assert manager.watchdog == 2.5
    manager.ready("watching\n3 feeds")
    manager.alive()
    manager.reloading()
    manager.status("fine")
    manager.stopping()
    said = [door.recv(500).decode() for _ in range(5)]
    assert said[:2] == ["READY=1\nSTATUS=watching 3 feeds", "WATCHDOG=1"]
    assert said[2].startswith("RELOADING=1\nMONOTONIC_USEC=")
    assert said[3:] == ["STATUS=fine", "STOPPING=1\nSTATUS=stopping"]


@pytest.mark.parametrize(
    ("environ", "watchdog"),
    [
        pytest.param({}, None, id="no service manager"),
        pytest.param({"WATCHDOG_USEC": "1000000"}, None, id="a watchdog without a socket"),
        pytest.param({"NOTIFY_SOCKET": "vsock:2:1"}, None, id="a socket of another kind"),
        pytest.param({"NOTIFY_SOCKET": ""}, None, id="an empty address"),
        pytest.param({"NOTIFY_SOCKET": "/nobody/listens"}, None, id="nobody listens"),
        pytest.param({"NOTIFY_SOCKET": "@news-monitor-nobody"}, None, id="nor in the abstract"),
        pytest.param({"NOTIFY_SOCKET": "/x" * 200}, None, id="an address that is too long"),
        pytest.param(
            {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "1"}, None,
            id="a watchdog over another process",
        ),
        pytest.param(
            {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "soon"}, None, id="a time that is none"
        ),
        pytest.param(
            {"NOTIFY_SOCKET": "/x", "WATCHDOG_USEC": "1000000", "WATCHDOG_PID": "42"}, 1.0,
            id="a watchdog over us, and nobody listens",
        ),
    ],
)  # fmt: skip
def test_nobody_is_told_without_harm(environ: dict[str, str], watchdog: float | None) -> None:
    manager = ServiceManager.from_environment(environ, 42)
    assert manager.watchdog == watchdog
    manager.ready("x")
    manager.alive()
