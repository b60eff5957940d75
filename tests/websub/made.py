"""Values for the tables of this folder."""

from datetime import UTC, datetime, timedelta
from typing import Any

from monitor.secret import Secret
from monitor.websub.callback import callback_url
from monitor.websub.subscription import Subscription

NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
PUBLIC = "https://news.example.org/monitor"
TOPIC = "https://sample.example.com/feed"
HUB = "https://hub.example.net/"
TOKEN = "T" * 43


def at(seconds: float) -> datetime:
    """A moment so many seconds after NOW."""
    return NOW + timedelta(seconds=seconds)


def subscription(token: str = TOKEN, **changes: Any) -> Subscription:
    """A subscription that nobody was asked for yet."""
    known: dict[str, Any] = {
        "feed_url": TOPIC,
        "hub": HUB,
        "topic": TOPIC,
        "callback": callback_url(PUBLIC, token),
        "secret": Secret("a made-up secret"),
        "created_at": at(-86_400),
    }
    return Subscription(token=Secret(token), **(known | changes))
