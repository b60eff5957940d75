"""What is decided for a match: one outcome, with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.policy import AlertPolicy, decide
from monitor.model import Article, Match, Outcome, Reason, Span
from tests.rules.build import book

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
POLICY = AlertPolicy(("desk", "mail"), 72 * 3600)
ARTICLE = Article("1", "https://news.example/1", "A ferry", "A ferry sails.", published=NOON)
FERRY = "id: ferries\nmatch: [ferry]\n"


def hours(number: float) -> datetime:
    return NOON + timedelta(hours=number)


@pytest.mark.parametrize(
    ("more", "article", "now", "zone", "reason"),
    [
        pytest.param("", {}, NOON, "UTC", Reason.FIRST_REPORT, id="a match is told"),
        pytest.param("expires: 2026-11-20\n", {}, hours(11.9), "UTC", Reason.FIRST_REPORT,
                     id="a rule holds to the end of its last day"),
        pytest.param("expires: 2026-11-20\n", {}, hours(12), "UTC", Reason.EXPIRED,
                     id="it rests from the next day on"),
        pytest.param("expires: 2026-11-20\n", {}, hours(11.5), "Asia/Tokyo", Reason.EXPIRED,
                     id="in Tokyo that day ends nine hours earlier"),
        pytest.param("expires: 2026-11-20\n", {}, hours(16), "America/New_York",
                     Reason.FIRST_REPORT, id="in New York that day goes on for five hours more"),
        pytest.param("", {"published": hours(-100)}, NOON, "UTC", Reason.TOO_OLD,
                     id="old news is not told"),
        pytest.param("", {"published": None}, NOON, "UTC", Reason.FIRST_REPORT,
                     id="an article without a time counts as new"),
        pytest.param("alert: {notify: [pager]}\n", {}, NOON, "UTC", Reason.NO_NOTIFIER,
                     id="a notifier that is not in the config reaches nobody"),
        pytest.param("source: {languages: [fr]}\n", {"language": "de"}, NOON, "UTC", Reason.SOURCE,
                     id="an article of another language"),
    ],
)  # fmt: skip
def test_each_match_ends_in_one_decision_with_its_reason(
    more: str, article: dict[str, Any], now: datetime, zone: str, reason: Reason
) -> None:
    rules = {rule.id: rule for rule in book(FERRY + more).rules}
    match = Match("ferries", (Span("title", 2, 7, "ferry"),), ())
    policy = replace(POLICY, zone=ZoneInfo(zone))
    (made,) = decide(replace(ARTICLE, **article), [match], rules, policy, now)
    assert made.reason is reason
    assert made.outcome is (Outcome.SENT if reason is Reason.FIRST_REPORT else Outcome.SILENT)
    assert made.detail
