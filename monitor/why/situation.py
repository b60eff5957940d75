"""What would become of an article now, by the daemon's own desk, and which stories are near to it.

Nothing is written: the desk lives in memory, filled from the store as the daemon's is at start.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from monitor.alerts.desk import Desk, Verdict
from monitor.alerts.known import AlertPolicy
from monitor.alerts.report import Report
from monitor.config.alertpolicy import alert_policy
from monitor.config.settings import Settings
from monitor.model import Article, Feed
from monitor.pipeline.stories import StoryDesk
from monitor.rules.book import RuleBook
from monitor.store import Store, StoreThread
from monitor.store.stories import StoryMember
from monitor.stories.group import WINDOW, StoryIndex
from monitor.why.answer import Near, StoryPlace

PATIENCE: Final = 10.0  # seconds for articles that nobody was told of; each takes 1 to 2 ms
COMPARED: Final = 3000  # articles before a stored one that it is compared with, the newest


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An article that is not stored, and its feed (None: unknown).

    ``copy_of``: the id of a stored article of the same words, or "".
    """

    article: Article
    feed: Feed
    feed_url: str | None
    copy_of: str = ""


async def would(
    newcomer: Newcomer, settings: Settings, book: RuleBook, store: Store | None, now: datetime
) -> tuple[Verdict, str]:
    """What the daemon would decide, came the article now, and the id of the stored article that it
    is a copy of, or nearly ("" for none). Raises StoreError."""
    article = newcomer.article
    matches = book.match(article)
    rules = {match.rule_id: rule for match in matches if (rule := book.rule(match.rule_id))}
    report = Report(article, newcomer.feed_url, newcomer.feed.tier, copy_of=newcomer.copy_of)
    policy, window = alert_policy(settings), window_of(settings)
    if store is None:
        return Desk(policy, window).judge(report, matches, rules, now), ""
    thread = StoreThread()
    try:
        desk = await _filled(store, thread, policy, window, book, now)
        if not report.copy_of:
            report = replace(report, copy_of=await desk.copy_of(article, now) or "")
        verdict = desk.judge(report, matches, rules, await desk.silences(now), now)
        return verdict, report.copy_of
    finally:
        await thread.close()


async def _filled(
    store: Store, thread: StoreThread, policy: AlertPolicy, window: timedelta | None,
    book: RuleBook, now: datetime,
) -> StoryDesk:  # fmt: skip
    desk = StoryDesk(store, thread, policy, window)
    await desk.fill(book, now)
    with suppress(TimeoutError):  # the rest is of stories that nobody was told of
        async with asyncio.timeout(PATIENCE):
            await desk.fill_up(now)
    return desk


def window_of(settings: Settings) -> timedelta | None:
    """How long a quiet story stays open; None: stories are off."""
    seconds = settings.stories.window
    return None if seconds is None else timedelta(seconds=seconds)


def story_of_newcomer(verdict: Verdict, store: Store | None) -> StoryPlace:
    """The story that the article would join, or begin."""
    placing = verdict.placing
    members = () if verdict.is_new else _members(store, verdict.story)
    return StoryPlace(
        verdict.story, members[0].article.title if members else "", len(members) + 1,
        len(members) + 1, placing.score, placing.reason,
        _near(store, placing.nearest, verdict.story),
    )  # fmt: skip


def story_of_stored(
    store: Store, article: Article, settings: Settings, *, with_nearest: bool
) -> StoryPlace | None:
    """The story that a stored article belongs to; None: to none. Raises StoreError.

    ``with_nearest``: the other stories near to it are found anew, which may take a second or two.
    """
    membership = store.story_of(article.id)
    if membership is None:
        return None
    members = _members(store, membership.story_id)
    ids = [member.article.id for member in members]
    number = ids.index(article.id) + 1 if article.id in ids else 0
    nearest: tuple[Near, ...] = ()
    window = window_of(settings)
    if with_nearest and window is not None and number:
        at = members[number - 1].joined_at
        nearest = _nearest(store, article, at, window, membership.story_id)
    return StoryPlace(
        membership.story_id, members[0].article.title if members else "", len(members), number,
        membership.score, membership.reason, nearest,
    )  # fmt: skip


def _nearest(
    store: Store, article: Article, at: datetime, window: timedelta, own: str
) -> tuple[Near, ...]:
    """The stories near to an article when it came, by what is known of them now."""
    before: deque[StoryMember] = deque(maxlen=COMPARED)
    for member in store.story_members(at - window):
        if member.joined_at > at:
            break
        if member.article.id != article.id:
            before.append(member)
    index = StoryIndex(window or WINDOW)
    for member in before:
        index.add(member.article, member.membership.story_id, member.joined_at)
    return _near(store, index.place(article, at).nearest, own)


def _near(store: Store | None, found: Sequence[tuple[str, float]], own: str) -> tuple[Near, ...]:
    titled = ((story, score, _members(store, story)) for story, score in found if story != own)
    return tuple(
        Near(story, score, members[0].article.title if members else "")
        for story, score, members in titled
    )


def _members(store: Store | None, story: str) -> tuple[StoryMember, ...]:
    found = store.get_story(story) if store is not None else None
    return () if found is None or found[0] != story else found[1]
