"""What was, for people who ask: alerts, articles, entries and how each came about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from monitor.errors import UsageError
from monitor.model import Article, Decision, Delivery, DeliveryState
from monitor.store.articles import article_of, decision_of, match_of
from monitor.store.codec import decode_alert
from monitor.store.outbox import attempts_of, delivery_of
from monitor.store.rows import (
    AlertHistory,
    ArticleHistory,
    Attempt,
    DeliveryHistory,
    EntryStatus,
    KnownEntry,
    Place,
    StoredAlert,
    StoredArticle,
)
from monitor.store.schema import (
    alerts,
    article_urls,
    articles,
    decisions,
    deliveries,
    entries,
    feeds,
    matches,
    places,
)
from monitor.store.session import Session, chunks
from monitor.text.urls import canonical_url, host

_BATCH: Final = 100  # articles in memory at once, while all of them are gone through


@dataclass(frozen=True, slots=True)
class PastArticle:
    """A stored article with what was decided about it. ``feed_url``: the feed that brought it."""

    article: Article
    stored_at: datetime
    feed_url: str | None
    decisions: tuple[Decision, ...]


class HistoryRows(Session):
    """Questions about the past; nothing here writes."""

    def list_alerts(
        self,
        limit: int,
        *,
        since: datetime | None = None,
        rule: str | None = None,
        state: DeliveryState | None = None,
    ) -> list[StoredAlert]:
        """The newest alerts first, with all their deliveries.

        ``rule``: only those that name this rule; ``state``: only those with a delivery in this
        state. ``attempts`` of a delivery counts every try, those before a resend included.
        """
        chosen = select(alerts).order_by(alerts.c.created_at.desc(), alerts.c.id)
        if since is not None:
            chosen = chosen.where(alerts.c.created_at >= since)
        if rule is not None:
            chosen = chosen.where(
                select(decisions.c.rule_id)
                .where(
                    decisions.c.article_id == alerts.c.article_id,
                    decisions.c.rule_id == rule,
                    decisions.c.outcome == "sent",
                )
                .exists()
            )
        if state is not None:
            chosen = chosen.where(
                select(deliveries.c.id)
                .where(deliveries.c.alert_id == alerts.c.id, deliveries.c.state == state.value)
                .exists()
            )
        with self._read() as connection:
            if rule is None:
                rows = list(connection.execute(chosen.limit(limit)))
            else:  # an article may have several alerts, each with rules of its own
                named = (row for row in connection.execute(chosen) if _names(row, rule))
                rows = list(islice(named, limit))
            return _with_deliveries(connection, rows)

    def get_alert(self, id_or_prefix: str) -> AlertHistory | None:
        """One alert with all that belongs to it, by its id or a beginning that is only its own.

        None if there is none; UsageError if several begin so.
        """
        with self._read() as connection:
            exact = select(alerts).where(alerts.c.id == id_or_prefix)
            row = connection.execute(exact).first()
            if row is None:
                row = _only_one(connection, id_or_prefix)
            return None if row is None else _alert_history(connection, row)

    def list_articles(
        self, limit: int, *, since: datetime | None = None, title: str | None = None
    ) -> list[StoredArticle]:
        """The articles stored last, newest first; ``title``: those whose title holds this text.

        Upper and lower case are the same (in SQLite of a to z only).
        """
        chosen = select(articles).order_by(articles.c.stored_at.desc(), articles.c.id).limit(limit)
        if since is not None:
            chosen = chosen.where(articles.c.stored_at >= since)
        if title:
            chosen = chosen.where(articles.c.title.icontains(title, autoescape=True))
        with self._read() as connection:
            return [
                StoredArticle(article_of(row), row.stored_at) for row in connection.execute(chosen)
            ]

    def get_article(self, article_id: str) -> ArticleHistory | None:
        """One article with all that belongs to it, or None."""
        with self._read() as connection:
            row = connection.execute(select(articles).where(articles.c.id == article_id)).first()
            return None if row is None else _article_history(connection, row)

    def get_article_by_url(self, url: str) -> ArticleHistory | None:
        """The article with this address: canonical, or as one of its places gave it."""
        ids = [
            select(article_urls.c.article_id).where(article_urls.c.url == url),
            select(places.c.article_id).where(places.c.url == url).order_by(places.c.id).limit(1),
        ]
        with self._read() as connection:
            for question in ids:
                found = connection.scalar(question)
                if found is not None:
                    row = connection.execute(select(articles).where(articles.c.id == found)).one()
                    return _article_history(connection, row)
            return None

    def entries_by_link(self, link: str) -> list[KnownEntry]:
        """Entries that linked to exactly this address, newest first; also those without an article.

        Reads the whole table: for a person's question, not for the pipeline.
        """
        chosen = (
            select(entries, feeds.c.url.label("feed_url"))
            .join(feeds, feeds.c.id == entries.c.feed_id)
            .where(entries.c.link == link)
            .order_by(entries.c.id.desc())
        )
        with self._read() as connection:
            return [_known_entry(row) for row in connection.execute(chosen)]

    def entries_by_canonical(self, canonical: str) -> list[KnownEntry]:
        """Entries whose link leads to this canonical address, newest first.

        Reads the links of the whole table: for a person's question, not for the pipeline.
        """
        links = select(entries.c.id, entries.c.link).where(entries.c.link.is_not(None))
        place = host(canonical)
        if place.isascii() and "xn--" not in place:  # else a link may write it another way
            links = links.where(entries.c.link.icontains(place, autoescape=True))
        full = select(entries, feeds.c.url.label("feed_url")).join(
            feeds, feeds.c.id == entries.c.feed_id
        )
        with self._read() as connection:
            ids = [
                row.id for row in connection.execute(links) if canonical_url(row.link) == canonical
            ]
            rows = [
                row
                for some in chunks(ids)
                for row in connection.execute(full.where(entries.c.id.in_(some)))
            ]
        return [_known_entry(row) for row in sorted(rows, key=lambda row: row.id, reverse=True)]

    def count_articles(self, since: datetime | None = None) -> int:
        """How many articles were stored at or after ``since`` (None: ever)."""
        counted = select(func.count()).select_from(articles)
        if since is not None:
            counted = counted.where(articles.c.stored_at >= since)
        with self._read() as connection:
            return connection.scalar(counted) or 0

    def past_articles(
        self, since: datetime | None = None, *, most: int | None = None, batch: int = _BATCH
    ) -> Iterator[PastArticle]:
        """The stored articles, newest first, at most ``most`` of them.

        Memory does not depend on their number: ``batch`` articles are read at a time, each time in
        a transaction of its own, so that nobody waits for a slow reader.
        """
        last: PastArticle | None = None
        left = most
        while left is None or left > 0:
            with self._read() as connection:
                size = batch if left is None else min(batch, left)
                found = _past(connection, since, last, size)
            yield from found
            if len(found) < size:
                return
            last = found[-1]
            left = None if left is None else left - size


def _past(
    connection: Connection, since: datetime | None, last: PastArticle | None, size: int
) -> list[PastArticle]:
    c = articles.c
    chosen = select(articles).order_by(c.stored_at.desc(), c.id.desc()).limit(size)
    if since is not None:
        chosen = chosen.where(c.stored_at >= since)
    if last is not None:
        same_time = and_(c.stored_at == last.stored_at, c.id < last.article.id)
        chosen = chosen.where(or_(c.stored_at < last.stored_at, same_time))
    rows = connection.execute(chosen).all()
    decided: dict[str, list[Decision]] = {row.id: [] for row in rows}
    brought: dict[str, str] = {}
    for some in chunks(list(decided)):
        mine = select(decisions).where(decisions.c.article_id.in_(some))
        for row in connection.execute(mine.order_by(decisions.c.rule_id)):
            decided[row.article_id].append(decision_of(row))
        first = (
            select(places.c.article_id, feeds.c.url)
            .join(feeds, feeds.c.id == places.c.feed_id)
            .where(places.c.article_id.in_(some))
            .order_by(places.c.id)
        )
        for row in connection.execute(first):
            brought.setdefault(row.article_id, row.url)
    return [
        PastArticle(article_of(row), row.stored_at, brought.get(row.id), tuple(decided[row.id]))
        for row in rows
    ]


def _names(row: Row[Any], rule: str) -> bool:
    """Whether the alert in a row of ``alerts`` names a rule."""
    return any(hit.rule_id == rule for hit in decode_alert(row.payload).hits)


def _with_deliveries(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredAlert]:
    found: dict[str, list[Delivery]] = {row.id: [] for row in rows}
    for some in chunks(list(found)):
        outbox = select(deliveries).where(deliveries.c.alert_id.in_(some)).order_by(deliveries.c.id)
        for row in connection.execute(outbox).all():
            tried = len(attempts_of(connection, row.id))
            found[row.alert_id].append(replace(delivery_of(row), attempts=tried))
    return [StoredAlert(decode_alert(row.payload), tuple(found[row.id])) for row in rows]


def _only_one(connection: Connection, prefix: str) -> Row[Any] | None:
    if not prefix:
        return None
    like = select(alerts).where(alerts.c.id.startswith(prefix, autoescape=True)).limit(3)
    # LIKE takes upper for lower case on SQLite: an id does not.
    rows = [row for row in connection.execute(like) if row.id.startswith(prefix)]
    if len(rows) > 1:
        names = ", ".join(sorted(row.id for row in rows))
        raise UsageError(f"several alerts begin with {prefix!r}: {names}; give more of the id")
    return rows[0] if rows else None


def _alert_history(connection: Connection, row: Row[Any]) -> AlertHistory:
    article = connection.execute(select(articles).where(articles.c.id == row.article_id)).first()
    outbox = select(deliveries).where(deliveries.c.alert_id == row.id).order_by(deliveries.c.id)
    return AlertHistory(
        alert=decode_alert(row.payload),
        article=None if article is None else article_of(article),
        decisions=tuple(decision_of(item) for item in connection.execute(_decided(row.article_id))),
        deliveries=tuple(
            _delivery_history(item, attempts_of(connection, item.id))
            for item in connection.execute(outbox).all()
        ),
    )


def _delivery_history(row: Row[Any], tried: tuple[Attempt, ...]) -> DeliveryHistory:
    """The delivery with every attempt. The retry rule counts anew after a resend; people do not."""
    return DeliveryHistory(replace(delivery_of(row), attempts=len(tried)), row.rules, tried)


def _article_history(connection: Connection, row: Row[Any]) -> ArticleHistory:
    def rows(question: Select[Any]) -> Sequence[Row[Any]]:
        return connection.execute(question).all()

    told = select(alerts).where(alerts.c.article_id == row.id).order_by(alerts.c.created_at)
    urls = select(article_urls.c.url).where(article_urls.c.article_id == row.id)
    return ArticleHistory(
        article=article_of(row),
        stored_at=row.stored_at,
        urls=tuple(connection.scalars(urls.order_by(article_urls.c.url))),
        entries=tuple(_known_entry(item) for item in rows(_entries_of(row.id))),
        places=tuple(
            Place(item.feed_url, item.url, item.seen_at) for item in rows(_places(row.id))
        ),
        matches=tuple(
            match_of(item)
            for item in rows(
                select(matches).where(matches.c.article_id == row.id).order_by(matches.c.rule_id)
            )
        ),
        decisions=tuple(decision_of(item) for item in rows(_decided(row.id))),
        alerts=tuple(_with_deliveries(connection, rows(told))),
    )


def _decided(article_id: str) -> Select[Any]:
    mine = decisions.c.article_id == article_id
    return select(decisions).where(mine).order_by(decisions.c.rule_id)


def _entries_of(article_id: str) -> Select[Any]:
    return (
        select(entries, feeds.c.url.label("feed_url"))
        .join(feeds, feeds.c.id == entries.c.feed_id)
        .where(entries.c.article_id == article_id)
        .order_by(entries.c.id)
    )


def _places(article_id: str) -> Select[Any]:
    return (
        select(places, feeds.c.url.label("feed_url"))
        .join(feeds, feeds.c.id == places.c.feed_id)
        .where(places.c.article_id == article_id)
        .order_by(places.c.id)
    )


def _known_entry(row: Row[Any]) -> KnownEntry:
    return KnownEntry(
        id=row.id,
        feed_url=row.feed_url,
        link=row.link,
        status=EntryStatus(row.status),
        reason=row.reason,
        attempts=row.attempts,
        seen_at=row.seen_at,
        next_try_at=row.next_try_at,
    )
