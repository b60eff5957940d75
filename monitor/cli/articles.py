"""``articles``: what was read, and what was decided about it.

Layer 5.
"""

import click

from monitor.cli.alerts import moment_of, stored
from monitor.cli.history import article_history_json, article_json, show_article
from monitor.cli.output import clean_line, emit, iso, say
from monitor.cli.user import json_option
from monitor.errors import UsageError
from monitor.model import Quality
from monitor.store import KnownEntry
from monitor.text.urls import canonical_url


@click.command("articles")
@click.argument("url", required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many, newest first.",
)
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
    moment = moment_of(since)
    with stored(context) as store:
        found = store.list_articles(limit, since=moment, title=title)
    if not found and not as_json:
        say("no articles that fit" if since or title else "no articles yet")
    for each in found:
        article = each.article
        if as_json:
            emit({**article_json(article), "stored_at": iso(each.stored_at)})
            continue
        say(f"{iso(article.published) or 'no time':<20}  "
            f"{clean_line(f'{article.title} ({article.source})')}")  # fmt: skip
        known = "" if article.quality is Quality.OK else f"{article.quality.value}: "
        say(clean_line(f"{'':22}{known}{article.url}"))
    return 0


def _one(context: click.Context, url: str, as_json: bool) -> int:
    with stored(context) as store:
        history = store.get_article_by_url(canonical_url(url)) or store.get_article_by_url(url)
        entries = store.entries_by_link(url) if history is None else []
    if history is None:
        if not entries:
            raise UsageError("no stored article and no feed's entry has this address")
        _show_entry(entries[0], as_json=as_json)
    elif as_json:
        emit(article_history_json(history))
    else:
        show_article(history)
    return 0


def _show_entry(entry: KnownEntry, *, as_json: bool) -> None:
    """A feed named this address, and no article came of it (yet)."""
    why = entry.reason or "waits to be read"
    if as_json:
        emit({"url": entry.link, "feed": entry.feed_url, "status": entry.status.value,
              "reason": why, "seen_at": iso(entry.seen_at)})  # fmt: skip
    else:
        say(clean_line(f"seen {iso(entry.seen_at)} in {entry.feed_url}"))
        say(clean_line(f"{entry.status.value}: {why}"))
