"""The tables as the queries see them: names and types.

Keys, constraints and indexes stand in ``migrations``, which alone create and change tables; a test
compares the columns here with those of a migrated database.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)

from monitor.store.columns import Names, RowId, UtcTime, WebText

metadata: Final = MetaData()

schema_version: Final = Table(
    "schema_version",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("applied_at", UtcTime, nullable=False),
)

feeds: Final = Table(
    "feeds",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("url", WebText),
    Column("active", Boolean),
    Column("title", WebText),
    Column("etag", WebText),
    Column("last_modified", WebText),
    Column("body_sha256", WebText),
    Column("last_polled_at", UtcTime),
    Column("last_success_at", UtcTime),
    Column("last_changed_at", UtcTime),
    Column("next_poll_at", UtcTime),
    Column("not_before", UtcTime),
    Column("interval_seconds", Float),
    Column("failures", Integer),
    Column("last_error", WebText),
    Column("baseline_at", UtcTime),
    Column("rhythm", LargeBinary),  # when it publishes (monitor.feeds.rhythm_history)
    Column("memory", WebText),  # what is learnt of its ways, as JSON
)

# Every name of every entry ever seen: hashes of ids, addresses, titles with times.
entry_names: Final = Table(
    "entry_names",
    metadata,
    Column("feed_id", RowId, primary_key=True),
    Column("name", BigInteger, primary_key=True),
)

entries: Final = Table(
    "entries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("feed_id", RowId),
    Column("key", BigInteger),  # 8 bytes of a hash of the entry's id
    Column("status", Text),
    Column("reason", WebText),
    Column("seen_at", UtcTime),
    Column("dated", UtcTime),  # when published, or first seen
    Column("link", WebText),
    Column("attempts", Integer),
    Column("next_try_at", UtcTime),
    Column("payload", Text),  # the whole entry as JSON while pending, then NULL
    Column("article_id", WebText),
)

# What a site repeats under its articles, by host name.
sites: Final = Table(
    "sites",
    metadata,
    Column("host", WebText, primary_key=True),
    Column("memory", WebText),
)

# Subscriptions at hubs, by the token of their callback (monitor.websub).
websub: Final = Table(
    "websub",
    metadata,
    Column("token", Text, primary_key=True),
    Column("feed_url", WebText),
    Column("hub", WebText),
    Column("topic", WebText),
    Column("callback", WebText),
    Column("secret", Text),
    Column("created_at", UtcTime),
    Column("wanted", Text),
    Column("next_at", UtcTime),
    Column("asked_at", UtcTime),
    Column("lease_until", UtcTime),
    Column("pinged_at", UtcTime),
    Column("failures", Integer),
    Column("last_error", WebText),
)

articles: Final = Table(
    "articles",
    metadata,
    Column("id", WebText, primary_key=True),
    Column("url", WebText),
    Column("title", WebText),
    Column("text", WebText),
    Column("lead", WebText),
    Column("summary", WebText),
    Column("source", WebText),
    Column("author", WebText),
    Column("language", WebText),
    Column("published", UtcTime),
    Column("tags", Names),
    Column("quality", Text),
    Column("quality_reason", WebText),
    Column("fingerprint", WebText),
    Column("stored_at", UtcTime),
)

article_urls: Final = Table(
    "article_urls",
    metadata,
    Column("url", WebText, primary_key=True),  # canonical
    Column("article_id", WebText),
)

places: Final = Table(
    "places",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", WebText),
    Column("feed_id", RowId),
    Column("url", WebText),
    Column("seen_at", UtcTime),
)

matches: Final = Table(
    "matches",
    metadata,
    Column("article_id", WebText, primary_key=True),
    Column("rule_id", WebText, primary_key=True),
    Column("spans", Text),
    Column("snippets", Text),
)

decisions: Final = Table(
    "decisions",
    metadata,
    Column("article_id", WebText, primary_key=True),
    Column("rule_id", WebText, primary_key=True),
    Column("outcome", Text),
    Column("reason", Text),
    Column("detail", WebText),
    Column("notify", Names),
    Column("decided_at", UtcTime),
)

alerts: Final = Table(
    "alerts",
    metadata,
    Column("id", WebText, primary_key=True),
    Column("article_id", WebText),
    Column("created_at", UtcTime),
    Column("payload", Text),
)

deliveries: Final = Table(
    "deliveries",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("alert_id", WebText),
    Column("notifier", WebText),
    Column("rules", Names),
    Column("state", Text),
    Column("attempts", Integer),
    Column("fence", Integer),
    Column("claimed_at", UtcTime),
    Column("lease_until", UtcTime),
    Column("next_attempt_at", UtcTime),
    Column("created_at", UtcTime),
    Column("last_error", WebText),
    Column("sent_at", UtcTime),
    Column("receipt", WebText),
    Column("pending_recipients", Names),
    Column("uncertain", Boolean),
    Column("remote_id", WebText),
)

attempts: Final = Table(
    "attempts",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("delivery_id", RowId),
    Column("fence", Integer),
    Column("started_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("outcome", WebText),
)

stories: Final = Table(
    "stories",
    metadata,
    Column("id", Text, primary_key=True),
    Column("title", WebText),
    Column("first_at", UtcTime),
    Column("last_at", UtcTime),
)

story_articles: Final = Table(
    "story_articles",
    metadata,
    Column("article_id", WebText, primary_key=True),
    Column("story_id", Text),
    Column("joined_at", UtcTime),
    Column("score", Float),
    Column("reason", WebText),
    Column("figures", Text),  # monitor.model.Figure, as JSON
)

# What people split and merged, in order, so that a running daemon hears of it.
story_moves: Final = Table(
    "story_moves",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", WebText),
    Column("story_id", Text),
    Column("moved_at", UtcTime),
    Column("reason", WebText),
)

# An article that was changed after it was stored: what left its text and what came into it.
corrections: Final = Table(
    "corrections",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("article_id", WebText),
    Column("seen_at", UtcTime),
    Column("title_before", WebText),
    Column("title_after", WebText),
    Column("removed", Names),
    Column("added", Names),
)

# Alerted articles whose page is to be read again; done: how often it was.
rechecks: Final = Table(
    "rechecks",
    metadata,
    Column("article_id", WebText, primary_key=True),
    Column("done", Integer),
    Column("next_at", UtcTime),
)

# Alerts that wait to be told together; digest_id is the alert that told them.
digest_items: Final = Table(
    "digest_items",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("notifier", WebText),
    Column("plan", WebText),
    Column("reason", WebText),
    Column("due_at", UtcTime),
    Column("created_at", UtcTime),
    Column("article_id", WebText),
    Column("rules", Names),
    Column("payload", Text),  # the alert as JSON
    Column("digest_id", WebText),
)

silences: Final = Table(
    "silences",
    metadata,
    Column("id", Text, primary_key=True),
    Column("payload", Text),
    Column("created_at", UtcTime),
    Column("until", UtcTime),
)

# Troubles that were told and are not over.
notices: Final = Table(
    "notices",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("subject", WebText),
    Column("payload", Text),
    Column("since", UtcTime),
)
