"""``search``: the stored articles, asked in the rule language.

Layer 5. The engine decides, so a query finds what a rule of the same words would find.
"""

from datetime import datetime
from typing import Any

import click

from monitor.alerts.escape import runs
from monitor.alerts.render_text import marked
from monitor.cli.alerts import moment_of
from monitor.cli.candidates import query_rule
from monitor.cli.match import match_json
from monitor.cli.output import clean_line, complain, emit, iso, say
from monitor.cli.progress import Progress
from monitor.cli.user import json_option, tell, user_files
from monitor.model import Article, Match
from monitor.rules.book import RuleBook
from monitor.store import open_store

_SNIPPET = 300  # characters


@click.command("search")
@click.argument("query")
@click.option("--since", default=None, help="Only what was stored in the last 6h, 30d, …")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True,
    help="At most so many, newest first.",
)  # fmt: skip
@json_option
@click.pass_context
def command(
    context: click.Context, query: str, since: str | None, limit: int, as_json: bool
) -> int:
    """Search the stored articles in the rule language, newest first.

    QUERY is what a rule's match: may say in one line: a phrase, or a Boolean string.
    """
    files = user_files(context)
    wrong = tell(files.problems)
    book = RuleBook([query_rule(query, files.rules.sources)])
    moment = moment_of(since)
    store = open_store(files.settings.data, read_only=True)
    found = 0
    try:
        with Progress("Searching", store.count_articles(moment)) as progress:
            for past in store.past_articles(moment):
                for match in book.match(past.article):
                    found += 1
                    _show(past.article, past.stored_at, match, as_json=as_json)
                progress.advance(1)
                if found >= limit:
                    break
    finally:
        store.close()
    if not found and not as_json:
        say("no stored article fits")
    if found >= limit:
        complain(f"Stopped after {limit}; --limit takes more.")
    return 2 if wrong else 0


def _show(article: Article, stored_at: datetime, match: Match, *, as_json: bool) -> None:
    if as_json:
        emit(_json(article, stored_at, match), at_once=True)
        return
    day = iso(article.published or stored_at) or ""
    say(f"{day:<20}  {clean_line(f'{article.title} ({article.source})')}")
    for snippet in match.snippets[:1]:
        text = marked(runs(snippet.text, snippet.marks, _SNIPPET))
        say(f"{'':22}{clean_line(text)}")
    say(f"{'':22}{clean_line(article.url)}")


def _json(article: Article, stored_at: datetime, match: Match) -> dict[str, Any]:
    evidence = match_json(match)
    return {
        "id": article.id, "url": article.url, "title": article.title, "source": article.source,
        "language": article.language, "published": iso(article.published),
        "stored_at": iso(stored_at), "spans": evidence["spans"],
        "snippets": evidence["snippets"],
    }  # fmt: skip
