"""Stories, digests and silences in the store: stored with their article, or not at all."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from monitor.alerts.silences import Matcher, Silence
from monitor.errors import StoreError, UsageError
from monitor.model import Alert, DeliveryState, Figure, FigureKind, MessageKind
from monitor.store import Store
from monitor.store.digests import DueDigest
from monitor.store.rows import Membership, RecordedAs, WaitingAlert
from monitor.stories.placing import story_id

FIGURE = Figure(FigureKind.MONEY, "USD 2100000000", "$2.1bn", "investment", "…", "body", 3, 9)


def record(store: Store, make: Any, name: str, story: str, at: float = 0, **more: Any) -> None:
    (entry,) = make.pending(store, name)
    membership = Membership(story, 0.5, f"shares {name}", (FIGURE,))
    result = make.result(name, membership=membership, **more)
    recorded = store.record_article(entry, result, make.at(at))
    assert recorded.outcome is RecordedAs.NEW


def stories(store: Store) -> dict[str, set[str]]:
    found = {}
    for row in store.list_stories(99):
        story = store.get_story(row.id)
        assert story is not None
        found[row.id] = {member.article.id for member in story[1]}
        assert row.articles == len(found[row.id])
    return found


def test_an_article_is_stored_with_its_story(store: Store, make: Any) -> None:
    record(store, make, "1", "s1")
    record(store, make, "2", "s1", at=60)
    (row,) = store.list_stories(9)
    assert (row.title, row.first_at, row.last_at) == ("Report 1", make.at(0), make.at(60))
    first, second = store.story_members(make.at(0))
    assert [first.article.id, second.article.id] == ["article-1", "article-2"]
    assert second.membership == Membership("s1", 0.5, "shares 2", (FIGURE,))
    assert [decision.rule_id for decision in first.decisions] == ["deal"]
    assert list(store.story_members(make.at(1), batch=1)) == [second]


def test_a_copy_joins_no_story_twice(store: Store, make: Any) -> None:
    record(store, make, "1", "s1")
    (entry,) = make.pending(store, "again")
    copy = make.result("1", membership=Membership("s2", 1.0, "by mistake"))
    assert store.record_article(entry, copy, make.at(5)).outcome is RecordedAs.COPY
    assert stories(store) == {"s1": {"article-1"}}


def test_a_split_makes_a_story_of_its_own_and_is_remembered(store: Store, make: Any) -> None:
    for number, name in enumerate("123"):
        record(store, make, name, "s1", at=number)
    made = store.split_story(["article-1"], "another deal", make.at(9))
    assert stories(store) == {"s1": {"article-2", "article-3"}, made: {"article-1"}}
    titles = {row.id: row.title for row in store.list_stories(9)}
    assert titles == {"s1": "Report 2", made: "Report 1"}
    (move,) = store.story_moves(0)
    assert (move.article_id, move.story_id, move.reason) == ("article-1", made, "another deal")
    assert store.story_moves(move.id) == []


def test_a_merge_leaves_one_story(store: Store, make: Any) -> None:
    record(store, make, "1", "s1")
    record(store, make, "2", "s2", at=5)
    assert store.merge_stories("s2", ["s1", "s2", "unknown"], "one event", make.at(9)) == 1
    assert stories(store) == {"s2": {"article-1", "article-2"}}
    assert store.list_stories(9)[0].title == "Report 1"
    assert store.get_story("s1") is None
    assert store.merge_stories("s2", ["s1"], "again", make.at(10)) == 0


def test_what_belongs_to_no_story_cannot_be_split_off(store: Store, make: Any) -> None:
    record(store, make, "1", "s1")
    with pytest.raises(StoreError, match="belongs to no story"):
        store.split_story(["article-1", "article-7"], "why", make.at(1))
    assert stories(store) == {"s1": {"article-1"}}


def test_a_story_is_found_by_the_beginning_of_its_id(store: Store, make: Any) -> None:
    record(store, make, "1", "abc1")
    record(store, make, "2", "abd2")
    found = store.get_story("abc")
    assert found is not None
    assert found[0] == "abc1"
    assert store.get_story("x") is None
    assert store.get_story("") is None
    with pytest.raises(UsageError, match="several stories begin with 'ab'"):
        store.get_story("ab")


def test_ids_of_stories_depend_on_the_first_article_and_the_split() -> None:
    assert story_id("a") == story_id("a") != story_id("b")
    assert len(story_id("a")) == 12


def item(
    make: Any, name: str, *, due: float, to: str = "mail", plan: str = "08:00"
) -> WaitingAlert:
    return WaitingAlert(to, plan, "the plan", make.at(due), make.at(0), ("deal",), make.alert(name))


def digest(items: Any) -> Alert:
    first = items[0].alert
    together = tuple(each.alert for each in items)
    return Alert(
        "digest-1", "", f"{len(together)} reports", "", "", None, first.created_at, (),
        kind=MessageKind.DIGEST, items=together,
    )  # fmt: skip


def test_items_wait_and_become_one_message(store: Store, make: Any) -> None:
    for name in "12":
        later = (item(make, name, due=100), item(make, name, due=50, to="gone"))
        record(store, make, name, "s1", deliveries=(), alert=None, later=later)
    assert store.due_digests(make.at(99), ["mail"]) == []
    assert store.next_digest_due(["mail"]) == make.at(100)
    (due,) = store.due_digests(make.at(101), ["mail"])
    assert due == DueDigest("mail", make.at(100))
    sent = store.send_digest(due, digest, make.at(101))
    assert sent is not None
    assert [each.article_id for each in sent.items] == ["article-1", "article-2"]
    assert store.send_digest(due, digest, make.at(102)) is None
    claimed = store.claim_delivery("mail", make.at(102), 60)
    assert claimed is not None
    assert claimed[1] == sent
    assert [told for _, told in store.digest_items_of("article-1")] == ["digest-1", None]
    assert {each.notifier for each in store.waiting_items()} == {"gone"}
    history = store.get_alert("digest")
    assert history is not None
    assert history.article is None


def test_only_what_is_due_goes_into_a_digest(store: Store, make: Any) -> None:
    record(store, make, "1", "s1", alert=None, deliveries=(), later=(item(make, "1", due=10),))
    record(store, make, "2", "s1", alert=None, deliveries=(), later=(item(make, "2", due=90),))
    (due,) = store.due_digests(make.at(20), ["mail"])
    sent = store.send_digest(due, digest, make.at(20))
    assert sent is not None
    assert [each.article_id for each in sent.items] == ["article-1"]
    assert store.next_digest_due(["mail"]) == make.at(90)


def test_retention_keeps_what_waits_and_forgets_empty_stories(store: Store, make: Any) -> None:
    record(store, make, "1", "s1", alert=None, deliveries=(), later=(item(make, "1", due=10),))
    record(store, make, "2", "s2", alert=None, deliveries=())
    old = make.at(86400)
    store.prune(old, old)
    assert stories(store) == {"s1": {"article-1"}}
    (due,) = store.due_digests(old, ["mail"])
    store.send_digest(due, digest, old)
    store.prune(old, old)
    assert stories(store) == {}
    assert store.get_alert("digest-1") is not None  # made later than that, and not sent yet
    store.prune(old + timedelta(days=1), old)
    assert store.get_alert("digest-1") is not None
    claimed = store.claim_delivery("mail", old, 60)
    assert claimed is not None
    store.prune(old + timedelta(days=1), old)
    assert store.get_alert("digest-1") is not None


def test_a_notice_needs_no_article(store: Store, make: Any) -> None:
    notice = Alert(
        "n1", "", "Feed broken", "", "", None, make.now, (), kind=MessageKind.NOTICE, because="404"
    )
    store.add_notice(notice, ["mail"], make.now)
    claimed = store.claim_delivery("mail", make.now, 60)
    assert claimed is not None
    assert claimed[1] == notice
    assert claimed[0].state is DeliveryState.SENDING


def test_silences_come_back_until_they_end(store: Store, make: Any) -> None:
    endless = Silence("ab1", Matcher(rule="eu-*"), make.at(0), None, "budget night", "desk")
    short = Silence("ab2", Matcher(labels=(("desk", "eu"),)), make.at(0), make.at(60))
    store.add_silence(endless, make.at(0))
    store.add_silence(short, make.at(1))
    assert store.list_silences() == [short, endless]
    assert store.list_silences(make.at(60)) == [endless]
    assert store.end_silence("zz", make.at(5)) is None
    assert store.end_silence("", make.at(5)) is None
    with pytest.raises(UsageError, match="several silences begin with 'ab'"):
        store.end_silence("ab", make.at(5))
    ended = store.end_silence("ab", make.at(70))  # the short one is over by then
    assert ended == replace(endless, ends=make.at(70))
    assert store.end_silence("ab1", make.at(71)) is None
    assert store.list_silences(make.at(71)) == []
    assert store.list_silences() == [short, ended]


def test_what_was_told_is_known_after_a_restart(store: Store, make: Any) -> None:
    record(store, make, "1", "s1", later=(item(make, "1", due=10),))
    record(store, make, "2", "s1", alert=None, deliveries=())
    assert [(story, alert.id) for story, alert in store.story_alerts(make.at(0))] == [
        ("s1", "alert-1")
    ]
    assert store.told_later(make.at(0)) == {"article-1": {"deal": ("mail",)}}
    assert store.sent_by_rule(make.at(0)) == {"deal": 2}
    assert store.sent_by_rule(make.at(1)) == {}
    made = store.made_by_notifier(make.at(0))
    assert made == {"mail": [make.now], "screen": [make.now]}
