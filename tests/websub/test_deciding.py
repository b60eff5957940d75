"""Signatures, requests to the listener, wishes and rates: each decided by a value."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.secret import Secret
from monitor.websub.callback import Call, Delivered, Question, Reply, callback_url, read_call
from monitor.websub.rate import MOST_CALLS, Window, counted, is_too_often, still_open
from monitor.websub.signature import ALGORITHMS, SignatureCheck, sign
from monitor.websub.subscription import Denial, Mode, Subscription, Verification
from monitor.websub.wishes import LONGEST_ADDRESS, Offer, wishes
from tests.websub.made import HUB, NOW, PUBLIC, TOKEN, TOPIC, at, subscription

SECRET = Secret("a made-up secret")
BODY = b"<rss>made up</rss>"
GOOD = sign(BODY, SECRET)


def holds(headers: Sequence[str], *pieces: bytes) -> bool:
    check = SignatureCheck(headers, SECRET)
    for piece in pieces:
        check.feed(piece)
    return check.holds()


@pytest.mark.parametrize(
    ("headers", "good"),
    [
        *(pytest.param([sign(BODY, SECRET, name)], True, id=name) for name in sorted(ALGORITHMS)),
        pytest.param([GOOD.upper()], True, id="upper case says the same"),
        pytest.param([f" {GOOD} "], True, id="so do spaces around it"),
        pytest.param([], False, id="no signature"),
        pytest.param([""], False, id="an empty one"),
        pytest.param([GOOD, GOOD], False, id="two of them"),
        pytest.param([GOOD[:-1]], False, id="a digit too few"),
        pytest.param([GOOD + "0"], False, id="a digit too many"),
        pytest.param(["sha256="], False, id="no digest"),
        pytest.param([GOOD.partition("=")[2]], False, id="no algorithm"),
        pytest.param([GOOD.replace("sha256", "sha512")], False, id="another algorithm's name"),
        pytest.param(["md5=" + hmac.new(b"a made-up secret", BODY, "md5").hexdigest()], False, id="a weak algorithm"),
        pytest.param(["sha256=" + hashlib.sha256(BODY).hexdigest()], False, id="a hash without the secret"),
        pytest.param([sign(BODY, Secret("another"))], False, id="another secret"),
        pytest.param([sign(BODY + b" ", SECRET)], False, id="another body"),
        pytest.param(["sha256=" + "é" * 64], False, id="letters that are no digits"),
        pytest.param(["sha256=\udcff"], False, id="bytes that are no text"),
        pytest.param(["sha256=" + "0" * 100_000], False, id="a very long one"),
        pytest.param(["shake_128=" + "0" * 32], False, id="an algorithm that needs a length"),
    ],
)  # fmt: skip
def test_signatures(headers: list[str], good: bool) -> None:
    assert holds(headers, BODY) == good


@given(st.lists(st.binary(max_size=50)), st.sampled_from(sorted(ALGORITHMS)))
def test_a_body_in_pieces_is_the_body(pieces: list[bytes], algorithm: str) -> None:
    assert holds([sign(b"".join(pieces), SECRET, algorithm)], *pieces)


@given(st.text(max_size=100))
def test_no_text_is_a_signature_by_chance(header: str) -> None:
    assert not holds([header], BODY)


HOST = "news.example.org"
PATH = f"/websub/{TOKEN}"


def asking(path: str = PATH, **said: str) -> str:
    return path + "?" + urlencode({f"hub.{name}": value for name, value in said.items()})


VERIFY = {"mode": "subscribe", "topic": TOPIC, "challenge": "abc", "lease_seconds": "60"}
VERIFIED = Question(TOKEN, Verification("subscribe", TOPIC, 60), "abc")


@pytest.mark.parametrize(
    ("method", "hosts", "target", "call"),
    [
        # What is ours.
        pytest.param("GET", [HOST], asking(**VERIFY), VERIFIED, id="a verification"),
        pytest.param("GET", [HOST], asking("/monitor" + PATH, **VERIFY), VERIFIED, id="with the public address's own path"),
        pytest.param("GET", [HOST], asking(**VERIFY) + "&x=1&x=2", VERIFIED, id="other parameters are the operator's affair"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "lease_seconds": "soon"}), Question(TOKEN, Verification("subscribe", TOPIC, None), "abc"), id="a lease that is no number"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "lease_seconds": "-5"}), Question(TOKEN, Verification("subscribe", TOPIC, None), "abc"), id="a lease below nothing"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "lease_seconds": "9" * 5000}), Question(TOKEN, Verification("subscribe", TOPIC, None), "abc"), id="a lease of five thousand digits"),
        pytest.param("GET", [HOST], asking(mode="denied", topic=TOPIC, reason="no"), Question(TOKEN, Denial(TOPIC, "no"), ""), id="a denial"),
        pytest.param("POST", [HOST], PATH, Delivered(TOKEN), id="a ping"),
        pytest.param("POST", [HOST], "/monitor" + PATH, Delivered(TOKEN), id="a ping with the public path"),
        # Hosts.
        pytest.param("POST", ["NEWS.example.org."], PATH, Delivered(TOKEN), id="a host in capitals, with its dot"),
        pytest.param("POST", [HOST + ":8443"], PATH, Delivered(TOKEN), id="any port: a web server may stand before us"),
        pytest.param("POST", ["127.0.0.1:8087"], PATH, Delivered(TOKEN), id="this machine"),
        pytest.param("POST", ["[::1]:8087"], PATH, Delivered(TOKEN), id="this machine in IPv6"),
        pytest.param("POST", ["localhost"], PATH, Delivered(TOKEN), id="this machine by name"),
        pytest.param("POST", ["rebound.example.net"], PATH, Reply(421), id="DNS rebinding: a stranger's name"),
        pytest.param("POST", [f"{HOST}.example.net"], PATH, Reply(421), id="a name that begins like ours"),
        pytest.param("POST", [f"evil@{HOST}"], PATH, Reply(421), id="a name with a user before it"),
        pytest.param("POST", [f"{HOST}/x"], PATH, Reply(421), id="a name with a path behind it"),
        pytest.param("POST", ["[::1"], PATH, Reply(421), id="a broken name"),
        pytest.param("POST", [f"{HOST}:port"], PATH, Reply(421), id="a broken port"),
        pytest.param("POST", [""], PATH, Reply(421), id="an empty name"),
        pytest.param("POST", [], PATH, Reply(421), id="no name"),
        pytest.param("POST", [HOST, HOST], PATH, Reply(421), id="two names"),
        # Paths.
        pytest.param("GET", [HOST], "/", Reply(404), id="the front door"),
        pytest.param("GET", [HOST], "/websub/", Reply(404), id="no token"),
        pytest.param("GET", [HOST], f"/websub/{TOKEN}/", Reply(404), id="something behind the token"),
        pytest.param("GET", [HOST], f"/websub/../{TOKEN}", Reply(404), id="a way up"),
        pytest.param("GET", [HOST], f"/websub/{TOKEN[:-1]}", Reply(404), id="a short token"),
        pytest.param("GET", [HOST], f"/websub/{TOKEN[:-1]}%54", Reply(404), id="a token in another spelling"),
        pytest.param("GET", [HOST], f"//websub/{TOKEN}", Reply(404), id="two slashes"),
        pytest.param("GET", [HOST], f"/other{PATH}", Reply(404), id="another prefix"),
        pytest.param("GET", [HOST], f"http://{HOST}{PATH}", Reply(404), id="a whole address, as proxies get"),
        # Methods and questions.
        pytest.param("PUT", [HOST], PATH, Reply(405), id="another method"),
        pytest.param("HEAD", [HOST], asking(**VERIFY), Reply(405), id="a question without an answer"),
        pytest.param("GET", [HOST], PATH, Reply(404), id="no question"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "mode": "publish"}), Reply(404), id="a mode that is none"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "challenge": ""}), Reply(404), id="an empty challenge"),
        pytest.param("GET", [HOST], asking(**{**VERIFY, "challenge": "x" * 2001}), Reply(404), id="an endless challenge"),
        pytest.param("GET", [HOST], asking(**VERIFY) + "&hub.topic=x", Reply(400), id="two topics"),
        pytest.param("GET", [HOST], asking(**VERIFY) + "&x=1" * 100, Reply(400), id="a hundred parameters"),
    ],
)  # fmt: skip
def test_requests(method: str, hosts: list[str], target: str, call: Call) -> None:
    assert read_call(method, hosts, target, {PUBLIC}) == call


def test_with_nothing_public_only_this_machine_is_answered() -> None:
    assert read_call("POST", [HOST], PATH, set()) == Reply(421)
    assert read_call("POST", ["localhost"], PATH, set()) == Delivered(TOKEN)


@pytest.mark.parametrize(
    ("public", "callback"),
    [
        pytest.param("https://a.example", f"https://a.example{PATH}", id="a host"),
        pytest.param("https://a.example:8443/x/", f"https://a.example:8443/x{PATH}", id="with port and path"),
    ],
)  # fmt: skip
def test_callbacks(public: str, callback: str) -> None:
    assert callback_url(public, TOKEN) == callback


@given(st.text(max_size=80), st.text(max_size=80), st.sampled_from(["GET", "POST", "PUT", "\r"]))
def test_no_request_is_too_strange(host: str, target: str, method: str) -> None:
    assert isinstance(read_call(method, [host], target, {PUBLIC}), Reply)


OFFER = Offer(HUB, TOPIC)
MOVED = Offer("https://hub2.example.net/", TOPIC)
KNOWN = subscription()
ENDING = replace(KNOWN, wanted=Mode.UNSUBSCRIBE)


@pytest.mark.parametrize(
    ("offers", "known", "public", "begin", "end"),
    [
        pytest.param({TOPIC: OFFER}, [], PUBLIC, [TOPIC], [], id="a feed with a hub is subscribed to"),
        pytest.param({TOPIC: OFFER}, [KNOWN], PUBLIC, [], [], id="once"),
        pytest.param({TOPIC: OFFER}, [ENDING], PUBLIC, [TOPIC], [], id="a feed put back gets a new one beside the old one's end"),
        pytest.param({}, [KNOWN], PUBLIC, [], [KNOWN], id="a removed feed's subscription ends"),
        pytest.param({}, [ENDING], PUBLIC, [], [], id="what ends already ends once"),
        pytest.param({TOPIC: OFFER}, [KNOWN], None, [], [KNOWN], id="without a public address all ends"),
        pytest.param({TOPIC: OFFER}, [], None, [], [], id="without a public address nothing begins"),
        pytest.param({TOPIC: OFFER}, [KNOWN], "https://new.example.org", [TOPIC], [KNOWN], id="another public address is another callback"),
        pytest.param({TOPIC: MOVED}, [KNOWN], PUBLIC, [TOPIC], [KNOWN], id="a feed moves to another hub"),
        pytest.param({TOPIC: MOVED}, [replace(KNOWN, created_at=at(-60))], PUBLIC, [], [], id="a feed that names another hub at each poll waits an hour"),
        pytest.param({TOPIC: OFFER}, [KNOWN, replace(KNOWN, created_at=NOW)], PUBLIC, [], [replace(KNOWN, created_at=NOW)], id="a second one for a feed is one too many"),
        pytest.param({TOPIC: Offer("javascript:x", TOPIC)}, [], PUBLIC, [], [], id="a hub that is no address"),
        pytest.param({TOPIC: Offer("http://a b/", TOPIC)}, [], PUBLIC, [], [], id="a hub with a space"),
        pytest.param({TOPIC: Offer(HUB, "http://a.example/\r\nX: y")}, [], PUBLIC, [], [], id="a topic with a line break"),
        pytest.param({TOPIC: Offer(HUB, "https://a.example/" + "x" * LONGEST_ADDRESS)}, [], PUBLIC, [], [], id="a topic without end"),
        pytest.param({TOPIC: Offer("", "")}, [KNOWN], PUBLIC, [], [KNOWN], id="a feed that no longer names a hub"),
    ],
)  # fmt: skip
def test_wishes(
    offers: dict[str, Offer],
    known: list[Subscription],
    public: str | None,
    begin: list[str],
    end: list[Subscription],
) -> None:
    found = wishes(offers, known, public, NOW)
    assert [url for url, _ in found.begin] == begin
    assert list(found.end) == end


def window_after(calls: Sequence[datetime]) -> Window:
    window: Window | None = None
    for moment in calls:
        window = counted(window, moment)
    assert window is not None
    return window


@pytest.mark.parametrize(
    ("calls", "too_often"),
    [
        pytest.param([NOW], False, id="a first call"),
        pytest.param([at(n) for n in range(MOST_CALLS)], False, id="as many as are allowed"),
        pytest.param([at(n) for n in range(MOST_CALLS + 1)], True, id="one more"),
        pytest.param([*(at(n) for n in range(MOST_CALLS)), at(60)], False, id="a minute later it begins anew"),
        pytest.param([*(at(100 + n) for n in range(MOST_CALLS)), NOW], False, id="a clock set back begins anew"),
    ],
)  # fmt: skip
def test_rates(calls: list[datetime], too_often: bool) -> None:
    assert is_too_often(window_after(calls)) == too_often


def test_windows_that_are_over_are_forgotten() -> None:
    windows = {"a": Window(at(-61), 5), "b": Window(at(-10), 5)}
    assert still_open(windows, NOW) == {"b": windows["b"]}
