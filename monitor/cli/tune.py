"""``rules tune``: the smallest change that silences false alarms and keeps every good hit.

Layer 5. Shows the change as a diff, with what it would have removed from the past; writes nothing
without ``--write``.
"""

import asyncio
from collections.abc import Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any, Final

import click

from monitor.cli.draft import (
    articles_option,
    days_option,
    history_option,
    no_option,
    write_option,
    yes_option,
)
from monitor.cli.draft_proof import Proof, proof_json, prove, save, show_proof, tell_refusal
from monitor.cli.draft_reading import Given, History, apart_from, read_examples
from monitor.cli.output import clean_line, complain, count, emit, say
from monitor.cli.user import json_option, rule_of, tell, user_files
from monitor.config import yamlfile
from monitor.errors import UsageError
from monitor.located import Items, Mapping, plain
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.rules.draft.built import Builder, Example, Plain
from monitor.rules.draft.change import Add, Change, Put
from monitor.rules.draft.change import Path as Way
from monitor.rules.draft.edit import CannotEdit, edited
from monitor.rules.draft.excerpt import silent
from monitor.rules.draft.outcome import Refusal
from monitor.rules.draft.tune import Task, Tuned, search
from monitor.rules.rule import Rule
from monitor.userfiles import UserFiles

_MOST_HITS: Final = 200  # past hits that a change is weighed against
_MOST_TESTS: Final = 5  # silent tests added


@click.command("tune")
@click.argument("rule_id", metavar="ID")
@no_option
@yes_option
@click.option("--keep-hits", is_flag=True, help="Keep every past hit that is no --no, too.")
@articles_option
@days_option
@history_option
@write_option
@json_option
@click.pass_context
def tune(
    context: click.Context,
    rule_id: str,
    no: tuple[str, ...],
    yes: tuple[str, ...],
    keep_hits: bool,
    articles: str | None,
    days: int,
    history: bool,
    write: bool,
    as_json: bool,
) -> int:
    """Propose the smallest change of a rule that silences every --no.

    Keeps every --yes and every "fires" test of the rule. Refuses, with the reason and exit 1, where
    nothing safe separates them.
    """
    if not no:
        raise UsageError("tune needs at least one --no: an article on which the rule fired wrongly")
    files = user_files(context)
    wrong = tell(files.problems)
    rule = rule_of(files.rules, rule_id)
    past = History.of(files.settings, articles, days, wanted=history)
    given = asyncio.run(read_examples(context, files.settings, yes, no))
    if given.code:
        return given.code
    given = _that_fire(rule, given)
    if not given.no:
        complain(clean_line(f"{rule_id} is silent on every --no already. Nothing to change."))
        if as_json:
            emit({"rule": rule_id, "refused": None, "diff": "", "changes": 0, "past": None,
                  "written": None})  # fmt: skip
        return 2 if wrong else 0
    found = _search(files, rule, given, past, keep_hits=keep_hits)
    if isinstance(found, Refusal):
        tell_refusal(found, as_json=as_json)
        return 1
    return max(2 if wrong else 0, _proposed(files, rule, given, found, past, write, as_json))


def _that_fire(rule: Rule, given: Given) -> Given:
    """The examples on which the rule fires now, its own tests among the yes; others are told."""
    book = RuleBook([rule])

    def fires(example: Example) -> bool:
        held = refusal(rule.source, example.article, None, None) is None
        return held and bool(book.match(example.article))

    kept: list[list[Example]] = []
    for name, examples in (("yes", given.yes), ("no", given.no)):
        kept.append([example for example in examples if fires(example)])
        for example in examples:
            if not fires(example):
                complain(clean_line(
                    f"--{name} '{example.name}': the rule is silent on it now; left out"
                ))  # fmt: skip
    tests = [Example(test.article) for test in rule.tests if test.expects == "fires"]
    return Given((*kept[0], *filter(fires, tests)), tuple(kept[1]), 0)


def _search(
    files: UserFiles, rule: Rule, given: Given, past: History, *, keep_hits: bool
) -> Tuned | Refusal:
    node, _ = _node_of(files, rule)
    written = plain(node)
    assert isinstance(written, dict)
    wanted = {key: written[key] for key in ("match", "source") if key in written}
    builder = Builder(_lists(files), rule.filters)
    book, hits = RuleBook([rule]), list[Example]()
    for each in apart_from(past.articles(), (*given.yes, *given.no)):
        if book.match(each.article) and refusal(rule.source, each.article, None, None) is None:
            hits.append(Example(each.article))
            if len(hits) >= _MOST_HITS:
                break
    return search(Task(wanted, given.yes, given.no, tuple(hits), builder, keep_hits))


def _node_of(files: UserFiles, rule: Rule) -> tuple[Mapping, Way]:
    """The rule as written, and the way to it in its file."""
    source = next(each for each in files.rules.sources if each.shown == rule.place.path)
    listed = source.node.get("rules")
    if isinstance(listed, Items):
        for number, item in enumerate(listed.items):
            if isinstance(item, Mapping) and item.place == rule.place:
                return item, ("rules", number)
    return source.node, ()


def _lists(files: UserFiles) -> dict[str, Items]:
    found: dict[str, Items] = {}
    for source in files.rules.sources:
        node = source.node.get("entities")
        for key, value in node.pairs if isinstance(node, Mapping) else ():
            if isinstance(value, Items):
                found.setdefault(key.value.removeprefix("@"), value)
    return found


def _proposed(
    files: UserFiles, rule: Rule, given: Given, found: Tuned, past: History,
    write: bool, as_json: bool,
) -> int:  # fmt: skip
    path = Path(rule.place.path)
    before = _read(path)
    node, way = _node_of(files, rule)
    try:
        after = edited(before, way, (*found.changes, *_tests(files, rule, node, given, found)))
    except CannotEdit as error:
        refused = Refusal(f"{path}: {error}, so the change cannot be put into it")
        tell_refusal(refused, as_json=as_json)
        return 1
    proof = prove(files, rule.place.path, after, rule.id, given.yes, given.no, past, rule)
    if proof.failures:
        tell_refusal(
            Refusal("the change does not hold in the file: " + proof.failures[0]), as_json=as_json
        )
        return 1
    diff = "".join(
        unified_diff(
            before.splitlines(keepends=True), _ended(after).splitlines(keepends=True),
            str(path), f"{path} (proposed)",
        )
    )  # fmt: skip
    if write:
        save(path, after, new=False)
    if as_json:
        emit(_json(rule, found, given, diff, proof, past, path if write else None))
        return 0
    for line in diff.splitlines():
        mark, rest = line[:1], line[1:]
        say(mark + clean_line(rest))
    say()
    show_proof(proof, given, past)
    if found.removed:
        say(f"{count(len(found.removed), 'past hit')} beside the false alarms would be gone: "
            "look at them above.")  # fmt: skip
    say(clean_line(f"Written to {path}." if write else "Nothing is written; --write does."))
    return 0


def _tests(
    files: UserFiles, rule: Rule, node: Mapping, given: Given, found: Tuned
) -> Sequence[Change]:
    """Silent tests from the false alarms: texts on which the rule fired and will not."""
    builder = Builder(_lists(files), rule.filters)
    fires = builder.verdict(found.rule)
    before = builder.verdict({"match": plain(node)["match"]})  # type: ignore[index]  # a rule has one
    assert fires is not None
    tests: list[Plain] = []
    for example in given.no[:_MOST_TESTS]:
        text = silent(example, fires, before)
        if text is not None and {"silent": text} not in tests:
            tests.append({"silent": text})
    if not tests:
        return ()
    if isinstance(node.get("tests"), Items):
        return (Add(("tests",), tuple(tests)),)
    return () if node.get("tests") is not None else (Put((), "tests", tests),)


def _read(path: Path) -> str:
    data, problem = yamlfile.read_bytes(path, str(path))
    text, unreadable = yamlfile.decode(data or b"", str(path))
    if problem is not None or unreadable is not None:
        raise UsageError(str(problem or unreadable))
    return text


def _ended(text: str) -> str:
    return text if text.endswith("\n") else text + "\n"


def _json(
    rule: Rule, found: Tuned, given: Given, diff: str, proof: Proof, past: History,
    path: Path | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "rule": rule.id, "refused": None, "diff": diff, "changes": len(found.changes),
        "match": found.rule["match"], "source": found.rule.get("source"),
        "yes": len(given.yes), "no": len(given.no), "lost_hits": len(found.removed),
        "past": proof_json(proof, past), "written": str(path) if path else None,
    }  # fmt: skip
