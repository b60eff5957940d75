"""What the program leaves out at its start stays left out, and what it needs works."""

import subprocess
import sys

import pytest

HEAVY = ("rich", "pygments", "aiohttp.web", "feedparser", "trafilatura", "apscheduler")
LOAD = (
    "import sys; from monitor.cli.starting import lighten, loaded; lighten(); "
    "import monitor.cli.daemon, httpx; loaded(); "
)


def said(code: str) -> str:
    """What Python prints for ``code``, in a process of its own."""
    ended = subprocess.run([sys.executable, "-c", LOAD + code], capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


def test_the_daemon_starts_without_what_few_runs_need() -> None:
    assert said(f"print([name for name in {HEAVY!r} if name in sys.modules])") == "[]"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        pytest.param("import gc; print(gc.isenabled())", "True", id="garbage is collected once all is loaded"),
        pytest.param("import rich.console; print('ok')", "ok", id="rich can be loaded when wanted"),
        pytest.param("print(callable(httpx.AsyncClient))", "True", id="httpx does without its command line"),
    ],
)  # fmt: skip
def test_what_was_left_out_is_not_missed(code: str, expected: str) -> None:
    assert said(code) == expected
