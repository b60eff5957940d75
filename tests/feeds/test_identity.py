"""Which entries are new: ids, addresses and titles change, and none of it is news."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.identity import Judged, judge, name_entries
from monitor.model import Entry

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SITE = "https://news.example"


def ago(**time: float) -> datetime:
    return NOW - timedelta(**time)


def entry(number: int = 1, **changes: object) -> Entry:
    made = Entry(f"id-{number}", f"{SITE}/story-{number}", f"A long headline, number {number}",
                 published=ago(days=number))  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]  # the table names fields


def after(before: Sequence[Entry], now: Sequence[Entry], polled: datetime | None = None) -> Judged:
    """What the second document brings to a feed that has had the first."""
    known = {name for each in name_entries(before) for name in each.names.all}
    return judge(name_entries(now), known, polled or ago(minutes=30), NOW)


@pytest.mark.parametrize(
    ("change", "new", "renamed"),
    [
        pytest.param({}, 0, 0, id="an entry that stays is not new"),
        pytest.param({"title": "A corrected headline"}, 0, 0, id="a changed title"),
        pytest.param({"link": f"{SITE}/other", "title": "A corrected headline"}, 0, 0,
                     id="a changed title and address under the old id"),
        pytest.param({"published": NOW}, 0, 0, id="an entry dated anew"),
        pytest.param({"published": None}, 0, 0, id="an entry that lost its date"),
        pytest.param({"id": "x"}, 0, 1, id="a changed id at the same address"),
        pytest.param({"id": "x", "title": "Corrected"}, 0, 1,
                     id="a changed id and title at the same address"),
        pytest.param({"id": "x", "published": NOW}, 0, 1,
                     id="a changed id and date at the same address"),
        pytest.param({"id": "x", "title": "Another day's news", "published": NOW}, 1, 0,
                     id="a page that is used again for other news"),
        pytest.param({"id": "x", "link": "http://news.example/story-1/?utm_source=rss#top"}, 0, 1,
                     id="a changed id at the same address, spelt otherwise"),
        pytest.param({"id": "x", "link": f"{SITE}/moved/story-1"}, 0, 1,
                     id="id and address changed, title and time the same"),
        pytest.param({"id": "x", "link": None}, 0, 1, id="a lost address, title and time the same"),
        pytest.param({"id": "x", "link": f"{SITE}/b", "published": NOW}, 1, 0,
                     id="the same title at another time and address is another report"),
        pytest.param({"id": "x", "link": f"{SITE}/b", "title": "Another long headline"}, 1, 0,
                     id="another title at the same second is another report"),
        pytest.param({"id": "x", "link": SITE + "/"}, 0, 1,
                     id="the home page is no name, title and time are"),
    ],
)  # fmt: skip
def test_what_changes_about_an_entry(change: dict[str, object], new: int, renamed: int) -> None:
    found = after([entry()], [entry(**change)])  # type: ignore[arg-type]
    assert (len(found.new), len(found.renamed), found.old) == (new, renamed, ())


@pytest.mark.parametrize(
    ("before", "now", "new"),
    [
        pytest.param([entry(1)], [entry(2), entry(1)], ["id-2"], id="one more"),
        pytest.param([entry(1), entry(2)], [entry(2), entry(1)], [], id="another order"),
        pytest.param([entry(1), entry(2)], [entry(2)], [], id="one that went"),
        pytest.param([], [entry(1), entry(1, title="Again")], ["id-1"],
                     id="an id given twice in one document: the first counts"),
        pytest.param([entry(1)], [entry(1), entry(2, link=f"{SITE}/story-1")], ["id-2"],
                     id="an address that two entries of a document share is no name"),
        pytest.param([], [entry(1, link=f"{SITE}/live"), entry(2, link=f"{SITE}/live")],
                     ["id-1", "id-2"], id="two entries of a live page are two"),
        pytest.param([entry(1, title="Briefing", link=f"{SITE}/a")],
                     [entry(2, title="Briefing", link=f"{SITE}/b", published=ago(days=1))],
                     ["id-2"], id="a short title is no name"),
        pytest.param([entry(1, published=None)], [entry(2, published=None, title=entry(1).title)],
                     ["id-2"], id="a title without a time is no name"),
        pytest.param([entry(1, link=SITE)], [entry(2, link=SITE)], ["id-2"],
                     id="the home page is no name"),
        pytest.param([entry(1)], [entry(2, id="id-2\0\ud800")], ["id-2\0\ud800"],
                     id="an id with signs that no store takes"),
    ],
)  # fmt: skip
def test_documents(before: list[Entry], now: list[Entry], new: list[str]) -> None:
    assert [each.entry.id for each in after(before, now).new] == new


def many(number: int, rename: Callable[[Entry], Entry] = lambda each: each) -> list[Entry]:
    return [rename(entry(n)) for n in range(1, number + 1)]


def all_anew(each: Entry) -> Entry:
    return replace(each, id="new" + each.id, link=f"{each.link}/v2", title=f"{each.title}!")


def dated(when: datetime | None) -> Callable[[Entry], Entry]:
    return lambda each: replace(all_anew(each), published=when)


@pytest.mark.parametrize(
    ("now", "polled", "new", "old"),
    [
        pytest.param(many(200, all_anew), ago(minutes=30), 0, 200, id="every name is another"),
        pytest.param(many(200, lambda e: replace(e, id="x" + e.id)), ago(minutes=30), 0, 0,
                     id="every id is another: the addresses tell"),
        pytest.param(many(20, all_anew), ago(minutes=30), 20, 0, id="twenty may well be new"),
        pytest.param(many(21, all_anew), ago(minutes=30), 0, 21, id="twenty-one old ones may not"),
        pytest.param([*many(30), *many(25, all_anew)], ago(minutes=30), 25, 0,
                     id="less than half of a long document"),
        pytest.param([entry(900, published=ago(minutes=5)), *many(100, all_anew)], ago(minutes=30),
                     1, 100, id="what is dated after the last poll is new all the same"),
        pytest.param(many(60, dated(ago(hours=2))), ago(hours=8), 60, 0,
                     id="a busy feed after a night offline"),
        pytest.param(many(60, dated(None)), ago(minutes=30), 0, 60,
                     id="undated, and read half an hour ago"),
        pytest.param(many(60, dated(None)), ago(days=3), 60, 0,
                     id="undated, and not read for days"),
    ],
)  # fmt: skip
def test_a_feed_that_rewrites_itself(
    now: list[Entry], polled: datetime, new: int, old: int
) -> None:
    found = after(many(200), now, polled)
    assert (len(found.new), len(found.old)) == (new, old)
    assert (found.notice is not None) == (old > 0)
    if found.notice:
        assert f"{old} entries" in found.notice


def test_a_first_document_is_all_new_however_long_it_is() -> None:
    assert len(judge(name_entries(many(500)), set(), None, NOW).new) == 500


@given(st.lists(st.integers(1, 40), max_size=30), st.lists(st.integers(1, 40), max_size=30))
def test_nothing_is_new_twice_and_nothing_new_is_lost(first: list[int], second: list[int]) -> None:
    before, now = [entry(n) for n in first], [entry(n) for n in second]
    found = after(before, now, ago(days=30))
    assert {each.entry.id for each in found.new} == {e.id for e in now} - {e.id for e in before}
    known = {name for each in name_entries([*before, *now]) for name in each.names.all}
    assert not judge(name_entries(now), known, ago(days=30), NOW).new
