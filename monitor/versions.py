"""Library versions that must not be used, or of which people should know; told once at the start.

Edge: asks what is installed. ``unfit`` decides and is pure. The list is short on purpose: only what
our own walls cannot make up for, or what makes them weaker. Sources stand beside each entry.
"""

import platform
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pyexpat import EXPAT_VERSION
from typing import Final

Numbers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Floor:
    """``name`` below ``least`` is told with ``why``. ``must``: the program had better not run."""

    name: str
    least: Numbers
    why: str
    must: bool = False


FLOORS: Final = (
    Floor("jinja2", (3, 1, 6), "templates can break out of its sandbox (CVE-2025-27516)", True),
    Floor("urllib3", (2, 7, 0), "a small compressed answer can fill the memory (CVE-2026-44432)"),
    Floor("aiohttp", (3, 12, 0), "connections cannot be checked when they are made", True),
    Floor("lxml", (5, 2, 0), "its HTML parser has known errors"),
    Floor("expat", (2, 4, 1), "a feed of a few lines can fill the memory (CVE-2013-0340)", True),
    Floor("sqlite", (3, 51, 3), "a rare fault can damage a database that two programs write at the "
          "same time: give News Monitor a folder of its own"),
)  # fmt: skip
# Python's mail writer let an encoded title add header fields (CVE-2024-6923); ours are cleaned
# before, so that this is a second wall. Fixed in these releases.
_MAIL_FIXED: Final[Mapping[Numbers, int]] = {(3, 11): 10, (3, 12): 5}


@dataclass(frozen=True, slots=True)
class Unfit:
    """A library that is too old; ``text`` is a sentence for people."""

    text: str
    must: bool


def unfit(installed: Mapping[str, str]) -> tuple[Unfit, ...]:
    """What is too old among ``installed``: names of ``FLOORS`` and "python" to versions.

    What is not there is not told, nor is a version that cannot be read.
    """
    found = []
    for floor in FLOORS:
        has = _numbers(installed.get(floor.name, ""))
        if has and has < floor.least:
            least = ".".join(map(str, floor.least))
            text = f"{floor.name} {installed[floor.name]} is older than {least}: {floor.why}"
            found.append(Unfit(text, floor.must))
    python = _numbers(installed.get("python", ""))
    fixed = _MAIL_FIXED.get(python[:2])
    if fixed is not None and python[2:3] < (fixed,):
        text = (
            f"python {installed['python']} has a known fault in its mail writer (CVE-2024-6923); "
            "titles are cleaned before, so mails are safe; an update mends it"
        )
        found.append(Unfit(text, must=False))
    return tuple(found)


def installed(sqlite: str = "") -> dict[str, str]:
    """The versions that ``unfit`` asks about; ``sqlite``: of the library that the store uses."""
    found = {"python": platform.python_version()}
    for name in ("jinja2", "urllib3", "aiohttp", "lxml"):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    if sqlite:
        found["sqlite"] = sqlite
    found["expat"] = EXPAT_VERSION.removeprefix("expat_")
    return found


def _numbers(text: str) -> Numbers:
    """``(3, 1, 6)`` of "3.1.6", also of "3.1.6rc1"; empty where there are none."""
    found = re.match(r"\d+(?:\.\d+)*", text)
    return tuple(int(part) for part in found[0].split(".")) if found else ()
