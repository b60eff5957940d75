"""``rules import``: Boolean strings of other services become rules.

Layer 5. The rules go to standard output; what could not be kept is told with its place.
"""

from pathlib import Path

import click

from monitor.cli.output import clean_line, complain, emit, say
from monitor.cli.user import json_option
from monitor.errors import UsageError
from monitor.rules.boolean.files import DIALECTS, Imported, translate_file


@click.command("import")
@click.option(
    "--from", "dialect", type=click.Choice(sorted(DIALECTS)), required=True,
    help="Whose strings these are.",
)  # fmt: skip
@json_option
@click.argument("file", type=click.Path(path_type=Path))
def import_rules(dialect: str, as_json: bool, file: Path) -> int:
    """Translate Boolean strings (one a line or paragraph) into a rule file.

    What cannot be kept is told with its place and what that means: exit 1 then, and exit 2 where
    a string gave no rule at all.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8"
        raise UsageError(f"{file}: cannot be read ({reason})") from error
    imported = translate_file(text, dialect, name=file.stem)
    for string in imported.strings:
        for lost in string.lost:
            complain(clean_line(f"{file}:{lost}"))
    if as_json:
        _emit(imported)
    else:
        say(imported.rules.rstrip("\n"))
    if not imported.complete:
        return 2
    return 1 if any(string.lost for string in imported.strings) else 0


def _emit(imported: Imported) -> None:
    for string in imported.strings:
        emit({
            "id": string.id, "title": string.title, "line": string.line, "text": string.text,
            "rule": string.rule,
            "lost": [
                {"line": lost.line, "column": lost.column, "what": lost.what, "why": lost.why}
                for lost in string.lost
            ],
        })  # fmt: skip
