"""Articles, and the one transaction in which everything that follows from an entry is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, bindparam, insert, null, select, update

from monitor.errors import StoreError
from monitor.model import (
    Alert,
    Article,
    Decision,
    DeliveryState,
    Match,
    Outcome,
    Quality,
    Reason,
)
from monitor.store.codec import decode_snippets, decode_spans, encode
from monitor.store.columns import clean_text
from monitor.store.known import by_fingerprint, by_url, is_known
from monitor.store.prepared import Insert, Prepared
from monitor.store.rows import (
    EntryStatus,
    Membership,
    NewDelivery,
    Recorded,
    RecordedAs,
    WaitingAlert,
)
from monitor.store.schema import (
    alerts,
    article_urls,
    articles,
    decisions,
    deliveries,
    entries,
    matches,
    places,
)
from monitor.store.session import Session
from monitor.store.together import insert_items, insert_member, insert_recheck


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one entry, decided elsewhere: to be stored all at once or not at all.

    ``canonical`` are the addresses by which the article is found again. ``copies_since``: an
    article with the same fingerprint stored at or after this moment is the same article.
    ``membership`` is its story; ``later`` waits for digests; ``updates`` change messages of it;
    ``recheck_at``: when its page is read again.
    """

    article: Article
    canonical: Sequence[str]
    matches: Sequence[Match] = ()
    decisions: Sequence[Decision] = ()
    alert: Alert | None = None
    deliveries: Sequence[NewDelivery] = ()
    copies_since: datetime | None = None
    membership: Membership | None = None
    later: Sequence[WaitingAlert] = ()
    updates: Sequence[tuple[Alert, Sequence[NewDelivery]]] = ()
    recheck_at: datetime | None = None


class Ended(NamedTuple):
    """What came of one entry, and when that was decided: the arguments of ``record_article``."""

    entry_id: int
    result: Result
    now: datetime


class ArticleRows(Session):
    """Articles and their places of publication."""

    def record_article(self, entry_id: int, result: Result, now: datetime) -> Recorded:
        """End an entry's wait: article, matches, decisions, alert and deliveries, or nothing.

        Safe to repeat: for an entry already done nothing changes. If meanwhile the article became
        known (its id, a canonical URL or, within ``copies_since``, its fingerprint), the entry
        becomes another place of that article and nothing is alerted: two entries handled side by
        side cannot alert twice. Raises StoreError for an unknown entry.
        """
        with self._write() as connection:
            return _record(connection, entry_id, result, now)

    def record_articles(self, ended: Sequence[Ended]) -> list[Recorded]:
        """``record_article`` for several entries in one transaction, which costs one sync to disk.

        All or nothing: if one of them cannot be stored, none is.
        """
        with self._write() as connection:
            return [_record(connection, *each) for each in ended]

    def record_copy(
        self, entry_id: int, article_id: str, url: str, canonical: Sequence[str], now: datetime
    ) -> bool:
        """End an entry's wait: it is another place of publication (``url``) of a known article.

        False (and nothing changed) if the entry was done already. Raises StoreError for an unknown
        entry or article.
        """
        with self._write() as connection:
            entry = _entry(connection, entry_id)
            if entry.status == EntryStatus.DONE.value:
                return False
            if not is_known(connection, article_id):
                raise StoreError(f"the store does not know the article {article_id!r}")
            _end_wait(connection, entry, article_id, url, now)
            _insert_urls(connection, article_id, canonical)
            return True

    def find_article_by_url(self, canonical: str) -> str | None:
        """The id of the article with this canonical URL, or None."""
        with self._read() as connection:
            return by_url(connection, [canonical])

    def find_article_by_fingerprint(self, fingerprint: str, since: datetime) -> str | None:
        """The id of the first article with these words stored at or after ``since``, or None.

        An empty fingerprint is no one's.
        """
        with self._read() as connection:
            return by_fingerprint(connection, fingerprint, since)


def article_of(row: Row[Any]) -> Article:
    """The article in a row of ``articles``."""
    return Article(
        id=row.id,
        url=row.url,
        title=row.title,
        text=row.text,
        lead=row.lead,
        summary=row.summary,
        source=row.source,
        author=row.author,
        language=row.language,
        published=row.published,
        tags=row.tags,
        quality=Quality(row.quality),
        quality_reason=row.quality_reason,
        fingerprint=row.fingerprint,
    )


def match_of(row: Row[Any]) -> Match:
    """The match in a row of ``matches``."""
    return Match(row.rule_id, decode_spans(row.spans), decode_snippets(row.snippets))


def decision_of(row: Row[Any]) -> Decision:
    """The decision in a row of ``decisions``."""
    return Decision(
        article_id=row.article_id,
        rule_id=row.rule_id,
        outcome=Outcome(row.outcome),
        reason=Reason(row.reason),
        detail=row.detail,
        notify=row.notify,
    )


def _record(connection: Connection, entry_id: int, result: Result, now: datetime) -> Recorded:
    entry = _entry(connection, entry_id)
    if entry.status == EntryStatus.DONE.value:
        return Recorded(entry.article_id, RecordedAs.DONE)
    known = _known_article(connection, result)
    article_id = known or result.article.id
    if known is None:
        _insert_article(connection, result, now)
    _end_wait(connection, entry, article_id, result.article.url, now)
    _insert_urls(connection, article_id, result.canonical)
    return Recorded(article_id, RecordedAs.COPY if known else RecordedAs.NEW)


class _Entry(NamedTuple):
    """Of a row of ``entries``, what ends its wait; not the payload, which is long."""

    id: int
    feed_id: int
    status: str
    article_id: str | None


_ONE_ENTRY: Final = Prepared(
    select(*(entries.c[name] for name in _Entry._fields)).where(entries.c.id == bindparam("b_id")),
    ("b_id",),
)
_ARTICLES: Final = Insert(articles, articles.c.keys())
_PLACES: Final = Insert(places, ("article_id", "feed_id", "url", "seen_at"), only_new=True)
_URLS: Final = Insert(article_urls, ("url", "article_id"), only_new=True)
_END_WAIT: Final = Prepared(
    update(entries)
    .where(entries.c.id == bindparam("b_id"))
    .values(
        status=bindparam("b_status"), article_id=bindparam("b_article"), payload=null(),
        next_try_at=null(),
    ),
    ("b_id", "b_status", "b_article"),
)  # fmt: skip


def _entry(connection: Connection, entry_id: int) -> _Entry:
    row = _ONE_ENTRY.first(connection, (entry_id,))
    if row is None:
        raise StoreError(f"the store does not know the entry {entry_id}")
    return _Entry(*row)


def _known_article(connection: Connection, result: Result) -> str | None:
    article = result.article
    if is_known(connection, article.id):
        return article.id
    same = by_url(connection, result.canonical)
    if same is None and result.copies_since is not None:
        same = by_fingerprint(connection, article.fingerprint, result.copies_since)
    return same


def _end_wait(
    connection: Connection, entry: _Entry, article_id: str, url: str, now: datetime
) -> None:
    _END_WAIT.many(connection, [(entry.id, EntryStatus.DONE.value, clean_text(article_id))])
    place = {"article_id": article_id, "feed_id": entry.feed_id, "url": url, "seen_at": now}
    _PLACES.rows(connection, [place])


def _insert_urls(connection: Connection, article_id: str, canonical: Sequence[str]) -> None:
    rows = [{"url": url, "article_id": article_id} for url in canonical]
    _URLS.rows(connection, rows)  # the first owner of a URL keeps it


def _insert_article(connection: Connection, result: Result, now: datetime) -> None:
    article = result.article
    _ARTICLES.rows(connection, [_article_values(article, now)])
    if result.matches:
        connection.execute(
            insert(matches), [match_values(article.id, match) for match in result.matches]
        )
    if result.decisions:
        connection.execute(
            insert(decisions),
            [decision_values(article.id, decision, now) for decision in result.decisions],
        )
    if result.alert is not None:
        insert_alert(connection, article.id, result.alert, result.deliveries, now)
    if result.membership is not None:
        insert_member(connection, article, result.membership, now)
    insert_items(connection, result.later)
    if result.recheck_at is not None:
        insert_recheck(connection, article.id, result.recheck_at)
    for changed, wanted in result.updates:
        insert_alert(connection, article.id, changed, wanted, now)


def _article_values(article: Article, now: datetime) -> dict[str, Any]:
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "lead": article.lead,
        "summary": article.summary,
        "source": article.source,
        "author": article.author,
        "language": article.language,
        "published": article.published,
        "tags": article.tags,
        "quality": article.quality.value,
        "quality_reason": article.quality_reason,
        "fingerprint": article.fingerprint,
        "stored_at": now,
    }


def match_values(article_id: str, match: Match) -> dict[str, Any]:
    """A row of ``matches``."""
    return {
        "article_id": article_id,
        "rule_id": match.rule_id,
        "spans": encode(match.spans),
        "snippets": encode(match.snippets),
    }


def decision_values(article_id: str, decision: Decision, now: datetime) -> dict[str, Any]:
    """A row of ``decisions``."""
    return {
        "article_id": article_id,
        "rule_id": decision.rule_id,
        "outcome": decision.outcome.value,
        "reason": decision.reason.value,
        "detail": decision.detail,
        "notify": decision.notify,
        "decided_at": now,
    }


def insert_alert(
    connection: Connection,
    article_id: str | None,
    alert: Alert,
    wanted: Sequence[NewDelivery],
    now: datetime,
) -> None:
    """Insert an alert and its deliveries, due at once. ``article_id`` None: a digest or notice."""
    connection.execute(
        insert(alerts),
        {
            "id": alert.id,
            "article_id": article_id,
            "created_at": alert.created_at,
            "payload": encode(alert),
        },
    )
    if wanted:
        connection.execute(
            insert(deliveries),
            [delivery_values(alert.id, item, now) for item in wanted],
        )


def delivery_values(alert_id: str, wanted: NewDelivery, now: datetime) -> dict[str, Any]:
    """A new row of the outbox: pending and due at once."""
    return {
        "alert_id": alert_id,
        "notifier": wanted.notifier,
        "rules": wanted.rules,
        "state": DeliveryState.PENDING.value,
        "attempts": 0,
        "fence": 0,
        "next_attempt_at": wanted.due_at or now,
        "created_at": now,
        "uncertain": False,
    }
