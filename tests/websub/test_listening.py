"""The listener against strangers, and requests to hubs: bounds, walls, redirects."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest

from monitor.net.addresses import NOTHING_ALLOWED, Allowance, parse_allowance
from monitor.net.outbound import Outbound
from monitor.secret import Secret
from monitor.websub.ask import ask_hub
from monitor.websub.listener import LONGEST_BODY, MOST_CONNECTIONS, Listener
from monitor.websub.signature import sign
from monitor.websub.subscription import Accepted, Denial, Failed, Mode, Ping, Verification
from tests.websub.hub import PATIENCE, Hub, running_hub
from tests.websub.made import PUBLIC, TOKEN, TOPIC, subscription

SECRET = Secret("a made-up secret")
PATH = f"/websub/{TOKEN}"
HEAD = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\n".encode()


@dataclass
class Porch:
    """A door that keeps what came and confirms everything."""

    came: list[Verification | Denial | Ping] = field(default_factory=list)
    allows: bool = True
    breaks: bool = False

    def public(self) -> list[str]:
        return [PUBLIC]

    def secret(self, token: str) -> Secret | None:
        return SECRET if token == TOKEN else None

    def lets_in(self, token: str) -> bool:
        return self.allows

    async def asked(self, token: str, event: Verification | Denial) -> bool:
        self.came.append(event)
        return isinstance(event, Verification)

    async def pinged(self, token: str, event: Ping) -> None:
        if self.breaks:
            raise RuntimeError("a fault of ours")
        self.came.append(event)


@asynccontextmanager
async def listening(porch: Porch, cut_off: float = PATIENCE) -> AsyncIterator[tuple[str, int]]:
    listener = Listener(porch, cut_off)
    await listener.open("127.0.0.1", 0)
    assert listener.address is not None
    try:
        yield listener.address
    finally:
        await listener.close()


async def said(address: tuple[str, int], request: bytes, *, end: bool = False) -> bytes:
    """What is answered to ``request`` until the connection ends; ``end``: we end our side first."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(request)
        if end:
            writer.write_eof()
        async with asyncio.timeout(PATIENCE):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


def post(body: bytes, *headers: str, path: str = PATH, host: str = "localhost") -> bytes:
    lines = [f"POST {path} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


SIGNED = f"X-Hub-Signature: {sign(b'body', SECRET)}"
LONG = b"x" * (LONGEST_BODY + 1)
LONG_SIGNED = f"X-Hub-Signature: {sign(LONG, SECRET)}"
FULL = LONG[:-1]
GZIP = b"\x1f\x8b\x08\x00not really"


@pytest.mark.parametrize(
    ("request_", "status", "came"),
    [
        pytest.param(post(b"body", SIGNED), 202, [Ping(signed=True)], id="a signed ping"),
        pytest.param(post(b"body"), 202, [Ping(signed=False)], id="an unsigned ping"),
        pytest.param(post(b"bodY", SIGNED), 202, [Ping(signed=False)], id="a ping with another body"),
        pytest.param(post(b"body", SIGNED, SIGNED), 202, [Ping(signed=False)], id="two signatures"),
        pytest.param(post(FULL, f"X-Hub-Signature: {sign(FULL, SECRET)}"), 202, [Ping(signed=True)], id="a body of the greatest length"),
        pytest.param(post(LONG, LONG_SIGNED), 202, [Ping(signed=False)], id="a longer body is thrown away, signed or not"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n" + SIGNED.encode() + b"\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n", 202, [Ping(signed=True)], id="a body in chunks"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nbody", 400, [], id="chunks that are none"),
        pytest.param(post(GZIP, "Content-Encoding: gzip", f"X-Hub-Signature: {sign(GZIP, SECRET)}"), 202, [Ping(signed=True)], id="the signature is over the bytes as they came; nothing is unpacked"),
        pytest.param(post(b"body", SIGNED, host="rebound.example.net"), 421, [], id="DNS rebinding"),
        pytest.param(post(b"body", SIGNED, "X-Forwarded-Host: localhost", host="rebound.example.net"), 421, [], id="a forwarded host is not believed"),
        pytest.param(post(b"body", SIGNED, path="/websub/" + "U" * 43), 410, [], id="a subscription that is gone"),
        pytest.param(post(b"body", SIGNED, path="/"), 404, [], id="another path"),
        pytest.param(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n", 404, [], id="nothing else lives here"),
        pytest.param(b"nonsense\r\n\r\n", 400, [], id="no HTTP"),
        pytest.param(HEAD + b"X: " + b"y" * 9000 + b"\r\n\r\n", 400, [], id="a header without end"),
        pytest.param(HEAD + b"X: y\r\n" * 100 + b"\r\n", 400, [], id="headers without end"),
        pytest.param(f"GET {PATH}?hub.mode=subscribe&hub.topic=x&hub.challenge={'y' * 9000} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), 400, [], id="an address without end"),
        pytest.param(f"GET {PATH}?hub.mode=subscribe&hub.topic=x&hub.challenge=%3Cb%3E HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), 200, [Verification("subscribe", "x")], id="a verification"),
        pytest.param(f"GET {PATH}?hub.mode=denied&hub.topic=x HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), 200, [Denial("x", "")], id="a denial"),
        pytest.param(f"GET /websub/{'U' * 43}?hub.mode=subscribe&hub.topic=x&hub.challenge=y HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), 404, [], id="a verification of nothing"),
    ],
)  # fmt: skip
def test_what_strangers_and_hubs_get(
    request_: bytes, status: int, came: list[Verification | Denial | Ping]
) -> None:
    porch = Porch()

    async def check() -> None:
        async with listening(porch) as address:
            answer = await said(address, request_)
            assert answer.split()[1] == str(status).encode(), answer[:200]

    asyncio.run(check())
    assert porch.came == came


def test_a_challenge_goes_back_as_plain_text() -> None:
    async def check() -> bytes:
        async with listening(Porch()) as address:
            target = f"{PATH}?hub.mode=subscribe&hub.topic=x&hub.challenge=%3Cscript%3E"
            return await said(address, f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())

    head, _, body = asyncio.run(check()).partition(b"\r\n\r\n")
    assert body == b"<script>"
    assert b"Content-Type: text/plain" in head
    assert b"nosniff" in head
    assert b"Connection: close" in head


def test_too_many_calls_get_429_and_faults_of_ours_get_500(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def check(porch: Porch) -> bytes:
        async with listening(porch) as address:
            return await said(address, post(b"body", SIGNED))

    assert b" 429 " in asyncio.run(check(Porch(allows=False)))
    assert b" 500 " in asyncio.run(check(Porch(breaks=True)))
    assert [record.getMessage() for record in caplog.records] == [
        "a hub's request could not be answered"
    ]


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"", id="nothing at all"),
        pytest.param(HEAD, id="a head that never ends"),
        pytest.param(HEAD + b"Content-Length: 9\r\n\r\nbody", id="a body that never ends"),
    ],
)
def test_slow_clients_are_cut_off(sent: bytes) -> None:
    porch = Porch()

    async def check() -> None:
        async with listening(porch, cut_off=0.1) as address:
            assert await said(address, sent) == b""

    asyncio.run(check())
    assert porch.came in ([], [Ping(signed=False)])


def test_a_body_that_breaks_off_is_not_signed() -> None:
    porch = Porch()

    async def check() -> None:
        async with listening(porch) as address:
            head = post(b"body", SIGNED).replace(b"Content-Length: 4", b"Content-Length: 5")
            await said(address, head, end=True)

    asyncio.run(check())
    assert porch.came in ([], [Ping(signed=False)])


def test_connections_are_bounded_and_the_bound_opens_again() -> None:
    async def check() -> None:
        async with listening(Porch()) as address:
            waiting = [await asyncio.open_connection(*address) for _ in range(MOST_CONNECTIONS)]
            assert await said(address, post(b"body", SIGNED)) == b""
            for _, writer in waiting:
                writer.close()
            async with asyncio.timeout(PATIENCE):
                while not await said(address, post(b"body", SIGNED)):
                    await asyncio.sleep(0)

    asyncio.run(check())


def test_strangers_cannot_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def check() -> None:
        async with listening(Porch()) as address:
            for request in (b"nonsense\r\n\r\n", post(b"body"), b"GET / HTTP/1.1\r\n\r\n"):
                await said(address, request)

    with caplog.at_level(logging.INFO):
        asyncio.run(check())
    assert caplog.records == []


LOOPBACK = parse_allowance(["127.0.0.1"])


async def asked(
    prepare: Callable[[Hub], Awaitable[str] | str], allowance: Allowance = LOOPBACK
) -> tuple[Accepted | Failed, Hub]:
    """What a hub's answer is understood as; ``prepare`` scripts the hub and gives its address."""
    out = Outbound(allowance, "tests")
    try:
        async with running_hub() as hub:
            url = prepare(hub)
            hub_url = url if isinstance(url, str) else await url
            one = replace(subscription(), hub=hub_url)
            return await ask_hub(out.client, one, Mode.SUBSCRIBE, within=0.5), hub
    finally:
        await out.aclose()


def answering(status: int, **headers: str) -> Callable[[Hub], str]:
    def prepare(hub: Hub) -> str:
        hub.status = status
        hub.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        return hub.url

    return prepare


def hanging(hub: Hub) -> str:
    hub.before = lambda _: asyncio.sleep(PATIENCE)
    return hub.url


REFUSED = "the hub could not be asked: 127.0.0.1 is a loopback address"


@pytest.mark.parametrize(
    ("prepare", "answer"),
    [
        pytest.param(answering(202), Accepted(), id="202"),
        pytest.param(answering(204), Accepted(), id="204, as older hubs answer"),
        pytest.param(answering(400), Failed("the hub 127.0.0.1 answered 400", certain=True), id="a refusal"),
        pytest.param(answering(503, Retry_After="120"), Failed("the hub 127.0.0.1 answered 503", certain=True, retry_after=120.0), id="a wish to wait"),
        pytest.param(answering(302, Location="/elsewhere"), Failed("the hub 127.0.0.1 answered 302", certain=True), id="a redirect that would turn it into a GET"),
        pytest.param(answering(307, Location="/hub"), Failed("the hub 127.0.0.1 redirects in a circle", certain=True), id="a circle"),
        pytest.param(answering(308), Failed("the hub 127.0.0.1 redirects in a circle", certain=True), id="a redirect to nowhere, which is itself"),
        pytest.param(answering(308, Location="file:///etc/passwd"), Failed("the hub 127.0.0.1 redirects wrongly: the URL does not begin with http:// or https:// and a host", certain=True), id="a redirect to a file"),
        pytest.param(hanging, Failed("the hub 127.0.0.1 took longer than 0.5 s", certain=False), id="no answer: it may have taken the request"),
        pytest.param(lambda _: "gopher://hub.example.net/", Failed("the hub cannot be asked: the URL does not begin with http:// or https:// and a host", certain=True), id="an address that is none"),
        pytest.param(lambda _: "http://127.0.0.1:9/", Failed("the hub could not be asked: 127.0.0.1 refused the connection", certain=True), id="nobody there"),
    ],
)  # fmt: skip
def test_asking(prepare: Callable[[Hub], str], answer: Accepted | Failed) -> None:
    found, _ = asyncio.run(asked(prepare))
    assert found == answer


def test_a_hub_in_a_private_network_is_not_asked() -> None:
    found, hub = asyncio.run(asked(answering(202), NOTHING_ALLOWED))
    assert isinstance(found, Failed)
    assert found.message.startswith(REFUSED)
    assert found.certain
    assert hub.forms == []


def test_a_moved_hub_gets_the_same_request() -> None:
    found, hub = asyncio.run(asked(lambda hub: f"{hub.base}/old"))
    assert found == Accepted()
    (form,) = hub.forms
    assert form == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": f"{PUBLIC}/websub/{TOKEN}",
        "hub.lease_seconds": "604800",
        "hub.secret": SECRET.reveal(),
    }
