"""Stories: which articles belong together, why, and what people changed about it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, select, update

from monitor.errors import StoreError, UsageError
from monitor.model import Alert, Article, Decision
from monitor.store.articles import article_of, decision_of
from monitor.store.codec import decode_alert, decode_figures
from monitor.store.dialect import insert_new
from monitor.store.rows import Membership
from monitor.store.schema import (
    alerts,
    articles,
    decisions,
    stories,
    story_articles,
    story_moves,
)
from monitor.store.session import Session, chunks
from monitor.stories.placing import story_id as story_id_of


@dataclass(frozen=True, slots=True)
class StoryMember:
    """An article of a story, with what was decided about it."""

    article: Article
    membership: Membership
    joined_at: datetime
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryRow:
    """A story in a list."""

    id: str
    title: str
    first_at: datetime
    last_at: datetime
    articles: int
    outlets: int


@dataclass(frozen=True, slots=True)
class StoryMove:
    """A person's wish: this article belongs to that story."""

    id: int
    article_id: str
    story_id: str
    moved_at: datetime
    reason: str


class StoryRows(Session):
    """Stories and their articles."""

    def story_members(
        self, since: datetime, *, told: bool | None = None, batch: int = 500
    ) -> Iterator[StoryMember]:
        """Every article that joined a story at or after ``since``, oldest first.

        ``told``: only of stories that were alerted, or only of the others. ``batch`` are read at a
        time, each time in a transaction of its own.
        """
        question = _members().where(story_articles.c.joined_at >= since)
        if told is not None:
            question = question.where(
                story_articles.c.story_id.in_(_told()) if told
                else story_articles.c.story_id.not_in(_told())
            )  # fmt: skip
        offset = 0
        while True:
            with self._read() as connection:
                found = _with_decisions(connection, question.limit(batch).offset(offset))
            yield from found
            if len(found) < batch:
                return
            offset += batch

    def title_and_text(self, article_id: str) -> tuple[str, str] | None:
        """Title and text of a stored article, or None."""
        chosen = select(articles.c.title, articles.c.text).where(articles.c.id == article_id)
        with self._read() as connection:
            row = connection.execute(chosen).first()
            return None if row is None else (row.title, row.text)

    def list_stories(
        self, limit: int, *, since: datetime | None = None, text: str | None = None
    ) -> list[StoryRow]:
        """The stories that had news last, newest first. ``text``: those whose title holds it."""
        chosen = (
            select(
                stories,
                func.count(story_articles.c.article_id).label("articles"),
                func.count(func.distinct(articles.c.source)).label("outlets"),
            )
            .join(story_articles, story_articles.c.story_id == stories.c.id)
            .join(articles, articles.c.id == story_articles.c.article_id)
            .group_by(*stories.c)
            .order_by(stories.c.last_at.desc(), stories.c.id)
            .limit(limit)
        )
        if since is not None:
            chosen = chosen.where(stories.c.last_at >= since)
        if text:
            chosen = chosen.where(stories.c.title.icontains(text, autoescape=True))
        with self._read() as connection:
            return [_story_row(row) for row in connection.execute(chosen)]

    def get_story(self, id_or_prefix: str) -> tuple[str, tuple[StoryMember, ...]] | None:
        """A story's id and articles, oldest first, by its id or a beginning that is only its own.

        None if there is none; UsageError if several begin so.
        """
        with self._read() as connection:
            story_id = _only_story(connection, id_or_prefix)
            if story_id is None:
                return None
            mine = _members().where(story_articles.c.story_id == story_id)
            return story_id, tuple(_with_decisions(connection, mine))

    def story_of(self, article_id: str) -> Membership | None:
        """Where an article belongs; None if it belongs to no story."""
        chosen = select(story_articles).where(story_articles.c.article_id == article_id)
        with self._read() as connection:
            row = connection.execute(chosen).first()
            return None if row is None else _membership(row)

    def split_story(self, article_ids: Sequence[str], reason: str, now: datetime) -> str:
        """Move these articles into a story of their own; returns its id. It is remembered.

        Raises StoreError if one of them belongs to no story.
        """
        first = min(article_ids)
        made = story_id_of(first + now.isoformat())  # not the id of a story that it may begin
        with self._write() as connection:
            _move(connection, article_ids, made, reason, now)
        return made

    def merge_stories(self, into: str, others: Sequence[str], reason: str, now: datetime) -> int:
        """Move every article of ``others`` into the story ``into``; returns how many."""
        with self._write() as connection:
            theirs = select(story_articles.c.article_id).where(
                story_articles.c.story_id.in_(list(others)), story_articles.c.story_id != into
            )
            moved = list(connection.scalars(theirs))
            if moved:
                _move(connection, moved, into, reason, now)
            return len(moved)

    def story_alerts(self, since: datetime) -> list[tuple[str, Alert]]:
        """The alerts made since then that belong to a story, with its id, oldest first."""
        chosen = (
            select(story_articles.c.story_id, alerts.c.payload)
            .join(alerts, alerts.c.article_id == story_articles.c.article_id)
            .where(alerts.c.created_at >= since)
            .order_by(alerts.c.created_at, alerts.c.id)
        )
        with self._read() as connection:
            return [(story, decode_alert(text)) for story, text in connection.execute(chosen)]

    def story_moves(self, after: int) -> list[StoryMove]:
        """What people moved since the move ``after``, in order."""
        chosen = select(story_moves).where(story_moves.c.id > after).order_by(story_moves.c.id)
        with self._read() as connection:
            return [
                StoryMove(row.id, row.article_id, row.story_id, row.moved_at, row.reason)
                for row in connection.execute(chosen)
            ]


def _move(
    connection: Connection, article_ids: Sequence[str], story_id: str, reason: str, now: datetime
) -> None:
    left: set[str] = set()
    for article_id in article_ids:
        mine = story_articles.c.article_id == article_id
        old: str | None = connection.scalar(select(story_articles.c.story_id).where(mine))
        if old is None:
            raise StoreError(f"the article {article_id!r} belongs to no story")
        left.add(old)
    title = connection.scalar(select(articles.c.title).where(articles.c.id == article_ids[0]))
    row = {"id": story_id, "title": title or "", "first_at": now, "last_at": now}
    insert_new(connection, stories, [row])
    for some in chunks(article_ids):
        connection.execute(
            update(story_articles)
            .where(story_articles.c.article_id.in_(list(some)))
            .values(story_id=story_id, reason=reason)
        )
    connection.execute(
        insert(story_moves),
        [
            {"article_id": each, "story_id": story_id, "moved_at": now, "reason": reason}
            for each in article_ids
        ],
    )
    for each in sorted({*left, story_id}):
        _retell(connection, each)


def _retell(connection: Connection, story_id: str) -> None:
    """Title and times of a story from the articles it has now; one without any is gone."""
    mine = story_articles.c.story_id == story_id
    times = select(func.min(story_articles.c.joined_at), func.max(story_articles.c.joined_at))
    first, last = connection.execute(times.where(mine)).one()
    if first is None:
        connection.execute(delete(stories).where(stories.c.id == story_id))
        return
    title = connection.scalar(
        select(articles.c.title)
        .join(story_articles, story_articles.c.article_id == articles.c.id)
        .where(mine)
        .order_by(story_articles.c.joined_at, articles.c.id)
        .limit(1)
    )
    connection.execute(
        update(stories)
        .where(stories.c.id == story_id)
        .values(title=title, first_at=first, last_at=last)
    )


def _members() -> Select[Any]:
    return (
        select(
            articles,
            story_articles.c.story_id,
            story_articles.c.joined_at,
            story_articles.c.score,
            story_articles.c.reason,
            story_articles.c.figures,
        )
        .join(story_articles, story_articles.c.article_id == articles.c.id)
        .order_by(story_articles.c.joined_at, articles.c.id)
    )


def _told() -> Select[Any]:
    """The stories of which somebody was told, or will be."""
    member = story_articles.alias()
    return select(member.c.story_id).join(alerts, alerts.c.article_id == member.c.article_id)


def _with_decisions(connection: Connection, question: Select[Any]) -> list[StoryMember]:
    rows = connection.execute(question).all()
    decided: dict[str, list[Decision]] = {row.id: [] for row in rows}
    for some in chunks(list(decided)):
        mine = select(decisions).where(decisions.c.article_id.in_(list(some)))
        for row in connection.execute(mine.order_by(decisions.c.rule_id)):
            decided[row.article_id].append(decision_of(row))
    return [
        StoryMember(article_of(row), _membership(row), row.joined_at, tuple(decided[row.id]))
        for row in rows
    ]


def _membership(row: Row[Any]) -> Membership:
    return Membership(row.story_id, row.score, row.reason, decode_figures(row.figures))


def _story_row(row: Row[Any]) -> StoryRow:
    return StoryRow(row.id, row.title, row.first_at, row.last_at, row.articles, row.outlets)


def _only_story(connection: Connection, prefix: str) -> str | None:
    if not prefix:
        return None
    like = select(stories.c.id).where(stories.c.id.startswith(prefix, autoescape=True)).limit(3)
    found = [each for each in connection.scalars(like) if each.startswith(prefix)]
    if prefix in found:
        return prefix
    if len(found) > 1:
        raise UsageError(
            f"several stories begin with {prefix!r}: {', '.join(sorted(found))}; give more of it"
        )
    return found[0] if found else None
