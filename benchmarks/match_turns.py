"""Who is measured in the comparison of matching, in which order, and what comes of it.

All engines get ready first, then they take turns round by round, each on the same articles; then
every answer of every peer is compared with ours.
"""

import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import mean, median
from typing import Final

from benchmarks.match_rules import report, rule_files, rules
from benchmarks.match_worker import Answered, Job, Worker, write_articles
from benchmarks.table import OURS

_ARTICLES: Final = "articles.json"
_LEAST: Final = 1  # articles a round; a peer that does not get through one is not run
_YAML_AGE: Final = 3600.0  # seconds; rule files are seldom seconds old when the program starts


@dataclass(frozen=True, slots=True)
class Load:
    """How many of the rules are about firms in the news, at which sizes, against which peers."""

    name: str
    in_the_news: int
    sizes: tuple[int, ...]
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured. ``articles``: of each round. ``budget``: CPU seconds that a peer may
    take for all its articles at one size, about.
    """

    loads: tuple[Load, ...]
    rounds: int
    articles: int
    warm: int
    budget: float


@dataclass(slots=True)
class Runner:
    """One engine at one size, while it is measured. ``cold``: seconds of a load from YAML."""

    load: str
    size: int
    who: str
    worker: Worker | None = None
    note: str = ""  # why it is not run
    cold: float | None = None
    share: int = 0  # articles of each round
    answers: list[Answered] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
    """What is told of one engine at one size; None where it was not run.

    ``ms``: CPU of an article, the median of the rounds' means. ``ratio``: median of the rounds'
    ratios to ours on the same articles. ``load``, ``cold``: CPU seconds until ready.
    """

    load_name: str
    size: int
    who: str
    note: str = ""
    ms: float | None = None
    ratio: float | None = None
    hits: float | None = None
    articles: int = 0
    load: float | None = None
    cold: float | None = None
    mb: float | None = None
    rounds: tuple[float, ...] = ()


class Different(Exception):
    """Two engines give different answers."""


def measure(plan: Plan, tell: Callable[[str], None]) -> list[Row]:
    """Get everything ready, then let all take turns.

    Raises:
        Different: an engine's answer is another than ours.
    """
    with tempfile.TemporaryDirectory(prefix="news-monitor-bench-") as name:
        rows: list[Row] = []
        count = plan.warm + plan.rounds * plan.articles
        write_articles(Path(name) / _ARTICLES, (report(number) for number in range(count)))
        for load in plan.loads:
            runners: list[Runner] = []
            try:
                for runner in _started(plan, load, Path(name), tell):
                    runners.append(runner)
                _take_turns(plan, runners, tell)
            finally:
                for runner in runners:
                    if runner.worker is not None:
                        runner.worker.end()
            compare(load, runners)
            rows += _rows(runners)
        return rows


def _started(plan: Plan, load: Load, root: Path, tell: Callable[[str], None]) -> Iterator[Runner]:
    """Everybody ready at every size, or the reason why not."""
    expected = dict.fromkeys(load.peers, 0.0)  # milliseconds of an article at this size, at worst
    for at, size in enumerate(load.sizes):
        folder = _written(load, size, root)
        growth = load.sizes[at + 1] / size if at + 1 < len(load.sizes) else 1.0
        for who in (OURS, *load.peers):
            runner = Runner(load.name, size, who)
            job = Job(who, size, load.in_the_news, str(folder), str(root / _ARTICLES),
                      plan.warm, plan.budget / 4)  # fmt: skip
            if who == OURS:
                tell(f"{load.name}: {size:,} rules from YAML")
                first = Worker(replace(job, warm_seconds=0))
                first.end()
                runner.cold = first.ready.load
            if who != OURS and expected[who] * plan.rounds > 1000 * plan.budget:
                runner.note = f"not run: would take about {expected[who]:,.0f} ms an article"
            else:
                tell(f"{load.name}: {size:,} rules: {who} gets ready")
                _start(runner, job, plan)
                assert runner.worker is not None
                expected[who] = runner.worker.ready.ms
            yield runner
            expected[who] *= growth


def _written(load: Load, size: int, root: Path) -> Path:
    """A folder with the rule files."""
    folder = root / f"{load.name}-{size}"
    folder.mkdir()
    for number, text in enumerate(rule_files(size, load.in_the_news)):
        path = folder / f"made-up-{number:03}.yaml"
        path.write_text(text)
        os.utime(path, (time.time() - _YAML_AGE,) * 2)
    return folder


def _start(runner: Runner, job: Job, plan: Plan) -> None:
    """Get one engine ready, and decide how many articles it gets through in its time."""
    runner.worker = Worker(job)
    ready = runner.worker.ready
    if ready.missing:
        runner.note = f"not run: {job.who} is not installed here"
        return
    most = int(1000 * plan.budget / plan.rounds / max(ready.ms, 0.001))
    runner.share = plan.articles if job.who == OURS else min(plan.articles, max(most, _LEAST))


def _take_turns(plan: Plan, runners: Sequence[Runner], tell: Callable[[str], None]) -> None:
    for number in range(plan.rounds):
        first = number * plan.articles
        for runner in runners:
            if runner.worker is not None and runner.share:
                tell(f"{runner.load}: round {number + 1} of {plan.rounds}: {runner.size:,} rules: "
                     f"{runner.who}")  # fmt: skip
                runner.answers.append(runner.worker.answer(first, first + runner.share))


def compare(load: Load, runners: Sequence[Runner]) -> None:
    """Every answer of every peer beside ours, and ours beside ours at the largest size, which has
    the same rules up to there.

    Raises:
        Different: with the rule and the article.
    """
    asked = list(rules(max(load.sizes), load.in_the_news))
    ours = {runner.size: runner for runner in runners if runner.who == OURS}
    largest = ours[max(ours)]
    for runner in runners:
        beside = largest if runner.who == OURS else ours[runner.size]
        for number, (one, other) in enumerate(zip(runner.answers, beside.answers, strict=False)):
            for at, (theirs, all_ours) in enumerate(zip(one.found, other.found, strict=False)):
                wanted = {
                    rule for rule in all_ours
                    if rule < runner.size and (runner.who == OURS or asked[rule].beyond is None)
                }  # fmt: skip
                for rule in sorted(wanted.symmetric_difference(theirs)):
                    raise Different(
                        f"{runner.who} and {OURS} ({beside.size:,} rules) differ on article {at} "
                        f"of round {number}: {'only ours' if rule in wanted else 'only theirs'} "
                        f"matches\n{asked[rule].yaml(rule)}"
                    )


def _rows(runners: Sequence[Runner]) -> list[Row]:
    ours = {runner.size: runner for runner in runners if runner.who == OURS}
    rows = []
    for runner in runners:
        cell = Row(runner.load, runner.size, runner.who, runner.note)
        if runner.answers and runner.worker is not None:
            beside = ours[runner.size].answers
            rounds = tuple(mean(answered.ms) for answered in runner.answers)
            ratios = [
                sum(answered.ms) / sum(other.ms[: len(answered.ms)])
                for answered, other in zip(runner.answers, beside, strict=True)
            ]
            found = [numbers for answered in runner.answers for numbers in answered.found]
            cell = Row(
                runner.load, runner.size, runner.who,
                ms=median(rounds), ratio=median(ratios), hits=mean(map(len, found)),
                articles=len(found), load=runner.worker.ready.load, cold=runner.cold,
                mb=runner.answers[-1].mb, rounds=rounds,
            )  # fmt: skip
        rows.append(cell)
    return rows
