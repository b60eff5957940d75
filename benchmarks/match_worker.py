"""One engine with one set of rules, in a process of its own: for its memory, and to take turns.

A line of JSON in, a line of JSON out. The first line is the job, then each line asks for a range of
articles; at the end of the input the process ends.
"""

import gc
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.cpu import resident_mb
from benchmarks.match_engines import PEERS, Engine, NewsMonitor
from benchmarks.match_filed import Document, rarity
from benchmarks.match_rules import Asked, rules
from benchmarks.table import OURS
from monitor.model import Article
from monitor.rules.frequencies import learned

_ROOT: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Job:
    """What a process gets ready. ``folder``: where the rule files stand, and the cache.

    ``articles``: a file that ``write_articles`` wrote. The first ``warm`` of them are to begin
    with; no more of them are begun after ``warm_seconds``.
    """

    who: str
    size: int
    in_the_news: int
    folder: str
    articles: str
    warm: int
    warm_seconds: float


@dataclass(frozen=True, slots=True)
class Ready:
    """``load``: CPU seconds from files or rules to the first answer. ``ms``: CPU of an article in
    the end. ``missing``: the package that is not installed.
    """

    load: float = 0.0
    mb: float = 0.0
    ms: float = 0.0
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """Milliseconds of CPU and matching rules of each article asked for. ``mb``: memory after it."""

    ms: list[float]
    found: list[list[int]]
    mb: float


def write_articles(path: Path, articles: Iterable[Article]) -> None:
    """What all processes read, made once."""
    kept = ("id", "url", "title", "text", "language")
    path.write_text(json.dumps([{key: getattr(told, key) for key in kept} for told in articles]))


class Worker:
    """The other side: a process that answers until it is told to end."""

    def __init__(self, job: Job) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.match_worker"],
            cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.job = job
        try:
            self.ready = Ready(**self._ask(asdict(job)))
        except BaseException:
            self.end()
            raise

    def answer(self, first: int, last: int) -> Answered:
        """Match the articles from ``first`` to ``last`` (excluded)."""
        return Answered(**self._ask([first, last]))

    def _ask(self, question: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with _ended_is_an_error(self.job):
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            said: dict[str, Any] = json.loads(self._process.stdout.readline())
            return said

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.communicate()


@contextmanager
def _ended_is_an_error(job: Job) -> Iterator[None]:
    try:
        yield
    except (BrokenPipeError, json.JSONDecodeError) as error:
        raise RuntimeError(f"{job.who} with {job.size:,} rules ended without an answer") from error


def main() -> None:
    """Get ready, then answer until the input ends."""
    job = Job(**json.loads(sys.stdin.readline()))
    given = [Article(**each) for each in json.loads(Path(job.articles).read_text())]
    warm, articles = given[: job.warm], given[job.warm :]
    asked = _Asked(job)
    seen = learned(Document(t).words for t in warm) if job.who == OURS else rarity(warm)
    gc.collect()
    before = resident_mb()
    start = time.process_time()
    try:
        engine = _engine(job, asked, seen)
    except ModuleNotFoundError as error:
        _say(Ready(missing=str(error.name)))
        return
    load = time.process_time() - start - asked.seconds
    gc.collect()
    mb = resident_mb() - before
    _say(Ready(load, mb, _warmed(engine, warm, job.warm_seconds)))
    for line in sys.stdin:
        first, last = json.loads(line)
        gc.collect()
        ms, found = [], []
        for told in articles[first:last]:
            start = time.process_time()
            numbers = engine.match(told)
            ms.append(1000 * (time.process_time() - start))
            found.append(sorted(numbers))
        _say(Answered(ms, found, resident_mb() - before))


class _Asked:
    """The rules that peers can answer, and the CPU seconds that making them up took."""

    def __init__(self, job: Job) -> None:
        next(rules(1))  # what is made once for all rules
        self._rules = enumerate(rules(job.size, job.in_the_news))
        self.seconds = 0.0

    def __iter__(self) -> Iterator[tuple[int, Asked]]:
        while True:
            start = time.process_time()
            each = next(self._rules, None)
            self.seconds += time.process_time() - start
            if each is None:
                return
            if each[1].beyond is None:
                yield each


def _engine(job: Job, asked: _Asked, seen: Mapping[str, int]) -> Engine:
    """The engine, which knows how frequent words were in articles seen before."""
    if job.who == OURS:
        return NewsMonitor(Path(job.folder), seen)
    return PEERS[job.who](asked, seen)


def _warmed(engine: Engine, warm: Sequence[Article], seconds: float) -> float:
    """Milliseconds of an article, once the first ones are over."""
    took: list[float] = []
    until = time.process_time() + seconds
    for told in warm:
        start = time.process_time()
        engine.match(told)
        took.append(time.process_time() - start)
        if start + took[-1] > until:
            break
    late = took[len(took) // 2 :]
    return 1000 * sum(late) / len(late)


def _say(answer: Ready | Answered) -> None:
    print(json.dumps(asdict(answer)), flush=True)


if __name__ == "__main__":
    main()
