"""Which addresses may be dialled."""

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.net.addresses import (
    NOTHING_ALLOWED,
    NOTIFIER_ALLOWANCE,
    Allowance,
    parse_allowance,
    verdict,
)

REFUSED_NETWORKS = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 "
    "192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 "
    "224.0.0.0/4 240.0.0.0/4 168.63.129.16/32 ::/96 ::ffff:0:0/96 64:ff9b:1::/48 100::/64 "
    "2001::/32 2001:db8::/32 2002::/16 3fff::/20 fc00::/7 fe80::/10 fec0::/10 ff00::/8"
).split()
METADATA = (
    "169.254.169.254 fd00:ec2::254 100.100.100.200 168.63.129.16 192.0.0.192 169.254.170.2 "
    "::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 2002:a9fe:a9fe::1 2002:a83f:8110::"
).split()
EVERYTHING = parse_allowance(["0.0.0.0/0", "::/0", "meta.example"])


@pytest.mark.parametrize("network", REFUSED_NETWORKS)
def test_first_middle_and_last_address_of_a_special_network_are_refused(network: str) -> None:
    """S-01: an explicit table, the same on every Python."""
    net = ip_network(network)
    for address in (net[0], net[net.num_addresses // 2], net[-1]):
        why = verdict(str(address), str(address), NOTHING_ALLOWED)
        assert why is not None, address
        assert str(address) in why


@pytest.mark.parametrize(
    "ip",
    [
        pytest.param("93.184.215.14", id="an ordinary IPv4 address"),
        pytest.param("2606:2800:21f:cb07:6820:80da:af6b:8b2c", id="an ordinary IPv6 address"),
        pytest.param("9.255.255.255", id="the address before 10/8"),
        pytest.param("11.0.0.0", id="the address after 10/8"),
        pytest.param("172.32.0.0", id="the address after 172.16/12"),
        pytest.param("100.128.0.0", id="the address after carrier-grade NAT"),
        pytest.param("64:ff9b::5db8:d70e", id="a public address through the well-known NAT64"),
    ],
)
def test_public_addresses_may_be_dialled(ip: str) -> None:
    assert verdict(ip, "example.org", NOTHING_ALLOWED) is None


@pytest.mark.parametrize("ip", METADATA)
def test_metadata_services_are_never_asked_whatever_is_allowed(ip: str) -> None:
    """S-01, S-08."""
    assert verdict(ip, ip, EVERYTHING) is not None
    assert verdict(ip, "meta.example", EVERYTHING) is not None
    assert verdict(ip, ip, NOTIFIER_ALLOWANCE) is not None


@pytest.mark.parametrize(
    ("ip", "host", "allowed", "expected"),
    [
        pytest.param("10.1.2.3", "10.1.2.3", ["10.1.0.0/16"], True, id="S-08 a network covers it"),
        pytest.param(
            "10.2.2.3", "10.2.2.3", ["10.1.0.0/16"], False, id="S-08 another network is not"
        ),
        pytest.param("10.1.2.3", "10.1.2.3", ["10.1.2.3"], True, id="a single address"),
        pytest.param("10.1.2.3", "wiki.example", ["Wiki.Example."], True, id="S-08 a host name"),
        pytest.param("10.1.2.3", "x.wiki.example", ["wiki.example"], False, id="not its children"),
        pytest.param("::1", "localhost", ["localhost"], True, id="a host over IPv6"),
        pytest.param("::ffff:127.0.0.1", "a", ["127.0.0.0/8"], True, id="the IPv4 address inside"),
        pytest.param("::ffff:8.8.8.8", "a", [], False, id="nobody needs a mapped public address"),
        pytest.param("fe80::1%eth0", "a", [], False, id="S-02 a zone hides nothing"),
        pytest.param("not-an-ip", "a", ["0.0.0.0/0"], False, id="what is no address is refused"),
    ],
)
def test_allowance_opens_what_it_names(
    ip: str, host: str, allowed: list[str], expected: bool
) -> None:
    assert (verdict(ip, host, parse_allowance(allowed)) is None) is expected


@pytest.mark.parametrize("ip", ["127.0.0.1", "10.0.0.1", "192.168.1.1", "::1", "fd12::1"])
def test_notifiers_reach_the_own_network(ip: str) -> None:
    assert verdict(ip, ip, NOTIFIER_ALLOWANCE) is None


@pytest.mark.parametrize("ip", ["169.254.1.1", "fe80::1", "0.0.0.0", "224.0.0.1"])
def test_notifiers_do_not_reach_link_local_or_odd_addresses(ip: str) -> None:
    assert verdict(ip, ip, NOTIFIER_ALLOWANCE) is not None


def test_the_sentence_names_address_host_and_mend() -> None:
    assert verdict("10.0.0.1", "10.0.0.1", NOTHING_ALLOWED) == (
        "10.0.0.1 is a private address: add it to network.allow_private if it is yours"
    )
    why = verdict("10.0.0.1", "intra.example", NOTHING_ALLOWED)
    assert why is not None
    assert why.startswith("intra.example is at 10.0.0.1: a private address")


@pytest.mark.parametrize("entry", ["", "10.0.0.0/33", "http://a", "a b", "127.1", "1.2.3.4.5", "*"])
def test_a_bad_entry_is_told_in_a_sentence(entry: str) -> None:
    with pytest.raises(ValueError, match="no network"):
        parse_allowance([entry])


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_has_one_verdict_in_every_ipv6_form(bits: int) -> None:
    plain = verdict(str(IPv4Address(bits)), "h", NOTHING_ALLOWED)
    nat64 = verdict(str(IPv6Address((0x64FF9B << 96) | bits)), "h", NOTHING_ALLOWED)
    assert (plain is None) == (nat64 is None)
    for wrapped in (
        0xFFFF << 32 | bits,
        0x2002 << 112 | bits << 80,
        0x20010000 << 96 | ~bits % 2**32,
    ):
        assert verdict(str(IPv6Address(wrapped)), "h", NOTHING_ALLOWED) is not None


@given(st.ip_addresses())
def test_allowing_nothing_and_an_empty_allowance_are_the_same(
    ip: IPv4Address | IPv6Address,
) -> None:
    assert verdict(str(ip), "h", Allowance()) == verdict(str(ip), "h", parse_allowance([]))
