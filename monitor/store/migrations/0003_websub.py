"""Subscriptions at WebSub hubs have a place."""

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text


def upgrade(connection: Connection) -> None:
    """Make ``websub``."""
    Table(
        "websub",
        MetaData(),
        Column("token", Text, primary_key=True),
        Column("feed_url", Text, nullable=False),
        Column("hub", Text, nullable=False),
        Column("topic", Text, nullable=False),
        Column("callback", Text, nullable=False),
        Column("secret", Text, nullable=False),
        Column("created_at", BigInteger, nullable=False),
        Column("wanted", Text, nullable=False),
        Column("next_at", BigInteger),
        Column("asked_at", BigInteger),
        Column("lease_until", BigInteger),
        Column("pinged_at", BigInteger),
        Column("failures", Integer, nullable=False),
        Column("last_error", Text),
    ).create(connection)
