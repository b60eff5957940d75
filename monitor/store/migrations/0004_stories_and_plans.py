"""Stories, figures, digests, silences, corrections and notices have places.

Alerts no longer need an article: a digest is about many, a notice about none. SQLite cannot take
NOT NULL off a column, so the outbox moves into new tables, children first, so that nothing is
deleted by a foreign key on the way.
"""

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


def _article(*, primary_key: bool = False, nullable: bool = False) -> Column[str]:
    key = ForeignKey("articles.id", ondelete="CASCADE")
    return Column("article_id", Text, key, primary_key=primary_key, nullable=nullable)


def upgrade(connection: Connection) -> None:
    """Make the tables of stories and plans; let alerts be without an article."""
    metadata = MetaData()
    Table("articles", metadata, Column("id", Text, primary_key=True))
    made = [*_story_tables(metadata), *_plan_tables(metadata)]
    metadata.create_all(connection, tables=made)
    if connection.dialect.name == "sqlite":
        _move_outbox(connection)
    else:
        connection.exec_driver_sql("ALTER TABLE alerts ALTER COLUMN article_id DROP NOT NULL")
        connection.exec_driver_sql("ALTER TABLE deliveries ADD COLUMN remote_id TEXT")


def _story_tables(metadata: MetaData) -> list[Table]:
    stories = Table(
        "stories",
        metadata,
        Column("id", Text, primary_key=True),
        Column("title", Text, nullable=False),
        Column("first_at", BigInteger, nullable=False),
        Column("last_at", BigInteger, nullable=False),
    )
    Index("stories_last", stories.c.last_at)
    members = Table(
        "story_articles",
        metadata,
        _article(primary_key=True),
        Column("story_id", Text, ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
        Column("joined_at", BigInteger, nullable=False),
        Column("score", Float, nullable=False),
        Column("reason", Text, nullable=False),
        Column("figures", Text, nullable=False),
    )
    Index("story_articles_story", members.c.story_id, members.c.joined_at)
    Index("story_articles_joined", members.c.joined_at)
    moves = Table(
        "story_moves",
        metadata,
        _row_id(),
        _article(),
        Column("story_id", Text, nullable=False),
        Column("moved_at", BigInteger, nullable=False),
        Column("reason", Text, nullable=False),
    )
    corrections = Table(
        "corrections",
        metadata,
        _row_id(),
        _article(),
        Column("seen_at", BigInteger, nullable=False),
        Column("title_before", Text, nullable=False),
        Column("title_after", Text, nullable=False),
        Column("removed", Text, nullable=False),
        Column("added", Text, nullable=False),
    )
    Index("corrections_article", corrections.c.article_id)
    rechecks = Table(
        "rechecks",
        metadata,
        _article(primary_key=True),
        Column("done", Integer, nullable=False),
        Column("next_at", BigInteger, nullable=False),
    )
    Index("rechecks_due", rechecks.c.next_at)
    return [stories, members, moves, corrections, rechecks]


def _plan_tables(metadata: MetaData) -> list[Table]:
    items = Table(
        "digest_items",
        metadata,
        _row_id(),
        Column("notifier", Text, nullable=False),
        Column("plan", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("due_at", BigInteger, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        _article(),
        Column("rules", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("digest_id", Text),
        UniqueConstraint("article_id", "notifier", "plan"),
    )
    waiting = items.c.digest_id.is_(None)
    Index("digest_items_due", items.c.due_at, sqlite_where=waiting, postgresql_where=waiting)
    Index("digest_items_digest", items.c.digest_id)
    silences = Table(
        "silences",
        metadata,
        Column("id", Text, primary_key=True),
        Column("payload", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("until", BigInteger),
    )
    notices = Table(
        "notices",
        metadata,
        _row_id(),
        Column("subject", Text, nullable=False, unique=True),
        Column("payload", Text, nullable=False),
        Column("since", BigInteger, nullable=False),
    )
    return [items, silences, notices]


def _move_outbox(connection: Connection) -> None:
    metadata = MetaData()
    Table("articles", metadata, Column("id", Text, primary_key=True))
    alerts = Table(
        "alerts_new",
        metadata,
        Column("id", Text, primary_key=True, nullable=False),
        _article(nullable=True),
        Column("created_at", BigInteger, nullable=False),
        Column("payload", Text, nullable=False),
    )
    deliveries = _deliveries(metadata)
    attempts = Table(
        "attempts_new",
        metadata,
        _row_id(),
        Column(
            "delivery_id",
            BigInteger,
            ForeignKey("deliveries_new.id", ondelete="CASCADE"),
            nullable=False,
        ),
        Column("fence", Integer, nullable=False),
        Column("started_at", BigInteger, nullable=False),
        Column("ended_at", BigInteger, nullable=False),
        Column("outcome", Text, nullable=False),
    )
    metadata.create_all(connection, tables=[alerts, deliveries, attempts])
    for table in (alerts, deliveries, attempts):
        old = table.name.removesuffix("_new")
        names = ", ".join(column.name for column in table.columns if column.name != "remote_id")
        connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {old}"  # noqa: S608  # our names
        )
    for table in (attempts, deliveries, alerts):
        connection.exec_driver_sql(f"DROP TABLE {table.name.removesuffix('_new')}")
    for table in (alerts, deliveries, attempts):
        old = table.name.removesuffix("_new")
        connection.exec_driver_sql(f"ALTER TABLE {table.name} RENAME TO {old}")
    for name, on in (
        ("alerts_article", "alerts (article_id)"),
        ("alerts_created", "alerts (created_at)"),
        ("deliveries_due", "deliveries (state, notifier, next_attempt_at)"),
        ("attempts_delivery", "attempts (delivery_id)"),
    ):
        connection.exec_driver_sql(f"CREATE INDEX {name} ON {on}")


def _deliveries(metadata: MetaData) -> Table:
    return Table(
        "deliveries_new",
        metadata,
        _row_id(),
        Column("alert_id", Text, ForeignKey("alerts_new.id", ondelete="CASCADE"), nullable=False),
        Column("notifier", Text, nullable=False),
        Column("rules", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("fence", Integer, nullable=False),
        Column("claimed_at", BigInteger),
        Column("lease_until", BigInteger),
        Column("next_attempt_at", BigInteger),
        Column("created_at", BigInteger, nullable=False),
        Column("last_error", Text),
        Column("sent_at", BigInteger),
        Column("receipt", Text),
        Column("pending_recipients", Text),
        Column("uncertain", Boolean, nullable=False),
        Column("remote_id", Text),
        UniqueConstraint("alert_id", "notifier"),
    )
