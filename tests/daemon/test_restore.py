"""A backup and a restore under the running program."""

import subprocess
import sys
from pathlib import Path

from monitor.store.restoring import BEFORE
from tests.daemon.program import FERRY_RULE, PATIENCE, Folder, Program
from tests.daemon.test_life import one_report
from tests.flow.outlets import Site


def news_monitor(folder: Folder, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", *arguments],
        cwd=folder.path, capture_output=True, text=True, timeout=PATIENCE, check=True,
    )  # fmt: skip
    return done.stdout


def test_a_running_program_is_copied_and_takes_the_copy_back(tmp_path: Path) -> None:
    with Site() as site:
        folder = Folder(tmp_path / "home")
        folder.rule("ferries.yaml", FERRY_RULE)
        folder.write(feeds=[one_report(site)])
        with Program(folder) as program:
            program.wait_for("delivered")
            assert "1 article" in news_monitor(folder, "backup", "copy.db")
            said = news_monitor(folder, "restore", "copy.db")
            assert "the running daemon has taken it" in said
            taken = program.wait_for("a copy of the database is in place")
            program.wait_for("watching", after=taken)
            assert "1 article" in news_monitor(folder, "backup", "again.db")
    assert (folder.path / "data" / BEFORE).exists()
    lines = (folder.path / "alerts.jsonl").read_text().splitlines()
    assert len(lines) == 1  # what had been sent is not sent again
