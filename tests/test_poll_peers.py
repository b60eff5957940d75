"""The comparison of polling runs, and its feeds, servers and meters are right. No figure is judged."""

import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import poll_peers, poll_peers_feeds, poll_peers_run, poll_peers_server
from benchmarks.poll_peers_feeds import FIRST, NEWER, REBUILT
from benchmarks.poll_peers_server import Served
from monitor.feeds.parse import parse_feed
from monitor.model import ParsedFeed

ROOT = Path(__file__).parents[1]
OURS = re.compile(
    r"4 healthy and 2 hanging servers: news-monitor asked 4 healthy ones, the last after"
)


def parsed(number: int, edition: str) -> ParsedFeed:
    return parse_feed(poll_peers_feeds.feed(number, edition), "https://a.example/", None)


@pytest.mark.parametrize("number", [0, 1, 2, 25, 1999])
def test_editions_of_a_feed_differ_as_they_should(number: int) -> None:
    first, newer, rebuilt = (parsed(number, edition) for edition in (FIRST, NEWER, REBUILT))
    ids = [{entry.id for entry in each.entries} for each in (first, newer)]
    assert [len(each) for each in ids] == [30, 30]
    assert len(ids[1] - ids[0]) == 1
    assert rebuilt.entries == first.entries
    assert poll_peers_feeds.feed(number, REBUILT) != poll_peers_feeds.feed(number, FIRST)
    assert {entry.link for entry in first.entries} == {None}


def test_feeds_made_from_one_have_other_ids_and_other_words() -> None:
    one, other = parsed(1, FIRST), parsed(1 + poll_peers_feeds.DISTINCT, FIRST)
    assert not {entry.id for entry in one.entries} & {entry.id for entry in other.entries}
    assert one.entries[0].content != other.entries[0].content


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_newest_entry_has_its_page(number: int) -> None:
    body = poll_peers_feeds.feed(number, NEWER, "http://127.0.0.1/pages/1.html")
    links = [entry.link for entry in parse_feed(body, "https://a.example/", None).entries]
    assert links[0] == "http://127.0.0.1/pages/1.html"
    assert len(set(links)) == 30


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("www")
    poll_peers_feeds.write(folder, 2, (FIRST, NEWER))
    with poll_peers_server.serving(folder, FIRST, nginx=None) as server:
        yield server


def asked(url: str, **headers: str) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(
        url, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}
    except urllib.error.HTTPError as error:
        with error:
            return error.code, {}


def test_the_own_server_answers_304_to_its_etag_until_the_edition_changes(served: Served) -> None:
    (url,) = served.urls(1)
    status, headers = asked(url, Accept_Encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert asked(url, Accept_Encoding="gzip", If_None_Match=headers["etag"])[0] == 304
    served.show(NEWER)
    assert asked(url, Accept_Encoding="gzip", If_None_Match=headers["etag"])[0] == 200
    served.show(FIRST)
    assert [(status, path) for _, status, path in served.asked()][-1] == (200, "/0.xml")


def test_the_other_port_has_no_validators(served: Served) -> None:
    (url,) = served.urls(1, validators=False)
    status, headers = asked(url, If_None_Match="*")
    assert status == 200
    assert not {"etag", "last-modified"} & headers.keys()


BURN = "import time\nwhile time.process_time() < 0.3: pass\n"
CHILD = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {BURN!r}])"


@pytest.mark.parametrize(
    "program", [pytest.param(BURN, id="itself"), pytest.param(CHILD, id="a child")]
)
def test_what_a_program_and_its_children_spend(tmp_path: Path, program: str) -> None:
    spent = poll_peers_run.run(
        [sys.executable, "-c", program], env={}, log=tmp_path / "log", within=30
    )
    assert spent.cpu >= 0.3
    assert spent.code == 0
    assert spent.mb > 1


@pytest.mark.parametrize(
    ("within", "enough"),
    [
        pytest.param(0.1, False, id="its time is over"),
        pytest.param(60.0, True, id="what was waited for has come"),
    ],
)
def test_a_program_is_stopped(tmp_path: Path, within: float, enough: bool) -> None:
    spent = poll_peers_run.run(
        [sys.executable, "-c", "import time; time.sleep(60)"],
        env={}, log=tmp_path / "log", within=within, enough=lambda: enough,
    )  # fmt: skip
    assert spent.code is None
    assert spent.wall < 30


def test_the_comparison_runs_and_says_when_the_last_healthy_feed_was_polled(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "benchmarks/poll_peers.py", "--quick", "--peers", "none", "--only", "hang"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert OURS.search(ended.stdout), ended.stdout


@pytest.mark.parametrize(
    ("option", "value"), [("--peers", "reader,unknown"), ("--only", "polls,nothing")]
)
def test_a_name_that_is_none_is_told(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit, match="2"):
        poll_peers.main([option, value])
    assert value.rpartition(",")[2] in capsys.readouterr().err
