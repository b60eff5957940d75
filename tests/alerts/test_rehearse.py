"""The simulated office: what each channel receives, and when."""

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.alerts.known import AlertPolicy
from monitor.alerts.rehearse import Arrival, Channel, Decided, Event, Received, rehearse
from monitor.alerts.routes import Route
from monitor.alerts.silences import Silence, read_matcher
from monitor.model import Level, MessageKind, Outcome, Reason
from tests.alerts.newsroom import BRUSSELS, NOON, RULES, at, level, matches, policy, report, route

NIGHT = route("screen", quiet="22:00-07:00", break_through=Level.URGENT)


def arrival(
    when: datetime, number: int, *who: str, story: str | None = None, **fields: Any
) -> Arrival:
    return Arrival(when, report(number, **fields), matches(*(who or ("normal",))), story)


def office(
    arrivals: list[Arrival], by: AlertPolicy, *channels: Channel, **more: Any
) -> list[Event]:
    return list(rehearse(arrivals, by, RULES, channels, **more))


def received(events: list[Event]) -> list[str]:
    """``20 12:00 desk alert Title`` of each message; of a digest, its title."""
    return [
        f"{each.at.astimezone(BRUSSELS):%d %H:%M} {each.notifier} {each.alert.kind.value}: {each.alert.title}"
        for each in events
        if isinstance(each, Received)
    ]


def decided(events: list[Event]) -> list[tuple[str, str]]:
    return [
        (d.rule_id, d.reason.value)
        for each in events
        if isinstance(each, Decided)
        for d in each.decisions
    ]


def test_a_night_in_the_office() -> None:
    """Two reports of one story and another at night; an urgent one breaks through."""
    events = office(
        [
            arrival(at("20 21:59"), 1, story="s0"),
            arrival(at("20 22:30"), 2, story="s1"),
            arrival(at("20 23:00"), 3, story="s1"),
            arrival(at("21 02:00"), 4, "urgent", story="s2"),
            arrival(at("21 06:59"), 5, story="s3"),
            arrival(at("21 07:00"), 6, story="s4"),
        ],
        policy(NIGHT),
    )
    assert received(events) == [
        "20 21:59 screen alert: A ferry sails",
        "21 02:00 screen alert: A ferry sails",
        "21 07:00 screen digest: 2 reports, Sat 21 Nov 07:00",
        "21 07:00 screen alert: A ferry sails",
    ]
    assert decided(events)[2] == ("normal", "already alerted")
    held = [each.alert for each in events if isinstance(each, Received)][2]
    story = held.items[0].story
    assert story is not None
    assert (story.articles, story.places) == (
        2,
        (("Outlet 3", "https://www.news3.example/ferry"),),
    ), "the digest tells the story as it is known in the morning"


def test_a_flood_of_a_thousand_is_twenty_messages_and_one() -> None:
    events = office(
        [arrival(NOON + timedelta(seconds=n * 0.06), n) for n in range(1000)],
        policy(route("desk"), fuse=20),
    )
    messages = [each.alert for each in events if isinstance(each, Received)]
    assert len(messages) == 21
    assert messages[-1].title.startswith("980 reports")
    told = [alert.article_id for alert in messages[:20]]
    told += [alert.article_id for alert in messages[-1].items]
    assert Counter(told) == Counter(f"a{n}" for n in range(1000)), "each once, none lost"
    silent = Counter(each.decisions[0].reason for each in events if isinstance(each, Decided))
    assert silent == {Reason.FIRST_REPORT: 20, Reason.FLOOD_FUSE: 980}


def test_one_article_by_two_rules_is_one_message() -> None:
    events = office([arrival(NOON, 1, "normal", "urgent", "info")], policy(route("desk")))
    (message,) = [each.alert for each in events if isinstance(each, Received)]
    assert [hit.rule_id for hit in message.hits] == ["normal", "urgent", "info"]


def test_a_dead_channel_gets_everything_when_it_is_back_and_holds_up_no_other() -> None:
    down = Channel("desk", ((at("20 12:00"), at("20 15:00")),))
    events = office(
        [arrival(at("20 12:30"), 1), arrival(at("20 16:00"), 2)],
        policy(route("desk", "screen")),
        down,
    )
    assert received(events) == [
        "20 12:30 screen alert: A ferry sails",
        "20 15:00 desk alert: A ferry sails",
        "20 16:00 desk alert: A ferry sails",
        "20 16:00 screen alert: A ferry sails",
    ]


def test_a_channel_that_can_is_brought_up_to_date() -> None:
    by = policy(route("desk", "slack"), updates=frozenset({"slack"}))
    events = office(
        [arrival(at("20 12:00"), 1, story="s"), arrival(at("20 13:00"), 2, story="s")], by
    )
    assert received(events)[2:] == ["20 13:00 slack update: A ferry sails"]
    first, *_, update = [each.alert for each in events if isinstance(each, Received)]
    assert update.article_id == "a1"
    assert update.follows == first.id
    assert update.id != first.id, "each change is a message of its own"
    assert update.story is not None
    assert update.story.articles == 2


def test_again_is_a_message_that_follows_the_first() -> None:
    events = office(
        [arrival(at("20 12:00"), 1, "again", story="s"), arrival(at("20 13:00"), 2, "again", story="s"),
         arrival(at("20 14:00"), 3, "again", story="s", tier=1)],
        policy(route("desk")),
    )  # fmt: skip
    first, again = [each.alert for each in events if isinstance(each, Received)]
    assert (again.kind, again.follows) == (MessageKind.UPDATE, first.id)
    assert again.because == "Outlet 3 (tier 1) has it now; 3 outlets have it now"
    assert [reason for _, reason in decided(events)] == ["first report", "already alerted", "again"]


def test_days_and_hours_have_their_limits_and_begin_anew() -> None:
    by = policy(route("desk", max_per_day=3, max_per_hour=2))
    times = ["20 12:00", "20 12:10", "20 12:20", "20 13:00", "20 14:00", "21 00:00"]
    events = office([arrival(at(when), n) for n, when in enumerate(times)], by)
    assert received(events) == [
        "20 12:00 desk alert: A ferry sails",
        "20 12:10 desk alert: A ferry sails",
        "20 13:00 desk digest: 1 report, Fri 20 Nov 13:00",
        "20 13:00 desk alert: A ferry sails",
        "21 00:00 desk digest: 1 report, Sat 21 Nov 00:00",
        "21 00:00 desk alert: A ferry sails",
    ]


def test_a_rules_day_ends_at_midnight_of_the_config_zone() -> None:
    times = ["20 23:00", "20 23:10", "20 23:20", "21 00:00"]
    events = office(
        [arrival(at(when), n, "few") for n, when in enumerate(times)], policy(route("desk"))
    )
    assert [reason for _, reason in decided(events)] == ["first report"] * 2 + [
        "daily limit",
        "first report",
    ]


def test_a_group_is_one_message_and_the_next_begins_another() -> None:
    times = ["20 12:00", "20 12:09", "20 12:10"]
    events = office(
        [arrival(at(when), n) for n, when in enumerate(times)], policy(route("desk", group=600.0))
    )
    assert received(events) == [
        "20 12:10 desk digest: 2 reports, Fri 20 Nov 12:10",
        "20 12:20 desk digest: 1 report, Fri 20 Nov 12:20",
    ]


def test_a_silence_and_a_mute_leave_the_story_untold_by_the_rule() -> None:
    silence = Silence("q", read_matcher(["rule=normal"]), NOON, NOON + timedelta(hours=1))
    events = office(
        [arrival(NOON, 1, story="s"), arrival(NOON + timedelta(hours=1), 2, story="s")],
        policy(route("desk")), silences=[silence],
    )  # fmt: skip
    assert [reason for _, reason in decided(events)] == ["silenced", "first report"]
    by = policy(route("desk", muted_by=level("urgent")))
    events = office([arrival(at("20 12:00"), 1, "urgent", story="s"), arrival(at("20 12:01"), 2, story="s"),
                     arrival(at("20 12:02"), 3, story="t")], by)  # fmt: skip
    assert [reason for _, reason in decided(events)] == ["first report", "muted", "first report"]


def test_what_a_message_says_of_its_story_has_the_figures_of_its_outlets() -> None:
    told = [f"The ferry line invests ${n} billion in a ferry of Examplestadt." for n in (2, 3)]
    events = office(
        [arrival(at(f"20 2{n + 2}:00"), n, text=text, story="s") for n, text in enumerate(told)],
        policy(NIGHT),
    )
    (digest,) = [each.alert for each in events if isinstance(each, Received)]
    (item,) = digest.items
    assert item.story is not None
    assert [note.text for note in item.story.figures] == [
        "investment: $2 billion by 1 outlet, $3 billion by 1"
    ]
    assert item.story.figures[0].disputed


@pytest.mark.parametrize(
    ("window", "new"),
    [
        pytest.param(timedelta(days=5), [True, False], id="with a window, the office finds it"),
        pytest.param(None, [True, True], id="without one, each article is its own"),
    ],
)
def test_a_story_that_is_not_given(window: timedelta | None, new: list[bool]) -> None:
    text = "A ferry of the Examplestadt line ran aground off Sampleholm."
    arrivals = [
        arrival(at(f"20 1{n}:00"), n, title="Ferry runs aground off Sampleholm", text=text)
        for n in range(2)
    ]
    events = office(arrivals, policy(), window=window)
    found = [each for each in events if isinstance(each, Decided)]
    assert [each.new_story for each in found] == new
    assert all(each.placing is not None for each in found)


def test_a_copy_is_silent_and_adds_nothing_to_the_story_that_it_is_of() -> None:
    events = office(
        [arrival(at("20 12:00"), 1, story="s"), arrival(at("20 13:00"), 2, story="s", copy_of="a1"),
         arrival(at("20 14:00"), 3, story="s")],
        policy(route("slack"), updates=frozenset({"slack"})),
    )  # fmt: skip
    assert [reason for _, reason in decided(events)] == ["first report", "copy", "already alerted"]
    assert [each.story for each in events if isinstance(each, Decided)] == ["s", "s", "s"]
    update = [each.alert for each in events if isinstance(each, Received)][-1]
    assert update.story is not None
    assert update.story.articles == 2


def test_stories_that_are_given_are_remembered_however_many_there_are() -> None:
    """The desk lets go of closed stories; those of a rehearsal are open."""
    arrivals = [arrival(NOON + timedelta(minutes=n), n, story=f"s{n % 300}") for n in range(600)]
    events = office(arrivals, policy())
    assert Counter(decided(events)) == {
        ("normal", "first report"): 300, ("normal", "already alerted"): 300,
    }  # fmt: skip


def test_what_is_due_at_one_moment_is_one_message() -> None:
    by = policy(
        route("screen", name="night", match=level("normal"), quiet="22:00-07:00"),
        route("screen", name="digest", digest="07:00"),
    )
    events = office([arrival(at("20 23:00"), 1), arrival(at("20 23:30"), 2, "info")], by)
    (message,) = [each.alert for each in events if isinstance(each, Received)]
    assert message.because == "1 held during quiet hours; 1 the digest of 07:00"


def test_a_rule_that_is_not_there_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        office([Arrival(NOON, report(), matches("nobody"))], policy())


MADE = st.lists(
    st.tuples(st.integers(0, 4000), st.sets(st.sampled_from(sorted(RULES)), max_size=3),
              st.sampled_from([None, "s", "t"]), st.sampled_from([None, 1, 2])),
    max_size=25,
)  # fmt: skip
OFFICES = st.sampled_from(
    [
        policy(fuse=2, updates=frozenset({"slack"})),
        policy(NIGHT, fuse=3),
        policy(route("desk", name="a", goes_on=True, max_per_hour=1), route("screen", "slack", name="b", digest="every 2h")),
        policy(route("desk", group=1800.0, quiet="22:00-07:00"), fuse=2),
    ]
)  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(MADE, OFFICES, st.booleans())
def test_nothing_is_lost_nothing_is_told_twice_and_time_goes_forward(
    made: list[tuple[int, set[str], str | None, int | None]], by: AlertPolicy, outage: bool
) -> None:
    """Each promise of a decision is kept by exactly one message that names the rule."""
    arrivals = [
        Arrival(
            NOON + timedelta(minutes=minutes),
            report(number, tier=tier),
            matches(*sorted(who)),
            story,
        )
        for number, (minutes, who, story, tier) in enumerate(made)
    ]
    channels = [Channel("desk", ((NOON, NOON + timedelta(hours=30)),))] if outage else []
    events = office(arrivals, by, *channels)
    assert [each.at for each in events] == sorted(each.at for each in events)
    promised: Counter[tuple[str, str, str]] = Counter()
    told: Counter[tuple[str, str, str]] = Counter()
    for each in events:
        if isinstance(each, Decided):
            assert len(each.decisions) == len(each.judgement.decisions)
            promised.update(
                (name, each.article_id, rule_id)
                for rule_id, names in each.judgement.told.items() for name in names
            )  # fmt: skip
            sent = {d.rule_id for d in each.decisions if d.outcome is Outcome.SENT}
            assert sent <= each.judgement.told.keys()
        elif each.alert.kind is not MessageKind.UPDATE or each.alert.because:
            alerts = each.alert.items or (each.alert,)
            told.update(
                (each.notifier, one.article_id, hit.rule_id) for one in alerts for hit in one.hits
            )
    assert told == promised
    assert max(promised.values(), default=1) == 1
    assert office(arrivals, by, *channels) == events, "the same again"


def test_twenty_thousand_articles_take_less_than_a_minute() -> None:
    """Judged by a tenth of them, in the time of this process."""
    routes: list[Route] = [
        route("slack", name=f"r{n}", match=level("urgent"), goes_on=True, quiet="22:00-07:00")
        for n in range(5)
    ]
    by = policy(*routes, route("desk", name="x", match=level("info"), digest="every 5m"),
                route("screen", name="rest", max_per_day=50, quiet="22:00-07:00"), fuse=20,
                updates=frozenset({"slack"}))  # fmt: skip
    names = sorted(RULES)
    arrivals = [
        arrival(
            NOON + timedelta(minutes=n), n, names[n % 6], names[(n + 1) % 6], story=f"s{n // 7}"
        )
        for n in range(2_000)
    ]
    started = time.process_time()
    events = office(arrivals, by)
    assert time.process_time() - started < 6
    assert sum(isinstance(each, Decided) for each in events) == 2_000
