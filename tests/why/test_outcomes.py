"""Why for each recorded outcome: a real run of the program, then the question, and the mend."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from monitor.alerts.correction import Correction
from monitor.alerts.silences import Silence, read_matcher
from monitor.model import DeliveryState, Outcome, Reason
from monitor.store import open_store
from monitor.why import Answer, Kind, Verdict
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Item, Site, feed, semantic
from tests.flow.reports import FERRY, INQUIRY, QUESTIONS
from tests.why.conftest import Ask

EVENING = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # a Monday
LOUD_RULE = "id: loud\nlevel: urgent\nmatch: [crossing]\n"
CREW = (
    "Two sailors of the new ferry found a crate of oranges",
    (
        "The crew of a ferry found a crate of oranges behind a ladder on Tuesday. Nobody on shore "
        "missed it, and the galley made marmalade for a week.",
        "A spokesman for the cooks said that the jars are counted every night since then, and that "
        "the recipe is kept in a safe.",
    ),
)
AGAIN = (
    "Island gets new ferry, northern harbour authority says",
    (
        "The harbour authority of a northern island has taken a new ferry into service that links "
        "two islands. It carries ninety cars and runs four times a day, in winter twice.",
        "The ship took three years to build, in a yard that had never made one of this size, the "
        "authority said on Tuesday. On the first trip fog cost eleven minutes.",
    ),
)
FERRY_REPORT = (FERRY.title, FERRY.paragraphs)
Report = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Case:
    """What the user set, what came (one run for each tuple), and what is to be said."""

    reason: Reason
    told: str
    mend: str
    config: Mapping[str, Any] = field(default_factory=dict)
    rule: str = FERRY_RULE
    more_rules: str = ""
    runs: tuple[tuple[Report, ...], ...] = ((FERRY_REPORT,),)
    silence: str = ""
    held: bool = False


def routes(*listed: dict[str, Any]) -> dict[str, Any]:
    """The section; no value stands in it twice, which YAML would write as an anchor."""
    return {"routes": [deepcopy(each) for each in listed]}


STORIES = {"stories": {"window": "5d"}}
TWO = (FERRY_REPORT, CREW)
TO_ARCHIVE = {"notify": ["archive"]}
MUTING = routes(
    {"match": {"level": "urgent"}, **TO_ARCHIVE}, {**TO_ARCHIVE, "muted_by": {"level": "urgent"}}
)

CASES = [
    pytest.param(
        Case(Reason.ALREADY_ALERTED, "joined story ", "stories split", STORIES,
             runs=((FERRY_REPORT,), (AGAIN,))),
        id="a second report of a story is silent, and names the story and its alert",
    ),
    pytest.param(
        Case(Reason.EXPIRED, "", "move expires:", rule=f"{FERRY_RULE}expires: 2026-11-22\n"),
        id="a rule that rests",
    ),
    pytest.param(
        Case(Reason.SOURCE, "", "change source:",
             rule=f"{FERRY_RULE}source: {{min_words: 4000}}\n"),
        id="a source condition",
    ),
    pytest.param(
        Case(Reason.NO_NOTIFIER, "nobody is to be told by route 1", "notify: of that route",
             routes({"notify": []})),
        id="a route that tells nobody",
    ),
    pytest.param(
        Case(Reason.NO_ROUTE, "none takes the rest", "without match:",
             routes({"match": {"desk": "markets"}, **TO_ARCHIVE})),
        id="no route fits",
    ),
    pytest.param(
        Case(Reason.SILENCED, "until Wed 25 Nov 23:30: the cup", "silence end ",
             silence="rule=ferr*", runs=((), (FERRY_REPORT,))),
        id="a silence, which is named with its end",
    ),
    pytest.param(
        Case(Reason.MUTED, "loud", "muted_by:", {**STORIES, **MUTING},
             rule="id: ferries\nmatch: [spokesman]\n", more_rules=LOUD_RULE,
             runs=((FERRY_REPORT,), ((AGAIN[0], (*AGAIN[1], "A spokesman agreed.")),))),
        id="a louder rule told the story before",
    ),
    pytest.param(
        Case(Reason.QUIET_HOURS, "held until 07:00", "break_through:",
             routes({**TO_ARCHIVE, "quiet": "22:00-07:00"}), held=True),
        id="quiet hours hold it until they end",
    ),
    pytest.param(
        Case(Reason.DAILY_LIMIT, "the rule's 1 alert of today", "max_per_day of the rule",
             rule=f"{FERRY_RULE}alert: {{max_per_day: 1}}\n", runs=(TWO,), held=True),
        id="the rule's limit of a day",
    ),
    pytest.param(
        Case(Reason.DAILY_LIMIT, "of today on route 1", "max_per_day of the route",
             routes({**TO_ARCHIVE, "max_per_day": 1}), runs=(TWO,), held=True),
        id="the route's limit of a day",
    ),
    pytest.param(
        Case(Reason.HOURLY_LIMIT, "of this hour on route 1", "max_per_hour",
             routes({**TO_ARCHIVE, "max_per_hour": 1}), runs=(TWO,), held=True),
        id="the route's limit of an hour",
    ),
    pytest.param(
        Case(Reason.FLOOD_FUSE, "more than 1 in 10 minutes", "fuse: of the notifier",
             {"notifiers": {"archive": {"type": "file", "path": "alerts.jsonl", "fuse": 1}}},
             runs=(TWO,), held=True),
        id="the flood fuse",
    ),
]  # fmt: skip


def live(newsroom: Newsroom, site: Site, case: Case) -> dict[str, str]:
    """Run the program once for each batch of reports; the silent articles by rule."""
    newsroom.clock.moment = EVENING
    newsroom.rule("ferries.yaml", case.rule)
    if case.more_rules:
        newsroom.rule("more.yaml", case.more_rules)
    items: list[Item] = []
    for number, batch in enumerate(case.runs):
        for title, paragraphs in batch:
            path = f"/article/{len(items)}"
            items.append(Item(title, site.page(path, semantic(title, paragraphs))))
        newsroom.watching(site.serve("/feed", feed(*items)), **case.config).run()
        if case.silence and not number:
            add_silence(newsroom, case.silence)
        newsroom.clock.advance(60)
    return {
        decision.rule_id: history.article.url
        for history in newsroom.stored()
        for decision in history.decisions
        if decision.outcome is Outcome.SILENT
    }


def add_silence(newsroom: Newsroom, words: str) -> None:
    store = open_store(newsroom.folder / "data")
    now = newsroom.clock()
    until = now + timedelta(days=2)
    store.add_silence(Silence("abcd1234", read_matcher([words]), now, until, "the cup"), now)
    store.close()


@pytest.mark.parametrize("case", CASES)
def test_each_silent_outcome_is_told_with_its_mend(
    site: Site, newsroom: Newsroom, ask: Ask, case: Case
) -> None:
    silent = live(newsroom, site, case)
    answer = ask(silent["ferries"])
    assert answer.kind is Kind.SILENT
    was = "Held" if case.held else "Not alerted"
    assert answer.told.startswith(f"{was}: ferries matches, but {case.reason.value}: ")
    assert case.told in answer.told
    assert case.mend in answer.mend
    (rule,) = [each for each in answer.fired if each.rule_id == "ferries"]
    assert rule.decision is not None
    assert (rule.decision.reason, rule.recorded) == (case.reason, True)
    names = [each.name for each in answer.stages]
    assert names[:4] == ["feed", "article", "story", "rules"]
    assert ("digest" in names) == case.held


def stage_of(answer: Answer, name: str) -> list[tuple[Verdict, str]]:
    return [(each.verdict, each.told) for each in answer.stages if each.name == name]


@pytest.mark.parametrize(
    ("config", "hours", "waits"),
    [
        pytest.param({**TO_ARCHIVE, "quiet": "22:00-07:00"}, 8, "Tue 24 Nov 07:00",
                     id="quiet hours: until when, and in which message it went"),
        pytest.param({**TO_ARCHIVE, "digest": "08:00 Wed"}, 33, "Wed 25 Nov 08:00",
                     id="a digest that the route asks for"),
    ],
)  # fmt: skip
def test_what_waits_is_told_before_and_after_it_went(
    site: Site, newsroom: Newsroom, ask: Ask, config: dict[str, Any], hours: int, waits: str
) -> None:
    case = Case(Reason.QUIET_HOURS, "", "", routes(config))
    live(newsroom, site, case)
    link = site.base + "/article/0"
    before = ask(link)
    assert before.told.endswith(f"archive: waits for the message of {waits}.")
    ((verdict, told),) = stage_of(before, "digest")
    assert verdict is Verdict.WAITS
    assert told.startswith(f"archive: waits for {waits}; ")
    assert before.sent == ()
    newsroom.clock.advance(3600 * hours)
    newsroom.run()
    after = ask(link)
    (later,) = after.later
    assert after.told.endswith(f"archive: told in digest {later.digest}.")
    assert stage_of(after, "digest")[0][0] is Verdict.YES
    (sent,) = after.sent
    assert (sent.alert_id, sent.delivery.delivery.state) == (later.digest, DeliveryState.SENT)
    assert stage_of(after, "delivery")[0][1].startswith(f"archive digest {later.digest}: sent at")


def test_the_story_stage_names_story_score_and_reason(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    case = Case(Reason.ALREADY_ALERTED, "", "", STORIES, runs=((FERRY_REPORT, CREW), (AGAIN,)))
    live(newsroom, site, case)
    answer = ask(site.base + "/article/2")
    story = answer.story
    assert story is not None
    assert (story.articles, story.number) == (2, 2)
    assert story.title.startswith(FERRY.title)
    assert story.score > 0
    ((verdict, told),) = stage_of(answer, "story")
    assert verdict is Verdict.YES
    assert f"story {story.id} '{story.title}', article 2 of 2: shares " in told
    assert f"score {story.score:.2f} of " in told
    assert story.id not in [near.id for near in story.nearest], "others are other stories"


@pytest.mark.parametrize(
    ("config", "prepare", "told"),
    [
        pytest.param({}, None, "already alerted: joined story ",
                     id="it would join a story that was alerted"),
        pytest.param(routes({**TO_ARCHIVE, "quiet": "22:00-07:00"}), None,
                     "already alerted: joined story ", id="also one that is held for the morning"),
        pytest.param(routes({"match": {"desk": "x"}, **TO_ARCHIVE}), None, "no route: ",
                     id="no route fits"),
        pytest.param({}, lambda room: add_silence(room, "title=harbour authority"),
                     "already alerted", id="a silence comes after the story"),
    ],
)  # fmt: skip
def test_a_page_never_seen_is_judged_by_stories_routes_and_silences(
    site: Site, newsroom: Newsroom, ask: Ask, config: dict[str, Any],
    prepare: Callable[[Newsroom], None] | None, told: str,
) -> None:  # fmt: skip
    live(newsroom, site, Case(Reason.SOURCE, "", "", {**STORIES, **config}))
    if prepare is not None:
        prepare(newsroom)
    answer = ask(site.page("/unseen", semantic(*AGAIN)))
    assert not answer.stored
    assert told in answer.told
    assert "It would not be alerted: ferries matches" in answer.told
    ((_, story),) = stage_of(answer, "story")
    assert story.startswith("would join story ")
    assert "as article 2: shares " in story


def test_a_page_never_seen_of_another_event_would_begin_a_story(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    live(newsroom, site, Case(Reason.SOURCE, "", "", STORIES))
    newsroom.rule("inquiry.yaml", "id: inquiry\nmatch: [antitrust]\n")
    answer = ask(site.page("/unseen", semantic(INQUIRY.title, INQUIRY.paragraphs)))
    assert "It would be alerted, were it new: inquiry, to archive." in answer.told
    assert stage_of(answer, "story")[0][1].startswith("would begin a story: ")
    other = ask(site.page("/other", semantic(QUESTIONS.title, QUESTIONS.paragraphs)))
    assert other.kind is Kind.MISSED, "its rule asks for other words"


def test_a_page_never_seen_that_is_nearly_a_stored_one_would_be_a_copy(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    live(newsroom, site, Case(Reason.SOURCE, "", "", STORIES))
    more = (*FERRY.paragraphs, "Tickets can be had on board.")
    answer = ask(site.page("/unseen", semantic(FERRY.title, more)))
    assert (answer.kind, answer.original) == (Kind.COPY, site.base + "/article/0")
    assert "nearly the same words as" in stage_of(answer, "copy")[0][1]


def test_what_an_outlet_corrected_is_a_stage(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    live(newsroom, site, Case(Reason.SOURCE, "", "", STORIES))
    (history,) = newsroom.stored()
    store = open_store(newsroom.folder / "data")
    correction = Correction("A ferry", "A boat", ("It has 9 decks.",), ("It has 3 decks.",))
    store.record_recheck(history.article.id, None, newsroom.clock(), correction)
    store.close()
    ((verdict, told),) = stage_of(ask(history.article.url), "correction")
    assert verdict is Verdict.YES
    assert "headline “A ferry” became “A boat”; gone: “It has 9 decks.”" in told


def test_asking_changes_nothing(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    live(newsroom, site, Case(Reason.SOURCE, "", "", STORIES))
    before = newsroom.stored()
    ask(site.page("/unseen", semantic(*AGAIN)))
    ask(site.base + "/article/0")
    assert newsroom.stored() == before
