"""Shared by all tests: no skip that nobody has named, no traffic beyond this machine."""

import os
import socket
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import long_report

LONG_EXAMPLES = 2000
LONG = os.environ.get("NEWS_MONITOR_LONG") == "1"
ALLOWED_SKIPS = Path(__file__).parent / "allowed_skips.txt"

settings.register_profile(
    "short", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=LONG_EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("long" if LONG else "short")


def many(short: int, long: int) -> int:
    """A count for random checks: small in the suite, large in the long run."""
    return long if LONG else short


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Refuse every connection that would leave this machine."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(host, str) and host and not _is_local(host):
            raise OSError(f"tests stay on this machine, not {host}")
        real(self, address)  # type: ignore[arg-type]  # passed on as it came

    socket.socket.connect = connect  # type: ignore[method-assign]  # a fence around all tests
    yield
    socket.socket.connect = real  # type: ignore[method-assign]  # taken down again


def _is_local(host: str) -> bool:
    return host in ("localhost", "::1", "::") or host.startswith("127.")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the skips that stand on no list."""
    for line in _unlisted(terminalreporter):
        terminalreporter.write_line(f"skipped without being listed: {line}", red=True)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skip that is not listed in allowed_skips.txt fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and exitstatus == 0 and _unlisted(reporter):
        session.exitstatus = 1
    whole = LONG and session.config.args_source.name != "ARGS"
    if whole and reporter is not None and not hasattr(session.config, "workerinput"):
        long_report.write(reporter, LONG_EXAMPLES, many(400, 20_000), date.today())


def _unlisted(reporter: pytest.TerminalReporter) -> list[str]:
    lines = ALLOWED_SKIPS.read_text().splitlines() if ALLOWED_SKIPS.exists() else []
    listed = {line.split(" ", 1)[0] for line in lines if line and not line.startswith("#")}
    return [
        report.nodeid for report in reporter.stats.get("skipped", []) if report.nodeid not in listed
    ]
