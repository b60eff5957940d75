"""Proof of a proposal: its file's text, loaded and run as it would run live.

Layer 5.
"""

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from monitor.cli.draft_reading import Given, History
from monitor.cli.output import clean_line, complain, count, emit, iso, say
from monitor.cli.progress import Progress
from monitor.config import yamlfile
from monitor.config.rulefiles import RuleSource
from monitor.errors import UsageError
from monitor.located import Mapping
from monitor.rules.backtest import Backtest, Comparison, Report
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.rules.draft.built import Example
from monitor.rules.draft.outcome import Refusal
from monitor.rules.examples import run_examples
from monitor.rules.load import load
from monitor.rules.rule import Rule
from monitor.userfiles import UserFiles


@dataclass(frozen=True, slots=True)
class Proof:
    """``failures``: sentences; none of them means that the proposal holds."""

    failures: tuple[str, ...]
    rule: Rule | None
    report: Report | None  # of the past; None where there is none


def rule_in(
    files: UserFiles, shown: str, text: str, rule_id: str
) -> tuple[Rule | None, tuple[str, ...]]:
    """The rule as it would be loaded from this text among the user's files, and all mistakes."""
    node, problems = yamlfile.parse(text.encode("utf-8", "surrogatepass"), shown)
    if not isinstance(node, Mapping):
        return None, tuple(str(problem) for problem in problems) or ("it holds no rule",)
    known = next((each for each in files.rules.sources if each.shown == shown), None)
    node = node if known is None else _with_lists_of(node, known.node)
    new = RuleSource(shown, Path(shown).stem, node, lists_only=False)
    others = [each for each in files.rules.sources if each.shown != shown]
    loaded = load([*others, new])
    mistakes = [
        str(problem) for problem in (*problems, *loaded.problems)
        if problem.place.path == shown and problem.severity == "error"
    ]  # fmt: skip
    rule = next((each for each in loaded.rules if each.id == rule_id), None)
    return rule, tuple(mistakes)


def _with_lists_of(node: Mapping, known: Mapping) -> Mapping:
    """The mapping with the lists as they were read before: a list may come from another file."""
    lists = known.get("entities")
    if lists is None:
        return node
    pairs = tuple(
        (key, lists if key.value == "entities" else value) for key, value in node.pairs
    )  # fmt: skip
    return Mapping(pairs, node.place)


def prove(
    files: UserFiles, shown: str, text: str, rule_id: str,
    yes: Sequence[Example], no: Sequence[Example], past: History, before: Rule | None = None,
) -> Proof:  # fmt: skip
    """Load the text, run the rule's tests and all examples, and go through the past.

    ``before``: the rule that it replaces; the report is then against that one.
    """
    rule, mistakes = rule_in(files, shown, text, rule_id)
    if rule is None or mistakes:
        return Proof(mistakes or ("the rule is not in the file",), None, None)
    failed_before = set() if before is None else _failed(before)
    failures = [
        f"test {number}: {message}" for number, message in sorted(_failed(rule))
        if (number, message) not in failed_before
    ]  # fmt: skip
    book = RuleBook([rule])
    failures += [f"it does not fire on '{one.name}'" for one in yes if not _fires(book, one)]
    failures += [f"it fires on '{one.name}'" for one in no if _fires(book, one)]
    if failures or not past.known:
        return Proof(tuple(failures), rule, None)
    against = Comparison(rule, "nothing") if before is None else Comparison(rule, "rule", before)
    max_age = None if past.file else files.settings.articles.max_age
    test = Backtest([against], max_age, zone=ZoneInfo(files.settings.timezone))
    with Progress("Going through the articles", None) as progress:
        for each in past.articles():
            test.take(each)
            progress.advance(1)
    return Proof((), rule, test.report())


def _fires(book: RuleBook, example: Example) -> bool:
    conditions = book.rules[0].source
    held = refusal(conditions, example.article, None, None) is None
    return held and bool(book.match(example.article))


def _failed(rule: Rule) -> set[tuple[int, str]]:
    results = run_examples([rule])
    return {(n, each.message) for n, each in enumerate(results, 1) if not each.passed}


def save(path: Path, text: str, *, new: bool) -> None:
    """Write the file whole or not at all; a ``new`` one never over another.

    Raises:
        UsageError: it cannot be written, or exists.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if new and path.exists():
            raise UsageError(f"{path}: exists already; choose another --id")
        with part.open("x", encoding="utf-8", newline="") as stream:
            if not new:
                part.chmod(path.stat().st_mode & 0o777)
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"{path}: cannot be written ({error.strerror})") from error


def proof_json(proof: Proof, past: History) -> dict[str, Any] | None:
    """The figures of the past for programs; null where there is none."""
    if proof.report is None:
        return None
    report, outcome = proof.report, proof.report.outcomes[0]
    week = report.per_week(outcome)
    return {
        "of": past.told, "articles": report.articles, "hits": outcome.hits,
        "per_week": None if week is None else round(week, 2), "before": outcome.before,
        "added": outcome.added, "removed": outcome.removed,
        "added_headlines": _headlines(outcome.added_headlines),
        "removed_headlines": _headlines(outcome.removed_headlines),
    }  # fmt: skip


def _headlines(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"title": one.title, "url": one.url, "source": one.source, "at": iso(one.at)}
        for one in found
    ]


def show_proof(proof: Proof, given: Given, past: History) -> None:
    """The proof for people."""
    say(f"Fires on {len(given.yes)} of {count(len(given.yes), 'yes', 'yes')}, "
        f"silent on {len(given.no)} of {len(given.no)} no.")  # fmt: skip
    if proof.report is None:
        say("No past articles: nothing can be said about hits per week.")
        return
    report, outcome = proof.report, proof.report.outcomes[0]
    week = report.per_week(outcome)
    rate = f", {week:.1f} a week" if week is not None else ""
    say(clean_line(f"{count(outcome.hits, 'hit')} in {count(report.articles, 'article')} "
                   f"({past.told}){rate}."))  # fmt: skip
    for sign, headlines, many in (
        ("+", outcome.added_headlines, outcome.added),
        ("-", outcome.removed_headlines, outcome.removed),
    ):
        for one in headlines:
            say(clean_line(f"  {sign} {one.title} ({one.source})"))
        if many > len(headlines):
            say(f"  {sign} {many - len(headlines):,} more")


def tell_refusal(refused: Refusal, *, as_json: bool) -> None:
    """Why nothing is proposed."""
    if as_json:
        emit({"rule": None, "refused": {
            "reason": refused.reason, "mend": refused.mend,
            "clashes": [{"yes": c.yes, "no": c.no, "why": c.why} for c in refused.clashes],
        }})  # fmt: skip
        return
    complain(clean_line(f"Refused: {refused.reason}."))
    for clash in refused.clashes[:10]:
        told = f"  no '{clash.no}', yes '{clash.yes}': {clash.why}"
        complain(clean_line(told if clash.yes else f"  no '{clash.no}': {clash.why}"))
    if refused.mend:
        complain(clean_line(f"What may help: {refused.mend}."))
