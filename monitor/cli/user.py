"""What most commands begin with: the user's config and rules, with every mistake told.

Layer 5.
"""

from dataclasses import dataclass
from pathlib import Path

import click

from monitor.cli.output import complain, problem_lines
from monitor.config.settings import Settings
from monitor.errors import FilesError, UsageError
from monitor.located import Problem
from monitor.userfiles import (
    RuleFiles,
    UserFiles,
    find_config,
    read_rules,
    read_settings,
    shipped,
)

json_option = click.option("--json", "as_json", is_flag=True, help="JSON on standard output.")


@dataclass(frozen=True, slots=True)
class Given:
    """What stood on the command line before the command."""

    config: Path | None
    debug: bool


def given(context: click.Context) -> Given:
    """The global options."""
    found = context.find_root().obj or {}
    return Given(found.get("config"), bool(found.get("debug")))


def settings_of(context: click.Context, *, quiet: bool = False) -> tuple[Settings, Path]:
    """The settings and the config file they come from.

    Raises:
        FilesError: config.yaml has mistakes; all of them are in it.
        UsageError: the file named on the command line does not exist.
    """
    path, is_shipped = find_config(given(context).config)
    if not path.exists():
        raise UsageError(f"{path}: no such file. Name an existing one with --config")
    if is_shipped and not quiet:
        complain(f"No config.yaml here: using the shipped one ({path}); data goes to ./data")
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is None:
        raise FilesError(problems)
    return settings, path


def user_files(context: click.Context) -> UserFiles:
    """Config and rules. Mistakes in rules are told and cost only their own rule.

    Raises:
        FilesError: config.yaml has mistakes.
    """
    path, is_shipped = find_config(given(context).config)
    if not path.exists():
        raise UsageError(f"{path}: no such file. Name an existing one with --config")
    if is_shipped:
        complain(f"No config.yaml here: using the shipped one ({path}); data goes to ./data")
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is None:
        rules = read_rules((path.parent / "rules",)) if (path.parent / "rules").is_dir() else None
        raise FilesError((*problems, *(rules.problems if rules else ())))
    names = tuple(notifier.name for notifier in settings.notifiers)
    return UserFiles(path, settings, read_rules(settings.rules, notifiers=names), problems)


def rules_from(context: click.Context, paths: tuple[Path, ...]) -> RuleFiles:
    """The rules named on the command line, else those of the config, else the shipped ones."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError("\n".join(f"{path}: no such file or folder" for path in missing))
    if paths:
        return read_rules(paths)
    path, is_shipped = find_config(given(context).config)
    if given(context).config is None and is_shipped and Path("rules").is_dir():
        return read_rules((Path("rules"),))
    settings, problems = read_settings(path, is_shipped=is_shipped)
    if settings is None:
        problem_lines(problems)
        return read_rules((path.parent / "rules",) if path.parent != shipped() else ())
    return read_rules(settings.rules)


def tell(problems: tuple[Problem, ...]) -> bool:
    """Print problems; whether one of them is an error."""
    problem_lines(problems)
    return any(problem.severity == "error" for problem in problems)
