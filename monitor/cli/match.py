"""``match``: articles as JSON lines in, matches as JSON lines out. Nothing stored, nothing sent.

Layer 5. Streams: memory does not depend on the number of articles. The shapes are in
docs/commands.md.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from monitor.cli.articlelines import NotAnArticle, misspelt, read_article
from monitor.cli.lines import Line, bytes_in, lines_of, opened
from monitor.cli.output import clean_line, complain, emit
from monitor.cli.progress import Progress
from monitor.cli.user import rules_from, tell
from monitor.model import Article, Match
from monitor.rules.book import RuleBook
from monitor.rules.conditions import refusal
from monitor.rules.explain import explain
from monitor.rules.explained import explanation_json


@click.command("match")
@click.option(
    "--rules", "rules", multiple=True, type=click.Path(path_type=Path),
    help="A rule file or folder instead of the config's; may be given several times.",
)  # fmt: skip
@click.option(
    "--explain", "explain_all", is_flag=True, help="Add every rule's answer, branch by branch."
)
@click.option("--json", "as_json", is_flag=True, help="Accepted; the output is always JSON lines.")
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.pass_context
def command(
    context: click.Context,
    rules: tuple[Path, ...],
    explain_all: bool,
    as_json: bool,  # noqa: ARG001  # always JSON
    files: tuple[str, ...],
) -> int:
    """Match articles (JSON lines; - for standard input) against the rules.

    Prints one JSON line for each article; stores and sends nothing. A line that is no article is
    told and left out; the exit code is then 2, as after a mistake in a rule file.
    """
    loaded = rules_from(context, rules)
    wrong = tell(loaded.problems)
    matching = _Matching(loaded.book, explain=explain_all)
    with Progress("Matching", bytes_in(files)) as progress:
        for name in files:
            for line in matching.lines(name):
                matching.one(name, line)
                progress.advance(line.size)
    return 2 if wrong or matching.wrong else 0


class _Matching:
    """Matches line after line; remembers whether anything was wrong and what was said already."""

    def __init__(self, book: RuleBook, *, explain: bool) -> None:
        self._book = book
        self._explain = explain
        self._said: set[tuple[str, str]] = set()
        self.wrong = False

    def lines(self, name: str) -> Iterator[Line]:
        """The lines of a file. One that cannot be read is told, and ends there."""
        try:
            with opened(name) as stream:
                yield from lines_of(stream)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = getattr(error, "strerror", None) or str(error)
            self._tell(f"{name}: cannot be read ({reason})")

    def one(self, name: str, line: Line) -> None:
        """Match one line and print the result, or tell why it is no article."""
        place = f"{name}:{line.number}"
        try:
            read = read_article(line.data, place)
        except NotAnArticle as error:
            at = place if error.column is None else f"{place}:{error.column}"
            self._tell(f"{at}: {error}")
            return
        if read is None:
            return
        for mistake in read.mistakes:
            self._tell(f"{place}: {mistake}")
        for key in read.strange_keys:
            if (name, key) not in self._said:  # once a file: every line will have it
                self._said.add((name, key))
                complain(clean_line(f"{place}: warning: {misspelt(key)}"))
        answer = {"id": read.given_id, "matches": self._matches(read.article)}
        if self._explain:
            rules = self._book.rules
            answer["rules"] = [explanation_json(explain(rule, read.article)) for rule in rules]
        emit(answer, at_once=name == "-")

    def _matches(self, article: Article) -> list[dict[str, Any]]:
        """The matches of rules whose ``source:`` fits what the article says of itself.

        Its age is not judged: a file of articles has no "now".
        """
        return [
            match_json(found)
            for found in self._book.match(article)
            if (rule := self._book.rule(found.rule_id)) is not None
            and refusal(rule.source, article, None, None) is None
        ]

    def _tell(self, mistake: str) -> None:
        self.wrong = True
        complain(clean_line(mistake))


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
