"""What people see when something is wrong: a sentence and an exit code, never a traceback."""

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.store import FILE_NAME, open_store
from monitor.store.lock import FolderLock

from .conftest import Call, Write

CONFIG = "feeds: [{url: 'https://example.org/f', enabled: false}]\ndata: ./data\nrules: []\n"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        pytest.param(("mtch",), "Did you mean 'match'?", id="a misspelt command"),
        pytest.param(("Check",), "Did you mean 'check'?", id="a command in capitals"),
        pytest.param(("fly",), "No such command 'fly'", id="a command that is none"),
        pytest.param(("feeds", "lst"), "Did you mean 'list'?", id="a misspelt second word"),
        pytest.param(("check", "--jsn"), "Did you mean '--json'?", id="a misspelt option"),
        pytest.param(("--confg", "x", "check"), "'--config'", id="a misspelt global option"),
        pytest.param(("alerts", "--limit", "0"), "0 is not in the range", id="no alerts at all"),
        pytest.param(("alerts", "--since", "soon"), "--since: 'soon' is not", id="no duration"),
        pytest.param(("alerts", "--since", "9" * 30 + "d"), "--since:", id="a giant duration"),
        pytest.param(("alerts", "--state", "lost"), "'lost' is not one of", id="no such state"),
        pytest.param(("send-test", "scren"), "Did you mean 'screen'?", id="a misspelt notifier"),
        pytest.param(("send-test", "xy"), "There are: screen", id="an unknown notifier"),
        pytest.param(("preview", "test"), "Missing option '--to'", id="a preview for nobody"),
    ],
)
def test_wrong_words_are_two_with_a_proposal(
    call: Call, write: Write, arguments: tuple[str, ...], told: str
) -> None:
    write("config.yaml", CONFIG)
    said = call(*arguments)
    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert "Traceback" not in said.err


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("status",), id="status"),
        pytest.param(("alerts",), id="alerts"),
        pytest.param(("articles",), id="articles"),
        pytest.param(("preview", "x", "--to", "screen"), id="preview"),
    ],
)
def test_before_the_first_run_commands_say_what_to_do(
    call: Call, write: Write, arguments: tuple[str, ...]
) -> None:
    write("config.yaml", CONFIG)
    said = call(*arguments)
    assert (said.code, said.out) == (1, "")
    assert "there is no database" in said.err
    assert "news-monitor run" in said.err


def test_feeds_are_listed_before_the_first_run(call: Call, write: Write) -> None:
    write("config.yaml", CONFIG)
    said = call("feeds")
    assert (said.code, "disabled" in said.out) == (0, True)


def test_a_data_folder_that_cannot_be_made_is_told(call: Call, write: Write) -> None:
    write("config.yaml", CONFIG.replace("./data", "./file/data"))
    write("file", "")
    said = call("run", "--once")
    assert (said.code, "cannot create the folder" in said.err) == (78, True)


def test_a_running_daemon_is_named(call: Call, write: Write, tmp_path: Path) -> None:
    write("config.yaml", CONFIG)
    (tmp_path / "data").mkdir()
    held = FolderLock.take(tmp_path / "data")
    try:
        said = call("run", "--once")
    finally:
        held.release()
    assert (said.code, "already runs on" in said.err) == (1, True)


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("run", "--once"), id="run"),
        pytest.param(("status",), id="status"),
        pytest.param(("feeds",), id="feeds"),
    ],
)
def test_a_database_of_a_newer_version_is_told(
    call: Call, write: Write, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    write("config.yaml", CONFIG)
    open_store(tmp_path / "data", lock=True).close()
    connection = sqlite3.connect(tmp_path / "data" / FILE_NAME)
    with connection:
        connection.execute(
            "insert into schema_version (version, applied_at) values (999, ?)",
            (str(datetime(2026, 1, 1, tzinfo=UTC)),),
        )
    connection.close()
    said = call(*arguments)
    code = 78 if arguments[0] == "run" else 1
    assert (said.code, "written by a newer news-monitor" in said.err) == (code, True)


def test_a_secret_never_shows(call: Call, write: Write) -> None:
    secret = "hooks-secret-0123456789"
    write(
        "config.yaml",
        CONFIG + f"notifiers: {{x: {{type: slack, webhook_url: 'http://{secret}', typo: 1}}}}\n",
    )
    for arguments in (("check",), ("check", "--json"), ("send-test", "x"), ("run", "--once")):
        said = call(*arguments)
        assert said.code == 2
        assert secret not in said.out + said.err


PROGRAM = "import sys, click, monitor.cli as c; {patch}; sys.exit(c.run(sys.argv[1:]))"
BROKEN = "import monitor.cli.match as k; k.command.callback = lambda **_: 1 / 0"


@pytest.mark.parametrize(
    ("arguments", "traceback"),
    [
        pytest.param(("match", "x"), False, id="told in a sentence"),
        pytest.param(("--debug", "match", "x"), True, id="shown whole with --debug"),
    ],
)
def test_a_mistake_of_our_own(arguments: tuple[str, ...], traceback: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(patch=BROKEN), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert ("Traceback" in done.stderr) == traceback


@pytest.mark.parametrize(
    ("arguments", "ready", "code"),
    [
        pytest.param(("match", "-"), b'{"id":1}\n', 130, id="match"),
        pytest.param(("run",), b"", 0, id="the daemon ends in order"),
    ],
)
def test_ctrl_c_is_quiet(
    write: Write, tmp_path: Path, arguments: tuple[str, ...], ready: bytes, code: int
) -> None:
    write("config.yaml", CONFIG)
    with subprocess.Popen(
        [sys.executable, "-m", "monitor", *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        if ready:
            process.stdin.write(ready)
            process.stdin.flush()
            assert process.stdout.readline()
        else:
            assert any(b"watching" in line for line in process.stderr)
        process.send_signal(signal.SIGINT)
        assert process.wait(15) == code
        assert b"Traceback" not in process.stderr.read()


def test_help_and_version_need_none_of_the_commands() -> None:
    code = (
        "import sys; from monitor.cli import run; assert run(['--help']) == 0; "
        "assert run(['--version']) == 0; "
        "print([m for m in ('yaml', 'pydantic', 'rich', 'asyncio') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=10
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_no_module_hides_a_function_of_the_package() -> None:
    import monitor.cli as package

    names = {path.stem for path in Path(str(package.__file__)).parent.glob("*.py")}
    assert not names & {"run", "main", "cli"}
