"""C-10 to C-12: a data folder that cannot be used ends ``run`` with 78 and the mend, never a trace."""

import ctypes
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from monitor.store import FILE_NAME, open_store
from tests.cli.conftest import ROOT, Call, Write

CONFIG = "rules: []\nfeeds: []\ndata: {data}\n"


def prepared(data: Path) -> Path:
    """A folder as the program leaves it; its database."""
    open_store(data, lock=True).close()
    return data / FILE_NAME


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * 3 * 4096)


def lose(path: Path) -> None:
    path.with_name(f"{FILE_NAME}-wal").write_bytes(b"x" * 99)
    path.unlink()


def age(path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw, raw:
        raw.execute("INSERT INTO schema_version VALUES (999, 0)")


@pytest.mark.parametrize(
    ("spoil", "sentence", "copy_helps"),
    [
        pytest.param(cut, "is damaged", True, id="C-11 a database cut in half"),
        pytest.param(flip, "is damaged", True, id="C-11 a database with pages overwritten"),
        pytest.param(lambda path: os.truncate(path, 0), "is empty", True, id="C-11 cut to nothing"),
        pytest.param(lose, "is missing but", True, id="C-12 the file gone and its log still there"),
        pytest.param(age, "written by a newer", False, id="C-29 of a newer program"),
    ],
)
def test_a_database_that_needs_a_person(
    call: Call, write: Write, tmp_path: Path,
    spoil: Callable[[Path], None], sentence: str, copy_helps: bool,
) -> None:  # fmt: skip
    write("config.yaml", CONFIG.format(data="./data"))
    path = prepared(tmp_path / "data")
    store = open_store(path.parent, lock=True)
    store.backup(path.with_name("news-monitor.before-4.db"))
    store.close()
    spoil(path)
    for arguments in (("run",), ("run", "--once")):
        said = call(*arguments)
        assert said.code == 78
        assert sentence in said.err
        assert "Traceback" not in said.err
        named = f"news-monitor restore {path.with_name('news-monitor.before-4.db')}"
        assert (named in said.err) is copy_helps


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(
            "/proc/news-monitor/data", "cannot create", id="C-10 a folder nobody can make"
        ),
        pytest.param("/proc/sys", "cannot write", id="C-10 a folder nobody can write to"),
        pytest.param("./config.yaml/data", "config.yaml", id="C-10 a file in the way"),
    ],
)
def test_c10_a_folder_that_cannot_be_used(
    call: Call, write: Write, data: str, sentence: str
) -> None:
    write("config.yaml", CONFIG.format(data=data))
    said = call("run", "--once")
    assert said.code in (2, 78), "the config's own check may tell it first"
    assert sentence in said.err
    assert "Traceback" not in said.err


def _bound_by_modes() -> None:
    """In the child: root loses the right to pass over file modes (capabilities(7)); others had none."""
    pr_capbset_drop, cap_dac_override = 24, 1
    ctypes.CDLL(None).prctl(pr_capbset_drop, cap_dac_override, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_c10_read_only_files_and_anothers_files(write: Write, tmp_path: Path) -> None:
    code = (
        "import sys; from monitor.cli import run\n"
        "for name in sys.argv[1:]: print(run(['--config', name, 'run', '--once']), flush=True)"
    )
    names = []
    for name in ("read-only", "anothers", "folder"):
        path = prepared(tmp_path / name)
        if name == "folder":
            path.parent.chmod(0o500)
        elif name == "read-only":
            path.chmod(0o400)
        elif os.geteuid() == 0:
            os.chown(path, 65534, 65534)
        else:
            path.chmod(0)
        names.append(str(write(f"{name}.yaml", CONFIG.format(data=f"./{name}"))))
    done = subprocess.run(
        [sys.executable, "-c", code, *names],
        capture_output=True, text=True, check=False, preexec_fn=_bound_by_modes,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path,
    )  # fmt: skip
    (tmp_path / "folder").chmod(0o700)
    assert done.stdout.split() == ["78", "78", "78"], done.stderr
    assert "Traceback" not in done.stderr
    for name in ("read-only", "anothers", "folder"):
        assert str(tmp_path / name) in done.stderr or f"{name}/" in done.stderr


def test_a_database_that_is_in_use_may_be_free_later(
    call: Call, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1, after which a service manager tries again; 78 would end it for good."""
    monkeypatch.setattr("monitor.store.dialect.BUSY_SECONDS", 0.05)
    write("config.yaml", CONFIG.format(data="./data"))
    path = prepared(tmp_path / "data")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("PRAGMA user_version = 7")
        said = call("run", "--once")
    assert said.code == 1
    assert "locked" in said.err


def test_run_once_where_no_poll_can_be_stored_fails_and_says_why(
    call: Call, write: Write, tmp_path: Path
) -> None:
    write("config.yaml", "rules: []\nfeeds: ['http://127.0.0.1:9/feed']\ndata: ./data\n")
    with closing(sqlite3.connect(prepared(tmp_path / "data"))) as raw, raw:
        raw.execute(
            "CREATE TRIGGER no_poll BEFORE UPDATE ON feeds "
            "BEGIN SELECT RAISE(ABORT, 'a made-up fault'); END"
        )
    said = call("run", "--once")
    assert said.code == 1
    assert "1 feed polled, 1 failed" in said.err
    assert "could not be stored: the database failed: a made-up fault" in said.err
    assert "Traceback" not in said.err
