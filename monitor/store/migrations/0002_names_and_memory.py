"""Entries are known by several names; what is learnt of a feed's ways, and a site's, has a place.

Every id known so far becomes a name, so that nothing known looks new afterwards.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    ForeignKey,
    LargeBinary,
    MetaData,
    Table,
    Text,
)


def upgrade(connection: Connection) -> None:
    """Make ``sites`` and ``entry_names``, fill the latter; add ``rhythm`` and ``memory``."""
    metadata = MetaData()
    Table("feeds", metadata, Column("id", BigInteger, primary_key=True))
    Table(
        "entry_names",
        metadata,
        Column("feed_id", BigInteger, ForeignKey("feeds.id"), primary_key=True),
        Column("name", BigInteger, primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    ).create(connection)
    Table("sites", metadata, Column("host", Text, primary_key=True), Column("memory", Text)).create(
        connection
    )
    connection.exec_driver_sql(
        "INSERT INTO entry_names (feed_id, name) SELECT feed_id, key FROM entries"
    )
    for added in (Column("rhythm", LargeBinary), Column("memory", Text)):
        kind = added.type.compile(connection.dialect)
        connection.exec_driver_sql(f"ALTER TABLE feeds ADD COLUMN {added.name} {kind}")
