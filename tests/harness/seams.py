"""Where the program is joined to the harness: the names that the composition root builds with.

``monitor.app`` is the one place that makes the parts; some of its names are replaced while a run
lasts. A name that is gone there fails loudly here.
"""

import asyncio
import inspect
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TypeVar

import httpx
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, NullPool, create_engine

from monitor import app as root
from monitor.alerts.deliver import Channel
from monitor.articles.extract import extract_page
from monitor.articles.reading import ReadPage
from monitor.articles.site_rules import NO_RULES, SiteRules
from monitor.errors import StoreError
from monitor.feeds.parse import parse_feed
from monitor.model import ParsedFeed
from monitor.pipeline.tools import Tools
from monitor.secret import Secret
from monitor.store import FILE_NAME, Store, StoreThread, open_store
from monitor.store.dialect import Use, _set_pragmas, damage
from monitor.userfiles import UserFiles, read_rules, read_settings
from monitor.workers import Workers
from notifiers import slack, webhook
from tests.harness import dbapi
from tests.harness.crash import Crash
from tests.harness.invariants import Watch
from tests.harness.scene import RULE, SECRET, config
from tests.harness.world import MailLike, Wire, World

SYNCHRONOUS = "FULL"  # as the program has it; a planted mistake has another

P = ParamSpec("P")
T = TypeVar("T")


@contextmanager
def joined(world: World, watch: Watch) -> Iterator[None]:
    """While this lasts, ``App`` is built in ``world``."""
    names: dict[str, Any] = {
        "StoreThread": partial(InlineThread, world),
        "open_store": partial(open_on, world, watch),
        "make_outbound": lambda _: Way(world),
        "Tools": partial(Tools, jitter=world.chance.random),
        "build_channels": lambda *_: (channels(world), ()),
        **_clocks(world),
    }
    before = {name: getattr(root, name) for name in names}
    try:
        vars(root).update(names)
        yield
    finally:
        vars(root).update(before)


def _clocks(world: World) -> dict[str, Any]:
    """Every part that takes a monotonic clock, with ours."""
    return {name: partial(part, clock=lambda: world.loop.time()) for name, part in _with_clock()}


@cache
def _with_clock() -> tuple[tuple[str, type], ...]:
    return tuple(
        (name, part)
        for name, part in vars(root).items()
        if inspect.isclass(part)
        and inspect.isfunction(part.__init__)
        and "clock" in inspect.signature(part.__init__).parameters
    )


class InlineThread(StoreThread):
    """The store's calls one after another, in the loop itself; each takes the scene's time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._calls: deque[tuple[Callable[[], Any], asyncio.Future[Any]]] = deque()
        self._closed = False

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """``function(*args, **kwargs)`` when its turn comes."""
        if self._closed or self._world.dead:
            raise StoreError("the store is closed")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._calls.append((partial(function, *args, **kwargs), answer))
        if self._world.scene.store:
            loop.call_later(self._world.scene.store, self._next)
        else:
            loop.call_soon(self._next)
        return await asyncio.shield(answer)

    async def close(self) -> None:
        """Take no more calls."""
        while self._calls and not self._world.dead:
            self._next()
        self._closed = True

    def _next(self) -> None:
        if not self._calls or self._world.dead:
            return
        function, answer = self._calls.popleft()
        try:
            value = function()
        except Crash:
            raise
        except Exception as error:
            if self._world.dead:
                raise Crash from error
            if not answer.done():
                answer.set_exception(error)
        else:
            if self._world.dead:  # at the last step of it, as when a file is closed
                raise Crash
            if not answer.done():
                answer.set_result(value)


@cache
def _engine() -> tuple[Engine, dict[str, Any]]:
    """One engine for all runs, so that statements are compiled once; and where it connects to."""
    target: dict[str, Any] = {}

    def connect() -> dbapi.Connection:
        world: World = target["world"]
        made = dbapi.Connection(world.disk, FILE_NAME)
        made.own.execute(f"PRAGMA wal_autocheckpoint = {world.scene.checkpoint}")
        return made

    engine = create_engine(
        "sqlite://", module=dbapi, creator=connect, poolclass=NullPool, hide_parameters=True
    )
    _set_pragmas(engine, Use.OWNER)  # the program's own
    return engine, target


def open_on(world: World, watch: Watch, *_: object, **__: object) -> Store:
    """The store on the world's disk, opened and checked as the daemon does."""
    if FILE_NAME not in world.disk.files:
        world.disk.put(FILE_NAME, empty_database())
    engine, target = _engine()
    target["world"] = world
    connection: SqlConnection = engine.connect()
    raw: Any = connection.connection.dbapi_connection
    world.connections.append(raw)
    raw.own.execute(f"PRAGMA wal_autocheckpoint = {world.scene.checkpoint}")
    raw.own.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
    found = damage(connection)
    if found is not None:
        world.breach(f"the database is damaged: {found}")
    raw.on_statement = partial(_on_statement, world)
    raw.on_commit = watch.after_commit
    watch.process_starts(raw.own)
    return Store(connection)


def _on_statement(world: World, sql: str) -> None:
    if not sql.startswith("BEGIN"):
        return
    fault = world.fault("statement")
    if fault == "busy":
        raise dbapi.OperationalError("database is locked")
    if fault == "stop":
        world.stop()


class Way:
    """What ``Outbound`` is to the program."""

    def __init__(self, world: World) -> None:
        wire = Wire(world)
        self.client = httpx.AsyncClient(transport=wire, trust_env=False, timeout=None)
        self.notifier_client = httpx.AsyncClient(transport=wire, trust_env=False)

    def check_address(self, host: str, ip: str) -> None:
        """Every address is allowed."""

    async def aclose(self) -> None:
        """Nothing is open."""


class Readers(Workers):
    """The parsers in this process; a page is read once in all runs together."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self._world = world

    async def parse(self, body: bytes, url: str, content_type: str | None) -> ParsedFeed:
        return parse_feed(body, url, content_type, now=self._world.wall())

    async def extract(
        self, body: bytes, url: str, content_type: str | None, rules: SiteRules = NO_RULES
    ) -> ReadPage:
        return _read(body, url, content_type, rules)


@cache
def _read(body: bytes, url: str, content_type: str | None, rules: SiteRules) -> ReadPage:
    return extract_page(body, url, content_type, rules)


@cache
def empty_database() -> bytes:
    """A database as the program makes it."""
    with TemporaryDirectory() as folder:
        open_store(Path(folder), lock=True).close()
        return (Path(folder) / FILE_NAME).read_bytes()


@cache
def user_files() -> UserFiles:
    """The user's files of every run, read as the program reads them."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_text(config(), encoding="utf-8")
        (Path(folder) / "rules").mkdir()
        (Path(folder) / "rules" / "ferries.yaml").write_text(RULE, encoding="utf-8")
        settings, problems = read_settings(path, is_shipped=False, environ={})
        assert settings is not None, problems
        return UserFiles(path, settings, read_rules(settings.rules), problems)


def channels(world: World) -> dict[str, Channel]:
    """Two real notifiers and one like mail."""
    wish = dict(world.scene.on_uncertain)
    return {
        "hook": Channel(
            webhook.Notifier(Secret("https://hook.example/in"), Secret(SECRET)), wish["hook"]
        ),
        "slack": Channel(slack.Notifier(Secret(f"https://slack.example/{SECRET}")), wish["slack"]),
        "mail": Channel(MailLike(world), wish["mail"]),
    }
