"""The command line: one file per group of commands.

Layer 5. Results go to standard output, everything else to standard error. Exit codes: 0 fine,
1 failed or a check found something, 2 the user's files or arguments are wrong, 130 interrupted.
"""

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import Final, TextIO

import click

from monitor import __version__
from monitor.cli.output import clean_line, complain, problem_lines
from monitor.cli.starting import leave, lighten, loaded
from monitor.errors import FilesError, MonitorError, UsageError

INTERRUPTED: Final = 130  # 128 and the number of SIGINT, as shells have it

# command → (module, help): modules are imported when their command is used, so that each starts
# quickly, and ``--help`` needs none of them. None may be called run or main: importing it would
# hide the function of that name below.
_COMMANDS: Final = {
    "run": ("daemon", "Watch the feeds and send alerts until stopped."),
    "demo": ("demo", "Show the whole thing on a small made-up world, offline."),
    "check": ("check", "Check config and rules; run the rules' tests."),
    "match": ("match", "Match articles (JSON lines) against the rules."),
    "replay": ("replay", "Say what would have been alerted of articles (JSON lines)."),
    "extract": ("extract", "Read the article out of a page."),
    "feeds": ("feeds", "List, find, check, import and export feeds, or parse one."),
    "rules": ("rules", "List, show and test the rules."),
    "routes": ("routes", "Who is told what and when; try it out."),
    "why": ("why", "Why an article was alerted, or was not."),
    "search": ("search", "Search the stored articles in the rule language."),
    "alerts": ("alerts", "What was sent, what was not, and why; send again."),
    "stories": ("stories", "Which articles belong together, and why; split and merge."),
    "silence": ("silence", "Hear nothing of a rule, source or story for a while."),
    "articles": ("articles", "The stored articles."),
    "send-test": ("send_test", "Send a test message to a notifier."),
    "preview": ("preview", "Show exactly what a notifier would send."),
    "schema": ("schema", "The JSON Schema of rule files or config, for editors."),
    "status": ("status", "Health in one screen."),
    "backup": ("backup", "Write a checked copy of the live database."),
    "restore": ("restore", "Put a copy of the database in place."),
}


class _NobodyReads(Exception):  # noqa: N818  # says what is the case
    """The reader of standard output left. (Click would end the process with 1.)"""


class _LazyGroup(click.Group):
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _NobodyReads from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(_COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        cmd_name: str,
    ) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command = import_module(f"monitor.cli.{module}").command
        loaded()
        assert isinstance(command, click.Command)
        return command

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002  # click's signature
        formatter: click.HelpFormatter,
    ) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in _COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            raise click.UsageError(_with_hint(args[0], error.message), ctx) from None


def _with_hint(given: str, message: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(given.lower(), _COMMANDS, n=1, cutoff=0.5)
    return f"There is no command '{given}'. Did you mean '{close[0]}'?" if close else message


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="news-monitor")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    default=None,
    help="The config file. Default: config.yaml here, else the shipped one.",
)
@click.option("--debug", is_flag=True, help="Log more, and show where an error came from.")
@click.pass_context
def cli(context: click.Context, config: Path | None, debug: bool) -> None:
    """Watch news feeds with readable rules; get one explained alert per article."""
    context.obj = {"config": config, "debug": debug}


def main() -> None:
    """Run the command line and end the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        _forgiving(stream)
    lighten()
    code = run(sys.argv[1:])
    leave()
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _nobody_reads()
    sys.exit(code)


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code. Raises nothing, but with ``--debug``."""
    try:
        result = cli.main(args=arguments, prog_name="news-monitor", standalone_mode=False)
    except (click.exceptions.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return 2 if isinstance(error, click.UsageError) else 1
    except FilesError as error:
        problem_lines(error.problems)
        return 2
    except _NobodyReads:
        _nobody_reads()
        return 0
    except MonitorError as error:
        complain("\n".join(clean_line(line) for line in str(error).split("\n")))
        return 2 if isinstance(error, UsageError) else 1
    except Exception as error:
        if "--debug" in arguments:
            raise
        what = clean_line(f"{type(error).__name__}: {error}")
        complain(f"This should not have happened: {what}")
        complain("It is a mistake of the program. The same with --debug (news-monitor --debug …) "
                 "shows where.")  # fmt: skip
        return 1
    return result if isinstance(result, int) else 0


def _forgiving(stream: TextIO) -> None:
    """A terminal that lacks a character gets a question mark instead of a traceback."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")


def _nobody_reads() -> None:
    """Send the rest into the void: flushing a closed pipe at exit would print a warning."""
    void = os.open(os.devnull, os.O_WRONLY)
    os.dup2(void, sys.stdout.fileno())
    os.close(void)
