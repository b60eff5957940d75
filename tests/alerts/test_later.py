"""What rules that came later come to on a stored article."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.compose import alert_id
from monitor.alerts.later import Known, Later, weigh
from monitor.alerts.policy import AlertPolicy
from monitor.model import Alert, Article, Decision, Hit, Level, Outcome, Reason
from tests.rules.build import book

STORED = datetime(2026, 11, 20, 12, tzinfo=UTC)
NOW = STORED + timedelta(days=6)
POLICY = AlertPolicy(("desk", "mail"), 72 * 3600)
ARTICLE = Article("1", "https://news.example/1", "A ferry", "A ferry sails.", published=STORED)
FERRY = "id: ferries\nmatch: [ferry]\n"
SENT = Decision("1", "ferries", Outcome.SENT, Reason.FIRST_REPORT, "first report", ("desk",))
SILENT = Decision("1", "ferries", Outcome.SILENT, Reason.TOO_OLD, "published 90 h before")


def told(*rules: str) -> Alert:
    hits = tuple(Hit(rule, rule, Level.NORMAL, "a word", ()) for rule in rules)
    return Alert("0123", "1", "A ferry", ARTICLE.url, "", STORED, STORED, hits)


def later(rules: str, **changes: Any) -> Later:
    """``changes`` are those of the article, and ``decisions`` and ``alerts`` that it has."""
    came = {name: changes.pop(name, ()) for name in ("decisions", "alerts")}
    article = replace(ARTICLE, **changes)
    live = book(rules)
    known = Known(article, STORED, "https://news.example/feed", **came)
    return weigh(known, live.match(article), {r.id: r for r in live.rules}, POLICY, NOW)


@pytest.mark.parametrize(
    ("more", "changes", "reason"),
    [
        pytest.param("", {}, Reason.ON_REQUEST, id="a rule that came after the article"),
        pytest.param("", {"published": STORED - timedelta(hours=71)}, Reason.ON_REQUEST,
                     id="fresh when it was stored, however old it is now"),
        pytest.param("", {"published": STORED - timedelta(hours=73)}, Reason.TOO_OLD,
                     id="too old when it was stored"),
        pytest.param("source: {max_age: 1h}\n", {}, Reason.ON_REQUEST,
                     id="the rule's own age is judged by that moment too"),
        pytest.param("source: {max_age: 1h}\n", {"published": STORED - timedelta(hours=2)},
                     Reason.SOURCE, id="and may be too old then"),
        pytest.param("source: {feeds: [other]}\n", {"source": "Courier"}, Reason.SOURCE,
                     id="another feed than the rule asks for"),
        pytest.param("expires: 2026-11-26\n", {}, Reason.ON_REQUEST, id="the rule's last day is today"),
        pytest.param("expires: 2026-11-25\n", {}, Reason.EXPIRED,
                     id="in force when the article came, and expired since"),
        pytest.param("expires: 2026-11-25\n", {"published": STORED - timedelta(hours=99)},
                     Reason.EXPIRED, id="expired and too old: what the user wrote is told"),
        pytest.param("alert: {notify: [pager]}\n", {}, Reason.NO_NOTIFIER, id="nobody to tell"),
        pytest.param("", {"decisions": (SILENT,)}, Reason.ON_REQUEST,
                     id="silent before, and settings changed since"),
        pytest.param("", {"decisions": (SENT,)}, None, id="sent before, by the decision"),
        pytest.param("", {"alerts": (told("ferries"),)}, None,
                     id="sent before, by the alert, whose decision is forgotten"),
        pytest.param("", {"alerts": (told("boats"),)}, Reason.ON_REQUEST,
                     id="an alert for another rule"),
    ],
)  # fmt: skip
def test_each_rule_that_was_not_alerted_gets_a_decision(
    more: str, changes: dict[str, Any], reason: Reason | None
) -> None:
    found = later(FERRY + more, **changes)
    assert [each.reason for each in found.decisions] == ([reason] if reason else [])
    assert (found.alert is not None) == (reason is Reason.ON_REQUEST)
    assert bool(found.matches) == (found.alert is not None)


def test_the_record_keeps_why_it_had_been_silent() -> None:
    (made,) = later(FERRY, decisions=(SILENT,)).decisions
    assert made.detail == (
        "applied later on request, to desk, mail; silent before: too old, published 90 h before"
    )


def test_one_alert_names_the_new_rules_only() -> None:
    rules = "rules:\n  - {id: ferries, match: [ferry]}\n  - {id: sails, match: [sails]}\n  - {id: a, match: [a]}\n  - {id: rests, match: [a], expires: 2026-11-01}\n"
    found = later(rules, decisions=(SENT,))
    assert found.alert is not None
    assert [hit.rule_id for hit in found.alert.hits] == ["sails", "a"]
    assert {match.rule_id for match in found.matches} == {"sails", "a"}
    assert {each.rule_id for each in found.decisions} == {"sails", "a", "rests"}


def test_the_first_alert_of_an_article_has_the_id_that_it_would_have_had() -> None:
    found = later(FERRY)
    assert found.alert is not None
    assert found.alert.id == alert_id("1")


@given(st.sets(st.sampled_from("abcdef"), min_size=1), st.sets(st.sampled_from("abcdef")))
def test_alerts_of_one_article_never_share_an_id(some: set[str], others: set[str]) -> None:
    """As long as a rule is told once, which the store sees to."""
    rest = others - some

    def alert_of(names: set[str], before: tuple[Alert, ...]) -> Alert | None:
        rules = "".join(f"  - {{id: {name}, match: [ferry]}}\n" for name in sorted(names))
        return later(f"rules:\n{rules}", alerts=before).alert if names else None

    first = alert_of(some, (told("ferries"),))
    assert first is not None
    second = alert_of(rest, (told("ferries"), first))
    assert first.id == getattr(alert_of(some, (told("ferries"),)), "id", None), "stable"
    assert second is None or len({first.id, second.id, alert_id("1")}) == 3
