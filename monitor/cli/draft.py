"""``rules draft`` and ``rules tune``: a rule from examples, an exclusion from false alarms.

Layer 5. Proposes, proves the proposal in the engine as it would be loaded, and writes nothing
without ``--write``. The JSON shapes are in docs/rules-draft.md.
"""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from monitor.cli.draft_proof import (
    Proof,
    proof_json,
    prove,
    save,
    show_proof,
    tell_refusal,
)
from monitor.cli.draft_reading import (
    MOST_PAST,
    Given,
    History,
    apart_from,
    read_examples,
)
from monitor.cli.output import clean_line, complain, count, emit, say
from monitor.cli.user import json_option, tell, user_files
from monitor.errors import UsageError
from monitor.rules.draft.built import Builder, Example
from monitor.rules.draft.excerpt import firing, silent, tidy
from monitor.rules.draft.outcome import Draft, Refusal
from monitor.rules.draft.separate import draft as propose
from monitor.rules.draft.steady import found_unseen
from monitor.rules.draft.write import id_from, rule_text
from monitor.userfiles import UserFiles
from monitor.why.past import DAYS

yes_option = click.option(
    "--yes", multiple=True, metavar="URL|FILE",
    help="An article that must fire: a URL, a saved page, or articles as JSON lines. Repeatable.",
)  # fmt: skip
no_option = click.option(
    "--no", multiple=True, metavar="URL|FILE",
    help="An article that must not fire. Repeatable.",
)  # fmt: skip
articles_option = click.option(
    "--articles", default=None, metavar="FILE",
    help="Past articles as JSON lines, instead of the stored ones.",
)  # fmt: skip
days_option = click.option(
    "--days", type=click.IntRange(1, 3650), default=DAYS, show_default=True,
    help="How far back in the stored articles.",
)  # fmt: skip
history_option = click.option(
    "--history/--no-history", default=True, help="Whether to look at the stored articles."
)
write_option = click.option("--write", is_flag=True, help="Write the file; else it is only shown.")


@click.command("draft")
@yes_option
@no_option
@click.option("--id", "rule_id", default=None, help="The rule's id; default: from its words.")
@articles_option
@days_option
@history_option
@write_option
@json_option
@click.pass_context
def draft(
    context: click.Context,
    yes: tuple[str, ...],
    no: tuple[str, ...],
    rule_id: str | None,
    articles: str | None,
    days: int,
    history: bool,
    write: bool,
    as_json: bool,
) -> int:
    """Propose the smallest rule that fires on every --yes and on no --no.

    Refuses, with the reason and exit 1, where nothing safe separates them.
    """
    if not yes:
        raise UsageError("draft needs at least one --yes: an article that the rule must find")
    files = user_files(context)
    wrong = tell(files.problems)
    check_id(files, rule_id)
    past = History.of(files.settings, articles, days, wanted=history)
    given = asyncio.run(read_examples(context, files.settings, yes, no))
    if given.code or not given.yes:
        return given.code or 2
    if not past.known:
        complain("No past articles to compare with: how rare a word is, is guessed.")
    around = [
        Example(each.article)
        for each in apart_from(past.articles(MOST_PAST), (*given.yes, *given.no))
    ]
    found = propose(given.yes, given.no, around)
    if isinstance(found, Refusal):
        tell_refusal(found, as_json=as_json)
        return 1
    return max(2 if wrong else 0, _proposed(files, past, given, found, rule_id, write, as_json))


def check_id(files: UserFiles, rule_id: str | None) -> None:
    """Raises UsageError where a new rule cannot have this id. None is no id yet."""
    if rule_id is None:
        return
    if rule_id in {rule.id for rule in files.rules.book.rules}:
        raise UsageError(f"a rule with the id '{rule_id}' runs already; choose another --id")
    if not rule_id or rule_id.startswith(("_", ".")) or any(c in "/\\:'\" \t\n" for c in rule_id):
        raise UsageError(f"'{rule_id}' is no id: use letters, digits, - and _, no blanks")


def _proposed(
    files: UserFiles, past: History, given: Given, found: Draft, rule_id: str | None,
    write: bool, as_json: bool,
) -> int:  # fmt: skip
    name = rule_id or id_from(found.terms, {rule.id for rule in files.rules.book.rules})
    text = _text(given, found, name)
    proof = prove(files, f"{name}.yaml", text, name, given.yes, given.no, past)
    if proof.failures:  # what was found without the user's filters does not hold with them
        tell_refusal(
            Refusal("the rule does not hold beside your other files: " + proof.failures[0],
                    mend="look at your filters:, they lie over every rule"),
            as_json=as_json,
        )  # fmt: skip
        return 1
    path = target(files, name) if write else None
    if path is not None:
        save(path, text, new=True)
    unseen = found_unseen(given.yes, given.no)
    if as_json:
        told = _json(name, text, found, given, proof, past, path)
        emit({**told, "unseen": None if unseen is None else list(unseen)})
        return 0
    say(text.rstrip("\n"))
    say()
    show_proof(proof, given, past)
    if unseen is not None:
        say(f"Drafted without one yes in turn, it found {unseen[0]} of {unseen[1]} unseen.")
    for note in found.notes:
        say(clean_line(f"Look at this: {note}."))
    say(clean_line(f"Written to {path}." if path else "Nothing is written; --write does."))
    return 0


def _text(given: Given, found: Draft, name: str) -> str:
    fires = Builder().verdict({"match": found.match})
    assert fires is not None
    tests: list[Any] = []
    for example in given.yes[:10]:
        text = firing(example, fires)
        if text is not None and {"fires": text} not in tests:
            tests.append({"fires": text})
    for example in given.no[:10]:
        text = silent(example, fires)
        if text is not None and {"silent": text} not in tests:
            tests.append({"silent": text})
    about = (
        f"Drafted from {count(len(given.yes), 'example')} that must fire and {len(given.no)} that "
        "must not.\nRead it before you use it: it knows no more than its examples."
    )
    return rule_text(name, _title(found.terms), found.match, tests, about)


def _title(terms: Sequence[str]) -> str:
    return tidy(", ".join(term.lstrip("=~") for term in terms[:4]))[:80]


def target(files: UserFiles, name: str) -> Path:
    """Where a new rule goes: the first rules folder. Raises UsageError."""
    folders = [path for path in files.settings.rules if path.is_dir()]
    if not folders:
        raise UsageError("config.yaml names no rules folder to write into (rules: [./rules])")
    return folders[0] / f"{name}.yaml"


def _json(
    name: str, text: str, found: Draft, given: Given, proof: Proof, past: History,
    path: Path | None,
) -> dict[str, Any]:  # fmt: skip
    return {
        "rule": name, "refused": None, "text": text, "match": found.match,
        "yes": len(given.yes), "no": len(given.no), "notes": list(found.notes),
        "past": proof_json(proof, past), "written": str(path) if path else None,
    }  # fmt: skip
