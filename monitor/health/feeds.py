"""When a feed is in trouble that is worth a word to the operator.

Layer 1, pure. A poll that fails is the diary's; here is what lasts: no good answer for hours, or an
answer that no waiting will mend (refused, not found, gone, a web page in place of the feed).
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Final

from monitor.feeds.polling_told import Trouble, is_told
from monitor.health.notices import NEEDS_A_PERSON, PASSING, Condition, lasted
from monitor.model import FeedState

FAILING_AFTER: Final = timedelta(hours=6)  # without a good answer …
FAILING_TIMES: Final = 3  # … and so many bad ones in a row
SUBJECT: Final = "feed "
# What ``monitor.feeds.webpages`` says of a page in place of the feed.
_PAGE: Final = re.compile(r"^a (?:login page|web page|page that asks for proof)\b.*not a feed")
_PERSON: Final = (
    (Trouble.GONE, "is gone for good, its server says", "Take it out of config.yaml, or find its "
     "new address."),
    (Trouble.FORBIDDEN, "is refused to us", "It may want a password (auth:) or a key (headers:), "
     "or keep programs out."),
    (Trouble.MISSING, "is not found any more", "Its address may be wrong; "
     "`news-monitor feeds add SITE` finds the one in use."),
)  # fmt: skip


def feed_trouble(name: str, state: FeedState, now: datetime) -> Condition | None:
    """What is wrong with the feed that people call ``name``, or None.

    A feed that was not reached while our own network was down has nothing wrong with it: its
    failures were not counted.
    """
    if state.last_error is None or not _lasts(state, now):
        return None
    subject = f"{SUBJECT}{state.url}"
    since = state.last_success_at
    when = "It has never answered." if since is None else (
        f"Its last good answer came {lasted(since, now)} ago.")  # fmt: skip
    for trouble, what, mend in _PERSON:
        if is_told(state.memory, trouble):
            text = f"{when} {_sentence(state.last_error)} {mend}"
            return Condition(subject, f"{name} {what}", text, NEEDS_A_PERSON, since)
    if _PAGE.match(state.last_error):
        text = f"{when} {_sentence(state.last_error)} `news-monitor feeds add SITE` finds feeds."
        return Condition(subject, f"{name} is a web page now", text, NEEDS_A_PERSON, since)
    text = f"{when} {_sentence(state.last_error)} It is tried again and again, at least daily."
    return Condition(subject, f"{name} cannot be read", text, PASSING, since)


def feed_troubles(
    states: Iterable[FeedState], name: Callable[[str], str | None], now: datetime
) -> list[Condition]:
    """The troubles of ``states``; ``name(url)`` is what the user calls a feed, None: nothing."""
    found = []
    for state in states:
        shown = name(state.url) or state.title or state.url.partition("?")[0]
        trouble = feed_trouble(shown, state, now)
        if trouble is not None:
            found.append(trouble)
    return found


def _lasts(state: FeedState, now: datetime) -> bool:
    asked_to_wait = state.not_before is not None and not state.failures
    if state.failures < FAILING_TIMES and not asked_to_wait:
        return False
    if any(is_told(state.memory, trouble) for trouble, _, _ in _PERSON):
        return True
    since = state.last_success_at
    if since is None:
        return state.failures >= FAILING_TIMES
    return now - since >= FAILING_AFTER


def _sentence(error: str) -> str:
    return f"The last error: {error.rstrip(' .')}."
