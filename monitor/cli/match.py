"""``match``: articles as JSON lines in, matches as JSON lines out. Nothing stored, nothing sent.

Layer 5. The shapes are in docs/rules.md, "Matching by hand".
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

import click

from monitor.cli.output import complain, emit
from monitor.cli.user import rules_from, tell
from monitor.model import Article, Match

_TEXTS = ("title", "text", "summary", "url", "source", "author")


@click.command("match")
@click.option(
    "--rules", "rules", multiple=True, type=click.Path(path_type=Path),
    help="A rule file or folder instead of the config's; may be given several times.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Accepted; the output is always JSON lines.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.pass_context
def command(
    context: click.Context,
    rules: tuple[Path, ...],
    as_json: bool,  # noqa: ARG001  # always JSON
    files: tuple[str, ...],
) -> int:
    """Match articles (JSON lines; - for standard input) against the rules."""
    loaded = rules_from(context, rules)
    wrong = tell(loaded.problems)
    for name in files:
        try:
            with _opened(name) as stream:
                for number, line in enumerate(stream, 1):
                    wrong |= not _one(loaded.book.match, line, f"{name}:{number}")
        except (OSError, UnicodeError) as error:
            complain(f"{name}: cannot be read ({_why(error)})")
            wrong = True
    return 2 if wrong else 0


def _one(match: Any, line: str, place: str) -> bool:
    """Match one line and print the result; whether the line was an article."""
    if not line.strip():
        return True
    try:
        article, given_id = read_article(json.loads(line), place)
    except (ValueError, RecursionError) as error:
        complain(f"{place}: {error or 'nested too deeply'}")
        return False
    emit({"id": given_id, "matches": [match_json(found) for found in match(article)]})
    return True


def match_json(match: Match) -> dict[str, Any]:
    """One match as ``match`` prints it; start and end are code points of the field as given."""
    return {
        "rule": match.rule_id,
        "spans": [
            {"field": span.field, "start": span.start, "end": span.end, "term": span.term}
            for span in match.spans
        ],
        "snippets": [snippet.text for snippet in match.snippets],
    }


def read_article(value: Any, place: str) -> tuple[Article, Any]:
    """The article of one JSON line, and its id as given (any JSON value).

    Raises:
        ValueError: it is no article; the text says what was found.
    """
    if not isinstance(value, dict):
        raise ValueError(  # noqa: TRY004  # wrong data, told with its line
            f"an article must be a JSON object, not {type(value).__name__}"
        )
    if "text" not in value and "body" in value:
        raise ValueError("unknown key 'body'. Did you mean 'text'?")
    texts = {name: _text(value, name) for name in _TEXTS}
    lead = _text(value, "lead")
    tags = value.get("tags") or []
    if not isinstance(tags, list):
        raise ValueError("tags must be a list of texts")  # noqa: TRY004  # wrong data
    given_id = value.get("id")
    article = Article(
        id=str(given_id if given_id is not None else place),
        title=texts["title"],
        text=texts["text"],
        summary=texts["summary"],
        url=texts["url"],
        source=texts["source"],
        author=texts["author"],
        lead=lead or None,
        language=_text(value, "language") or None,
        published=_time(value.get("published")),
        tags=tuple(str(tag) for tag in tags),
    )
    return article, given_id


def _text(value: dict[str, Any], name: str) -> str:
    found = value.get(name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise ValueError(  # noqa: TRY004  # wrong data
            f"'{name}' must be a text, not {type(found).__name__}"
        )
    return found


def _time(value: Any) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"'published' is no ISO 8601 time: {str(value)[:60]!r}") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@contextmanager
def _opened(name: str) -> Iterator[TextIO]:
    if name == "-":
        yield sys.stdin
        return
    with Path(name).open(encoding="utf-8-sig") as stream:
        yield stream


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeError):
        return "not UTF-8"
    return getattr(error, "strerror", None) or str(error)
