"""What is decided for a match: one outcome, with its reason."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts.handling import HandlingKind, Judgement
from monitor.alerts.plans import read_plan
from monitor.alerts.policy import AlertPolicy, decide
from monitor.alerts.quiet import read_window
from monitor.alerts.quota import Counts
from monitor.alerts.routes import Conditions, Route
from monitor.alerts.silences import Silence, read_matcher
from monitor.alerts.standing import StoryStanding
from monitor.model import Article, Level, Match, MessageKind, Outcome, Reason, Span
from tests.alerts.newsroom import (
    BRUSSELS,
    CHANNELS,
    RULES,
    at,
    judged,
    level,
    policy,
    report,
    route,
    story,
    told,
)
from tests.alerts.newsroom import NOON as FRIDAY
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


KEYWORDS = route(
    "screen", name="keywords", match=Conditions(rules=("normal",)), muted_by=level("urgent")
)
NIGHT = route("screen", quiet="22:00-07:00", break_through=Level.URGENT)
MONDAY = route("desk", digest="08:00 Mon-Fri")
SILENCE = Silence("q1", read_matcher(["rule=normal"]), FRIDAY, None)
OLD = FRIDAY - timedelta(hours=99)


@pytest.mark.parametrize(
    ("who", "situation", "reason", "detail"),
    [
        pytest.param("normal", {}, Reason.FIRST_REPORT, "first report of this article, to desk, screen, slack", id="told"),
        pytest.param("normal", {"of": report(baseline=True, copy_of="x")}, Reason.BASELINE, "first poll", id="baseline comes before copy"),
        pytest.param("normal", {"of": report(copy_of="x", published=OLD)}, Reason.COPY, "article x", id="copy before age"),
        pytest.param("normal", {"of": report(published=OLD), "by": policy(route("desk", match=level("info")))},
                     Reason.TOO_OLD, "published 4 days before", id="age before routes"),
        pytest.param("normal", {"by": policy(route("desk", match=level("info"))), "standing": story(told())},
                     Reason.NO_ROUTE, "none takes the rest", id="no route before the story"),
        pytest.param("normal", {"by": policy(route(name="drop"))}, Reason.NO_NOTIFIER, "nobody is to be told by drop", id="a route to nobody"),
        pytest.param("named", {"by": policy(NIGHT), "now": at("20 23:00")}, Reason.FIRST_REPORT, "to slack",
                     id="a rule that names its channels takes no route"),
        pytest.param("normal", {"standing": story(told()), "silences": [SILENCE]}, Reason.ALREADY_ALERTED,
                     "joined story s1, which alert alert-normal of Fri 20 Nov 11:00 told", id="already alerted before silences"),
        pytest.param("again", {"standing": story(told("again"))}, Reason.ALREADY_ALERTED,
                     "told; again: no new figure, no outlet of a tier, 2 of 3 outlets, less than 12 hours after the last alert",
                     id="what the rule still waits for is told"),
        pytest.param("again", {"standing": story(told("again")), "of": report(tier=1)}, Reason.AGAIN,
                     "story s1 again: Outlet 1 (tier 1) has it now, to desk, screen, slack", id="told again"),
        pytest.param("again", {"standing": story(told("again")), "of": report(tier=1), "by": policy(MONDAY)}, Reason.AGAIN,
                     "story s1 again: Outlet 1 (tier 1) has it now; in the digest of Mon 08:00 to desk", id="told again in a digest"),
        pytest.param("normal", {"standing": story(told("urgent"))}, Reason.FIRST_REPORT,
                     "first report of this rule in story s1, to desk", id="another rule told the story"),
        pytest.param("normal", {"silences": [SILENCE], "by": policy(KEYWORDS), "standing": story(told("urgent"))},
                     Reason.SILENCED, "silence q1 (rule=normal) until it is ended", id="silenced before muted"),
        pytest.param("normal", {"by": policy(KEYWORDS), "standing": story(told("urgent"))}, Reason.MUTED,
                     "urgent has alerted story s1", id="muted"),
        pytest.param("normal", {"by": policy(NIGHT), "now": at("20 23:00")}, Reason.QUIET_HOURS,
                     "held until 07:00; then in one message to screen", id="quiet hours"),
        pytest.param("urgent", {"by": policy(NIGHT), "now": at("20 23:00")}, Reason.FIRST_REPORT, "to screen", id="break through"),
        pytest.param("normal", {"by": policy(MONDAY)}, Reason.FIRST_REPORT, "in the digest of Mon 08:00 to desk", id="a digest"),
        pytest.param("few", {"counts": Counts(rules={"few": 2})}, Reason.DAILY_LIMIT,
                     "the rule's 2 alerts of today are sent; held until 00:00, then in one message to desk, screen, slack", id="the rule's limit"),
        pytest.param("normal", {"by": policy(route("desk", max_per_hour=1)), "counts": Counts(hour={("route", "desk"): 1})},
                     Reason.HOURLY_LIMIT, "the 1 alert of this hour on route are sent; held until 13:00", id="the route's limit"),
        pytest.param("few", {"by": policy(replace(NIGHT, quiet=NIGHT.quiet)), "now": at("20 23:00"), "counts": Counts(rules={"few": 2})},
                     Reason.QUIET_HOURS, "held until 07:00", id="quiet hours before limits"),
        pytest.param("normal", {"by": policy(fuse=5), "counts": Counts(recent={"desk": 5, "screen": 5, "slack": 9})}, Reason.FLOOD_FUSE,
                     "more than 5 in 10 minutes; held until 12:10, then in one message to desk, screen, slack", id="a flood"),
        pytest.param("normal", {"by": policy(fuse=5), "counts": Counts(recent={"desk": 5})}, Reason.FIRST_REPORT,
                     "to screen, slack; more than 5 in 10 minutes; held until 12:10, then in one message to desk",
                     id="a flood in one channel leaves the others free"),
        pytest.param("normal", {"by": policy(route("desk", group=600.0))}, Reason.FIRST_REPORT,
                     "in one message of 10 minutes at 12:10 to desk", id="a group"),
    ],
)  # fmt: skip
def test_the_order_of_the_reasons(
    who: str, situation: dict[str, Any], reason: Reason, detail: str
) -> None:
    (made,) = judged(who, **situation).decisions
    assert (made.reason, made.rule_id) == (reason, who)
    assert detail in made.detail
    sent = reason in (Reason.FIRST_REPORT, Reason.AGAIN)
    assert made.outcome is (Outcome.SENT if sent else Outcome.SILENT)
    assert bool(made.notify) == sent


def ways(judgement: Judgement) -> list[tuple[str, str, str, str, str]]:
    """notifier, rules, kind, when, plan of each handling."""
    return [
        (each.notifier, " ".join(each.rules), each.kind.value,
         f"{each.due_at.astimezone(BRUSSELS):%d %H:%M}", each.plan_name)
        for each in judgement.handlings
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("routes", "who", "situation", "expected"),
    [
        pytest.param([], ["normal", "urgent"], {},
                     [(name, "normal urgent", "now", "20 12:00", "") for name in CHANNELS],
                     id="one message for each channel names all rules"),
        pytest.param([MONDAY], ["normal"], {}, [("desk", "normal", "digest", "23 08:00", "08:00 Mon-Fri")], id="a digest's item"),
        pytest.param([replace(MONDAY, quiet=(read_window("07:00-09:00"),))], ["normal"], {},
                     [("desk", "normal", "digest", "23 09:00", "08:00 Mon-Fri")], id="a digest in quiet hours waits for their end"),
        pytest.param([replace(MONDAY, zone=ZoneInfo("Asia/Tokyo"))], ["normal"], {},
                     [("desk", "normal", "digest", "23 00:00", "08:00 Mon-Fri")], id="a route's own zone"),
        pytest.param([replace(MONDAY, break_through=Level.URGENT)], ["normal", "urgent"], {},
                     [("desk", "normal urgent", "now", "20 12:00", "")], id="the soonest rule takes the others with it"),
        pytest.param([NIGHT], ["normal"], {"now": at("20 23:00")}, [("screen", "normal", "held", "21 07:00", "quiet hours")], id="held in quiet hours"),
        pytest.param([route("screen", max_per_day=1, quiet="22:00-07:00")], ["normal"], {"counts": Counts(today={("route", "screen"): 1})},
                     [("screen", "normal", "held", "21 07:00", "limit")], id="what midnight would bring waits for the morning"),
        pytest.param([route("screen", max_per_day=1, break_through=Level.URGENT)], ["urgent"], {"counts": Counts(today={("route", "screen"): 1})},
                     [("screen", "urgent", "now", "20 12:00", "")], id="a loud alert passes the route's limit"),
        pytest.param([route("screen", group=600.0)], ["normal"], {"counts": Counts(groups={("route", "screen"): at("20 12:04")})},
                     [("screen", "normal", "digest", "20 12:04", "group")], id="an open group takes it in"),
        pytest.param([route("screen", group=600.0)], ["normal"], {"counts": Counts(groups={("route", "screen"): at("20 12:00")})},
                     [("screen", "normal", "digest", "20 12:10", "group")], id="one that is due this moment is closed"),
        pytest.param([route("desk", name="a", goes_on=True), route("screen", "desk", name="b", digest="18:00")], ["normal"], {},
                     [("desk", "normal", "now", "20 12:00", ""), ("screen", "normal", "digest", "20 18:00", "18:00")],
                     id="two routes to one channel are one message"),
        pytest.param([route("screen", quiet="22:00-07:00", break_through=Level.URGENT)], ["urgent"],
                     {"now": at("20 23:00"), "counts": Counts(recent={"screen": 1})},
                     [("screen", "urgent", "held", "20 23:10", "flood")], id="the fuse holds loud alerts, too"),
        pytest.param([], ["normal"], {"standing": story(told())}, [("slack", "normal", "update", "20 12:00", "")],
                     id="a channel that can is brought up to date"),
        pytest.param([route("slack", quiet="11:00-13:00")], ["normal"], {"standing": story(told())}, [("slack", "normal", "update", "20 13:00", "")],
                     id="not in quiet hours"),
        pytest.param([], ["normal"], {"standing": story(told(notifiers=("desk",)))}, [], id="not who was not told"),
        pytest.param([], ["normal"], {"standing": story(told()), "silences": [SILENCE]}, [], id="not in a silence"),
        pytest.param([route("slack")], ["normal", "urgent"], {"standing": story(told())}, [("slack", "urgent", "now", "20 12:00", "")],
                     id="no update beside a message of the same article"),
    ],
)  # fmt: skip
def test_how_each_channel_is_told(
    routes: list[Route], who: list[str], situation: dict[str, Any], expected: list[tuple[str, ...]]
) -> None:
    rules_of = policy(*routes, fuse=1, updates=frozenset({"slack"}))
    assert ways(judged(*who, by=rules_of, **situation)) == expected


def test_one_rule_is_held_and_the_other_is_sent_though_one_message_tells_both() -> None:
    """The digest of Monday is brought forward to the limit's midnight; each rule has its own say."""
    by = policy(
        route("desk", name="a", match=Conditions(rules=("few",))),
        route("desk", name="b", digest="08:00 Mon"),
    )
    made = judged("few", "normal", by=by, counts=Counts(rules={"few": 2}))
    few, normal = made.decisions
    assert (few.outcome, few.reason) == (Outcome.SILENT, Reason.DAILY_LIMIT)
    assert (normal.outcome, normal.reason, normal.notify) == (
        Outcome.SENT,
        Reason.FIRST_REPORT,
        ("desk",),
    )
    assert ways(made) == [("desk", "few normal", "held", "21 00:00", "limit")]


@pytest.mark.parametrize(
    ("who", "kind", "because", "follows"),
    [
        pytest.param(["again"], MessageKind.UPDATE, "Outlet 1 (tier 1) has it now", "alert-again", id="again"),
        pytest.param(["again", "normal"], MessageKind.ALERT, "Outlet 1 (tier 1) has it now", "alert-again",
                     id="again for one rule, the first report of another"),
        pytest.param(["normal"], MessageKind.ALERT, "", "alert-again", id="another rule goes on with the thread"),
    ],
)  # fmt: skip
def test_what_the_message_says_of_itself(
    who: list[str], kind: MessageKind, because: str, follows: str
) -> None:
    made = judged(*who, standing=story(told("again")), of=report(tier=1))
    assert (made.kind, made.because, made.follows) == (kind, because, follows)


def test_nobody_waits_where_a_person_asks() -> None:
    by = policy(MONDAY, NIGHT, fuse=1).at_once()
    made = judged("normal", by=by, counts=Counts(recent={"desk": 9}), now=at("20 23:00"))
    assert ways(made) == [("desk", "normal", "now", "20 23:00", "")]


ROUTES = st.lists(
    st.builds(
        lambda n, who, cond, on, plan, quiet, loud, group, most, mute: replace(
            Route(f"r{n}", cond, who, on, None if group else plan, None, quiet, loud, group, most),
            muted_by=mute,
        ),
        st.integers(0, 99),
        st.sampled_from([("desk",), ("desk", "slack"), ("screen", "nobody"), ()]),
        st.sampled_from([level(), level("urgent"), level("normal", "info")]),
        st.booleans(),
        st.sampled_from([None, read_plan("08:00 Mon-Fri"), read_plan("every 1h")]),
        st.sampled_from([(), (read_window("22:00-07:00"),)]),
        st.sampled_from([None, Level.URGENT]),
        st.sampled_from([None, 600.0]),
        st.sampled_from([None, 1]),
        st.sampled_from([None, level("urgent")]),
    ),
    max_size=3,
    unique_by=lambda each: each.name,
)


@given(
    ROUTES,
    st.lists(st.sampled_from(sorted(RULES)), unique=True, max_size=6),
    st.sampled_from([None, story(), story(told("urgent"), told("again", hours_ago=20))]),
    st.integers(0, 3), st.integers(0, 7 * 24 * 60), st.booleans(),
)  # fmt: skip
def test_each_match_ends_in_one_decision_and_whoever_is_promised_a_message_gets_one(
    routes: list[Route],
    who: list[str],
    standing: StoryStanding | None,
    sent: int,
    minutes: int,
    flood: bool,
) -> None:
    now = FRIDAY + timedelta(minutes=minutes)
    counts = Counts(
        dict.fromkeys(RULES, sent),
        {(each.name, name): sent for each in routes for name in CHANNELS},
        recent=dict.fromkeys(CHANNELS, 9 * flood),
    )
    made = judged(*who, by=policy(*routes, fuse=5, updates=frozenset({"slack"})), now=now,
                  standing=standing, counts=counts)  # fmt: skip
    assert [each.rule_id for each in made.decisions] == who
    telling = [each for each in made.handlings if each.kind is not HandlingKind.UPDATE]
    assert len({each.notifier for each in telling}) == len(telling), "one message for each channel"
    for each in made.handlings:
        assert each.due_at >= now
        assert (each.due_at == now) == (
            each.kind is HandlingKind.NOW
        ) or each.kind is HandlingKind.UPDATE
        assert each.notifier in CHANNELS
    held = {Reason.QUIET_HOURS, Reason.DAILY_LIMIT, Reason.HOURLY_LIMIT, Reason.FLOOD_FUSE}
    for decision in made.decisions:
        mine = [each for each in telling if decision.rule_id in each.rules]
        assert decision.detail
        promised = decision.outcome is Outcome.SENT or decision.reason in held
        assert bool(mine) == promised, "what is sent or held is in a message; nothing else is"
        assert set(decision.notify) <= {each.notifier for each in mine}
        assert bool(decision.notify) == (decision.outcome is Outcome.SENT)
        for each in mine:
            named = each.notifier in decision.notify
            assert named or each.kind is not HandlingKind.NOW, "who is told now is named"
    assert judged(*who, by=policy(*routes, fuse=5, updates=frozenset({"slack"})), now=now,
                  standing=standing, counts=counts) == made  # fmt: skip
