"""``stories``: which articles belong together, and changing it by hand.

Layer 5. What a person changes is stored; the running daemon takes it over within seconds.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import click

from monitor.cli.alerts import moment_of, stored
from monitor.cli.output import clean_line, count, emit, iso, say
from monitor.cli.stories_shown import StoryView, row_json, show_story, story_json
from monitor.cli.user import ListsByDefault, guess, json_option
from monitor.errors import UsageError
from monitor.store import Store
from monitor.store.stories import StoryMember
from monitor.text.urls import canonical_url

_HEARD = "The running daemon takes it over within seconds."
_KNOWN = 500  # stories whose ids a misspelt one is compared with
_comment = click.option("--comment", default="", help="Why; kept with each article.")


@click.group("stories", cls=ListsByDefault)
def command() -> None:
    """Which articles belong together, and why; split and merge. Without a command: the newest."""


@command.command("list")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    help="At most so many, those with the latest news first.",
)
@click.option("--since", default=None, help="Only those with news in the last 6h, 2d, …")
@click.option("--title", default=None, help="Only titles that hold this text.")
@json_option
@click.pass_context
def list_stories(
    context: click.Context, limit: int, since: str | None, title: str | None, as_json: bool
) -> int:
    """The stories that had news last."""
    moment = moment_of(since)
    with stored(context) as store:
        rows = store.list_stories(limit, since=moment, text=title)
        told = _told(store, min((row.first_at for row in rows), default=None))
    if as_json:
        for row in rows:
            emit(row_json(row, told.get(row.id, ())))
        return 0
    if not rows:
        say("no stories that fit" if since or title else "no stories yet")
    for row in rows:
        alerts = told.get(row.id, ())
        what = count(len(alerts), "alert") if alerts else "not alerted"
        say(f"{row.id}  {clean_line(row.title)}")
        say(f"  {iso(row.last_at)}  {count(row.articles, 'article')} of "
            f"{count(row.outlets, 'outlet')}, {what}")  # fmt: skip
    return 0


@command.command("show")
@click.argument("story_id", metavar="ID")
@json_option
@click.pass_context
def show(context: click.Context, story_id: str, as_json: bool) -> int:
    """A story's articles in order, why each joined, and the figures that outlets give.

    The beginning of the id is enough.
    """
    with stored(context) as store:
        name, members = story_of(store, story_id)
        alerts = store.story_alerts(members[0].joined_at)
        corrected = {each.article.id: store.corrections_of(each.article.id) for each in members}
    mine = tuple(alert for story, alert in alerts if story == name)
    view = StoryView(name, members, mine, corrected)
    if as_json:
        emit(story_json(view))
    else:
        show_story(view)
    return 0


@command.command("split")
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE…")
@_comment
@json_option
@click.pass_context
def split(context: click.Context, articles: tuple[str, ...], comment: str, as_json: bool) -> int:
    """Put articles (ids or addresses) into one story of their own."""
    with stored(context, write=True) as store:
        wanted = dict.fromkeys(_article(store, each) for each in articles)
        left = _left(store, list(wanted))
        made = store.split_story(list(wanted), _reason("split off", comment), datetime.now(UTC))
    if as_json:
        emit({"story": made, "articles": list(wanted), "from": left})
    else:
        say(f"{count(len(wanted), 'article')} of {', '.join(left)} now: story {made}")
        say(_HEARD)
    return 0


@command.command("merge")
@click.argument("into", metavar="INTO")
@click.argument("others", nargs=-1, required=True, metavar="OTHER…")
@_comment
@json_option
@click.pass_context
def merge(
    context: click.Context, into: str, others: tuple[str, ...], comment: str, as_json: bool
) -> int:
    """Put every article of the OTHER stories into the story INTO."""
    with stored(context, write=True) as store:
        target, _ = story_of(store, into)
        names = list(dict.fromkeys(story_of(store, each)[0] for each in others))
        if target in names:
            raise UsageError(f"a story cannot be merged into itself: {target}")
        reason = _reason(f"merged from {', '.join(names)}", comment)
        moved = store.merge_stories(target, names, reason, datetime.now(UTC))
    if as_json:
        emit({"story": target, "merged": names, "articles": moved})
    else:
        say(f"{count(moved, 'article')} of {', '.join(names)} now: story {target}")
        say(_HEARD)
    return 0


def story_of(store: Store, given: str) -> tuple[str, tuple[StoryMember, ...]]:
    """The story that is meant: its id and articles, oldest first.

    Raises:
        UsageError: there is none, or several ids begin so.
        StoreError: the database cannot be read.
    """
    found = store.get_story(given)
    if found is not None and found[1]:
        return found
    titled = store.list_stories(3, text=given) if given.strip() else []
    if titled:
        named = "; ".join(f"{row.id} {row.title}" for row in titled)
        raise UsageError(f"no story has the id '{given}'. In a title: {named}")
    known = [row.id for row in store.list_stories(_KNOWN)]
    raise UsageError(
        f"no story has the id '{given}'. {guess(given, known, 'See: news-monitor stories')}"
    )


def _article(store: Store, given: str) -> str:
    """The id of an article, by its id or address.

    Raises:
        UsageError: there is no such article, or it belongs to no story.
    """
    history = store.get_article(given)
    if history is None:
        history = store.get_article_by_url(canonical_url(given) or given)
    if history is None:
        history = store.get_article_by_url(given)
    if history is None:
        raise UsageError(
            f"no stored article has the id or address '{given}'. news-monitor stories show ID "
            "names those of a story"
        )
    if store.story_of(history.article.id) is None:
        raise UsageError(f"'{given}' belongs to no story: it was stored before stories were")
    return history.article.id


def _left(store: Store, articles: Sequence[str]) -> list[str]:
    """The stories from which the articles are taken.

    Raises:
        UsageError: they are the whole of a story, so that nothing would be split.
    """
    homes = [membership.story_id for each in articles if (membership := store.story_of(each))]
    names = list(dict.fromkeys(homes))
    whole = store.get_story(names[0]) if len(names) == 1 else None
    if whole is not None and {member.article.id for member in whole[1]} <= set(articles):
        raise UsageError(f"nothing to split: that is the whole of story {names[0]}")
    return names


def _told(store: Store, since: datetime | None) -> dict[str, tuple[str, ...]]:
    """The alerts of each story that were made since then, by id."""
    found: dict[str, tuple[str, ...]] = {}
    for story, alert in store.story_alerts(since) if since is not None else ():
        found[story] = (*found.get(story, ()), alert.id)
    return found


def _reason(what: str, comment: str) -> str:
    return f"{what} by hand: {comment}" if comment else f"{what} by hand"
