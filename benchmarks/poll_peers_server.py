"""The web server of the comparison: nginx where it is installed, else a plain one of our own.

Two ports: with validators (ETag, Last-Modified, 304) and without any. What lies under ``live``
below the folder is served, and ``pages`` beside it; ``show`` changes the edition in one step. All
is loopback; the server's CPU counts for nobody.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
# A program asks one host only so many things at once: the feeds are spread over some.
HOSTS: Final = tuple(f"127.0.0.{at}" for at in range(1, 9 if sys.platform == "linux" else 2))
_STARTS_WITHIN: Final = 10.0  # seconds
_CONF: Final = """
daemon off; worker_processes 1; pid {run}/pid; error_log {run}/errors crit;
events {{ worker_connections 4096; }}
http {{
  log_format short '$msec $status $uri';
  access_log {run}/access short;
  client_body_temp_path {run}/t1; proxy_temp_path {run}/t2; fastcgi_temp_path {run}/t3;
  uwsgi_temp_path {run}/t4; scgi_temp_path {run}/t5;
  types {{ application/xml xml; text/html html; }}
  sendfile on; keepalive_requests 1000000; gzip_static on; gzip_vary on;
  server {{ {listen_1} root {root}/live; etag on; location /pages/ {{ root {root}; }} }}
  server {{ {listen_2} root {root}/live; etag off; if_modified_since off;
            add_header Last-Modified ""; }}
}}
"""


@dataclass(frozen=True, slots=True)
class Served:
    """A running server. ``name``: which; ``ports``: with validators, and without."""

    name: str
    folder: Path
    ports: tuple[int, int]
    log: Path

    def urls(self, count: int, *, validators: bool = True, below: str = "") -> list[str]:
        """The addresses of ``count`` feeds."""
        port = self.ports[0 if validators else 1]
        return [
            f"http://{HOSTS[number % len(HOSTS)]}:{port}/{below}{number}.xml"
            for number in range(count)
        ]

    def base(self) -> str:
        """The address below which ``pages`` lies."""
        return f"http://{HOSTS[-1]}:{self.ports[0]}"

    def show(self, edition: str) -> None:
        """Serve this edition from now on."""
        link = self.folder / "next"
        link.symlink_to(edition)
        os.replace(link, self.folder / "live")

    def asked(self) -> list[tuple[float, int, str]]:
        """Every answer so far: when (seconds since 1970), status, path."""
        lines = re.findall(r"^(\S+) (\d+) (\S+)$", self.log.read_text(), re.MULTILINE)
        return [(float(when), int(status), path) for when, status, path in lines]


@contextmanager
def serving(
    folder: Path, edition: str, *, nginx: str | None = shutil.which("nginx")
) -> Iterator[Served]:
    """Serve ``folder`` until the end of the block. ``nginx`` None: by the plain server."""
    run = folder / "server"
    run.mkdir()
    log = run / "access"
    log.touch()
    ports = _free_ports()
    name = "nginx" if nginx else "the benchmark's own server (nginx is missing)"
    served = Served(name, folder, ports, log)
    served.show(edition)
    child = _nginx(nginx, run, folder, ports) if nginx else _own(run, folder, ports)
    try:
        _wait(child, ports)
        yield served
    finally:
        child.send_signal(signal.SIGTERM)
        child.wait(10)


def _nginx(
    program: str, run: Path, folder: Path, ports: tuple[int, int]
) -> subprocess.Popen[bytes]:
    listen = [" ".join(f"listen {host}:{port} backlog=4096;" for host in HOSTS) for port in ports]
    conf = run / "nginx.conf"
    conf.write_text(_CONF.format(run=run, root=folder, listen_1=listen[0], listen_2=listen[1]))
    user = ["-g", "user root;"] if os.getuid() == 0 else []
    command = [program, "-e", str(run / "errors"), "-c", str(conf), *user]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL)


def _own(run: Path, folder: Path, ports: tuple[int, int]) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.poll_peers_files",
        str(folder),
        str(run / "access"),
    ]
    return subprocess.Popen(
        [*command, *map(str, ports)], cwd=ROOT, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def _free_ports() -> tuple[int, int]:
    with socket.create_server((HOSTS[0], 0)) as one, socket.create_server((HOSTS[0], 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def _wait(child: subprocess.Popen[bytes], ports: tuple[int, int]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and child.poll() is None:
        try:
            for port in ports:
                socket.create_connection((HOSTS[-1], port), 1.0).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the feed server did not start")
