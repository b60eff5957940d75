"""What a person can do about every kind of "no" that is not a rule's. Pure.

One sentence each, beginning with a verb. "" where nothing is to be done.
"""

import re
from typing import Final

from monitor.model import (
    Decision,
    Delivery,
    DeliveryState,
    FetchProblem,
    Outcome,
    Quality,
    Reason,
)

BASELINE: Final = (
    "set polling.backfill (say 24h) before a feed's first poll; what stood in a feed before is "
    "never alerted afterwards. What the rules say of it stands below"
)
PENDING: Final = "start news-monitor run (or run --once), which reads what waits"
DROPPED: Final = "look at the feed: news-monitor feeds parse URL shows its entries"
COPY: Final = "none needed: the same report alerts once, under the address that came first"
UNSEEN: Final = (
    "add a feed that names it to feeds: in config.yaml; news-monitor feeds parse URL shows what a "
    "feed names"
)
BROKEN_FEED: Final = "mend the feed: its last error is above"
RULE_CAME_LATER: Final = (
    "nothing stored is alerted by itself afterwards; news-monitor rules backtest shows what the "
    "rule would have done, and news-monitor rules apply --send sends it"
)
NO_RULES: Final = "write a rule into the folder rules/"
PENDING_DIGEST: Final = "start news-monitor run, which sends what is due"
HELD: Final = frozenset({
    Reason.QUIET_HOURS, Reason.DAILY_LIMIT, Reason.HOURLY_LIMIT, Reason.FLOOD_FUSE
})  # fmt: skip  # silent now, and told in one message later

_LATER: Final = "none needed: it is told in one message later, which the digest line names"
_BY_REASON: Final = {
    Reason.BASELINE: BASELINE,
    Reason.COPY: COPY,
    Reason.TOO_OLD: "raise articles.max_age in config.yaml if older articles are wanted",
    Reason.SOURCE: "change source: of the rule if such articles are wanted",
    Reason.EXPIRED: "move expires: of the rule to a later day",
    Reason.NO_NOTIFIER: "name a notifier of config.yaml in alert: notify: of the rule",
    Reason.NO_ROUTE: "add a route without match: at the end of routes: in config.yaml, which takes "
    "the rest; or name notifiers in alert: notify: of the rule",
    Reason.ALREADY_ALERTED: "none needed: a rule tells a story once. alert: again: of the rule "
    "names reasons to tell it again (new_figures, tier, sources, after); if it is another event, "
    "news-monitor stories split ADDRESS takes it out of the story",
    Reason.MUTED: "change muted_by: of the route in config.yaml, or make the rule as loud",
    Reason.QUIET_HOURS: f"{_LATER}; break_through: of the route lets louder rules through",
    Reason.DAILY_LIMIT: f"{_LATER}; max_per_day of the route sets the limit",
    Reason.HOURLY_LIMIT: f"{_LATER}; max_per_hour of the route sets the limit",
    Reason.FLOOD_FUSE: f"{_LATER}; fuse: of the notifier in config.yaml sets the number",
}
# Where one reason has several causes, the sentence recorded with it tells which.
_BY_DETAIL: Final = (
    (Reason.NO_NOTIFIER, r"^nobody is to be told by ",
     "name a notifier in notify: of that route in config.yaml"),
    (Reason.DAILY_LIMIT, r"^the rule's ", f"{_LATER}; alert: max_per_day of the rule sets the "
     "limit"),
)  # fmt: skip
_SILENCE: Final = re.compile(r"silence ([0-9a-f]{4,64}) \(")
_BY_PROBLEM: Final = {
    FetchProblem.REFUSED_ADDRESS: "add the address or network to network.allow_private in "
    "config.yaml, if it is yours",
    FetchProblem.BAD_URL: "look at the address: it cannot be asked for as it is written",
    FetchProblem.DNS: "look at the host's name in the address, and whether other sites can be "
    "reached from here",
    FetchProblem.CONNECT: "try again later; if other sites work, the host is down or refuses "
    "this machine",
    FetchProblem.TLS: "tell the site: its certificate is bad; nothing is read over a connection "
    "that cannot be trusted",
    FetchProblem.TIMEOUT: "raise polling.timeout in config.yaml if the site is always this slow",
    FetchProblem.TOO_LARGE: "raise articles.max_bytes in config.yaml",
    FetchProblem.BAD_BODY: "open it in a browser: what the server sent is no page that can be read",
    FetchProblem.REDIRECT: "open it in a browser and use the address where it ends",
    FetchProblem.RATE_LIMITED: "wait: the host asked to be left alone for a while",
}
_BY_STATUS: Final = {
    401: "log in with a browser: the page is not open to everybody",
    402: "pay the publisher, or use a feed that holds the text: the page is not free",
    403: "ask the publisher: the host refuses programs, or this machine",
    404: "look at the address: the page is gone, or never was there",
    410: "none needed: the publisher took the page away",
    451: "none needed: the page is withheld for legal reasons",
}
# Reasons as the article's row keeps them: sentences of fetch, quality and workers.
_BY_TEXT: Final = (
    (r"network\.allow_private", _BY_PROBLEM[FetchProblem.REFUSED_ADDRESS]),
    (r"paywall|not free to read", "use a feed that holds the text; behind a paywall only the "
     "feed's own words can be matched"),
    (r"consent page", "use a feed that holds the text: the site shows a consent page to programs"),
    (r"robots", "use a feed that holds the text: the site keeps programs out"),
    (r"answered 4(?:01|02|03)", "use a feed that holds the text: the host refuses programs"),
    (r"answered 4(?:04|10)", "none needed: the page was gone when it was asked for"),
    (r"answered [0-9]+", "none needed if it is rare: the host had a trouble of its own"),
    (r"did not answer|no connection|refused the connection|not found",
     "none needed if it is rare: the host could not be reached when the article came"),
    (r"names no page", "none needed: the entry has no link, only the feed's text"),
    (r"only [0-9]+ words|no article text",
     "see what the page gives: news-monitor extract URL"),
)  # fmt: skip


def of_decision(decision: Decision) -> str:
    """For a decision that kept a match silent."""
    if decision.outcome is Outcome.SENT:
        return ""
    if decision.reason is Reason.SILENCED:
        named = _SILENCE.match(decision.detail)
        return f"end the silence: news-monitor silence end {named[1] if named else 'ID'}"
    for reason, pattern, mend in _BY_DETAIL:
        if decision.reason is reason and re.search(pattern, decision.detail):
            return mend
    return _BY_REASON.get(decision.reason, "")


def of_problem(problem: FetchProblem | None, status: int | None) -> str:
    """For a page that could not be fetched just now. ``problem`` None: it broke in the reader."""
    if problem is None:
        return "tell its address to the program's makers: the page could not be read safely"
    if problem is FetchProblem.HTTP and status is not None:
        return _BY_STATUS.get(status, "try again later: the host has a trouble of its own")
    return _BY_PROBLEM.get(problem, "")


def of_quality(quality: Quality, reason: str) -> str:
    """For an article of which not everything could be had."""
    if quality is Quality.OK:
        return ""
    for pattern, mend in _BY_TEXT:
        if re.search(pattern, reason):
            return mend
    return ""


def of_delivery(delivery: Delivery, alert_id: str) -> str:
    """For a message that is not sent (yet)."""
    match delivery.state:
        case DeliveryState.FAILED | DeliveryState.HELD:
            return f"when the cause is gone: news-monitor alerts resend {alert_id}"
        case DeliveryState.PENDING | DeliveryState.SENDING:
            return "start news-monitor run, which sends what waits"
        case DeliveryState.RETRY:
            return "wait: it is tried again by itself while news-monitor run is running"
        case DeliveryState.SENT:
            return ""
