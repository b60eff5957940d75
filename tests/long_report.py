"""What a long run came to, written where people can read it: docs/test-long.md."""

from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

PAGE = Path(__file__).parent.parent / "docs" / "test-long.md"


def write(reporter: pytest.TerminalReporter, examples: int, judged: int, today: date) -> None:
    """One row for each folder or file of tests: how many, how many failed, seconds."""
    tests: dict[str, int] = defaultdict(int)
    failed: dict[str, int] = defaultdict(int)
    seconds: dict[str, float] = defaultdict(float)
    for outcome in ("passed", "failed", "error"):
        for report in reporter.stats.get(outcome, []):
            area = report.nodeid.split("::")[0].removeprefix("tests/").split("/")[0]
            tests[area] += 1
            failed[area] += outcome != "passed"
            seconds[area] += report.duration
    rows = [
        f"| {area} | {tests[area]} | {failed[area]} | {seconds[area]:.0f} |"
        for area in sorted(tests)
    ]
    PAGE.write_text(
        "# The long run\n\n"
        "`make test-long` runs the suite with larger counts: "
        f"{examples} examples for each property, {judged} random rules beside the independent "
        "judge. This page is written by it.\n\n"
        f"Last run: {today.isoformat()}, {sum(tests.values())} tests, "
        f"{sum(failed.values())} failed.\n\n"
        "| area | tests | failed | seconds |\n|---|---|---|---|\n" + "\n".join(rows) + "\n",
        encoding="utf-8",
    )
