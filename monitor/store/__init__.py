"""The store: what is remembered between polls and between runs, in one SQLite file.

::

    open_store ─▶ Store ─┬─ feeds      what polls taught; known entries
                         ├─ entries    what waits to be handled
                         ├─ sites      what sites repeat under their articles
                         ├─ articles   everything that follows from one entry, in one transaction
                         ├─ stories    which articles belong together
                         ├─ digests    alerts that wait to be told together
                         ├─ silences   what people asked not to hear of
                         ├─ corrections  what outlets changed afterwards
                         ├─ later      alerts of stored articles, asked for by a person
                         ├─ outbox     deliveries on their way (docs/delivery.md)
                         ├─ history    what was, for people who ask
                         ├─ status     counts
                         ├─ websub     what was agreed with hubs
                         └─ retention  forgetting
    StoreThread          the same for asyncio

Layer 3. No SQL stands outside this folder, and what differs between databases stands in
``dialect.py`` alone. Why SQLite and an outbox: docs/decisions/0003-sqlite-outbox.md.
"""

from monitor.store.articles import Ended, Result
from monitor.store.corrections import Recheck
from monitor.store.polls import Poll
from monitor.store.rows import (
    AlertHistory,
    ArticleHistory,
    Attempt,
    Counts,
    DeliveryHistory,
    EntryStatus,
    KnownEntry,
    Membership,
    NewDelivery,
    NewEntry,
    PendingEntry,
    Place,
    Pruned,
    Recorded,
    RecordedAs,
    StoredAlert,
    StoredArticle,
    Thread,
    WaitingAlert,
)
from monitor.store.store import FILE_NAME, Store, open_store
from monitor.store.thread import StoreThread

__all__ = [
    "FILE_NAME",
    "AlertHistory",
    "ArticleHistory",
    "Attempt",
    "Counts",
    "DeliveryHistory",
    "Ended",
    "EntryStatus",
    "KnownEntry",
    "Membership",
    "NewDelivery",
    "NewEntry",
    "PendingEntry",
    "Place",
    "Poll",
    "Pruned",
    "Recheck",
    "Recorded",
    "RecordedAs",
    "Result",
    "Store",
    "StoreThread",
    "StoredAlert",
    "StoredArticle",
    "Thread",
    "WaitingAlert",
    "open_store",
]
