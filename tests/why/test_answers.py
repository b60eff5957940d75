"""Why, for everything that can become of an article: the stage, the reason and the mend."""

from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest

from monitor.model import DeliveryState
from monitor.why import Answer, Kind, Verdict
from tests.flow.newsroom import FERRY_RULE, Newsroom
from tests.flow.outlets import Answer as Served
from tests.flow.outlets import Item, Site, feed, paywall, semantic
from tests.flow.reports import FERRY, INQUIRY
from tests.why.conftest import Ask

NEAR_RULE = "id: fog\nmatch: {near: {within: 3, all: [harbour, fog]}}\n"


def stage(answer: Answer, name: str) -> tuple[Verdict, str, str]:
    """(verdict, what is told, mend) of a stage."""
    found = next(each for each in answer.stages if each.name == name)
    return found.verdict, found.told, found.mend


def date(moment: datetime) -> str:
    return format_datetime(moment)


def ferry_page(site: Site, path: str = "/ferry") -> str:
    return site.page(path, semantic(FERRY.title, FERRY.paragraphs))


def test_an_article_that_fired(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    newsroom.rule("ferries.yaml", FERRY_RULE).rule("fog.yaml", NEAR_RULE)
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    asked = len(site.asked)
    answer = ask(f"{link}/?utm_source=newsletter#top")
    assert (answer.kind, answer.told, answer.mend) == (
        Kind.FIRED,
        "Alerted: ferries, to archive.",
        "",
    )
    assert [each.name for each in answer.stages] == [
        "feed",
        "article",
        "story",
        "rules",
        "decision",
        "delivery",
    ]
    assert all(each.verdict is Verdict.YES for each in answer.stages)
    (rule,) = answer.fired
    assert rule.recorded
    assert rule.explanation is not None and rule.explanation.fires
    assert [(s.delivery.delivery.state, len(s.delivery.attempts)) for s in answer.sent] == [
        (DeliveryState.SENT, 1)
    ]
    assert [miss.rule_id for miss in answer.nearest] == ["fog"]
    assert len(site.asked) == asked, "what is stored is not fetched again"


def test_an_article_that_missed_by_one_branch(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    newsroom.rule("fog.yaml", NEAR_RULE).rule(
        "far.yaml", "id: far\nmatch: [harbour, zeppelin, submarine]\n"
    )
    newsroom.rule("none.yaml", "id: nothing\nmatch: [submarine]\n")
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    answer = ask(link)
    assert answer.kind is Kind.MISSED
    assert answer.told == "No alert: fog misses by one branch."
    assert "within: " in answer.mend and "would take it" in answer.mend
    assert [miss.rule_id for miss in answer.nearest] == ["fog", "far"], (
        "the nearest first, and what is not near not at all"
    )
    assert stage(answer, "rules")[0] is Verdict.NO


def test_the_rule_that_is_asked_for_has_its_whole_tree(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    link = ferry_page(site)
    newsroom.rule("ferries.yaml", FERRY_RULE).rule("none.yaml", "id: nothing\nmatch: [submarine]\n")
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    answer = ask(link, "nothing")
    assert answer.asked is not None and answer.asked.explanation is not None
    assert answer.asked.rule_id == "nothing"
    assert answer.told == "No alert: nothing misses by one branch."
    assert "submarine" in answer.mend
    assert ask(link, "ferries").told.startswith("Alerted: ferries")


def test_a_copy(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    links = [ferry_page(site, path) for path in ("/one", "/two")]
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(*(Item(FERRY.title, link) for link in links)))).run()
    (article,) = newsroom.stored()
    first = article.article.url
    (second,) = set(links) - {first}
    answer = ask(second)
    assert (answer.kind, answer.original) == (Kind.COPY, first)
    assert answer.told.startswith(f"A copy of {first}")
    assert "none needed" in answer.mend
    assert stage(answer, "copy")[0] is Verdict.NO
    assert ask(first).kind is Kind.FIRED


def test_the_same_page_in_two_feeds_is_no_copy(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    feeds = [site.serve(path, feed(Item(FERRY.title, link))) for path in ("/a.xml", "/b.xml")]
    newsroom.rule("ferries.yaml", FERRY_RULE).watching(*feeds).run()
    answer = ask(link)
    assert answer.kind is Kind.FIRED
    assert len(answer.entries) == 2


def test_an_article_that_was_too_old(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    old = date(newsroom.clock() - timedelta(days=30))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link, date=old)))).run()
    answer = ask(link)
    assert answer.kind is Kind.SILENT
    assert answer.told.startswith("Not alerted: ferries matches, but too old: published 30 days")
    assert "articles.max_age" in answer.mend
    verdict, told, mend = stage(answer, "decision")
    assert (verdict, mend) == (Verdict.NO, answer.mend)
    assert "silent, too old" in told


def test_an_article_of_the_first_poll(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(
        site.serve("/feed", feed(Item(FERRY.title, link))), polling={"backfill": 0}
    ).run()
    answer = ask(link)
    assert answer.told.startswith("Seen, not handled: seen ")
    assert "baseline" in stage(answer, "feed")[1]
    assert "polling.backfill" in answer.mend
    assert [rule.rule_id for rule in answer.fired] == ["ferries"], (
        "the page is fetched, and the rules asked"
    )
    assert answer.article is not None and not answer.stored
    offline = ask(link, offline=True)
    assert (offline.kind, offline.page_failed) == (Kind.NOT_ASKED, False)
    assert "polling.backfill" in offline.mend


@pytest.mark.parametrize(
    "put_off", [pytest.param(False, id="waiting its turn"), pytest.param(True, id="put off")]
)
def test_an_article_that_was_never_fetched(
    site: Site, newsroom: Newsroom, ask: Ask, put_off: bool
) -> None:
    from monitor.app import App

    link = site.serve("/ferry", Served(503, "later"))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link))))

    async def poll_only(app: App) -> None:
        if put_off:
            await app.dispatcher.polls(force=True)
            await app.dispatcher.idle()
            await app.dispatcher.articles()
            await app.dispatcher.idle()
        else:
            from monitor.model import Entry, FeedState
            from monitor.store import NewEntry

            state = FeedState(newsroom.config["feeds"][0], last_polled_at=newsroom.clock())
            app.tools.store.record_poll(state, [NewEntry(Entry("1", link, FERRY.title))])

    newsroom.run(poll_only)
    answer = ask(link, offline=True)
    verdict, told, mend = stage(answer, "feed")
    assert verdict is Verdict.WAITS
    assert ("put off until" in told) == put_off
    assert "news-monitor run" in mend
    assert answer.mend == mend
    assert answer.told.startswith("Seen, not handled yet")
    online = ask(link)
    assert (online.kind, online.page_failed) == (Kind.NOT_HAD, True)
    assert "503" in online.told


def test_an_address_never_seen(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    newsroom.rule("ferries.yaml", FERRY_RULE)
    link = ferry_page(site)
    answer = ask(link)
    assert answer.kind is Kind.FIRED
    assert answer.told.startswith("Not seen: no feed brought it")
    assert "It would be alerted" in answer.told
    assert "feeds:" in answer.mend
    assert answer.article is not None and answer.article.title.startswith(FERRY.title)
    (rule,) = answer.fired
    assert rule.decision is not None and not rule.recorded
    assert not (newsroom.folder / "data").exists(), "nothing is stored, not even a database"


def test_an_address_never_seen_with_the_words_of_a_stored_article(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    link, other = ferry_page(site), ferry_page(site, "/other")
    newsroom.rule("ferries.yaml", FERRY_RULE)
    page_title = f"{FERRY.title} - Example Herald"
    newsroom.watching(site.serve("/feed", feed(Item(page_title, link)))).run()
    answer = ask(other)
    assert (answer.kind, answer.original, answer.stored) == (Kind.COPY, link, False)
    assert "would be dropped as a copy" in stage(answer, "copy")[1]


def test_an_address_that_leads_to_a_stored_article(
    site: Site, newsroom: Newsroom, ask: Ask
) -> None:
    link = ferry_page(site)
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    short = site.serve("/s", Served(302, "", headers=(("Location", link),)))
    answer = ask(short)
    assert answer.stored
    assert answer.told == "Alerted: ferries, to archive."
    assert stage(answer, "page")[1] == f"leads to {link}, which is stored"


@pytest.mark.parametrize(
    ("status", "mend"),
    [
        pytest.param(404, "the page is gone", id="no such page"),
        pytest.param(403, "refuses programs", id="forbidden"),
        pytest.param(451, "legal reasons", id="withheld"),
        pytest.param(500, "try again later", id="a broken server"),
    ],
)
def test_an_address_that_cannot_be_had(
    site: Site, newsroom: Newsroom, ask: Ask, status: int, mend: str
) -> None:
    answer = ask(site.serve("/gone", Served(status, "<h1>No</h1>")))
    assert (answer.kind, answer.page_failed) == (Kind.NOT_HAD, True)
    assert f"answered {status}" in answer.told
    assert mend in answer.mend
    assert stage(answer, "page")[0] is Verdict.NO


def test_an_address_that_must_not_be_dialled(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    newsroom.config["network"] = {}
    answer = ask(ferry_page(site))
    assert answer.kind is Kind.NOT_HAD
    assert "loopback" in answer.told
    assert "network.allow_private" in answer.mend
    assert site.asked == []


@pytest.mark.parametrize(
    ("page", "told", "mend"),
    [
        pytest.param(
            Served(200, paywall("Ferry news")),
            "paywall",
            "a feed that holds the text",
            id="a paywall",
        ),
        pytest.param(
            Served(403, "no"), "answered 403", "the host refuses programs", id="a refusal"
        ),
        pytest.param(
            Served(404, "no"),
            "answered 404",
            "gone when it was asked for",
            id="a page that is gone",
        ),
    ],
)
def test_a_page_that_gave_little(
    site: Site, newsroom: Newsroom, ask: Ask, page: Served, told: str, mend: str
) -> None:
    link = site.serve("/ferry", page)
    newsroom.rule("fog.yaml", NEAR_RULE)
    newsroom.watching(
        site.serve("/feed", feed(Item("Ferry news", link, summary="A few words.")))
    ).run()
    verdict, found, proposed = stage(ask(link), "article")
    assert verdict is Verdict.NO
    assert told in found
    assert mend in proposed


def test_a_rule_that_came_after_the_article(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    newsroom.rule("fog.yaml", NEAR_RULE)
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    newsroom.rule("ferries.yaml", FERRY_RULE)
    answer = ask(link)
    assert answer.kind is Kind.SILENT
    assert "after the article" in answer.told
    assert "rules backtest" in answer.mend


def test_a_rule_that_changed_or_went_since(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    newsroom.rule("ferries.yaml", FERRY_RULE).rule("new.yaml", "id: new\nmatch: [harbour]\n")
    newsroom.watching(site.serve("/feed", feed(Item(FERRY.title, link)))).run()
    newsroom.rule("ferries.yaml", "id: ferries\nmatch: [zeppelin]\n").rule(
        "new.yaml", "entities: {}\n"
    )
    answer = ask(link)
    notes = {rule.rule_id: rule.note for rule in answer.fired}
    assert "as it is now it would not" in notes["ferries"]
    assert "is gone now" in notes["new"]
    assert answer.kind is Kind.FIRED, "what was sent was sent"


def test_a_message_that_failed(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    link = ferry_page(site)
    hook = site.serve("/hook", Served(400, "no"))
    newsroom.rule("ferries.yaml", FERRY_RULE)
    newsroom.watching(
        site.serve("/feed", feed(Item(FERRY.title, link))),
        notifiers={
            "hook": {"type": "webhook", "url": hook, "secret": "0123456789abcdef0123456789abcdef"}
        },
    ).run()
    answer = ask(link)
    verdict, told, mend = stage(answer, "delivery")
    assert verdict is Verdict.NO
    assert "hook: failed" in told
    assert "alerts resend" in mend
    assert answer.mend == mend
    assert "0123456789abcdef" not in repr(answer)


def test_a_feed_of_the_same_site_that_is_broken(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    newsroom.watching(site.serve("/feed", Served(500, "broken"))).run()
    answer = ask(ferry_page(site))
    assert "is broken" in stage(answer, "feed")[1]


def test_without_rules_the_answer_says_so(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    verdict, told, mend = stage(ask(ferry_page(site)), "rules")
    assert (verdict, told) == (Verdict.NO, "there are no rules")
    assert "rules/" in mend


def test_another_report_is_near_to_nothing(site: Site, newsroom: Newsroom, ask: Ask) -> None:
    newsroom.rule("zeppelin.yaml", "id: z\nmatch: [zeppelin]\n")
    answer = ask(site.page("/inquiry", semantic(INQUIRY.title, INQUIRY.paragraphs)))
    assert answer.kind is Kind.MISSED
    assert "none is near" in answer.told
    assert answer.nearest == ()
