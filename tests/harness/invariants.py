"""What must hold after every commit and at the end, judged from outside by what the world saw.

The numbers (I1 …) are those of docs/reliability.md.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from tests.harness.scene import CHANNELS, RECIPIENTS, REPORTS, SECRET
from tests.harness.world import Sending, World

_NUMBER: Final = re.compile(r"\((\d{3})\)")
NO_REPORT: Final = 0  # the program about itself
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LEGAL: Final = {
    (None, "pending"),
    ("pending", "sending"), ("retry", "sending"),
    ("sending", "sent"), ("sending", "retry"), ("sending", "failed"), ("sending", "held"),
    ("sending", "pending"),
}  # fmt: skip
_LONGEST_WAIT: Final = timedelta(hours=27)  # a day and its tenth; no wish here is longer
_DELIVERIES: Final = (
    "SELECT id, alert_id, notifier, state, fence, lease_until, uncertain, next_attempt_at, attempts"
    " FROM deliveries"
)
_LINKS: Final = "SELECT f.url, e.link, e.status FROM entries e JOIN feeds f ON f.id = e.feed_id"


@dataclass(slots=True)
class Row:
    """A delivery as it stands in the database."""

    id: int
    number: int
    channel: str
    state: str
    fence: int
    uncertain: bool
    attempts: int


@dataclass(slots=True)
class Watch:
    """Looks at the database after every commit."""

    world: World
    rows: dict[int, Row] = field(default_factory=dict)
    tags: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # by feed: tag, next poll
    alerts: dict[str, int] = field(default_factory=dict)  # alert id: report's number
    interrupted: set[int] = field(default_factory=set)  # sending when a process ended
    delays: list[float] = field(default_factory=list)

    def after_commit(self, connection: Any) -> None:
        """Judge what this commit changed."""
        self._deliveries(connection)
        self._feeds(connection)

    def process_starts(self, connection: Any) -> None:
        """Remember what was being sent when the last process ended, as the disk has it."""
        found = connection.execute("SELECT id FROM deliveries WHERE state = 'sending'")
        self.interrupted |= {id_ for (id_,) in found}

    def _number(self, connection: Any, alert: str) -> int:
        if alert not in self.alerts:
            ((payload,),) = connection.execute("SELECT payload FROM alerts WHERE id = ?", (alert,))
            found = _NUMBER.search(payload)
            self.alerts[alert] = int(found[1]) if found else NO_REPORT
        return self.alerts[alert]

    def _deliveries(self, connection: Any) -> None:
        world = self.world
        for id_, alert, channel, state, fence, lease, uncertain, due, attempts in list(
            connection.execute(_DELIVERIES)
        ):
            old = self.rows.get(id_)
            before = old.state if old is not None else None
            if old is not None and (before, old.fence, old.attempts) == (state, fence, attempts):
                continue
            number = self._number(connection, alert)
            row = Row(id_, number, channel, state, fence, bool(uncertain), attempts)
            self.rows[id_] = row
            world.note("row", channel, number, before, state, fence, world.steps.get("statement"))
            if before != state and (before, state) not in _LEGAL:
                world.breach(f"I11 {channel} {number} went from {before} to {state}")
            if old is not None and fence < old.fence:
                world.breach(f"I11 the fence of {channel} {number} fell")
            if state == "sending" and lease is None:
                world.breach(f"I11 {channel} {number} is claimed without a lease")
            if state == "sending" and old is not None and fence != old.fence + 1:
                world.breach(f"I11 a claim of {channel} {number} did not raise its fence")
            if state == "sent" and number != NO_REPORT:
                self._sent(row)
            if state == "retry" and before == "sending" and channel != "mail":
                wait = (due - _micros(world.wall())) / 1e6
                if not 38 < wait < 42:
                    self.delays.append(wait)

    def _sent(self, row: Row) -> None:
        """I5: what counts as sent was accepted, by everybody."""
        who = {
            one
            for sending in self.world.sendings
            if (sending.channel, sending.number) == (row.channel, row.number)
            for one in sending.recipients
        }
        wanted = set(RECIPIENTS) if row.channel == "mail" else {"everyone"}
        if not wanted <= who:
            self.world.breach(f"I5 {row.channel} {row.number} counts as sent, and was not accepted")

    def _feeds(self, connection: Any) -> None:
        """I6: validators belong to a document whose entries are stored; I8: no feed is put off."""
        world = self.world
        for url, etag, due in list(connection.execute("SELECT url, etag, next_poll_at FROM feeds")):
            if self.tags.get(url) == (etag, due):
                continue
            self.tags[url] = (etag, due)
            if due is not None and due > _micros(world.wall() + _LONGEST_WAIT):
                world.breach(f"I8 {url} is put off until {_moment(due)}")
            if etag is None:
                continue
            listed = set(re.findall(r"\d{3}", etag))
            links = connection.execute(_LINKS)
            stored = {link[-3:] if "?" not in link else link.partition("?")[0][-3:]
                      for feed, link, _ in links if feed == url}  # fmt: skip
            if not listed <= stored:
                world.breach(f"I6 {url} is known by {etag}, its entries are not")


def finished(connection: Any, world: World) -> bool:
    """Whether everything that was published is handled and delivered."""
    waiting = connection.execute(
        "SELECT (SELECT count(*) FROM entries WHERE status = 'pending') + "
        "(SELECT count(*) FROM deliveries WHERE state IN ('pending', 'retry', 'sending'))"
    ).fetchone()[0]
    known = connection.execute("SELECT count(*) FROM entries").fetchone()[0]
    return not waiting and known == sum(len(one.feeds) for one in REPORTS)


def at_the_end(connection: Any, world: World, watch: Watch) -> None:
    """The promise: recorded once, delivered at least once, twice only where nobody could know."""
    _recorded(connection, world)
    _poison(connection, world)
    _ended(watch, world)
    for channel in CHANNELS:
        for report in REPORTS:
            _accepted(world, watch, channel, report.number)
    keys: dict[tuple[str, int], set[str | None]] = {}
    for sending in (one for one in world.sendings if one.number != NO_REPORT):
        keys.setdefault((sending.channel, sending.number), set()).add(sending.key)
    for (channel, number), found in keys.items():
        if len(found) > 1:
            world.breach(f"I4 the key of {channel} {number} changed between attempts")
    plain = [any(abs(d - 10 * 2**n) < 0.003 for n in range(9)) for d in watch.delays]
    if len(plain) >= 3 and all(plain):
        world.breach("I9 every retry comes after exactly the doubled time: no jitter")
    if SECRET.encode() in b"".join(bytes(file.now) for file in world.disk.files.values()):
        world.breach("I12 a secret stands in the database")


def _recorded(connection: Any, world: World) -> None:
    """I1 and I2."""
    titles = [title for (title,) in connection.execute("SELECT title FROM articles")]
    entries = list(connection.execute(_LINKS))
    for report in REPORTS:
        mine = [status for _, link, status in entries if f"/{report.number}" in link]
        if len(mine) != len(report.feeds):
            world.breach(f"I1 {report.number} stands in {len(mine)} entries")
        handled = [status for status in mine if status != "baseline"]
        if titles.count(report.title) != (1 if handled else 0):
            world.breach(f"I1 {report.number} is recorded {titles.count(report.title)} times")
        rows = connection.execute(
            "SELECT d.notifier FROM deliveries d JOIN alerts a ON a.id = d.alert_id "
            "WHERE a.payload LIKE ?", (f"%{report.title}%",),
        )  # fmt: skip
        found = sorted(name for (name,) in rows)
        wanted = sorted(CHANNELS) if handled and report.matches else []
        if found != wanted:
            world.breach(f"I2 {report.number} has deliveries to {found}, not {wanted}")


def _poison(connection: Any, world: World) -> None:
    """I9: a message that is always refused holds up no other."""
    if not world.plan or any(fault.step != "poison" for fault in world.plan):
        return
    born: dict[tuple[str, int], float] = {}
    start = _micros(world.wall()) / 1e6 - world.loop.time()
    for channel, created, payload in connection.execute(
        "SELECT d.notifier, d.created_at, a.payload FROM deliveries d "
        "JOIN alerts a ON a.id = d.alert_id"
    ):
        found = _NUMBER.search(payload)
        born[channel, int(found[1]) if found else 0] = created / 1e6 - start
    poisoned = {(fault.what, fault.at) for fault in world.plan}
    for sending in world.sendings:
        key = (sending.channel, sending.number)
        if sending.recipients and key not in poisoned and sending.at - born[key] > 10:
            world.breach(f"I9 {key} waited {sending.at - born[key]:.0f} s behind a bad message")


def _ended(watch: Watch, world: World) -> None:
    """I3: each delivery ends; what is held is so for a reason."""
    policy = dict(world.scene.on_uncertain)
    for row in watch.rows.values():
        what = f"{row.channel} {row.number}"
        if row.state in ("pending", "retry", "sending"):
            world.breach(f"I3 {what} is still {row.state}")
        if row.state == "held" and not (row.uncertain and policy[row.channel] == "hold"):
            world.breach(f"I3 {what} is held for no reason")


def _accepted(world: World, watch: Watch, channel: str, number: int) -> None:
    """I4 and the mark of a possible duplicate, recipient by recipient."""
    row = next((r for r in watch.rows.values() if (r.channel, r.number) == (channel, number)), None)
    tried = [s for s in world.sendings if (s.channel, s.number) == (channel, number)]
    for recipient in RECIPIENTS if channel == "mail" else ("everyone",):
        took = [s for s in tried if recipient in s.recipients]
        for first, second in pairwise(took):
            if first.fate == "answered" and first.life == second.life:
                world.breach(f"I4 {channel} {number} was accepted again after its answer had come")
            if not second.marked:
                world.breach(f"I4 {channel} {number} was repeated without a mark")
    for at, sending in enumerate(tried):
        if sending.marked and not _doubtful(tried[:at], row, watch):
            world.breach(f"I4 {channel} {number} is marked as a duplicate, and cannot be one")


def _doubtful(earlier: list[Sending], row: Row | None, watch: Watch) -> bool:
    unknown = any(one.fate in ("lost", "on its way", "not written") for one in earlier)
    return unknown or (row is not None and row.id in watch.interrupted)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(micros: int) -> datetime:
    return _EPOCH + timedelta(microseconds=micros)
