"""The command line: one file per group of commands.

Layer 5. Results go to standard output, everything else to standard error. Exit codes: 0 fine,
1 failed or a check found something, 2 the user's files or arguments are wrong.
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Final

import click

from monitor import __version__
from monitor.cli.output import complain, problem_lines
from monitor.errors import FilesError, MonitorError, UsageError

# command → (module, help): modules are imported when their command is used, so that each starts
# quickly, and ``--help`` needs none of them.
_COMMANDS: Final = {
    "run": ("run", "Watch the feeds and send alerts until stopped."),
    "demo": ("demo", "Show the whole thing on a small made-up world, without internet."),
    "check": ("check", "Check config and rules: all mistakes at once; run the rules' tests."),
    "match": ("match", "Match articles (JSON lines) against the rules; store and send nothing."),
    "extract": ("extract", "Read the article out of a page."),
    "feeds": ("feeds", "List the feeds, or parse one."),
    "rules": ("rules", "List, show and test the rules."),
    "alerts": ("alerts", "What was sent, what was not, and why; send again."),
    "articles": ("articles", "The stored articles."),
    "send-test": ("send_test", "Send a test message to a notifier."),
    "preview": ("preview", "Show exactly what a notifier would send for an alert."),
    "status": ("status", "Health in one screen."),
}


class _LazyGroup(click.Group):
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

    close = get_close_matches(given, _COMMANDS, n=1)
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
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command line and return its exit code."""
    try:
        result = cli.main(args=arguments, prog_name="news-monitor", standalone_mode=False)
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return 2 if isinstance(error, click.UsageError) else 1
    except FilesError as error:
        problem_lines(error.problems)
        return 2
    except UsageError as error:
        complain(str(error))
        return 2
    except MonitorError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        sys.stderr.close()  # the reader left; nothing more to say
        return 0
    return result if isinstance(result, int) else 0
