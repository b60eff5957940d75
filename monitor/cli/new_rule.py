"""``rules new``: a first rule from words, with tests that pass, in a file of its own.

Layer 5.
"""

import sys
from pathlib import Path
from typing import Any

import click

from monitor.cli.draft import check_id, target
from monitor.cli.draft_proof import rule_in, save
from monitor.cli.output import clean_line, emit, say
from monitor.cli.user import json_option, tell, user_files
from monitor.errors import UsageError
from monitor.rules.draft.write import id_from, rule_text
from monitor.rules.examples import run_examples
from monitor.userfiles import UserFiles

_ABOUT = (
    "Every line below `all` must be found in an article; of a line in [brackets] one word is\n"
    "enough. Put real headlines into the tests. All that a rule can say: docs/rules.md"
)
_MOST = 20


@click.command("new")
@click.argument("things", nargs=-1, metavar="[THING]…")
@click.option("--id", "rule_id", help="The rule's id and its file's name; default: from its words.")
@click.option("--title", help="What alerts call it.")
@click.option("--print", "only_print", is_flag=True, help="Print the file, write nothing.")
@json_option
@click.pass_context
def new_rule(
    context: click.Context,
    things: tuple[str, ...],
    rule_id: str | None,
    title: str | None,
    only_print: bool,
    as_json: bool,
) -> int:
    """Write a first rule. Each THING must be in an article; commas part its other names.

    For example: news-monitor rules new "Microsoft, MSFT" "Mistral AI". On a terminal it asks for
    what is not given.
    """
    files = user_files(context)
    wrong = tell(files.problems)
    check_id(files, rule_id)
    groups = _groups(things or _asked())
    terms = [names[0] for names in groups]
    name = rule_id or id_from(terms, {rule.id for rule in files.rules.book.rules})
    text = rule_text(name, title or _title(terms), _match(groups), _tests(groups), _ABOUT)
    path = target(files, name)
    _prove(files, path, name, text)
    if not only_print:
        save(path, text, new=True)
    if as_json:
        emit({"rule": name, "text": text, "written": None if only_print else str(path)})
        return 2 if wrong else 0
    say(text.rstrip("\n"))
    if not only_print:
        say()
        say(clean_line(f"Written to {path}. It runs at once. See what it would have caught:"))
        say(clean_line(f"  news-monitor rules backtest {path}"))
    return 2 if wrong else 0


def _asked() -> tuple[str, ...]:
    """What a person types, a line each.

    Raises:
        UsageError: there is nobody to ask, or nothing was said.
    """
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "nothing to watch for. Say it like this: "
            'news-monitor rules new "Microsoft, MSFT" "Mistral AI"'
        )
    click.echo(
        "What must an article say? A line for each thing, other names after commas.", err=True
    )
    click.echo("An empty line ends.", err=True)
    lines: list[str] = []
    while len(lines) < _MOST:
        line = click.prompt("", prompt_suffix="> ", default="", show_default=False, err=True)
        if not line.strip():
            break
        lines.append(line)
    if not lines:
        raise UsageError("nothing was said, so nothing is written")
    return tuple(lines)


def _groups(things: tuple[str, ...]) -> list[list[str]]:
    """The names of each thing. Raises UsageError where one has none."""
    groups = [[n for name in thing.split(",") if (n := name.strip())] for thing in things]
    if not all(groups):
        raise UsageError("a thing without a word. Leave it out, or write its name")
    return groups


def _title(terms: list[str]) -> str:
    return " with ".join(term.lstrip("=~@").rstrip("*") for term in terms)[:80]


def _match(groups: list[list[str]]) -> Any:
    parts = [{"any": names} if len(names) > 1 else names[0] for names in groups]
    return {"all": parts} if len(parts) > 1 else {"any": groups[0]}


def _tests(groups: list[list[str]]) -> list[Any]:
    """One text with everything, one that lacks the last thing (or everything)."""
    shown = [names[0].lstrip("=~").rstrip("*") for names in groups]
    less = shown[:-1] or ["something else"]
    return [
        {"fires": f"A report on {' and '.join(shown)}."},
        {"silent": f"A report on {' and '.join(less)} only."},
    ]


def _prove(files: UserFiles, path: Path, name: str, text: str) -> None:
    """Raises UsageError where the rule would not run, or its tests would fail."""
    rule, mistakes = rule_in(files, str(path), text, name)
    if rule is None or mistakes:
        raise UsageError("\n".join(mistakes) or "these words make no rule")
    failed = [result.message for result in run_examples([rule]) if not result.passed]
    if failed:
        raise UsageError(f"these words make no rule that can be tested: it {failed[0]}")
