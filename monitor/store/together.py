"""What is stored with an article besides itself: its story, and alerts that wait for a digest."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from monitor.model import Article
from monitor.store.codec import encode
from monitor.store.dialect import insert_new
from monitor.store.rows import Membership, WaitingAlert
from monitor.store.schema import digest_items, rechecks, stories, story_articles, story_moves


def insert_member(
    connection: Connection, article: Article, membership: Membership, now: datetime
) -> None:
    """Add an article to its story, which is made if this is its first."""
    story_id = membership.story_id
    row = {"id": story_id, "title": article.title, "first_at": now, "last_at": now}
    insert_new(connection, stories, [row])
    connection.execute(update(stories).where(stories.c.id == story_id).values(last_at=now))
    connection.execute(
        insert(story_articles),
        {
            "article_id": article.id,
            "story_id": story_id,
            "joined_at": now,
            "score": membership.score,
            "reason": membership.reason,
            "figures": encode(membership.figures),
        },
    )


def note_told(connection: Connection, article_id: str, now: datetime) -> None:
    """Have a running daemon look at the article's story again: somebody was told of it."""
    mine = select(story_articles.c.story_id).where(story_articles.c.article_id == article_id)
    story: str | None = connection.scalar(mine)
    if story is not None:
        row = {"article_id": article_id, "story_id": story, "moved_at": now,
               "reason": "told on request"}  # fmt: skip
        connection.execute(insert(story_moves), row)


def insert_recheck(connection: Connection, article_id: str, at: datetime) -> None:
    """Have an alerted article's page read again."""
    row = {"article_id": article_id, "done": 0, "next_at": at}
    insert_new(connection, rechecks, [row])


def insert_items(connection: Connection, items: Sequence[WaitingAlert]) -> None:
    """Remember what is to be told later; an article waits once per notifier and plan."""
    rows = [
        {
            "notifier": item.notifier,
            "plan": item.plan,
            "reason": item.reason,
            "due_at": item.due_at,
            "created_at": item.created_at,
            "article_id": item.alert.article_id,
            "rules": item.rules,
            "payload": encode(item.alert),
        }
        for item in items
    ]
    insert_new(connection, digest_items, rows)
