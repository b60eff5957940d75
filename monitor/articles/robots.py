"""What a site's robots.txt lets us read.

Layer 1, pure. Source: RFC 9309. The groups and patterns are protego's business; before it sees the
file, the names of other robots are made one, because a file that gives a thousand rules to each of
a thousand names would otherwise become a million rules.
"""

import re
from typing import Final

from protego import Protego

LONGEST: Final = 512 * 1024  # bytes read; RFC 9309, 2.5 wants 500 KiB at least
LONGEST_DELAY: Final = 10.0  # seconds that a Crawl-delay is followed for
DISALLOWED: Final = "the site's robots.txt asks robots not to read this page"

_AGENT_LINE: Final = re.compile(
    r"^([ \t]*user[- ]?agent[ \t]*[: \t][ \t]*)([^\r\n#]*)", re.IGNORECASE | re.MULTILINE
)
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")  # RFC 9309, 2.2.1
_NOBODY: Final = "-"  # no robot's name


class RobotsRules:
    """The part of a robots.txt that concerns one robot. Judging is linear in rules and URL."""

    def __init__(self, body: bytes, agent: str) -> None:
        """``body``: the file as it came, perhaps cut off; ``agent``: our product token."""
        text = body.removeprefix(b"\xef\xbb\xbf").decode(errors="replace")
        if len(body) >= LONGEST:  # the last line may be half a line, and mean more than the whole
            text = text.rpartition("\n")[0]
        self._agent = agent.lower()
        self._rules = Protego.parse(_AGENT_LINE.sub(self._renamed, text))

    def allows(self, url: str) -> bool:
        """Whether the page at ``url`` may be read."""
        return self._rules.can_fetch(url, self._agent)

    @property
    def delay(self) -> float:
        """Seconds to leave between two pages of the site, at most 10; 0.0 where it asks for none.

        Crawl-delay is in no standard; many sites use it all the same.
        """
        wish = self._rules.crawl_delay(self._agent)
        return min(wish, LONGEST_DELAY) if wish is not None and wish > 0 else 0.0

    def _renamed(self, line: re.Match[str]) -> str:
        name = product_token(line[2])
        if line[2].strip() == "*":
            name = "*"
        elif name != self._agent:
            name = _NOBODY
        return line[1] + name


def product_token(user_agent: str) -> str:
    """The name by which a robots.txt may call the sender of this User-Agent, in lower case.

    "" where it begins with no name.
    """
    found = _TOKEN.match(user_agent.strip())
    return found[0].lower() if found else ""


def robots_address(scheme: str, host: str, port: int) -> str:
    """Where the robots.txt of an origin stands; ``host`` as ``urlsplit`` gives it."""
    place = f"[{host}]" if ":" in host else host
    usual = port == {"http": 80, "https": 443}.get(scheme)
    return f"{scheme}://{place}{'' if usual else f':{port}'}/robots.txt"
