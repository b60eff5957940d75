"""Stories through the whole program: one alert for one deal, figures that differ, changes by hand."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from monitor.alerts.desk import told_of
from monitor.app import App
from monitor.cli.stories_shown import figure_notes
from monitor.model import DeliveryState, MessageKind, Outcome, Reason
from monitor.store import Store, open_store
from monitor.store.stories import StoryMember
from tests.flow.deals import FERRY, FIRST, LATER, REGULATOR, SECOND, THIRD, Report, outlets
from tests.flow.newsroom import Newsroom
from tests.flow.outlets import Answer, Item, Site, feed

SECRET = "0123456789abcdef0123456789abcdef"
HOOK = {"type": "webhook", "secret": SECRET, "fuse": "off"}
RULE = "id: deal\nmatch: {any: [Calliope, ferry]}\n"
EVENING = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)


def run_one_by_one(newsroom: Newsroom, site: Site, *reports: Report, hours: float = 1) -> None:
    """A run of the program for each report, ``hours`` apart."""
    feeds = outlets(site, *reports)
    for number in range(len(reports)):
        newsroom.watching(*feeds[: number + 1], stories={"window": "5d"}).run()
        newsroom.clock.advance(3600 * hours)


def stories_of(newsroom: Newsroom) -> dict[str, tuple[StoryMember, ...]]:
    store = open_store(newsroom.folder / "data", read_only=True)
    try:
        found = [store.get_story(row.id) for row in store.list_stories(100)]
        return dict(each for each in found if each is not None)
    finally:
        store.close()


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    newsroom.clock.moment = EVENING
    return newsroom.rule("deal.yaml", RULE)


def test_two_reports_of_one_deal_are_one_alert(site: Site, room: Newsroom) -> None:
    run_one_by_one(room, site, FIRST, SECOND)
    ((story, members),) = stories_of(room).items()
    first, second = (member.decisions[0] for member in members)
    assert (first.outcome, first.reason) == (Outcome.SENT, Reason.FIRST_REPORT)
    assert (second.outcome, second.reason) == (Outcome.SILENT, Reason.ALREADY_ALERTED)
    assert second.detail.startswith(f"joined story {story}, which alert ")
    assert [line["title"] for line in room.archive()] == [members[0].article.title]
    assert members[1].membership.reason.startswith("shares ")


def test_the_figures_view_shows_what_outlets_make_of_a_number(site: Site, room: Newsroom) -> None:
    run_one_by_one(room, site, FIRST, SECOND)
    (members,) = stories_of(room).values()
    (disputed,) = [note for note in figure_notes(members) if note.disputed]
    assert disputed.text == "$2.1 billion: as investment by 1 outlet, as valuation by 1"
    assert [outlet for outlet, _ in disputed.sentences] == ["Outlet 1", "Outlet 2"]
    assert "invest $2.1 billion" in disputed.sentences[0][1]


def test_a_regulator_a_day_later_joins_the_deal_or_follows_it(site: Site, room: Newsroom) -> None:
    run_one_by_one(room, site, FIRST, SECOND, REGULATOR, hours=20)
    found = {
        member.article.title: member for story in stories_of(room).values() for member in story
    }
    first, _, last = sorted(found.values(), key=lambda member: member.joined_at)
    reason = last.membership.reason
    if last.membership.story_id == first.membership.story_id:
        assert reason.startswith("shares ")
        assert last.decisions[0].reason is Reason.ALREADY_ALERTED
    else:
        assert reason.startswith(f"begins a story that follows {first.membership.story_id}: ")
        assert last.decisions[0].reason is Reason.FIRST_REPORT


def test_another_event_is_told(site: Site, room: Newsroom) -> None:
    run_one_by_one(room, site, FIRST, FERRY)
    assert len(stories_of(room)) == 2
    assert len(room.archive()) == 2


@pytest.mark.parametrize(
    ("again", "sent"),
    [
        pytest.param("", 1, id="never, if the rule does not ask"),
        pytest.param("alert: {again: [{sources: 3}]}\n", 2, id="when three outlets have it"),
        pytest.param("alert: {again: [{after: 90m}]}\n", 2, id="after a while"),
    ],
)
def test_a_story_is_told_again_for_a_reason(
    site: Site, room: Newsroom, again: str, sent: int
) -> None:
    room.rule("deal.yaml", RULE + again)
    run_one_by_one(room, site, FIRST, SECOND, THIRD)
    lines = room.archive()
    assert len(lines) == sent
    for line in lines[1:]:
        assert line["kind"] == "update"
        assert line["because"]


def merge(store: Store, now: datetime) -> None:
    into, other = (row.id for row in reversed(store.list_stories(2)))
    store.merge_stories(into, [other], "one event", now)


def split(store: Store, now: datetime) -> None:
    (row,) = [row for row in store.list_stories(5) if row.articles > 1]
    found = store.get_story(row.id)
    assert found is not None
    store.split_story([found[1][-1].article.id], "another event", now)


Change = Callable[[Store, datetime], None]


@pytest.mark.parametrize(
    ("reports", "change", "stories"),
    [
        pytest.param((FIRST, FERRY), merge, 1, id="two stories are merged"),
        pytest.param((FIRST, SECOND), split, 2, id="a story is split"),
    ],
)
@pytest.mark.parametrize(
    "killed", [pytest.param(False, id="and it ends well"), pytest.param(True, id="and is killed")]
)
def test_a_story_changed_in_the_middle_of_a_send_loses_nothing(
    site: Site, room: Newsroom, tmp_path_factory: pytest.TempPathFactory,
    reports: tuple[Report, Report], change: Change, stories: int, killed: bool,
) -> None:  # fmt: skip
    left: list[Newsroom] = []

    def in_the_middle() -> None:
        """Runs in the service's thread, the message received and not yet acknowledged."""
        store = open_store(room.folder / "data")
        change(store, room.clock())
        store.close()
        if killed:
            left.append(room.as_it_is_now(tmp_path_factory.mktemp("after") / "room"))

    run_one_by_one(room, site, reports[0])
    hook = site.serve("/hook", Answer(before=in_the_middle), Answer())
    room.rule("other.yaml", "id: other\nmatch: {any: [partner, ferry]}\nalert: {notify: [hook]}\n")
    run_with(room, site, reports, hook)
    after = left[0] if killed else room
    after.clock.advance(600)
    after.run()
    found = stories_of(after)
    assert len(found) == stories
    told = {
        delivery.state
        for article in after.stored() for alert in article.alerts for delivery in alert.deliveries
    }  # fmt: skip
    assert told == {DeliveryState.SENT}, "whatever became of the story, its messages went out"
    assert len(site.to("/hook")) == (2 if killed else 1), "a lost answer is asked for again"
    assert sum(len(members) for members in found.values()) == 2, "no article is lost"


def run_with(room: Newsroom, site: Site, reports: tuple[Report, ...], hook: str) -> None:
    notifiers = {**room.config["notifiers"], "hook": {**HOOK, "url": hook}}
    room.watching(*outlets(site, *reports), stories={"window": "5d"}, notifiers=notifiers).run()


@pytest.mark.parametrize(
    ("changed", "silent"),
    [
        pytest.param(merge, True, id="merged: the rule has told the story"),
        pytest.param(None, False, id="not merged: another event, and a first report"),
    ],
)
def test_a_running_daemon_hears_of_a_merge(
    site: Site, room: Newsroom, changed: Change | None, silent: bool
) -> None:
    """The deal is told; a ferry is not, but a second report of the ferry would be."""
    room.rule("deal.yaml", "id: deal\nmatch: {any: [minority, clapped]}\n")
    feeds = outlets(site, FIRST, FERRY, LATER)

    async def work(app: App) -> None:
        await app.once()
        if changed is not None:
            store = open_store(room.folder / "data")
            changed(store, room.clock())
            store.close()
            await app.tools.desk.heed_people(app.tools.live.book)
        room.clock.advance(60)
        site.serve("/feed/1", feed(Item(LATER[0], site.base + "/page/2")))
        await app.once()

    room.watching(*feeds[:2], stories={"window": "5d"}).run(work)
    (last,) = [
        member for members in stories_of(room).values() for member in members
        if member.article.title.startswith(LATER[0])
    ]  # fmt: skip
    assert bool(told_of(last.decisions)) != silent
    if silent:
        assert last.decisions[0].reason is Reason.ALREADY_ALERTED


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(None, id="nobody touched the story"),
        pytest.param(merge, id="another story was merged into it by hand"),
    ],
)
def test_the_message_of_a_story_goes_on_after_people_changed_it(
    site: Site, room: Newsroom, changed: Change | None
) -> None:
    room.rule("deal.yaml", "id: deal\nmatch: [Calliope]\n")
    feeds = outlets(site, FIRST, FERRY, SECOND)

    async def work(app: App) -> None:
        await app.once()
        if changed is not None:
            store = open_store(room.folder / "data")
            changed(store, room.clock())
            store.close()
            await app.tools.desk.heed_people(app.tools.live.book)
        room.clock.advance(60)
        site.serve("/feed/1", feed(Item(SECOND[0], site.base + "/page/2")))
        await app.once()

    notifiers = {"out": {"type": "feed", "path": "public/", "fuse": "off"}}
    room.watching(*feeds[:2], stories={"window": "5d"}, notifiers=notifiers).run(work)
    kinds = [
        (alert.alert.kind, [delivery.state for delivery in alert.deliveries])
        for article in room.stored() for alert in article.alerts
    ]  # fmt: skip
    assert kinds == [
        (MessageKind.ALERT, [DeliveryState.SENT]), (MessageKind.UPDATE, [DeliveryState.SENT])
    ]  # fmt: skip
