"""Matching beside peers: engines understand the same, differences are told. No figure is judged."""

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks import match_peers
from benchmarks.match_engines import PEERS, Engine, NewsMonitor
from benchmarks.match_rules import IN_THE_NEWS, Asked, Window, report, rule_files, rules
from benchmarks.match_turns import Different, Load, Runner, compare
from benchmarks.match_worker import Answered
from benchmarks.table import OURS
from monitor.model import Article
from monitor.rules.frequencies import SHIPPED

ROOT = Path(__file__).parents[1]
HERE = [
    name for name, package in {"re": "re", "ahocorasick-rs": "ahocorasick_rs",
                               "hyperscan": "hyperscan", "tantivy": "tantivy"}.items()
    if find_spec(package) is not None
]  # fmt: skip  # two of them come with the benchmark only


def test_a_small_comparison_ends_with_every_row_and_tells_who_is_too_slow(tmp_path: Path) -> None:
    report = tmp_path / "figures.json"
    ended = subprocess.run(
        [sys.executable, ROOT / "benchmarks/match_peers.py", "--quick", "--sizes", "10,100",
         "--peers", "tantivy", "--budget", "0.02", "--json", report],
        cwd=tmp_path, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    assert ended.stderr == ""
    assert "none differs" in ended.stdout
    rows = json.loads(report.read_text())["match"]
    assert [(row["size"], row["who"]) for row in rows] == [
        (size, who) for size in (10, 100) for who in (OURS, "tantivy")
    ]
    *ran, last = rows
    assert last["ms"] is None
    assert last["note"].startswith("not run: would take about")
    assert last["note"] in ended.stdout
    for row in ran:
        assert row["ms"] > 0
        assert row["ratio"] > 0
        assert 0 < row["articles"] <= 6
    assert [row["cold"] is None for row in ran] == [row["who"] != OURS for row in ran]
    assert [row["hits"] for row in ran if row["who"] == OURS] != [0, 0], "nothing was compared"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        pytest.param(["--peers", "grep"], "no peer is named grep", id="an unknown peer is told"),
        pytest.param(["--sizes", "10,0"], "must be at least 1", id="no rules is told"),
        pytest.param(["--rounds", "0"], "must be at least 1", id="no rounds is told"),
    ],
)
def test_the_comparison_refuses(
    options: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        match_peers.main(options)
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


TITLE, BODY = (
    "Alvo Bank merger",
    "The probe of Alvo is over. Energy of Bravo! A merger of Alvo Bank.",
)


@pytest.mark.parametrize("who", [OURS, *HERE])
@pytest.mark.parametrize(
    ("asked", "matches"),
    [
        pytest.param(Asked((("bravo", "x"), ("probe",))), True, id="one of each group is enough"),
        pytest.param(Asked((("bravo",), ("x", "y"))), False, id="each group needs one"),
        pytest.param(Asked((("alvo bank",),)), True, id="a phrase is words in a row"),
        pytest.param(Asked((("bank alvo",),)), False, id="a phrase has an order"),
        pytest.param(Asked((("merger the",),)), False, id="no phrase goes from title to body"),
        pytest.param(Asked((("ravo",),)), False, id="a part of a word is no word"),
        pytest.param(Asked((("bra*",),)), True, id="a beginning is enough where asked for"),
        pytest.param(Asked((("rav*",),)), False, id="the middle of a word is no beginning"),
        pytest.param(Asked((("energy",),), none=("y", "bravo")), False, id="an exclusion excludes"),
        pytest.param(Asked((("energy",),), none=("ener",)), True, id="an absent exclusion does not"),
        pytest.param(Asked(at_least=(2, ("x", "bravo", "probe"))), True, id="two of three"),
        pytest.param(Asked(at_least=(2, ("x", "bravo", "y"))), False, id="one is not two"),
        pytest.param(Asked(window=Window(1, ("probe",), ("alvo",))), True, id="one word between"),
        pytest.param(Asked(window=Window(0, ("probe",), ("alvo",))), False, id="one is not none"),
        pytest.param(Asked(window=Window(1, ("alvo",), ("probe",))), True, id="in any order"),
        pytest.param(Asked(window=Window(10, ("the",), ("alvo bank",))), False, id="eleven between"),
        pytest.param(Asked(window=Window(11, ("the",), ("alvo bank",))), True,
                     id="a phrase counts from its nearer end"),
        pytest.param(Asked(window=Window(5, ("alvo bank",), ("bank",))), False,
                     id="no item overlaps the other"),
        pytest.param(Asked(window=Window(30, ("bravo",), ("energy",)), none=("alvo bank",)), False,
                     id="an exclusion beside a window"),
        pytest.param(Asked(window=Window(1, ("bank",), ("probe",))), False,
                     id="no window goes from title to body"),
    ],
)  # fmt: skip
def test_all_engines_understand(who: str, asked: Asked, matches: bool, tmp_path: Path) -> None:
    told = Article(id="1", url="https://a.example/1", title=TITLE, text=BODY)
    if who == OURS:
        (tmp_path / "a.yaml").write_text(f"rules:\n{asked.yaml(7)}\n")
        engine: Engine = NewsMonitor(tmp_path, SHIPPED)
    else:
        engine = PEERS[who]([(7, asked)], {})
    assert engine.match(told) == ([7] if matches else [])


def _runner(who: str, size: int, *found: list[int]) -> Runner:
    answers = [Answered([1.0] * len(found), list(found), 1.0)]
    return Runner("few", size, who, share=len(found), answers=answers)


BEYOND = [at for at, rule in enumerate(rules(200)) if rule.beyond is not None]


@pytest.mark.parametrize(
    ("runners", "told"),
    [
        pytest.param([_runner("re", 200, [1], [2, 3])], None, id="the same answers are fine"),
        pytest.param([_runner("re", 200, [1])], None, id="fewer articles are fine"),
        pytest.param([_runner("re", 200, [1], [2])], "only ours", id="a miss is told"),
        pytest.param([_runner("re", 200, [1, 9], [2, 3])], "only theirs", id="a surplus is told"),
        pytest.param([_runner(OURS, 3, [1], [2])], None, id="ours with fewer rules finds fewer"),
        pytest.param([_runner(OURS, 3, [], [2])], "made-up-1", id="ours must not depend on size"),
    ],
)
def test_answers_that_differ_end_the_comparison(runners: list[Runner], told: str | None) -> None:
    load = Load("few", IN_THE_NEWS, (3, 200), ("re",))
    ours = _runner(OURS, 200, [1, BEYOND[0]], [2, 3])
    if told is None:
        compare(load, [ours, *runners])
    else:
        with pytest.raises(Different, match=told):
            compare(load, [ours, *runners])


def test_the_rule_that_only_we_can_say_is_expected_of_us() -> None:
    load = Load("few", IN_THE_NEWS, (200,), ("re",))
    with pytest.raises(Different, match="only theirs"):
        compare(load, [_runner(OURS, 200, [1]), _runner("re", 200, [1, BEYOND[0]])])


def test_a_longer_rule_list_begins_with_the_shorter_one_and_brings_hardly_a_hit_more(
    tmp_path: Path,
) -> None:
    few, many = list(rules(400)), list(rules(900))
    assert many[:400] == few
    assert {"window", "at_least", "none", "beyond"} <= {
        name for rule in few for name in ("window", "at_least", "none", "beyond")
        if getattr(rule, name)
    }  # fmt: skip
    for number, text in enumerate(rule_files(900)):
        (tmp_path / f"{number}.yaml").write_text(text)
    engine = NewsMonitor(tmp_path, SHIPPED)
    hits = [number for at in range(12) for number in engine.match(report(at))]
    assert 2 < len(hits) / 12 < 8
    assert sum(number >= IN_THE_NEWS for number in hits) <= 2


def test_reports_are_the_same_every_time_and_as_long_as_asked() -> None:
    assert report(3) == report(3)
    assert report(3).text != report(4).text
    assert all(500 < report(number).text.count(" ") < 720 for number in range(20))
