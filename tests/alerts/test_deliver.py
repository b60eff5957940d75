"""The deliverer on a real store, in virtual time: every outcome of the table in docs/delivery.md."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from monitor.alerts.deliver import SEND_TIMEOUT, Channel, ChannelNotice, Deliverer
from monitor.errors import (
    PauseNotifyError,
    PermanentNotifyError,
    StoreError,
    TemporaryNotifyError,
    UncertainNotifyError,
)
from monitor.model import Alert, Delivery, DeliveryState
from monitor.notifier import Context, Receipt
from monitor.pipeline.tools import Tools
from monitor.store import Store
from tests.harness.virtualtime import VirtualLoop
from tests.store.conftest import NOW, Making

S = DeliveryState
HOUR, DAY = 3600.0, 86_400.0
DOWN = TemporaryNotifyError("no connection to the service")
REVOKED = PauseNotifyError("the webhook was revoked")
OK = Receipt()


@dataclass(frozen=True)
class Service:
    """A notifier that answers as told, the last answer for ever; it keeps what it got and when.

    An answer may be a number of seconds that it takes, then it accepts.
    """

    answers: list[Any] = field(default_factory=lambda: [OK], compare=False)
    got: list[tuple[float, str, bool]] = field(default_factory=list, compare=False)
    refuses: frozenset[str] = frozenset()  # alerts that it never takes
    name: str = ""

    async def send(self, alert: Alert, context: Context) -> Receipt:
        loop = asyncio.get_running_loop()
        self.got.append((loop.time(), alert.id, alert.possible_duplicate))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if alert.id in self.refuses:
            answer = DOWN
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            answer = OK
        if isinstance(answer, Exception):
            raise answer
        return cast("Receipt", answer)

    @property
    def times(self) -> list[float]:
        return [round(at, 3) for at, _, _ in self.got]

    @property
    def alerts(self) -> list[str]:
        return [alert for _, alert, _ in self.got]


class Turns:
    """The store's thread without a thread."""

    async def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)


class Bench:
    """A deliverer, its store, and its clock."""

    def __init__(self, store: Store, services: Mapping[str, Service]) -> None:
        self.store, self.services = store, dict(services)
        self.loop = VirtualLoop()
        self.ahead = 0.0  # seconds that the wall clock is ahead
        self.notices: list[ChannelNotice] = []
        self.policy = "resend"
        tools = SimpleNamespace(
            store=store, thread=Turns(), now=self.now, jitter=lambda: 0.5,
            outbound=SimpleNamespace(notifier_client=None, check_address=lambda *_: None),
        )  # fmt: skip
        self.deliverer = Deliverer(
            cast("Tools", tools), self.channels(), on_notice=self.notices.append
        )

    def channels(self) -> dict[str, Channel]:
        return {name: Channel(service, self.policy) for name, service in self.services.items()}

    def hold_what_is_unknown(self) -> "Bench":
        self.policy = "hold"
        self.deliverer.replace_channels(self.channels())
        return self

    def now(self) -> datetime:
        return NOW + timedelta(seconds=self.loop.time() + self.ahead)

    def run(self, seconds: float) -> "Bench":
        """Let the program's duties do their work for so long."""
        self.loop.run_until_complete(self._duties(seconds))
        return self

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    async def _duties(self, seconds: float) -> None:
        """As the program: a look every second, but not where nothing can have changed."""
        ends = self.loop.time() + seconds
        recovered = self.loop.time()
        while ends - self.loop.time() > 1e-6:
            due = self.store.next_delivery_due(list(self.services))
            if due is not None and due <= self.now():
                self.deliverer.kick()
            if self.loop.time() - recovered >= 30:
                recovered = self.loop.time()
                await self.deliverer.recover()
            await asyncio.sleep(min(self._rest(due), ends - self.loop.time()))

    def _rest(self, due: datetime | None) -> float:
        if self.deliverer._running:
            return 1.0
        if due is None:
            return HOUR
        release = self.deliverer.soonest_release() or self.now()
        return min(max((max(due, release) - self.now()).total_seconds(), 1.0), 600.0)

    def rows(self) -> dict[tuple[str, str], Delivery]:
        """Deliveries by notifier and alert."""
        stored = self.store.list_alerts(1000)
        return {(row.notifier, row.alert_id): row for one in stored for row in one.deliveries}

    def states(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in self.rows().values():
            found[row.state.value] = found.get(row.state.value, 0) + 1
        return found


@pytest.fixture
def bench(store: Store) -> Iterator[Callable[..., Bench]]:
    """``bench(alerts=3, a=Service(), …)``: so many alerts wait for each service."""
    made: list[Bench] = []

    def make(alerts: int = 1, **services: Service) -> Bench:
        names = [f"{number:03d}" for number in range(alerts)]
        Making.outbox(store, *names, to=tuple(services))
        made.append(Bench(store, services))
        return made[-1]

    yield make
    for one in made:
        one.loop.bury()


@pytest.fixture
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As in tests/store: the file of an empty store."""
    from monitor.store import FILE_NAME, open_store

    folder = tmp_path_factory.mktemp("template")
    open_store(folder, lock=True).close()
    return folder / FILE_NAME


@pytest.fixture
def store(tmp_path: Path, template: Path) -> Iterator[Store]:
    import shutil

    from monitor.store import FILE_NAME, open_store

    (tmp_path / "data").mkdir()
    shutil.copyfile(template, tmp_path / "data" / FILE_NAME)
    opened = open_store(tmp_path / "data", lock=True)
    opened._connection.exec_driver_sql("PRAGMA synchronous = OFF")  # no power is cut here
    opened._connection.rollback()
    yield opened
    opened.close()


@pytest.mark.parametrize(
    ("answers", "state", "sends", "marked"),
    [
        pytest.param([OK], S.SENT, 1, False, id="D-01 accepted"),
        pytest.param([None], S.SENT, 1, False, id="a notifier that gives no receipt has accepted"),
        pytest.param([DOWN, OK], S.SENT, 2, False, id="D-13 D-15 not reached at first: sent, unmarked"),
        pytest.param([TemporaryNotifyError("429", 40.0), OK], S.SENT, 2, False, id="D-21 a wish costs no attempt"),
        pytest.param([UncertainNotifyError("reset"), OK], S.SENT, 2, True, id="D-14 lost answer: again, marked"),
        pytest.param([500.0, OK], S.SENT, 2, True, id="D-06 slower than its time limit: again, marked"),
        pytest.param([PermanentNotifyError("400")], S.FAILED, 1, False, id="D-16 refused for good"),
        pytest.param([ValueError("a bug")], S.FAILED, 5, False, id="D-20 a plugin's own failure: five times"),
        pytest.param([REVOKED, OK], S.SENT, 2, False, id="D-11 paused, then mended"),
        pytest.param([DOWN, DOWN, OK], S.SENT, 3, False, id="D-12 twice not there, then delivered"),
        pytest.param([TimeoutError()], S.RETRY, None, True, id="its own time-out tells nothing"),
    ],
)  # fmt: skip
def test_one_message(
    bench: Callable[..., Bench], answers: list[Any], state: DeliveryState,
    sends: int | None, marked: bool,
) -> None:  # fmt: skip
    one = bench(a=Service(answers)).run(900)
    (row,) = one.rows().values()
    assert row.state is state
    if sends is not None:
        assert len(one.services["a"].got) == sends
    assert one.services["a"].got[-1][2] is marked
    assert len(one.store.attempts(row.id)) == len(one.services["a"].got)


def test_where_the_user_says_so_what_is_unknown_is_held(bench: Callable[..., Bench]) -> None:
    """D-14."""
    one = bench(a=Service([UncertainNotifyError("reset"), OK])).hold_what_is_unknown().run(900)
    assert one.states() == {"held": 1}
    assert len(one.services["a"].got) == 1


def test_every_message_reaches_every_channel_once_and_in_order(bench: Callable[..., Bench]) -> None:
    """D-01, D-08 (the backlog was there at the start), D-37."""
    one = bench(alerts=20, a=Service(), b=Service(), c=Service()).run(5)
    for service in one.services.values():
        assert service.alerts == [f"alert-{number:03d}" for number in range(20)]
    assert one.states() == {"sent": 60}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(DOWN, id="D-05 not reached"),
        pytest.param(500.0, id="D-06 that hangs"),
        pytest.param(REVOKED, id="D-11 paused"),
        pytest.param(KeyError("x"), id="D-20 with a bug"),
        pytest.param(PermanentNotifyError("400"), id="that refuses everything"),
    ],
)
def test_a_bad_channel_holds_up_no_other(bench: Callable[..., Bench], answer: Any) -> None:
    one = bench(alerts=5, bad=Service([answer]), good=Service()).run(2)
    assert one.services["good"].times == [0.0] * 5
    assert {row.state for (name, _), row in one.rows().items() if name == "good"} == {S.SENT}


def test_a_message_that_is_always_refused_holds_up_no_other(bench: Callable[..., Bench]) -> None:
    """D-23."""
    bad = Service(refuses=frozenset({"alert-000"}))
    one = bench(alerts=5, a=bad).run(2)
    assert bad.alerts == [f"alert-{number:03d}" for number in range(5)]
    Making.outbox(one.store, "late", to=("a",))
    one.run(600)
    later = [at for at, alert, _ in bad.got if alert == "alert-late"]
    assert later == [2.0]


def test_too_many_requests(bench: Callable[..., Bench]) -> None:
    """D-21: nothing for as long as the service asked, then a message a second, all delivered."""
    service = Service([TemporaryNotifyError("429", 30.0), OK])
    one = bench(alerts=40, a=service).run(90)
    assert service.times[0] == 0.0
    assert service.times[1] >= 30.0
    gaps = [b - a for a, b in pairwise(service.times[1:])]
    assert min(gaps) >= 1.0
    assert one.states() == {"sent": 40}


def test_a_paused_channel(bench: Callable[..., Bench]) -> None:
    """D-11, D-24: three days without it cost nothing but time."""
    service = Service([REVOKED])
    one = bench(alerts=10, a=service).run(3 * DAY)
    assert one.states() == {"pending": 10}
    gaps = [b - a for a, b in pairwise(service.times)]
    assert max(gaps) <= HOUR + 120
    assert gaps[0] >= 60
    assert 70 <= len(gaps) <= 90
    assert [notice.over for notice in one.notices] == [False]
    assert "revoked" in one.notices[0].text
    service.answers[:] = [OK]
    before = len(service.got)
    one.run(2 * HOUR)
    assert one.states() == {"sent": 10}
    new = [
        alert
        for alert in service.alerts[before:]
        if alert not in service.alerts[before - 9 : before]
    ]
    assert sorted(service.alerts[before:]) == [f"alert-{number:03d}" for number in range(10)], new
    assert [notice.over for notice in one.notices] == [False, True]


def test_a_pause_ends_in_order(bench: Callable[..., Bench]) -> None:
    """D-24: nobody is overtaken by a pause that is not long."""
    service = Service([REVOKED, REVOKED, OK])
    one = bench(alerts=6, a=service).run(600)
    assert service.alerts[2:] == [f"alert-{number:03d}" for number in range(6)]
    assert one.states() == {"sent": 6}


def test_a_changed_configuration_ends_a_pause(bench: Callable[..., Bench]) -> None:
    one = bench(alerts=2, a=Service([REVOKED], name="old")).run(30)
    one.services["a"] = Service(name="new")
    one.deliverer.replace_channels(one.channels())
    one.run(2)
    assert one.states() == {"sent": 2}


def test_where_nothing_can_be_reached_hardly_anything_is_tried(bench: Callable[..., Bench]) -> None:
    """D-33: no busy loop, one try a minute at most once it is known."""
    service = Service([DOWN])
    one = bench(alerts=50, a=service).run(2 * HOUR)
    later = [at for at in service.times if at > 60]
    assert len(service.times) - len(later) <= 4
    gaps = [b - a for a, b in pairwise(later)]
    assert min(gaps) >= 60.0
    assert max(gaps) <= 660.0
    assert [notice.over for notice in one.notices] == [False]
    service.answers[:] = [OK]
    one.run(2 * HOUR)
    assert one.states() == {"sent": 50}


def test_after_three_days_a_message_is_given_up_and_can_be_sent_again(
    bench: Callable[..., Bench],
) -> None:
    """D-25, D-26: a new send, and the history is kept."""
    service = Service([DOWN])
    one = bench(a=service).run(3.2 * DAY)
    (row,) = one.rows().values()
    assert row.state is S.FAILED
    assert "given up after 3 days" in (row.last_error or "")
    tries = len(service.got)
    one.run(DAY)
    assert len(service.got) == tries
    service.answers[:] = [OK]
    assert one.store.requeue([row.id], one.now()) == 1
    one.run(900)
    assert one.states() == {"sent": 1}
    assert len(service.got) == tries + 1
    assert len(one.store.attempts(row.id)) == tries + 1


def test_a_channel_taken_out_of_the_config_keeps_its_messages(bench: Callable[..., Bench]) -> None:
    """D-27: kept, no crash; and they go out when it is back."""
    one = bench(alerts=3, a=Service([REVOKED]), b=Service()).run(5)
    gone = one.services.pop("a")
    one.deliverer.replace_channels(one.channels())
    one.run(300)
    assert {row.state for (name, _), row in one.rows().items() if name == "a"} == {S.PENDING}
    gone.answers[:] = [OK]
    one.services["a"] = gone
    one.deliverer.replace_channels(one.channels())
    one.run(5)
    assert one.states() == {"sent": 6}


def test_a_reload_in_the_middle_of_the_line(bench: Callable[..., Bench]) -> None:
    """D-07: nothing twice, nothing lost."""
    one = bench(alerts=10, a=Service([0.5]), b=Service([0.3]))
    for _ in range(8):
        one.run(0.7)
        one.deliverer.replace_channels(one.channels())
    one.run(10)
    assert one.states() == {"sent": 20}
    assert [len(service.got) for service in one.services.values()] == [10, 10]


@pytest.mark.parametrize(
    ("takes", "within", "state"),
    [
        pytest.param(3.0, 7.0, S.SENT, id="an answer that comes in time is recorded"),
        pytest.param(30.0, 7.0, S.SENDING, id="one that does not is unknown"),
    ],
)
def test_a_stop(
    bench: Callable[..., Bench], takes: float, within: float, state: DeliveryState
) -> None:
    """C-21: what is under way may end; nothing new is begun."""
    one = bench(alerts=3, a=Service([takes])).run(0.5)
    one.do(one.deliverer.stop(within))
    assert one.loop.time() <= 0.5 + within
    rows = one.rows()
    assert rows["a", "alert-000"].state is state
    assert {rows["a", f"alert-{n:03d}"].state for n in (1, 2)} == {S.PENDING}
    one.deliverer.kick()
    one.run(5)
    assert len(one.services["a"].got) == 1


class Slowly(Turns):
    """A store's thread whose answers take a while; what is called is done, whoever is cancelled."""

    async def call(self, function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = asyncio.get_running_loop().create_future()

        def act() -> None:
            answer.set_result(function(*args, **kwargs))

        asyncio.get_running_loop().call_later(0.2, act)
        return await asyncio.shield(answer)


@pytest.mark.parametrize(
    "within", [pytest.param(7.0, id="with time left"), pytest.param(0.0, id="with none")]
)
def test_a_claim_that_comes_at_a_stop_is_given_back(
    bench: Callable[..., Bench], within: float
) -> None:
    one = bench(a=Service())
    one.deliverer._tools.thread = Slowly()  # type: ignore[misc,assignment]  # a stand-in's field

    async def stop_while_claiming() -> None:
        one.deliverer.kick()
        await asyncio.sleep(0.1)
        await one.deliverer.stop(within)

    one.do(stop_while_claiming())
    assert one.services["a"].got == []
    (row,) = one.rows().values()
    assert (row.state, row.attempts, row.uncertain) == (S.PENDING, 0, False)
    assert one.store.next_delivery_due() is not None


def test_a_result_that_cannot_be_stored_is_kept_until_it_can(bench: Callable[..., Bench]) -> None:
    """A full disk must not turn every message into two; the lease may end meanwhile."""
    one = bench(alerts=3, a=Service())
    finish, refused = one.store.finish_attempt, 0

    def full(*given: Any) -> bool:
        nonlocal refused
        if one.loop.time() < 400:
            refused += 1
            raise StoreError("database or disk is full")
        return finish(*given)

    one.store.finish_attempt = full  # type: ignore[method-assign,assignment]  # a store on a full disk
    one.run(500)
    assert one.states() == {"sent": 3}
    assert one.services["a"].alerts == ["alert-000", "alert-001", "alert-002"]
    assert 70 <= refused <= 90


@pytest.mark.parametrize("jump", [-HOUR, HOUR, 365 * DAY])
def test_the_clock_is_set_while_a_message_is_on_its_way(
    bench: Callable[..., Bench], jump: float
) -> None:
    """C-16: its lease is not over because the clock says so, and nothing waits for the old time."""
    service = Service([SEND_TIMEOUT - 20, OK])
    one = bench(alerts=2, a=service, b=Service([DOWN, OK])).run(2)
    one.ahead = jump
    one.run(200)
    assert one.states() == {"sent": 4}
    assert service.alerts == ["alert-000", "alert-001"]
    one.ahead = 0.0
    Making.outbox(one.store, "late", to=("a",))
    one.run(40)
    assert service.alerts[-1] == "alert-late"


def test_what_a_clock_that_ran_ahead_put_off_becomes_due(bench: Callable[..., Bench]) -> None:
    one = bench(a=Service([DOWN, OK]))
    one.ahead = 365 * DAY
    one.run(2)
    one.ahead = 0.0
    one.run(1300)
    assert one.states() == {"sent": 1}


def test_a_worker_that_ends_with_an_error_is_started_again(bench: Callable[..., Bench]) -> None:
    one = bench(a=Service())
    claim, times = one.store.claim_delivery, 0

    def busy(*given: Any) -> Any:
        nonlocal times
        times += 1
        if times < 4:
            raise StoreError("database is locked")
        return claim(*given)

    one.store.claim_delivery = busy  # type: ignore[method-assign,assignment]  # a store in use elsewhere
    with suppress(StoreError):
        one.run(60)
    assert one.states() == {"sent": 1}
