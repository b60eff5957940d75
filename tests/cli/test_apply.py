"""``rules apply``: what it shows, what it sends, and that it sends nothing twice."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from json import loads
from pathlib import Path
from typing import Any

import pytest

from monitor.alerts.compose import compose, rules_by_notifier
from monitor.alerts.policy import AlertPolicy, decide
from monitor.cli import run
from monitor.model import Article, Entry, Feed, FeedState, Outcome, Reason
from monitor.store import FILE_NAME, NewDelivery, NewEntry, Result, Store, open_store
from tests.flow.newsroom import Newsroom
from tests.rules.build import book

from .conftest import Call, Said, Write

NOW = datetime.now(UTC)
FEED = "https://courier.example/feed"
CONFIG = """\
rules: [rules]
timezone: UTC
feeds: [{url: "https://courier.example/feed", enabled: false}]
notifiers:
  desk: {type: file, path: desk.jsonl}
  mail: {type: file, path: mail.jsonl}
"""
FERRIES = "id: ferries\nmatch: [ferry]\n"
FOG = "id: fog\nmatch: [fog]\n"


def days(number: float) -> timedelta:
    return timedelta(days=number)


YESTERDAY = NOW - days(1)


def article(number: int, **changes: Any) -> Article:
    """A report on a ferry, published a minute before it is stored unless it says otherwise."""
    made = Article(
        f"article-{number}", f"https://courier.example/{number}", f"Ferry number {number}",
        f"The ferry with number {number} left in the fog.", source="Courier",
    )  # fmt: skip
    return replace(made, **changes)


@dataclass(slots=True)
class Archive:
    """The data folder of a user who has had these rules so far."""

    folder: Path
    empty: bytes  # a database that holds nothing
    rules: str = "id: trains\nmatch: [train]\n"

    def open(self, *, lock: bool = False) -> Store:
        if not (self.folder / "data").exists():
            (self.folder / "data").mkdir()
            (self.folder / "data" / FILE_NAME).write_bytes(self.empty)
        return open_store(self.folder / "data", lock=lock)

    def keep(self, *articles: Article, at: datetime = YESTERDAY, max_age: float = 72.0) -> None:
        """Store articles as the pipeline does; ``max_age`` in hours."""
        store = self.open(lock=True)
        store.sync_feeds([Feed(FEED)])
        live = book(self.rules)
        policy = AlertPolicy(("desk", "mail"), max_age * 3600)
        new = [NewEntry(Entry(each.url, each.url, each.title)) for each in articles]
        store.record_poll(FeedState(FEED, baseline_at=at, last_polled_at=at), new)
        waiting = {pending.entry.id: pending.id for pending in store.pending_entries(NOW, 99)}
        rules = {rule.id: rule for rule in live.rules}
        for each in articles:
            matches = live.match(each)
            made = decide(each, matches, rules, policy, at, FEED)
            alert = compose(each, matches, made, rules, at)
            wanted = [NewDelivery(*pair) for pair in rules_by_notifier(made).items()]
            result = Result(each, (each.url,), matches, made, alert, wanted)
            store.record_article(waiting[each.url], result, at)
        store.close()

    def told(self, name: str = "desk") -> list[tuple[str, list[str]]]:
        """What a notifier was given: (title, rules) of each message."""
        path = self.folder / f"{name}.jsonl"
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        found = [loads(line) for line in lines]
        return [(one["title"], [rule["id"] for rule in one["rules"]]) for one in found]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Made once, for it takes longer than most of these tests."""
    folder = tmp_path_factory.mktemp("empty")
    open_store(folder, lock=True).close()
    return (folder / FILE_NAME).read_bytes()


@pytest.fixture
def archive(tmp_path: Path, write: Write, empty: bytes) -> Archive:
    write("config.yaml", CONFIG)
    (tmp_path / "rules").mkdir()
    return Archive(tmp_path, empty)


def shown(said: Said) -> tuple[list[list[str]], list[tuple[str, str]]]:
    """(the rules of each alert, (rule, reason) of each silence) of ``--json``."""
    (document,) = said.documents
    return (
        [each["rules"] for each in document["alerts"]],
        [(each["rule"], each["reason"]) for each in document["silent"]],
    )


STORED = NOW - days(5)


@pytest.mark.parametrize(
    ("rules", "changes", "alerts", "silent"),
    [
        pytest.param(FERRIES, {}, [["ferries"]], [], id="a new rule that matches"),
        pytest.param("id: zeppelins\nmatch: [zeppelin]\n", {}, [], [], id="a rule that does not"),
        pytest.param(
            "rules:\n  - {id: ferries, match: [ferry]}\n  - {id: fog, match: [fog]}\n", {},
            [["ferries", "fog"]], [], id="two rules are one alert",
        ),
        pytest.param(FERRIES, {"published": STORED - timedelta(hours=70)}, [["ferries"]], [],
                     id="fresh when it was stored"),
        pytest.param(FERRIES, {"published": STORED - timedelta(hours=74)}, [],
                     [("ferries", "too old")], id="too old when it was stored"),
        pytest.param(f"{FERRIES}expires: {(NOW - days(2)).date()}\n", {}, [],
                     [("ferries", "expired rule")], id="a rule that expired after it was stored"),
        pytest.param(f"{FERRIES}expires: {date.max}\n", {}, [["ferries"]], [],
                     id="a rule that will expire"),
        pytest.param(f"{FERRIES}source: {{feeds: ['*herald*']}}\n", {}, [],
                     [("ferries", "source condition")], id="a feed that the rule does not ask for"),
        pytest.param(f"{FERRIES}source: {{feeds: ['*courier.example*']}}\n", {}, [["ferries"]], [],
                     id="the feed that brought it, by its address"),
        pytest.param(
            "rules:\n  - {id: ferries, match: [ferry]}\n"
            "  - {id: fog, match: [fog], source: {min_words: 99}}\n", {},
            [["ferries"]], [("fog", "source condition")], id="one rule sends and one does not",
        ),
    ],
)  # fmt: skip
def test_what_would_be_alerted_and_what_not(
    call: Call, archive: Archive, write: Write, rules: str, changes: dict[str, Any],
    alerts: list[list[str]], silent: list[tuple[str, str]],
) -> None:  # fmt: skip
    archive.keep(article(1, **changes), at=STORED)
    write("rules/new.yaml", rules)
    said = call("rules", "apply", "--json")
    assert (said.code, said.err) == (0, "")
    assert shown(said) == (alerts, silent)
    (document,) = said.documents
    assert (document["articles"], document["sent"]) == (1, None)
    assert all(each["id"] is None for each in document["alerts"])
    plain = call("rules", "apply")
    assert plain.out.count("\n+ ") == len(alerts)
    assert plain.out.count("\n- ") == len(silent)
    assert ("Nothing was sent. --send sends 1 alert." in plain.out) == bool(alerts)
    store = archive.open()
    assert store.list_alerts(9) == [], "showing stores nothing"
    store.close()


def test_the_alert_goes_out_with_the_next_run_and_every_record_says_why(
    call: Call, archive: Archive, write: Write
) -> None:
    archive.keep(article(1))
    write(
        "rules/new.yaml",
        "rules:\n  - {id: ferries, match: [ferry]}\n  - {id: fog, match: [fog], alert: {notify: [mail]}}\n",
    )
    said = call("rules", "apply", "--send", "--json")
    assert (said.code, said.err) == (0, "")
    (document,) = said.documents
    (alert,) = document["alerts"]
    assert (document["sent"], alert["rules"], alert["notify"]) == (
        1,
        ["ferries", "fog"],
        ["desk", "mail"],
    )
    assert archive.told() == [], "sending is the daemon's"
    call("run", "--once")
    assert archive.told("desk") == [("Ferry number 1", ["ferries"])]
    assert archive.told("mail") == [("Ferry number 1", ["ferries", "fog"])]
    for arguments in (("articles", alert["url"]), ("alerts", "show", alert["id"])):
        assert "ferries: sent, applied later on request, to desk, mail" in call(*arguments).out
    why = call("why", alert["url"], "--offline")
    assert "Alerted: ferries, fog, to desk, mail." in why.out


def test_asked_twice_it_sends_once(call: Call, archive: Archive, write: Write) -> None:
    archive.keep(article(1), article(2))
    write("rules/new.yaml", FERRIES)
    assert "2 alerts to send" in call("rules", "apply", "--send").out
    for _ in range(2):
        said = call("rules", "apply", "--send")
        assert (said.code, "Nothing to send." in said.out) == (0, True)
        assert "2 hits alerted before" in said.out
        call("run", "--once")
    assert sorted(archive.told()) == [
        ("Ferry number 1", ["ferries"]),
        ("Ferry number 2", ["ferries"]),
    ]
    store = archive.open()
    store.prune(NOW - days(999), NOW + days(1))
    store.close()
    assert "Nothing to send." in call("rules", "apply", "--send").out, "decisions are forgotten"


def test_a_rule_that_was_alerted_then_is_not_sent_and_a_new_one_is(
    call: Call, archive: Archive, write: Write
) -> None:
    archive.rules = FERRIES
    archive.keep(article(1))
    write("rules/old.yaml", "id: ferries\ntitle: Edited since\nmatch: {any: [ferry, boat]}\n")
    write("rules/new.yaml", FOG)
    said = call("rules", "apply", "--send", "--json")
    (document,) = said.documents
    assert ([each["rules"] for each in document["alerts"]], document["alerted_before"]) == (
        [["fog"]],
        1,
    )
    call("run", "--once")
    assert archive.told() == [("Ferry number 1", ["ferries"]), ("Ferry number 1", ["fog"])]
    for rule in ("ferries", "fog"):
        (alert,) = call("alerts", "--rule", rule, "--json").documents
        assert alert["rules"] == [rule]


def test_a_silence_of_the_past_makes_way_and_is_remembered(
    call: Call, archive: Archive, write: Write
) -> None:
    archive.rules = FERRIES
    archive.keep(article(1, published=NOW - days(3)), max_age=24)
    write("rules/old.yaml", FERRIES)
    call("rules", "apply", "--send")
    (made,) = _history(archive).decisions
    assert (made.outcome, made.reason) == (Outcome.SENT, Reason.ON_REQUEST)
    assert "silent before: too old, published 48 h before" in made.detail
    write("rules/old.yaml", "id: ferries\nmatch: [train]\n")
    assert "Nothing to send." in call("rules", "apply", "--send").out


def test_it_works_beside_a_running_daemon_which_delivers(
    tmp_path: Path, archive: Archive, write: Write, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    room = Newsroom(tmp_path / "room")
    room.rule("ferries.yaml", FERRIES)
    Archive(room.folder, archive.empty).keep(article(1))

    async def beside() -> int:
        async with room.open() as app:
            config = str(room.folder / "config.yaml")
            code = await asyncio.to_thread(run, ["--config", config, "rules", "apply", "--send"])
            room.clock.advance(60)
            app.deliverer.kick()
            await app.deliverer.idle()
            return code

    assert asyncio.run(beside()) == 0
    assert [line["title"] for line in room.archive()] == ["Ferry number 1"]


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, empty: bytes) -> bytes:
    """A database of sixty ferries: twenty are red, one is green, the rest blue."""
    made = Archive(tmp_path_factory.mktemp("crowd"), empty)
    colours = ["red"] * 20 + ["green"] + ["blue"] * 39
    made.keep(
        *(
            article(number, text=f"The {colour} ferry {number} left in the fog.")
            for number, colour in enumerate(colours)
        )
    )
    return (made.folder / "data" / FILE_NAME).read_bytes()


class Terminal(StringIO):
    """A keyboard on which this was typed."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("articles", "options", "keyboard", "code", "sent"),
    [
        pytest.param(20, [], None, 0, 20, id="so many go out without a question"),
        pytest.param(21, [], None, 2, 0, id="more, and nobody to ask: nothing is sent"),
        pytest.param(21, ["--yes"], None, 0, 21, id="more, as was said before"),
        pytest.param(21, [], "y\n", 0, 21, id="more, and a person says yes"),
        pytest.param(21, [], "n\n", 0, 0, id="more, and a person says no"),
        pytest.param(21, [], "\n", 0, 0, id="more, and a person says nothing"),
        pytest.param(21, [], "", 130, 0, id="more, and the keyboard is closed"),
        pytest.param(20, [], "n\n", 0, 20, id="so many ask nobody"),
    ],
)
def test_many_alerts_are_asked_about(
    call: Call, archive: Archive, write: Write, crowd: bytes, monkeypatch: pytest.MonkeyPatch,
    articles: int, options: list[str], keyboard: str | None, code: int, sent: int,
) -> None:  # fmt: skip
    archive.empty = crowd
    archive.open().close()
    colours = "[red]" if articles == 20 else "{any: [red, green]}"
    write("rules/new.yaml", f"id: ferries\nmatch: {colours}\n")
    monkeypatch.setattr(sys, "stdin", StringIO() if keyboard is None else Terminal(keyboard))
    said = call("rules", "apply", "--send", *options)
    assert said.code == code
    assert ("--yes" in said.err) == (code == 2)
    assert ("Nothing was sent." in said.out) == (code == 0 and not sent)
    store = archive.open()
    assert len(store.list_alerts(99)) == sent
    store.close()


NAMED: dict[str, Callable[[Path], list[str]]] = {
    "an id": lambda _: ["fog"],
    "the file of a rule": lambda _: ["rules/fog.yaml"],
    "the folder of a rule": lambda _: ["rules/weather"],
    "an absolute path": lambda folder: [str(folder / "rules/weather/fog2.yaml")],
    "an id twice, and its file": lambda _: ["fog", "fog", "rules/fog.yaml"],
}


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        pytest.param(name, ["fog2"] if "folder" in name or "absolute" in name else ["fog"], id=name)
        for name in NAMED
    ],
)
def test_rules_may_be_named(
    call: Call, archive: Archive, write: Write, name: str, rules: list[str]
) -> None:
    archive.keep(article(1))
    write("rules/ferries.yaml", FERRIES)
    write("rules/fog.yaml", FOG)
    write("rules/weather/fog2.yaml", "id: fog2\nmatch: [fog]\n")
    said = call("rules", "apply", "--json", *NAMED[name](archive.folder))
    assert (said.code, shown(said)[0]) == (0, [rules])


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        pytest.param(["fogg"], 2, "Did you mean 'fog'?", id="an id that is misspelt"),
        pytest.param(
            ["candidate.yaml", "--send"], 2, "rules backtest", id="a file that is not live"
        ),
        pytest.param(["fog", "candidate.yaml"], 2, "only live rules", id="one of two is not live"),
        pytest.param(["--since", "soon"], 2, "--since", id="no duration"),
        pytest.param(["--since", "99999999d"], 2, "--since", id="before all calendars"),
    ],
)
def test_wrong_arguments_send_nothing(
    call: Call, archive: Archive, write: Write, arguments: list[str], code: int, told: str
) -> None:
    archive.keep(article(1))
    write("rules/fog.yaml", FOG)
    write("candidate.yaml", FERRIES)
    said = call("rules", "apply", "--send", *arguments)
    assert (said.code, said.out, told in said.err) == (code, "", True)
    assert _history(archive).alerts == ()


def test_without_a_database_it_fails_and_makes_none(call: Call, archive: Archive) -> None:
    said = call("rules", "apply", "--send")
    assert (said.code, "no database" in said.err) == (1, True)
    assert not (archive.folder / "data").exists()


def test_a_broken_rule_costs_only_itself(call: Call, archive: Archive, write: Write) -> None:
    archive.keep(article(1))
    write("rules/broken.yaml", "id: broken\nmatch: {anny: [ferry]}\n")
    write("rules/fog.yaml", FOG)
    said = call("rules", "apply", "--send", "--json")
    assert (said.code, shown(said)[0], "broken.yaml:2:9" in said.err) == (2, [["fog"]], True)
    assert [each.alert.hits[0].rule_id for each in _history(archive).alerts] == ["fog"]


@pytest.mark.parametrize(
    ("since", "titles"),
    [
        pytest.param([], ["Ferry number 2"], id="a week unless told otherwise"),
        pytest.param(["--since", "30d"], ["Ferry number 2", "Ferry number 1"], id="a month"),
        pytest.param(["--since", "1h"], [], id="an hour"),
    ],
)
def test_only_articles_of_that_time(
    call: Call, archive: Archive, write: Write, since: list[str], titles: list[str]
) -> None:
    archive.keep(article(1), at=NOW - days(8))
    archive.keep(article(2), at=NOW - days(6))
    write("rules/new.yaml", FERRIES)
    (document,) = call("rules", "apply", "--json", *since).documents
    assert [each["title"] for each in document["alerts"]] == titles


def test_hostile_text_reaches_no_terminal(call: Call, archive: Archive, write: Write) -> None:
    archive.keep(
        article(1, title="Ferry\x1b[31m\r\n+ forged\u202e", source="\x07"),
        article(2, title="Ferry\x1b]0;x\x07"),
    )
    write("rules/new.yaml", f"{FERRIES}source: {{min_words: 99}}\n")
    write("rules/more.yaml", FOG)
    said = call("rules", "apply")
    assert said.code == 0
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(said.out)
    assert said.out.count("\n+ ") == 2


def test_more_than_a_screen_is_counted(
    call: Call, archive: Archive, write: Write, crowd: bytes
) -> None:
    archive.empty = crowd
    archive.open().close()
    write("rules/new.yaml", FERRIES)
    write("rules/fog.yaml", f"{FOG}source: {{min_words: 99}}\n")
    said = call("rules", "apply")
    assert ("+ 10 more" in said.out, "- 10 more" in said.out) == (True, True)
    (document,) = call("rules", "apply", "--json").documents
    assert (len(document["alerts"]), len(document["silent"]), document["silences"]) == (60, 60, 60)


def _history(archive: Archive) -> Any:
    store = archive.open()
    try:
        return store.get_article("article-1")
    finally:
        store.close()
