"""Takes one clause after another out of a copy of the engine and runs the conformance table on it.

By hand, from the repository: ``python tests/conformance/mutate.py [WORD…]`` (only the mutants whose
file or sentence holds a WORD). Prints each mutant that survives (the sentences that must notice it
still hold) or does not apply (its fragment is gone, so it must be written anew); exit code 1 then.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.conformance.mutants import MUTANTS, Mutant  # noqa: E402  # the line above finds it

AT_ONCE = 2
LONGEST = 180  # seconds for one run of the table
COPIED = (
    "pyproject.toml", "config.yaml", "rules", "notifiers", "tests/__init__.py",
    "tests/conftest.py", "tests/long_report.py", "tests/allowed_skips.txt", "tests/conformance",
)  # fmt: skip
TABLE = "tests/conformance/test_conformance.py"
_SENTENCE = re.compile(r"\S+?::\w+\[(.*?)\](?: - .*)?$")


def copy_to(folder: Path) -> None:
    """What the table needs, without anything that another engineer may change meanwhile."""
    shutil.copytree(ROOT / "monitor", folder / "monitor", ignore=shutil.ignore_patterns("*.pyc"))
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.pyc"))
        else:
            shutil.copy(source, target)


def pytest(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """One run of pytest in a copy."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist",
         "--tb=no", *arguments],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "500"},
        capture_output=True, text=True, timeout=LONGEST, check=False,
    )  # fmt: skip


def tests_of(folder: Path) -> dict[str, list[str]]:
    """The names of the tests by their sentence."""
    found: dict[str, list[str]] = {}
    for line in pytest(folder, "--collect-only", TABLE).stdout.splitlines():
        if sentence := _SENTENCE.match(line):
            found.setdefault(sentence[1], []).append(line)
    return found


def failures(folder: Path, names: Sequence[str] = (TABLE,)) -> list[str]:
    """The sentences among these tests that fail in this copy; empty if all hold."""
    run = pytest(folder, "-rfE", *names)
    if run.returncode == 0:
        return []
    told = [line.partition(" ")[2] for line in run.stdout.splitlines() if line.startswith("FAILED")]
    return [found[1] for line in told if (found := _SENTENCE.match(line))] or [
        f"the run broke: {run.stdout[-300:]} {run.stderr[-300:]}"
    ]


def judge(mutant: Mutant, folder: Path, tests: dict[str, list[str]]) -> str:
    """ "", or what is wrong: it survives, or does not apply."""
    path = folder / "monitor" / mutant.file
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        return f"does not apply ({text.count(mutant.old)} places)"
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        found = failures(folder, [name for each in mutant.notices for name in tests[each]])
    except subprocess.TimeoutExpired:
        found = ["the run took too long"]
    finally:
        path.write_text(text, encoding="utf-8")
    if missing := [each for each in mutant.notices if each not in found]:
        return f"SURVIVES {missing}; fails instead: {found[:6]}"
    return ""


def main(words: list[str]) -> int:
    """Run the mutants that hold one of ``words`` (all, without words)."""
    chosen = [
        each for each in MUTANTS
        if not words or any(word in f"{each.file} {each.notices}" for word in words)
    ]  # fmt: skip
    began = time.monotonic()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="conformance-") as temporary:
        free: Queue[Path] = Queue()
        for number in range(AT_ONCE):
            folder = Path(temporary) / str(number)
            copy_to(folder)
            free.put(folder)
        if untouched := failures(folder):
            print(f"the table fails without any mutant: {untouched[:5]}")
            return 1
        tests = tests_of(folder)

        def one(mutant: Mutant) -> str:
            folder = free.get()
            try:
                return judge(mutant, folder, tests)
            finally:
                free.put(folder)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            for mutant, said in zip(chosen, pool.map(one, chosen), strict=True):
                if said:
                    wrong += 1
                    print(f"{mutant.file}: {mutant.old.strip()!r} → {mutant.new.strip()!r}: {said}")
                    sys.stdout.flush()
    print(f"{len(chosen)} mutants, {wrong} not noticed, {time.monotonic() - began:.0f} s")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
