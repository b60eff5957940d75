"""Which subscriptions there should be, and what has to change.

Layer 1, pure. A feed that names another hub at every poll gets a new subscription at most once an
hour, and never has more than one beside those that are being ended.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.websub.callback import callback_url
from monitor.websub.subscription import Mode, Subscription

LONGEST_ADDRESS: Final = 2000  # characters of a hub or topic; it has to fit into a request line
CHANGE_AFTER: Final = timedelta(hours=1)
_ADDRESS: Final = re.compile(r"https?://[^\s\x00-\x1f\x7f]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a feed says: the hub that tells of its news, and its own name there."""

    hub: str
    topic: str


@dataclass(frozen=True, slots=True)
class Wishes:
    """``begin``: a new subscription for each of these feeds. ``end``: these are no longer wanted.

    A feed whose hub changed stands in both.
    """

    begin: tuple[tuple[str, Offer], ...]
    end: tuple[Subscription, ...]


def wishes(
    offers: Mapping[str, Offer],
    known: Sequence[Subscription],
    public_url: str | None,
    now: datetime,
) -> Wishes:
    """What has to change, by the offers of the feeds that are polled, by their address.

    ``public_url`` None: hubs cannot reach us, so that every subscription ends.
    """
    usable = {
        url: offer for url, offer in offers.items() if public_url is not None and is_usable(offer)
    }
    end: list[Subscription] = []
    kept: set[str] = set()
    for one in known:
        if one.wanted is Mode.UNSUBSCRIBE:
            continue
        offer = usable.get(one.feed_url)
        superfluous = one.feed_url in kept or not _reachable(one, public_url)
        if offer is None or superfluous or (_differs(one, offer) and _settled(one, now)):
            end.append(one)
        else:
            kept.add(one.feed_url)
    begin = tuple((url, offer) for url, offer in usable.items() if url not in kept)
    return Wishes(begin, tuple(end))


def is_usable(offer: Offer) -> bool:
    """Whether hub and topic are addresses that can be asked for and written."""
    return all(
        len(text) <= LONGEST_ADDRESS and _ADDRESS.fullmatch(text) is not None
        for text in (offer.hub, offer.topic)
    )


def _reachable(one: Subscription, public_url: str | None) -> bool:
    return public_url is not None and one.callback == callback_url(public_url, one.token.reveal())


def _differs(one: Subscription, offer: Offer) -> bool:
    return (one.hub, one.topic) != (offer.hub, offer.topic)


def _settled(one: Subscription, now: datetime) -> bool:
    return not now - CHANGE_AFTER < one.created_at <= now
