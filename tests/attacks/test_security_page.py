"""The pages on security keep to the code: every test that they name exists and has its number."""

import re
from pathlib import Path

import pytest

from monitor import workers, workers_child
from monitor.config.sections import Articles, Polling
from monitor.config.yamlfile import MAX_BYTES
from monitor.config.yamltree import MAX_DEPTH, MAX_NODES
from monitor.feeds.entries import MOST_CONTENT, MOST_ENTRIES, MOST_SUMMARY, MOST_TITLE
from monitor.feeds.fetch import MOST_HOPS
from monitor.feeds.quick import MOST_BYTES_IN_LOOP
from monitor.net.bodies import RATIO, RATIO_FROM
from monitor.net.heads import MOST_BEFORE, MOST_INTERIM
from monitor.net.ports import WEB_PORTS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
CASES = (ROOT / "docs" / "reliability-security.md").read_text(encoding="utf-8")
ROWS = re.findall(
    r"^\| ([SF]-\d\d) \| (.+?) \| `(tests/[\w/.]+)` \| (\w+) \|$", CASES, re.MULTILINE
)


@pytest.mark.parametrize(
    ("case", "test"), [pytest.param(case, test, id=case) for case, _, test, _ in ROWS]
)
def test_the_test_of_a_case_names_it(case: str, test: str) -> None:
    text = (ROOT / test).read_text(encoding="utf-8")
    assert re.search(rf"{case}\b|test_\w*{case.lower().replace('-', '')}_", text)


def test_every_row_of_the_table_is_read_and_none_twice() -> None:
    assert len(ROWS) == CASES.count("\n| S-") + CASES.count("\n| F-")
    assert len({case for case, *_ in ROWS}) == len(ROWS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`((?:tests|monitor)/[\w/.]+)`", PAGE))))
def test_what_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).is_file()


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param(", ".join(map(str, sorted(WEB_PORTS))), id="the ports of the web"),
        pytest.param(f"at most {MOST_HOPS}, each judged anew", id="redirects"),
        pytest.param(f"`polling.timeout`, {Polling().timeout:.0f} s", id="the deadline"),
        pytest.param(
            f"{Polling().max_bytes // 10**6} MB; {Articles().max_bytes // 10**6} MB", id="bodies"
        ),
        pytest.param(f"beyond {RATIO_FROM // 2**20} MiB | {RATIO} : 1", id="growth"),
        pytest.param(f"{MOST_BEFORE // 1024} KiB, {MOST_INTERIM} interim answers", id="heads"),
        pytest.param(f"entries of a feed | {MOST_ENTRIES:,}", id="entries"),
        pytest.param(f"{MOST_TITLE:,}, {MOST_SUMMARY:,}, {MOST_CONTENT:,} characters", id="lengths"),
        pytest.param(f"up to {MOST_BYTES_IN_LOOP // 1024} KiB", id="what is read in the loop"),
        pytest.param(f"{workers.MEMORY // 2**20} MB of memory, 15 s", id="the processes"),
        pytest.param(f"{workers_child.DESCRIPTORS} descriptors", id="their descriptors"),
        pytest.param(
            f"a file of {MAX_BYTES // 10**6} MB, {MAX_DEPTH} levels or {MAX_NODES:,} values", id="YAML"
        ),
    ],
)  # fmt: skip
def test_the_numbers_of_the_page_are_those_of_the_code(sentence: str) -> None:
    assert sentence in PAGE
