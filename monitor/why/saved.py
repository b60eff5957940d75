"""Tells what a saved rule file changed: which rules came, how their tests did, and what they would
have done.

The rules are live before a word is said of them. The counting runs in a thread of its own, on
articles read by a store of its own, and the event loop never waits for it.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from threading import Event
from typing import Final

from monitor.errors import MonitorError
from monitor.rules.backtest import Comparison, Report, RuleOutcome
from monitor.rules.book import RuleBook
from monitor.rules.changes import Changed, changes
from monitor.rules.examples import run_examples
from monitor.why.past import DAYS, MOST_ARTICLES, would_have_done

log = logging.getLogger(__name__)

PATIENCE: Final = 0.5
MOST_TOLD: Final = 100  # rules; one changed list may change thousands


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the stored articles are, how old one may be (seconds), the time, and whose days."""

    data: Path
    max_age: float
    now: datetime
    zone: tzinfo = UTC


def counted(
    archive: Archive, pairs: Sequence[Comparison], go_on: Callable[[], bool]
) -> Report | None:
    """What the rules of ``pairs`` would have done on the articles of the archive."""
    return would_have_done(
        archive.data, pairs, archive.max_age, archive.now, go_on, zone=archive.zone
    )


Count = Callable[[Archive, Sequence[Comparison], Callable[[], bool]], Report | None]


class SavedRules:
    """Says what changed from one set of rules to the next.

    ``patience``: seconds that a line waits for the count; then that comes in a line of its own.
    """

    def __init__(self, patience: float = PATIENCE, count: Count = counted) -> None:
        self._patience = patience
        self._count = count
        self._pool: ThreadPoolExecutor | None = None
        self._stop = Event()
        self._telling: set[asyncio.Task[None]] = set()

    def tell(self, before: RuleBook, after: RuleBook, archive: Archive) -> None:
        """Log what came, changed and went; a count that is still running is given up."""
        task = asyncio.ensure_future(self._compare(before, after, archive))
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def close(self) -> None:
        """Give up what is being counted, and wait until its thread has noticed."""
        self._stop.set()
        await asyncio.gather(*self._telling, return_exceptions=True)
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown)

    async def _compare(self, before: RuleBook, after: RuleBook, archive: Archive) -> None:
        found = await asyncio.to_thread(changes, before.rules, after.rules)
        for rule_id in found.gone[:MOST_TOLD]:
            log.info("rule removed", extra={"fields": {"rule": rule_id}})
        _log_more("rules removed", len(found.gone))
        if not found.changed:
            return
        self._stop.set()
        self._stop = Event()
        pairs = [_pair(each) for each in found.changed[:MOST_TOLD]]
        await self._tell(pairs, archive, self._stop)
        _log_more("rules loaded or changed", len(found.changed))

    async def _tell(self, pairs: Sequence[Comparison], archive: Archive, stop: Event) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="backtest")
        counting = asyncio.get_running_loop().run_in_executor(
            self._pool, _counted, self._count, pairs, archive, stop
        )
        await asyncio.wait({counting}, timeout=self._patience)
        report = counting.result() if counting.done() else None
        for number, pair in enumerate(pairs):
            _log_rule(pair, _would(report, number))
        if counting.done():
            return
        report = await counting
        for number, pair in enumerate(pairs):
            if would := _would(report, number):
                log.info("rule tried on the past", extra={"fields": {
                    "rule": pair.rule.id, "would_have_fired": would,
                }})  # fmt: skip


def _pair(each: Changed) -> Comparison:
    return Comparison(each.rule, "nothing" if each.before is None else "rule", each.before)


def _log_more(event: str, number: int) -> None:
    if number > MOST_TOLD:
        log.info("%s", event, extra={"fields": {"rules": number, "told": MOST_TOLD}})


def _counted(
    count: Count, pairs: Sequence[Comparison], archive: Archive, stop: Event
) -> Report | None:
    """None where there is nothing to say: given up, or the store cannot be read just now."""
    if stop.is_set():
        return None
    try:
        return count(archive, pairs, lambda: not stop.is_set())
    except MonitorError as error:
        log.warning("cannot say what the rule would have done: %s", error)
        return None


def _would(report: Report | None, number: int) -> str | None:
    """``9 times in 30 days (+2 -1)``; what is new is not held against anything."""
    if report is None:
        return None
    outcome: RuleOutcome = report.outcomes[number]
    times = f"{outcome.hits} time{'' if outcome.hits == 1 else 's'}"
    all_of_it = report.articles < MOST_ARTICLES
    where = f"{DAYS} days" if all_of_it else f"the newest {MOST_ARTICLES:,} articles"
    change = f" (+{outcome.added} -{outcome.removed})" if outcome.against == "rule" else ""
    return f"{times} in {where}{change}"


def _log_rule(pair: Comparison, would: str | None) -> None:
    results = run_examples([pair.rule])
    failed = [result for result in results if not result.passed]
    plural = "s" if len(results) != 1 else ""
    verb = "" if plural else "es"
    verdict = f"{len(results)} test{plural} pass{verb}" if results else "none"
    if failed:
        verdict = f"{len(failed)} of {len(results)} tests fail"
    fields = {"rule": pair.rule.id, "tests": verdict}
    if would is not None:
        fields["would_have_fired"] = would
    log.info("rule %s", "loaded" if pair.before is None else "changed", extra={"fields": fields})
    for result in failed:
        log.warning("%s: the test fails: %s %s", result.test.place, pair.rule.id, result.message)
