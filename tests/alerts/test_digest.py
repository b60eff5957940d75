"""Several alerts as one message."""

from datetime import timedelta
from itertools import permutations

import pytest

from monitor.alerts.digest import DigestItem, digest
from monitor.alerts.timing import FLOOD, QUIET
from monitor.model import Alert, Hit, Level, MessageKind, StoryNote
from tests.alerts.newsroom import BRUSSELS, NOON, at

MORNING = at("23 08:00")


def item(name: str, story: str | None = None, minutes: int = 0, plan: str = QUIET, level: Level = Level.NORMAL) -> DigestItem:  # fmt: skip
    when = NOON + timedelta(minutes=minutes)
    hit = Hit("r", "r", level, "ferry", ())
    note = StoryNote(story, f"Story {story}", 1) if story else None
    alert = Alert(name, f"article {name}", f"Title {name}", "", "", None, when, (hit,), story=note)
    return DigestItem(alert, plan, when)


@pytest.mark.parametrize(
    ("items", "title", "because", "order"),
    [
        pytest.param([item("a")], "1 report, Mon 23 Nov 08:00", "held during quiet hours", "a", id="one"),
        pytest.param([item("a"), item("b", "s", 1)], "2 reports, Mon 23 Nov 08:00", "held during quiet hours", "ab",
                     id="each a story of its own"),
        pytest.param([item("a", "s"), item("b", "t", 1), item("c", "s", 2)], "3 reports in 2 stories, Mon 23 Nov 08:00",
                     "held during quiet hours", "acb", id="one story stands together"),
        pytest.param([item("a", "s"), item("b", "s", 1)], "2 reports in 1 story, Mon 23 Nov 08:00", "held during quiet hours",
                     "ab", id="all of one story"),
        pytest.param([item("a", "s"), item("b", "t", 1, level=Level.URGENT), item("c", "t", 0)],
                     "3 reports in 2 stories, Mon 23 Nov 08:00", "held during quiet hours", "cba", id="a loud story comes first"),
        pytest.param([item("a", plan="08:00 Mon-Fri")], "1 report, Mon 23 Nov 08:00", "the digest of 08:00 Mon-Fri", "a", id="a plan"),
        pytest.param([item("a", plan=FLOOD), item("b", minutes=1), item("c", minutes=2)], "3 reports, Mon 23 Nov 08:00",
                     "2 held during quiet hours; 1 held in a flood: more came than the fuse lets through one by one", "abc",
                     id="several causes are counted"),
    ],
)  # fmt: skip
def test_what_it_says(items: list[DigestItem], title: str, because: str, order: str) -> None:
    made = digest("desk", MORNING, items, BRUSSELS)
    assert (made.title, made.because, made.kind) == (title, because, MessageKind.DIGEST)
    assert "".join(each.id for each in made.items) == order
    assert (made.hits, made.article_id, made.url) == ((), "", "")


def test_the_order_of_the_items_changes_nothing() -> None:
    items = [item("a", "s"), item("b", "t", 1), item("c", "s", 2), item("d", None, 2)]
    first = digest("desk", MORNING, items)
    assert all(digest("desk", MORNING, order) == first for order in permutations(items))


def test_its_id_is_that_of_channel_time_and_items() -> None:
    items = [item("a"), item("b")]
    ids = {
        digest("desk", MORNING, items).id, digest("screen", MORNING, items).id,
        digest("desk", NOON, items).id, digest("desk", MORNING, items[:1]).id,
    }  # fmt: skip
    assert len(ids) == 4
    assert all(len(each) == 12 for each in ids)


def test_a_digest_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="nothing"):
        digest("desk", MORNING, [])
