"""Which URLs may be asked for, and their one spelling."""

from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.urls import host_of, is_upgrade, origin, vet_location, vet_url, without_query


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://example.org", "https://example.org/", id="an empty path is /"),
        pytest.param("HTTPS://EXAMPLE.org:443/A", "https://example.org/A", id="case, default port"),
        pytest.param("http://example.org./x", "http://example.org/x", id="a final dot goes"),
        pytest.param("http://example.org:8080?a", "http://example.org:8080/?a", id="bare query"),
        pytest.param("https://a.example/x#part", "https://a.example/x", id="no fragment"),
        pytest.param("https://bücher.example/", "https://xn--bcher-kva.example/", id="IDNA"),
        pytest.param("https://straße.example/", "https://xn--strae-oqa.example/", id="IDNA 2008"),
        pytest.param("https://a_b.example/", "https://a_b.example/", id="underscores exist"),
        pytest.param(" https://a.example/ ", "https://a.example/", id="spaces around"),
        pytest.param("https://a.example/ü?q=é", "https://a.example/%C3%BC?q=%C3%A9", id="UTF-8"),
        pytest.param(
            "https://a.example/?sig=a%2Fb%3D%7e&x=1,2",
            "https://a.example/?sig=a%2Fb%3D%7e&x=1,2",
            id="a signed query stays as it is",
        ),
        pytest.param("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/", id="IPv6"),
        pytest.param("http://a.example/x\\y", "http://a.example/x%5Cy", id="backslash in a path"),
        pytest.param("http://127.0.0.1/", "http://127.0.0.1/", id="plain IPv4 is judged later"),
        pytest.param("http://１２７.0.0.1/", "http://127.0.0.1/", id="S-02 full-width digits"),
        pytest.param("http://127。0。0。1/", "http://127.0.0.1/", id="S-02 ideographic full stops"),
        pytest.param("http://LOCALHOST./", "http://localhost/", id="S-02 localhost in disguise"),
    ],
)
def test_one_spelling(url: str, expected: str) -> None:
    vetted = vet_url(url)
    assert vetted == expected


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("http://2130706433/", id="an IPv4 address as one number"),
        pytest.param("http://0x7f.1/", id="hexadecimal and short"),
        pytest.param("http://0x7f000001/", id="hexadecimal"),
        pytest.param("http://0177.0.0.1/", id="octal"),
        pytest.param("http://127.1/", id="short"),
        pytest.param("http://0/", id="zero"),
        pytest.param("http://127.0.0.1.1/", id="five numbers"),
        pytest.param("http://256.0.0.1/", id="a number too large"),
        pytest.param("http://user:secret@example.org/", id="name and password"),
        pytest.param("http://example.org@10.0.0.1/", id="a host as user name"),
        pytest.param("http://example.org\\@10.0.0.1/", id="backslash before @"),
        pytest.param("http://example.org\\10.0.0.1/", id="backslash in the host"),
        pytest.param("http:\\\\example.org/", id="backslashes for slashes"),
        pytest.param("http:/example.org/", id="one slash"),
        pytest.param("http:///example.org/", id="three slashes"),
        pytest.param("http://%31%32%37.0.0.1/", id="percent-encoded host"),
        pytest.param("http://[fe80::1%25eth0]/", id="zone"),
        pytest.param("http://[::1/", id="open bracket"),
        pytest.param("http://[v1.x]/", id="future address form"),
        pytest.param("http://exam\tple.org/", id="tab"),
        pytest.param("http://example.org/\nHost: x", id="newline"),
        pytest.param("http://example.org/\x00", id="NUL"),
        pytest.param("http://example.org\u2028/", id="line separator"),
        pytest.param("http://example.org/\ud800", id="lone surrogate"),
        pytest.param("http://example.org:0/", id="port 0"),
        pytest.param("http://example.org:65536/", id="port 65536"),
        pytest.param("http://example.org:8１/", id="full-width port"),
        pytest.param("http://example.org:-1/", id="negative port"),
        pytest.param("http://example.org:80:80/", id="two ports"),
        pytest.param("http://a..b/", id="empty label"),
        pytest.param("http://-a.example/", id="leading hyphen"),
        pytest.param("http://" + "a" * 64 + ".example/", id="label too long"),
        pytest.param("http://a b.example/", id="space in the host"),
        pytest.param("http://ex\u00adample\u200b\u202e.org:x/", id="invisible characters"),
        pytest.param("http://a.example/" + "x" * 9000, id="too long"),
        pytest.param("file:///etc/hostname", id="a file"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("data:text/html,x", id="data"),
        pytest.param("ftp://example.org/", id="another scheme"),
        pytest.param("", id="nothing"),
        pytest.param("example.org", id="no scheme"),
        pytest.param("http://", id="no host"),
    ],
)
def test_refused(url: str) -> None:
    """S-02: every spelling that two readers could understand differently."""
    with pytest.raises(ValueError) as caught:
        vet_url(url)
    assert type(caught.value) is ValueError
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        pytest.param("/new", "https://a.example/new", id="a path"),
        pytest.param("x?y", "https://a.example/d/x?y", id="a relative path"),
        pytest.param("//b.example/z", "https://b.example/z", id="another host, same scheme"),
        pytest.param("http://10.0.0.1/", "http://10.0.0.1/", id="an address is judged later"),
        pytest.param("?p=2", "https://a.example/d/f?p=2", id="a query alone"),
    ],
)
def test_locations_are_joined_and_vetted(location: str, expected: str) -> None:
    assert vet_location("https://a.example/d/f", location) == expected


@pytest.mark.parametrize(
    "location", ["javascript:x", "file:///x", "data:,x", "//u:p@b.example/", "/\r\nX: y"]
)
def test_bad_locations_are_refused(location: str) -> None:
    with pytest.raises(ValueError):
        vet_location("https://a.example/d/f", location)


@given(st.text(max_size=60), st.sampled_from(["", "http://", "https://a.example/", "http://[::1]"]))
def test_vetting_any_text_gives_a_stable_ascii_url_or_a_sentence(text: str, start: str) -> None:
    try:
        vetted = vet_url(start + text)
    except ValueError as error:
        assert str(error)
        return
    assert vetted.isascii()
    assert vet_url(vetted) == vetted
    assert str(httpx.URL(vetted)) == vetted
    assert origin(vetted)[1] == httpx.URL(vetted).raw_host.decode().strip("[]")


@pytest.mark.parametrize(
    "host", ["[::ffff:7f00:1]", "[::FFFF:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]"]
)
def test_a_mapped_address_stays_the_address_that_it_is(host: str) -> None:
    """S-02."""
    # how Python writes it differs between versions
    assert ip_address(origin(vet_url(f"http://{host}/"))[1]) == ip_address("::ffff:7f00:1")


def test_what_people_see_has_no_query_and_no_user() -> None:
    assert without_query("https://u:p@a.example/x?token=1#f") == "a.example/x"
    assert host_of("https://u:p@a.example/x") == "a.example"
    assert host_of("http://[") == "?"


def test_only_the_same_host_on_default_ports_is_an_upgrade() -> None:
    assert is_upgrade("http://a.example/x", "https://a.example/y")
    assert not is_upgrade("http://a.example/x", "https://b.example/x")
    assert not is_upgrade("http://a.example:8080/", "https://a.example/")
    assert not is_upgrade("https://a.example/", "http://a.example/")
