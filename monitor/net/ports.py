"""Which ports may be dialled: those of the web, and those that a person named.

Layer 2, pure. A redirect or a link decides where we knock, and a request of ours can be read as
commands by services that never expected HTTP. So on the internet only the web's own ports are
asked. On private addresses that ``network.allow_private`` opened any port may hold a web server, so
there only the ports of other well-known services are refused. Sources: Fetch Standard, "port
blocking"; IANA Service Name and Port Number Registry.
"""

from ipaddress import ip_address
from typing import Final

from monitor.net.addresses import NOTHING_ALLOWED, verdict

WEB_PORTS: Final = frozenset((80, 443, 8080, 8443))

SERVICES: Final = frozenset(
    int(port)
    for port in (
        "20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 "
        "111 113 115 117 119 123 135 137 138 139 143 161 162 179 389 427 445 465 512 513 514 515 "
        "526 530 531 532 540 548 554 556 563 587 601 623 631 636 873 989 990 993 995 1433 1521 "
        "1719 1720 1723 1883 2049 2181 2375 2376 2379 2380 3306 3389 3659 4045 4190 4369 5060 5061 "
        "5432 5672 5900 5984 5985 5986 6000 6379 6443 6566 6665 6666 6667 6668 6669 6679 6697 8500 "
        "9042 9092 9200 9300 10080 10250 11211 25672 27017 27018 27019"
    ).split()
)
"""Ports of services that take commands: SSH, mail, name service, databases, Docker, …"""

_NAMED: Final = "and no feed in config.yaml names it"


def port_verdict(port: int, ip: str, host: str) -> str | None:
    """None if ``port`` of an address that may be dialled may be, too; else why not, for people.

    ``ip`` is the address behind ``host``; where only the host's name is known, the name. It is
    asked only about ports that no person named.
    """
    if port in WEB_PORTS:
        return None
    name = f"[{host}]" if ":" in host else host
    if port in SERVICES:
        return f"{name}:{port} is a port of other services than the web's, {_NAMED}"
    if _is_private(ip):
        return None
    return f"{name}:{port} is no port of the web, {_NAMED}"


def _is_private(ip: str) -> bool:
    """Whether only ``network.allow_private`` opened this address; a name counts as public."""
    try:
        ip_address(ip.partition("%")[0])
    except ValueError:
        return False
    return verdict(ip, ip, NOTHING_ALLOWED) is not None
