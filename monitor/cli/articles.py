"""``articles``: what was read, and what was decided about it.

Layer 5.
"""

import click

from monitor.cli.alerts import _since, _store
from monitor.cli.history import article_history_json, article_json
from monitor.cli.output import clean_line, emit, iso, say
from monitor.cli.user import json_option
from monitor.errors import UsageError
from monitor.text.urls import canonical_url


@click.command("articles")
@click.argument("url", required=False)
@click.option("--limit", default=20, show_default=True, help="At most so many, newest first.")
@click.option("--since", default=None, help="Only the last 6h, 2d, …")
@click.option("--title", default=None, help="Only titles that hold this text.")
@json_option
@click.pass_context
def command(
    context: click.Context, url: str | None, limit: int, since: str | None, title: str | None,
    as_json: bool,
) -> int:  # fmt: skip
    """The stored articles, newest first; with URL, everything about one."""
    if url is not None:
        return _one(context, url, as_json)
    with _store(context) as store:
        found = store.list_articles(limit, since=_since(since), title=title)
    for stored in found:
        if as_json:
            emit({**article_json(stored.article), "stored_at": iso(stored.stored_at)})
        else:
            article = stored.article
            moment = iso(article.published) or "no time"
            say(clean_line(f"{moment}  {article.title}  ({article.source})"))
            say(clean_line(f"  {article.url}  {article.quality.value}"))
    return 0


def _one(context: click.Context, url: str, as_json: bool) -> int:
    with _store(context) as store:
        history = store.get_article_by_url(canonical_url(url)) or store.get_article_by_url(url)
        entries = store.entries_by_link(url) if history is None else []
    if history is None:
        if entries:
            entry = entries[0]
            say(clean_line(f"{entry.status.value}: {entry.reason or 'waits to be read'}"))
            return 0
        raise UsageError("no stored article has this address")
    if as_json:
        emit(article_history_json(history))
        return 0
    article = history.article
    say(clean_line(f"{article.title}  ({article.source})"))
    say(clean_line(f"quality: {article.quality.value} ({article.quality_reason})"))
    for place in history.places:
        say(clean_line(f"published at {place.url}"))
    for decision in history.decisions:
        say(clean_line(f"{decision.rule_id}: {decision.outcome.value}, {decision.detail}"))
    if not history.decisions:
        say("no rule matched")
    say()
    say(clean_line(article.text[:500]))
    return 0
