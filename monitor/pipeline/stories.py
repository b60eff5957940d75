"""The daemon's desk: stories and what was told, filled from the store and kept in step with it.

Layer 4. The desk itself (``monitor.alerts.desk``) decides; here it is fed. Judging is one step
without a pause, so that two articles of one story that come at the same moment do not both alert.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

from monitor.alerts.desk import Desk, Past, Verdict, told_of
from monitor.alerts.known import AlertPolicy
from monitor.alerts.localtime import day_start
from monitor.alerts.report import Report
from monitor.alerts.silences import Silence
from monitor.errors import StoreError
from monitor.model import Article, Match, StoryNote
from monitor.rules.book import RuleBook
from monitor.rules.rule import Rule
from monitor.store import Store, StoreThread
from monitor.store.stories import StoryMember
from monitor.stories.changes import changes
from monitor.stories.group import WINDOW
from monitor.stories.series import pattern_fits

log = logging.getLogger(__name__)

_LATELY: Final = timedelta(minutes=10)  # as long as a flood fuse looks back
_FIRST, _NEWEST = 1, 4  # reports of an alerted story that are compared with from the start
_AT_ONCE: Final = 50  # articles taken over together in the background

_Member = tuple[StoryMember, Mapping[str, tuple[str, ...]]]  # … and who hears of it later


class StoryDesk:
    """Stories, what was told of them, and what people changed about them."""

    def __init__(
        self,
        store: Store,
        thread: StoreThread,
        policy: AlertPolicy,
        window: timedelta | None = WINDOW,
    ) -> None:
        """``window``: how long a quiet story stays open; None: every article is its own story."""
        self._store = store
        self._thread = thread
        self._policy = policy
        self._window = window
        self._desk = Desk(policy, window)
        self._moves = 0  # the last move by a person that was taken over

    def follow(self, policy: AlertPolicy) -> None:
        """Judge by this policy from now on (after a reload)."""
        if policy != self._policy:
            self._policy = policy
            self._desk.follow(policy)

    async def fill(self, book: RuleBook, now: datetime) -> None:
        """Take over what was told in the last days, so that nothing is told twice.

        The articles that nobody was told of follow in the background (``fill_up``): reading them
        for comparison takes a millisecond or two each. Raises StoreError.
        """
        since = now - (self._window or WINDOW)
        rules = {rule.id: rule for rule in book.rules}
        by_story: dict[str, list[Past]] = {}
        for member, waiting in await self._thread.call(self._told_members, since):
            past = _past(member, waiting)
            self._desk.remember(past, rules)
            by_story.setdefault(past.story, []).append(past)
        for pasts in by_story.values():
            for past in (*pasts[:_FIRST], *pasts[_FIRST:][-_NEWEST:]):
                self._desk.compare_with(past)
        moves = await self._thread.call(self._store.story_moves, 0)
        self._moves = moves[-1].id if moves else 0
        for story, alert in await self._thread.call(self._store.story_alerts, since):
            self._desk.know_alert(story, alert)
        today = day_start(now, self._policy.zone)
        sent = await self._thread.call(self._store.sent_by_rule, today)
        recent = await self._thread.call(self._store.made_by_notifier, now - _LATELY)
        self._desk.recall(sent, recent, now)

    async def fill_up(self, now: datetime) -> None:
        """Take over the other articles of the last days, a few at a time. Raises StoreError."""
        if self._window is None:
            return
        rest = self._store.story_members(now - (self._window or WINDOW), told=False, batch=_AT_ONCE)
        while some := await self._thread.call(lambda: list(islice(rest, _AT_ONCE))):
            for member in some:
                past = _past(member, {})
                self._desk.remember(past, {})
                self._desk.compare_with(past)
                await asyncio.sleep(0)

    async def silences(self, now: datetime) -> tuple[Silence, ...]:
        """The silences that have not ended. Raises StoreError."""
        return tuple(await self._thread.call(self._store.list_silences, now))

    def judge(
        self,
        report: Report,
        matches: Sequence[Match],
        rules: Mapping[str, Rule],
        silences: Sequence[Silence],
        now: datetime,
    ) -> Verdict:
        """Place the article, decide about its matches and remember both, in one step."""
        return self._desk.judge(report, matches, rules, now, silences)

    async def copy_of(self, article: Article, now: datetime) -> str | None:
        """The id of the stored article that this one is a copy of; None if it is none.

        Nearly the same words with other numbers are no copy: a correction, or the next of a series.
        Raises StoreError.
        """
        found = self._desk.copy_of(article, now)
        if found is None:
            return None
        known = await self._thread.call(self._store.title_and_text, found.article_id)
        if known is None or not pattern_fits(known[0], article.title):
            return None
        return None if changes(known[1], article.text).figures else found.article_id

    def note_copy(self, article_id: str, outlet: str, url: str) -> None:
        """Another outlet has a copy of a known article."""
        self._desk.note_copy(article_id, outlet, url)

    def story_note(self, story: str, but: str) -> StoryNote | None:
        """What a message says of a story now (``Desk.story_note``)."""
        return self._desk.story_note(story, but)

    async def not_stored(self, verdict: Verdict, article_id: str, book: RuleBook) -> None:
        """Forget a verdict whose article was not stored (a copy, or a fault of the store)."""
        self._desk.forget_article(article_id)
        with suppress(StoreError):  # the store that failed may fail again; the next start reads all
            await self._relearn(verdict.story, book)

    async def heed_people(self, book: RuleBook) -> None:
        """Take over what people split and merged since the last look. Raises StoreError."""
        moves = await self._thread.call(self._store.story_moves, self._moves)
        if not moves:
            return
        self._moves = moves[-1].id
        touched = {move.story_id for move in moves}
        for move in moves:
            left = self._desk.story_of(move.article_id)
            if left is not None:
                touched.add(left)
        for story in sorted(touched):
            await self._relearn(story, book)
        changed = ",".join(sorted(touched))
        log.info("stories changed by hand", extra={"fields": {"stories": changed}})

    async def _relearn(self, story: str, book: RuleBook) -> None:
        found = await self._thread.call(partial(self._members_of, story))
        rules = {rule.id: rule for rule in book.rules}
        self._desk.relearn(story, [_past(*each) for each in found], rules)

    def _told_members(self, since: datetime) -> list[_Member]:
        waiting = self._store.told_later(since)
        return [
            (member, waiting.get(member.article.id, {}))
            for member in self._store.story_members(since, told=True)
        ]

    def _members_of(self, story: str) -> list[_Member]:
        found = self._store.get_story(story)
        members = () if found is None or found[0] != story else found[1]
        waiting = self._store.told_later(members[0].joined_at) if members else {}
        return [(member, waiting.get(member.article.id, {})) for member in members]


def _past(member: StoryMember, waiting: Mapping[str, tuple[str, ...]]) -> Past:
    told = told_of(member.decisions)
    for rule, notifiers in waiting.items():
        told[rule] = tuple(dict.fromkeys((*told.get(rule, ()), *notifiers)))
    membership = member.membership
    return Past(
        member.article, membership.story_id, member.joined_at, membership.figures, None, told
    )
