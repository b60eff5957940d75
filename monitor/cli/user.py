"""What most commands begin with: the user's config and rules, with every mistake told.

Layer 5. Settings are read only by commands that need them: their checks take time to import.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.output import complain, problem_lines
from monitor.cli.progress import loading
from monitor.errors import FilesError, UsageError
from monitor.located import Items, Mapping, Problem, Text
from monitor.rules.rule import Rule
from monitor.userfiles import (
    RuleFiles,
    UserFiles,
    find_config,
    read_rules,
    read_settings,
    rule_cache,
)

if TYPE_CHECKING:
    from monitor.config.settings import Settings

json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


class ListsByDefault(click.Group):
    """A group of commands where nothing, or an option alone, means ``list``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``list`` where no command is named."""
        if not args or (args[0].startswith("-") and args[0] not in ("-h", "--help")):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@dataclass(frozen=True, slots=True)
class Given:
    """What stood on the command line before the command."""

    config: Path | None
    debug: bool


def given(context: click.Context) -> Given:
    """The global options."""
    found = context.find_root().obj or {}
    return Given(found.get("config"), bool(found.get("debug")))


def config_path(context: click.Context) -> tuple[Path, bool]:
    """The config file, and whether it is the shipped one.

    Raises:
        UsageError: the file named on the command line does not exist.
    """
    path, is_shipped = find_config(given(context).config)
    if not path.exists():
        raise UsageError(f"{path}: no such file. Name an existing one with --config")
    return path, is_shipped


def settings_of(context: click.Context, *, quiet: bool = False) -> tuple["Settings", Path]:
    """The settings and the config file they come from.

    Raises:
        FilesError: config.yaml has mistakes; all of them are in it.
        UsageError: the file named on the command line does not exist.
    """
    path, is_shipped = config_path(context)
    if is_shipped and not quiet:
        say_shipped(path)
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is None:
        raise FilesError(problems)
    return settings, path


def say_shipped(path: Path) -> None:
    """Nobody should wonder where the settings came from."""
    rules = "; rules come from ./rules" if Path("rules").is_dir() else ""
    complain(
        f"No config.yaml here: using the shipped one ({path}); data goes to ./data{rules}. "
        "Copy that file here to change it"
    )


def user_files(context: click.Context) -> UserFiles:
    """Config and rules. Mistakes in rules are told and cost only their own rule.

    Raises:
        FilesError: config.yaml has mistakes; those of the rules are told with them.
        UsageError: the file named on the command line does not exist.
    """
    path, is_shipped = config_path(context)
    if is_shipped:
        say_shipped(path)
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is None:
        raise FilesError((*problems, *read_rules(rules_beside(path)).problems))
    names = tuple(notifier.name for notifier in settings.notifiers)
    return UserFiles(path, settings, _rules_of(settings, names), problems)


def _rules_of(settings: "Settings", notifiers: Sequence[str] | None = None) -> RuleFiles:
    """The rules of the config, from the cache of its data folder where there is one."""
    cache = rule_cache(settings.data)
    with loading("Reading rules") as progress:
        return read_rules(settings.rules, notifiers=notifiers, cache=cache, progress=progress)


def rules_beside(path: Path) -> tuple[Path, ...]:
    """Where the rules of a config file with mistakes are: as it says, else beside it."""
    from monitor.config import yamlfile
    from monitor.config.paths import from_file

    base = path.parent.absolute()
    node, _ = yamlfile.read(path)
    written = node.get("rules") if isinstance(node, Mapping) else None
    items: Sequence[object] = written.items if isinstance(written, Items) else (written,)
    named = [item.value for item in items if isinstance(item, Text)] or ["rules"]
    found = []
    for name in named:
        try:
            found.append(from_file(base, name))
        except ValueError:
            continue  # told with the mistakes of the config
    return tuple(folder for folder in found if folder.exists())


def rules_from(context: click.Context, paths: tuple[Path, ...]) -> RuleFiles:
    """The rules named on the command line, else those of the config, else the shipped ones.

    Mistakes of the config are among the problems where its rules are used.

    Raises:
        UsageError: a path that was named does not exist.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError("\n".join(f"{path}: no such file or folder" for path in missing))
    if paths:
        return read_rules(paths)
    path, is_shipped = config_path(context)
    if is_shipped and Path("rules").is_dir():
        return read_rules((Path("rules"),))
    if is_shipped:
        complain(f"No config.yaml and no rules here: using the shipped rules ({path.parent})")
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is not None:
        return _rules_of(settings)
    rules = read_rules(rules_beside(path))
    return RuleFiles(rules.book, rules.sources, (*problems, *rules.problems), rules.kept)


def rule_of(rules: RuleFiles, rule_id: str) -> Rule:
    """The rule with this id.

    Raises:
        UsageError: there is none that can run.
    """
    rule = rules.book.rule(rule_id)
    if rule is None:
        raise UsageError(
            f"no rule that can run has the id '{rule_id}'. "
            + guess(rule_id, [rule.id for rule in rules.book.rules], "See: news-monitor rules list")
        )
    return rule


def guess(word: str, known: Sequence[str], otherwise: str) -> str:
    """``Did you mean 'x'?``, or another way to the right name."""
    close = get_close_matches(word, known, n=1)
    return f"Did you mean '{close[0]}'?" if close else otherwise


def tell(problems: tuple[Problem, ...]) -> bool:
    """Print problems; whether one of them is an error."""
    problem_lines(problems)
    return any(problem.severity == "error" for problem in problems)
