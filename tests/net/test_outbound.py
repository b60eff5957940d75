"""The one way out: what is dialled, what is sent, what never happens."""

import asyncio
import logging
import socket
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import httpx
import pytest
import trustme

from monitor.errors import PermanentNotifyError
from monitor.net.addresses import NOTHING_ALLOWED, Allowance, parse_allowance
from monitor.net.dialling import VettingResolver, vetting_socket_factory
from monitor.net.failures import BadCertificate, NameNotFound, RefusedAddress
from monitor.net.outbound import Outbound
from monitor.net.transport import AiohttpTransport
from tests.net.servers import LOOPBACK, Seen, always, answer, by_path, outbound, serving


class Names:
    """A name service that answers from a table; lists are used up from the front."""

    def __init__(self, table: dict[str, list[list[str]]]) -> None:
        self.table = table
        self.asked: list[str] = []

    async def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        answers = self.table.get(host)
        if not answers:
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return answers.pop(0) if len(answers) > 1 else answers[0]


@pytest.mark.parametrize(
    ("host", "addresses"),
    [
        pytest.param("127.0.0.1", [], id="S-01 a literal address"),
        pytest.param("[::1]", [], id="a literal IPv6 address"),
        pytest.param("[::ffff:127.0.0.1]", [], id="S-02 a mapped address"),
        pytest.param("inside.example", ["127.0.0.1"], id="a name of a loopback address"),
        pytest.param(
            "both.example", ["93.184.215.14", "127.0.0.1"], id="S-03 one of two is private"
        ),
        pytest.param(
            "both6.example", ["::1", "93.184.215.14"], id="S-03 one of two families is private"
        ),
        pytest.param("meta.example", ["169.254.169.254"], id="a metadata address"),
    ],
)
def test_refused_addresses_are_never_dialled(host: str, addresses: list[str]) -> None:
    async def run() -> None:
        names = Names({host: [addresses]} if addresses else {})
        async with (
            serving(always()) as server,
            outbound(NOTHING_ALLOWED, resolver=names) as out,
        ):
            with pytest.raises(RefusedAddress):
                await out.client.get(f"http://{host}:{server.port}/")
            assert server.seen == []
            assert len(names.asked) == len(addresses[:1])

    asyncio.run(run())


def test_a_name_that_answers_differently_is_looked_up_once_and_dialled_as_vetted() -> None:
    """S-04: one look-up for each dial; S-06: an open connection needs none."""

    async def run() -> None:
        # first the allowed loopback address, then one that must not be dialled
        names = Names({"rebind.example": [["127.0.0.1"], ["10.0.0.1"]]})
        async with serving(always()) as server, outbound(resolver=names) as out:
            url = server.url(host="rebind.example")
            assert (await out.client.get(url)).status_code == 200
            assert names.asked == ["rebind.example"]
            assert server.seen[0].headers["host"] == f"rebind.example:{server.port}"
            # the open connection needs no further look-up
            assert (await out.client.get(url)).status_code == 200
            assert names.asked == ["rebind.example"]

    asyncio.run(run())


def test_a_new_dial_is_vetted_anew() -> None:
    """S-04, S-06."""

    async def run() -> None:
        names = Names({"rebind.example": [["127.0.0.1"], ["10.0.0.1"]]})
        closing = answer(200, {"Connection": "close"})

        async def close(seen: Seen, writer: asyncio.StreamWriter) -> None:
            writer.write(closing)

        async with serving(close) as server, outbound(resolver=names) as out:
            url = server.url(host="rebind.example")
            assert (await out.client.get(url)).status_code == 200
            with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
                await out.client.get(url)

    asyncio.run(run())


@pytest.mark.parametrize(
    "addresses",
    [
        pytest.param(["10.0.0.1"], id="one address"),
        pytest.param(["10.0.0.1", "127.0.0.1"], id="the next address is not tried instead"),
        pytest.param(["127.0.0.2", "10.0.0.1"], id="a refusal outweighs a dead first address"),
    ],
)
def test_the_socket_check_holds_where_the_resolver_is_blind(addresses: list[str]) -> None:
    async def run() -> None:
        names = Names({"odd.example": [addresses]})

        async def make_session() -> aiohttp.ClientSession:
            connector = aiohttp.TCPConnector(
                resolver=VettingResolver(names, parse_allowance(["0.0.0.0/0"])),
                socket_factory=vetting_socket_factory(LOOPBACK),
            )
            return aiohttp.ClientSession(connector=connector)

        async with serving(always()) as server:
            transport = AiohttpTransport(make_session)
            try:
                request = httpx.Request("GET", server.url(host="odd.example"))
                with pytest.raises(RefusedAddress, match=r"10\.0\.0\.1"):
                    await transport.handle_async_request(request)
            finally:
                await transport.aclose()
            assert server.seen == []

    asyncio.run(run())


def test_only_the_named_host_may_reach_its_private_address() -> None:
    """S-08."""

    async def run() -> None:
        names = Names({"mine.example": [["127.0.0.1"]], "other.example": [["127.0.0.1"]]})
        allowance = parse_allowance(["mine.example"])
        async with serving(always()) as server, outbound(allowance, resolver=names) as out:
            assert (await out.client.get(server.url(host="mine.example"))).status_code == 200
            with pytest.raises(RefusedAddress):
                await out.client.get(server.url(host="other.example"))

    asyncio.run(run())


def test_a_dead_first_address_does_not_hide_a_living_second() -> None:
    async def run() -> None:
        names = Names({"two.example": [["::1", "127.0.0.1"]]})  # the server listens on IPv4 only
        async with serving(always()) as server, outbound(resolver=names) as out:
            assert (await out.client.get(server.url(host="two.example"))).status_code == 200

    asyncio.run(run())


@pytest.mark.parametrize("client", ["client", "notifier_client"])
def test_no_cookies_no_redirects_no_surprises(client: str) -> None:
    async def run() -> None:
        pages = by_path(
            {
                "/": answer(302, {"Location": "/next", "Set-Cookie": "a=b; Path=/"}),
                "/next": answer(200),
            }
        )
        async with serving(pages) as server, outbound() as out:
            http: httpx.AsyncClient = getattr(out, client)
            for _ in range(2):
                assert (await http.get(server.url())).status_code == 302
            assert [seen.path for seen in server.seen] == ["/", "/"]
            for seen in server.seen:
                assert not {"cookie", "referer", "range"} & set(seen.headers)
            assert not http.cookies

    asyncio.run(run())


def test_the_url_goes_out_as_it_is() -> None:
    async def run() -> None:
        path = "/a%2Fb/x;y=z?sig=a%2Fb%3D%7e,1+2&e=%e4"
        async with serving(always()) as server, outbound() as out:
            await out.client.get(server.url(path))
            assert server.seen[0].path == path

    asyncio.run(run())


def test_a_message_arrives_whole_and_an_answer_stays_short() -> None:
    async def run() -> None:
        async def endless(seen: Seen, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n")
            while not writer.is_closing():
                writer.write(b"\x1f\x8b\x08" + b"x" * 65533)
                await writer.drain()

        async with serving(endless) as server, outbound() as out:
            response = await out.notifier_client.post(server.url(), json={"text": "ü"})
            assert response.status_code == 200
            assert len(response.content) <= 1024 * 1024
            assert server.seen[0].headers["accept-encoding"] == "identity"
            assert server.seen[0].headers["content-length"] == str(len('{"text":"ü"}'.encode()))
            await asyncio.wait_for(server.disconnected.wait(), 5)

    asyncio.run(run())


def test_notifiers_reach_loopback_though_feeds_do_not_but_never_metadata() -> None:
    async def run() -> None:
        async with serving(always()) as server, outbound(NOTHING_ALLOWED) as out:
            assert (await out.notifier_client.post(server.url(), content=b"x")).status_code == 200
            with pytest.raises(PermanentNotifyError):
                await out.notifier_client.post("http://169.254.169.254/latest")
            out.check_address("mail.example", "10.0.0.25")
            with pytest.raises(PermanentNotifyError, match="link-local"):
                out.check_address("mail.example", "169.254.0.1")

    asyncio.run(run())


def contexts(host: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    authority = trustme.CA()
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(host).configure_cert(server)
    client = ssl.create_default_context()
    authority.configure_trust(client)
    return server, client


def test_tls_is_checked_against_the_name_that_was_asked_for() -> None:
    """S-30: another name, an unknown authority; S-04: the name is still the one asked for."""

    async def run() -> None:
        server_tls, client_tls = contexts("good.example")
        names = Names({"good.example": [["127.0.0.1"]], "bad.example": [["127.0.0.1"]]})
        async with serving(always(), tls=server_tls) as server:
            async with outbound(resolver=names, tls=client_tls) as out:
                url = server.url(host="good.example", scheme="https")
                assert (await out.client.get(url)).status_code == 200
                with pytest.raises(BadCertificate):
                    await out.client.get(server.url(host="bad.example", scheme="https"))
            async with outbound(resolver=names) as out:
                with pytest.raises(BadCertificate, match=r"issuer|self"):
                    await out.client.get(server.url(host="good.example", scheme="https"))
            assert len(server.seen) == 1

    asyncio.run(run())


@pytest.mark.parametrize(
    ("target", "allowance", "refused"),
    [
        pytest.param("10.1.1.1", NOTHING_ALLOWED, True, id="a private address"),
        pytest.param("inside.example", NOTHING_ALLOWED, True, id="a name of a private address"),
        pytest.param("localhost", NOTHING_ALLOWED, True, id="localhost"),
        pytest.param("unknown.example", NOTHING_ALLOWED, False, id="a name only the proxy knows"),
        pytest.param("10.1.1.1", parse_allowance(["10.1.1.1"]), False, id="an allowed address"),
    ],
)
def test_a_proxy_on_loopback_works_and_opens_nothing(
    target: str, allowance: Allowance, refused: bool
) -> None:
    """S-07: a private proxy works, and opens no private target."""

    async def run() -> None:
        names = Names({"inside.example": [["10.1.1.1"]], "localhost": [["127.0.0.1"]]})
        async with (
            serving(always()) as proxy,
            outbound(allowance, resolver=names, proxy=proxy.url()) as out,
        ):
            if refused:
                with pytest.raises(RefusedAddress):
                    await out.client.get(f"http://{target}/x")
                assert proxy.seen == []
            else:
                assert (await out.client.get(f"http://{target}/x")).status_code == 200
                assert proxy.seen[0].path == f"http://{target}/x"

    asyncio.run(run())


def test_the_environment_is_not_consulted(monkeypatch: pytest.MonkeyPatch) -> None:
    """S-07: no proxy of the environment."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    async def run() -> None:
        async with serving(always()) as server, outbound() as out:
            assert (await out.client.get(server.url())).status_code == 200
            assert (await out.notifier_client.get(server.url())).status_code == 200

    asyncio.run(run())


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "127.0.0.1:3128", "http://", "::"])
def test_a_proxy_must_be_a_url(proxy: str) -> None:
    with pytest.raises(ValueError, match=r"network\.proxy"):
        Outbound(LOOPBACK, "agent", proxy=proxy)


def test_errors_name_the_host_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    async def run() -> None:
        async def hang_up(seen: Seen, writer: asyncio.StreamWriter) -> None:
            writer.close()

        names = Names({"here.example": [["127.0.0.1"]]})
        async with serving(hang_up) as server, outbound(resolver=names) as out:
            closed = "http://here.example:1/T0K3N"
            for client in (out.client, out.notifier_client):
                for url, kind in (
                    (server.url("/T0K3N", host="here.example"), httpx.RemoteProtocolError),
                    (closed, httpx.ConnectError),
                    ("http://gone.example/T0K3N", NameNotFound),
                ):
                    with pytest.raises(kind) as caught:
                        await client.post(url, content=b"x")
                    assert "T0K3N" not in str(caught.value)
                    assert caught.value.__cause__ is None
            # a request whose answer was lost is sent once, never again by itself
            assert len(server.seen) == 2

    asyncio.run(run())
    assert "T0K3N" not in caplog.text


def test_many_requests_leave_nothing_open() -> None:
    async def run() -> None:
        async with serving(always(200, {}, b"x")) as server:
            async with outbound() as out:
                await asyncio.gather(*(out.client.get(server.url()) for _ in range(100)))
            others = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.wait_for(server.disconnected.wait(), 5)
            assert all("serving" in repr(task) or "connected" in repr(task) for task in others)

    asyncio.run(run())


def test_s07_a_netrc_file_is_not_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """S-07: a password in ~/.netrc goes nowhere."""
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login desk password T0K3N\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HOME", str(tmp_path))

    async def run() -> None:
        async with serving(always()) as server, outbound() as out:
            await out.client.get(server.url())
            await out.notifier_client.get(server.url())
            assert all("authorization" not in seen.headers for seen in server.seen)

    asyncio.run(run())


def test_s30_an_expired_certificate_is_refused_and_told() -> None:
    """S-30; there is no option that switches the check off."""

    async def run() -> None:
        authority = trustme.CA()
        server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        gone = datetime(2020, 1, 2, tzinfo=UTC)
        authority.issue_cert(
            "old.example", not_before=gone - timedelta(days=1), not_after=gone
        ).configure_cert(server_tls)
        client_tls = ssl.create_default_context()
        authority.configure_trust(client_tls)
        names = Names({"old.example": [["127.0.0.1"]]})
        async with (
            serving(always(), tls=server_tls) as server,
            outbound(resolver=names, tls=client_tls) as out,
        ):
            with pytest.raises(BadCertificate, match="expired"):
                await out.client.get(server.url(host="old.example", scheme="https"))
            assert server.seen == []

    asyncio.run(run())


def test_s28_a_server_that_never_answers_tls_costs_one_deadline() -> None:
    """S-28: the connection stands, the handshake does not come."""

    async def run() -> None:
        quiet = asyncio.Event()

        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read()
            quiet.set()
            writer.close()

        listener = await asyncio.start_server(stall, "127.0.0.1", 0)
        port = listener.sockets[0].getsockname()[1]
        async with outbound() as out:
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.3):
                    await out.client.get(f"https://127.0.0.1:{port}/")
            await asyncio.wait_for(quiet.wait(), 5)  # the connection is given up
        listener.close()

    asyncio.run(run())


@pytest.mark.parametrize(
    ("interim", "fine"),
    [
        pytest.param(1, True, id="one interim answer is usual"),
        pytest.param(20, True, id="twenty are borne"),
        pytest.param(5000, False, id="S-27 five thousand at once are not"),
    ],
)
def test_interim_answers(interim: int, fine: bool) -> None:
    """What aiohttp would drop one by one, however many."""

    async def run() -> None:
        hints = b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" * interim

        async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
            writer.write(hints + answer(200, {}, b"x" * 300_000))

        async with serving(handle) as server, outbound() as out:
            for _ in range(2):  # the second on the same connection
                if fine:
                    assert len((await out.client.get(server.url())).content) == 300_000
                else:
                    with pytest.raises(httpx.RemoteProtocolError, match="not proper HTTP"):
                        await out.client.get(server.url())

    asyncio.run(run())


@pytest.mark.parametrize(
    ("fields", "fine"),
    [
        pytest.param([b"x" * 15_000], True, id="one long field"),
        pytest.param([b"x" * 15_000] * 3, True, id="three long fields"),
        pytest.param([b"x" * 17_000], False, id="S-26 one field of more than 16 kB"),
        pytest.param([b"x" * 15_000] * 6, False, id="S-26 all together more than 64 kB"),
        pytest.param([b"x"] * 200, False, id="S-26 two hundred fields"),
    ],
)
def test_header_fields_within_reason(fields: list[bytes], fine: bool) -> None:
    async def run() -> None:
        lines = b"".join(b"X-%d: %s\r\n" % pair for pair in enumerate(fields))

        async def handle(seen: Seen, writer: asyncio.StreamWriter) -> None:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + lines + b"\r\nok")

        async with serving(handle) as server, outbound() as out:
            if fine:
                assert (await out.client.get(server.url())).content == b"ok"
            else:
                with pytest.raises(httpx.RemoteProtocolError):
                    await out.client.get(server.url())

    asyncio.run(run())
