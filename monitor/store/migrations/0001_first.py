"""The tables of the first release."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)


def _row_id() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


def _time(name: str, *, nullable: bool = True) -> Column[int]:
    return Column(name, BigInteger, nullable=nullable)  # microseconds since 1970, UTC


def _feed(*, nullable: bool = False) -> Column[int]:
    return Column("feed_id", BigInteger, ForeignKey("feeds.id"), nullable=nullable)


def _article(*, primary_key: bool = False) -> Column[str]:
    key = ForeignKey("articles.id", ondelete="CASCADE")
    return Column("article_id", Text, key, nullable=False, primary_key=primary_key)


def _feed_tables(metadata: MetaData) -> None:
    feeds = Table(
        "feeds",
        metadata,
        _row_id(),
        Column("url", Text, nullable=False, unique=True),
        Column("active", Boolean, nullable=False),
        Column("title", Text),
        Column("etag", Text),
        Column("last_modified", Text),
        Column("body_sha256", Text),
        _time("last_polled_at"),
        _time("last_success_at"),
        _time("last_changed_at"),
        _time("next_poll_at"),
        _time("not_before"),
        Column("interval_seconds", Float),
        Column("failures", Integer, nullable=False),
        Column("last_error", Text),
        _time("baseline_at"),
    )
    Index("feeds_due", feeds.c.active, feeds.c.next_poll_at)
    entries = Table(
        "entries",
        metadata,
        _row_id(),
        _feed(),
        Column("key", BigInteger, nullable=False),
        Column("status", Text, nullable=False),
        Column("reason", Text, nullable=False),
        _time("seen_at", nullable=False),
        _time("dated", nullable=False),
        Column("link", Text),
        Column("attempts", Integer, nullable=False),
        _time("next_try_at"),
        Column("payload", Text),
        Column("article_id", Text, ForeignKey("articles.id", ondelete="SET NULL")),
        UniqueConstraint("feed_id", "key"),
    )
    # Partial, so that the many entries without a page or a task cost nothing. This one tells whose
    # turn it is without a look at the entries, which are long while they wait.
    pending = entries.c.status == "pending"
    Index(
        "entries_pending",
        entries.c.feed_id,
        entries.c.dated.desc(),
        entries.c.id,
        entries.c.next_try_at,
        entries.c.status,
        sqlite_where=pending,
        postgresql_where=pending,
    )
    owned = entries.c.article_id.is_not(None)
    Index("entries_article", entries.c.article_id, sqlite_where=owned, postgresql_where=owned)


def _article_tables(metadata: MetaData) -> None:
    articles = Table(
        "articles",
        metadata,
        Column("id", Text, primary_key=True, nullable=False),
        Column("url", Text, nullable=False),
        Column("title", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("lead", Text),
        Column("summary", Text, nullable=False),
        Column("source", Text, nullable=False),
        Column("author", Text, nullable=False),
        Column("language", Text),
        _time("published"),
        Column("tags", Text, nullable=False),
        Column("quality", Text, nullable=False),
        Column("quality_reason", Text, nullable=False),
        Column("fingerprint", Text, nullable=False),
        _time("stored_at", nullable=False),
    )
    Index("articles_fingerprint", articles.c.fingerprint, articles.c.stored_at)
    Index("articles_stored", articles.c.stored_at)
    urls = Table(
        "article_urls",
        metadata,
        Column("url", Text, primary_key=True, nullable=False),
        _article(),
    )
    Index("article_urls_article", urls.c.article_id)
    places = Table(
        "places",
        metadata,
        _row_id(),
        _article(),
        _feed(),
        Column("url", Text, nullable=False),
        _time("seen_at", nullable=False),
        UniqueConstraint("article_id", "feed_id", "url"),
    )
    Index("places_url", places.c.url)


def _decision_tables(metadata: MetaData) -> None:
    Table(
        "matches",
        metadata,
        _article(primary_key=True),
        Column("rule_id", Text, primary_key=True, nullable=False),
        Column("spans", Text, nullable=False),
        Column("snippets", Text, nullable=False),
    )
    decisions = Table(
        "decisions",
        metadata,
        _article(primary_key=True),
        Column("rule_id", Text, primary_key=True, nullable=False),
        Column("outcome", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("detail", Text, nullable=False),
        Column("notify", Text, nullable=False),
        _time("decided_at", nullable=False),
    )
    Index("decisions_decided", decisions.c.decided_at)


def _outbox_tables(metadata: MetaData) -> None:
    alerts = Table(
        "alerts",
        metadata,
        Column("id", Text, primary_key=True, nullable=False),
        _article(),
        _time("created_at", nullable=False),
        Column("payload", Text, nullable=False),
    )
    Index("alerts_article", alerts.c.article_id)
    Index("alerts_created", alerts.c.created_at)
    deliveries = Table(
        "deliveries",
        metadata,
        _row_id(),
        Column("alert_id", Text, ForeignKey("alerts.id", ondelete="CASCADE"), nullable=False),
        Column("notifier", Text, nullable=False),
        Column("rules", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("fence", Integer, nullable=False),
        _time("claimed_at"),
        _time("lease_until"),
        _time("next_attempt_at"),
        _time("created_at", nullable=False),
        Column("last_error", Text),
        _time("sent_at"),
        Column("receipt", Text),
        Column("pending_recipients", Text),
        Column("uncertain", Boolean, nullable=False),
        UniqueConstraint("alert_id", "notifier"),
    )
    columns = deliveries.c
    Index("deliveries_due", columns.state, columns.notifier, columns.next_attempt_at)
    attempts = Table(
        "attempts",
        metadata,
        _row_id(),
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey("deliveries.id", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("fence", Integer, nullable=False),
        _time("started_at", nullable=False),
        _time("ended_at", nullable=False),
        Column("outcome", Text, nullable=False),
    )
    Index("attempts_delivery", attempts.c.delivery_id)


def upgrade(connection: Connection) -> None:
    """From an empty database (with ``schema_version``) to version 1."""
    metadata = MetaData()
    _feed_tables(metadata)
    _article_tables(metadata)
    _decision_tables(metadata)
    _outbox_tables(metadata)
    metadata.create_all(connection, checkfirst=False)
