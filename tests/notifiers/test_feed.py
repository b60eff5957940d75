"""The feeds that the notifier ``feed`` writes, read back by a feed reader of another make."""

import asyncio
import fcntl
import multiprocessing
import os
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from monitor.errors import NotifyError, PermanentNotifyError, TemporaryNotifyError
from monitor.model import Alert, MessageKind, StoryNote
from monitor.notifier import Receipt, Updates
from notifiers.feed import MOST_STORIES, Notifier
from tests.notifiers.samples import (
    ALERT,
    DIGEST,
    FULLEST,
    HOSTILE,
    NOTICE,
    NOW,
    TOLD,
    UPDATE,
    everywhere,
    in_kind,
    lent,
)

ATOM = "{http://www.w3.org/2005/Atom}"


def send(notifier: Notifier, *alerts: Alert, now: datetime = NOW, **changes: object) -> Receipt:
    async def run() -> Receipt:
        async with lent(now=now, **changes) as context:
            for alert in alerts:
                receipt = await notifier.send(alert, context)
            return receipt

    return asyncio.run(run())


def read(path: Path) -> feedparser.FeedParserDict:
    found = feedparser.parse(path.read_bytes())
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10"
    return found


def test_each_rule_and_each_story_has_a_feed(tmp_path: Path) -> None:
    send(Notifier(tmp_path), TOLD)
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.xml")) == [
        "rules/sample-deal.xml",
        "stories/5e0a11c7d2f4.xml",
    ]
    rule = read(tmp_path / "rules" / "sample-deal.xml")
    assert rule.feed.title == "Sample Software and Model Works"
    (entry,) = rule.entries
    assert entry.title == ALERT.title
    assert entry.link == ALERT.url
    assert entry.author == "Example News"
    assert entry.updated == "2026-11-22T14:07:30Z"
    assert entry.published == "2026-11-22T14:05:00Z"
    assert entry.tags[0].term == "sample-deal"
    assert "<b>Sample Software</b> said" in entry.content[0].value
    assert "Northern Wire" in entry.content[0].value
    assert read(tmp_path / "stories" / "5e0a11c7d2f4.xml").feed.title == TOLD.story.title  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize("kind", FULLEST)
@pytest.mark.parametrize("name", HOSTILE)
def test_s72_hostile_text_stays_text(name: str, kind: MessageKind, tmp_path: Path) -> None:
    send(Notifier(tmp_path), in_kind(everywhere(HOSTILE[name]), kind))
    paths = list(tmp_path.rglob("*.xml"))
    assert paths
    for path in paths:
        document = path.read_bytes()
        read(path)
        tags = {element.tag for element in etree.fromstring(document).iter()}
        assert tags <= {
            ATOM + tag
            for tag in (
                "feed", "id", "title", "updated", "author", "name", "generator", "entry",
                "published", "link", "category", "content",
            )
        }  # fmt: skip
        for content in etree.fromstring(document).iterfind(f".//{ATOM}content"):
            inside = etree.HTML(content.text)
            assert {element.tag for element in inside.iter()} <= {
                "html", "body", "p", "b", "blockquote", "ul", "li", "a",
            }  # fmt: skip


def test_what_the_standard_demands_is_there(tmp_path: Path) -> None:
    """RFC 4287, 4.1.1 and 4.1.2: exactly one id, title and updated each, an author, ids apart."""
    send(Notifier(tmp_path, url="https://feeds.example.org/nm/"), ALERT, replace(ALERT, id="b"))
    feed = etree.fromstring((tmp_path / "rules" / "sample-deal.xml").read_bytes())
    ids = []
    for element in (feed, *feed.iterfind(ATOM + "entry")):
        for name in ("id", "title", "updated", "author"):
            assert len(element.findall(ATOM + name)) == 1, name
        ids.append(element.findtext(ATOM + "id"))
    assert len(set(ids)) == 3
    assert all(found.startswith("urn:uuid:") for found in ids)
    (own,) = (link for link in feed.iterfind(ATOM + "link") if link.get("rel") == "self")
    assert own.get("href") == "https://feeds.example.org/nm/rules/sample-deal.xml"


def test_ids_stay_and_a_message_that_comes_again_is_changed_in_its_place(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "sample-deal.xml"
    notifier = Notifier(tmp_path)
    send(notifier, ALERT, replace(ALERT, id="b", title="The second"))
    before = read(path)
    later = NOW + timedelta(hours=1)

    async def run() -> None:
        async with lent(now=later) as context:
            assert isinstance(notifier, Updates)
            await notifier.update(TOLD, context)

    asyncio.run(run())
    after = read(path)
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert after.feed.id == before.feed.id
    assert after.entries[1].updated == "2026-11-22T15:07:30Z"
    assert "Northern Wire" in after.entries[1].content[0].value
    assert after.entries[0] == before.entries[0]


def test_the_newest_hundred_are_kept_newest_first(tmp_path: Path) -> None:
    alerts = [replace(ALERT, id=f"a{n}", title=f"Report {n}") for n in range(105)]
    send(Notifier(tmp_path), replace(DIGEST, items=tuple(alerts[:103])), *alerts[103:])
    titles = [entry.title for entry in read(tmp_path / "rules" / "sample-deal.xml").entries]
    assert titles == [f"Report {n}" for n in range(104, 4, -1)]


def test_fewer_can_be_asked_for(tmp_path: Path) -> None:
    alerts = [replace(ALERT, id=f"a{n}") for n in range(5)]
    send(Notifier(tmp_path, entries=2, stories=False), *alerts, TOLD)
    assert len(read(tmp_path / "rules" / "sample-deal.xml").entries) == 2
    assert not (tmp_path / "stories").exists()


def test_an_update_is_an_entry_of_its_own_and_a_notice_has_its_feed(tmp_path: Path) -> None:
    send(Notifier(tmp_path), TOLD, UPDATE, NOTICE)
    story = read(tmp_path / "stories" / "5e0a11c7d2f4.xml")
    assert [entry.title for entry in story.entries] == [f"Update: {UPDATE.title}", TOLD.title]
    (notice,) = read(tmp_path / "notices.xml").entries
    assert notice.title == "Example News is silent"
    assert "19 hours" in notice.content[0].value


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        pytest.param("eu-antitrust-ai", "eu-antitrust-ai.xml", id="an id that is a file name"),
        pytest.param("../../etc/cron.d/x", "etc-cron.d-x-", id="a way out of the folder"),
        pytest.param("..", "rule-", id="dots only"),
        pytest.param("a/b", "a-b-", id="a slash"),
        pytest.param("Règle №1", "R-gle-1-", id="letters of other kinds"),
        pytest.param("a" * 300, "a" * 60 + "-", id="a very long id"),
        pytest.param("\x00", "rule-", id="no letter at all"),
    ],
)
def test_no_id_leads_out_of_the_folder(rule_id: str, expected: str, tmp_path: Path) -> None:
    hit = replace(ALERT.hits[0], rule_id=rule_id)
    send(Notifier(tmp_path / "out"), replace(ALERT, hits=(hit,)))
    (path,) = tmp_path.rglob("*.xml")
    assert path.parent == tmp_path / "out" / "rules"
    assert path.name.startswith(expected)


def test_two_ids_never_share_a_file(tmp_path: Path) -> None:
    hits = tuple(replace(ALERT.hits[0], rule_id=name) for name in ("a/b", "a?b", "a-b"))
    send(Notifier(tmp_path), replace(ALERT, hits=hits))
    assert len(list(tmp_path.rglob("*.xml"))) == 3


@pytest.mark.parametrize(
    "document",
    [
        pytest.param(b"<html><p>not ours</html>", id="no XML"),
        pytest.param(b"<rss version='2.0'><channel/></rss>", id="another feed"),
        pytest.param(
            b"<feed xmlns='http://www.w3.org/2005/Atom'><id>x</id><generator>Other</generator></feed>",
            id="an Atom feed of another program",
        ),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><feed>&a;</feed>',
            id="an entity that reads a file",
        ),
    ],
)
def test_a_file_that_is_not_ours_is_left_as_it_is(document: bytes, tmp_path: Path) -> None:
    path = tmp_path / "rules" / "sample-deal.xml"
    path.parent.mkdir()
    path.write_bytes(document)
    with pytest.raises(PermanentNotifyError, match="left as it is"):
        send(Notifier(tmp_path), ALERT)
    assert path.read_bytes() == document


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "sample-deal.xml"
    path.parent.mkdir()
    path.touch()
    send(Notifier(tmp_path), ALERT)
    assert len(read(path).entries) == 1


def test_feeds_can_be_served_and_nothing_half_is_left(tmp_path: Path) -> None:
    send(Notifier(tmp_path), TOLD)
    for path in tmp_path.rglob("*.xml"):
        assert path.stat().st_mode & 0o777 == 0o644
    assert not list(tmp_path.rglob("*.part"))


def test_the_feeds_of_old_stories_are_removed(tmp_path: Path) -> None:
    folder = tmp_path / "stories"
    folder.mkdir()
    for number in range(MOST_STORIES + 5):
        path = folder / f"{number:012x}.xml"
        path.touch()
        os.utime(path, (number, number))
    send(Notifier(tmp_path), replace(TOLD, story=StoryNote("f" * 12, "New", 1)))
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == MOST_STORIES
    assert left[0] == f"{6:012x}.xml"
    assert left[-1] == "f" * 12 + ".xml"


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotifyError) as caught:
        send(Notifier(tmp_path / "file" / "x"), ALERT)
    assert type(caught.value) is PermanentNotifyError


def test_a_folder_that_stays_locked_is_tried_again(tmp_path: Path) -> None:
    with (tmp_path / ".news-monitor.lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(TemporaryNotifyError, match="locked"):
            send(Notifier(tmp_path), ALERT, timeout=0.1)
    send(Notifier(tmp_path), ALERT)


def _write(folder: Path, first: int) -> None:
    send(Notifier(folder), *(replace(ALERT, id=f"a{first + n}") for n in range(10)))


def test_two_processes_lose_nothing(tmp_path: Path) -> None:
    fork = multiprocessing.get_context("fork")
    writers = [fork.Process(target=_write, args=(tmp_path, start)) for start in (0, 100)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(20)
        assert writer.exitcode == 0
    assert len(read(tmp_path / "rules" / "sample-deal.xml").entries) == 20


@pytest.mark.parametrize(
    ("options", "words"),
    [({"entries": 0}, "entries: "), ({"entries": 101}, "entries: "), ({"url": "x"}, "url: ")],
)
def test_options_that_cannot_work_are_refused(options: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}"):
        Notifier(Path("x"), **options)  # type: ignore[arg-type]  # the keys are options
