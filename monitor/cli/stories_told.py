"""What the stories of stored articles came to, with what is about to be told of them.

Layer 5.
"""

from collections.abc import Mapping
from datetime import datetime

from monitor.alerts.compose import alert_id
from monitor.alerts.desk import told_of
from monitor.alerts.report import Report
from monitor.alerts.standing import StoryStanding, joined, told
from monitor.rules.book import RuleBook
from monitor.store import Store
from monitor.store.stories import StoryMember

_Tellers = Mapping[str, tuple[str, ...]]  # rule: notifiers


class StoriesTold:
    """Standings, read from the store when asked for. ``note`` adds what is not stored (yet)."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._noted: dict[str, list[tuple[str, str, _Tellers, datetime]]] = {}

    def standing(self, store: Store, article_id: str) -> StoryStanding | None:
        """What the other articles of its story came to; None: it belongs to no story.

        Raises:
            StoreError: the database cannot be read.
        """
        membership = store.story_of(article_id)
        found = store.get_story(membership.story_id) if membership is not None else None
        if found is None:
            return None
        story, members = found
        waiting = store.told_later(members[0].joined_at) if members else {}
        standing = StoryStanding(story)
        for member in members:
            if member.article.id != article_id:
                later = waiting.get(member.article.id, {})
                standing = self._with(standing, member, later)
        for other, alert, tellers, at in self._noted.get(story, ()):
            if other != article_id:
                standing = self._told(standing, tellers, alert, at)
        return standing

    def note(
        self, story: str, article_id: str, alert: str, tellers: _Tellers, at: datetime
    ) -> None:
        """An alert of this article is about to be told to these notifiers, by rule."""
        self._noted.setdefault(story, []).append((article_id, alert, tellers, at))

    def _with(self, standing: StoryStanding, member: StoryMember, later: _Tellers) -> StoryStanding:
        report = Report(member.article, figures=member.membership.figures)
        tellers = {**later, **told_of(member.decisions)}
        standing = joined(standing, report)
        return self._told(standing, tellers, alert_id(member.article.id), member.joined_at)

    def _told(
        self, standing: StoryStanding, tellers: _Tellers, alert: str, at: datetime
    ) -> StoryStanding:
        known = [
            (rule, names) for name, names in tellers.items()
            if (rule := self._book.rule(name)) is not None
        ]  # fmt: skip
        return told(standing, known, alert, at) if known else standing
