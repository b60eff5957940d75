"""The sample world: which made-up outlets report what, and which rules should fire.

Data files are read from the package; everything else is pure. Times are minutes before the moment
at which the world is served.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import yaml

_DATA: Final[Traversable] = files("monitor.demo").joinpath("world")
FEED_FORMS: Final = ("rss", "atom", "atom-full", "json", "broken", "missing")
PAGE_FORMS: Final = ("full", "paywall", "error")


@dataclass(frozen=True, slots=True)
class Report:
    """One article of one outlet. ``text`` is plain; blank lines part paragraphs.

    ``page``: ``full``, ``paywall`` (a stub instead of the text) or ``error`` (answers 500).
    ``copy_of`` is the path of the report whose text this one repeats, or None.
    ``fires`` names the shipped rules that should match; ``quality`` what the extractor should say.
    """

    outlet: str
    slug: str
    title: str
    minutes_ago: int
    byline: str
    summary: str
    text: str
    caption: str = ""
    page: str = "full"
    copy_of: str | None = None
    fires: frozenset[str] = frozenset()
    quality: str = "ok"

    @property
    def path(self) -> str:
        """Where it is served, without the leading slash; unique in the world."""
        return f"{self.outlet}/{self.slug}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text's paragraphs."""
        return tuple(block.strip() for block in self.text.split("\n\n") if block.strip())


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publication: its path prefix ``key``, the form of its feed and the look of its pages.

    ``feed`` is one of ``FEED_FORMS``: ``atom-full`` carries whole texts, ``broken`` is no XML,
    ``missing`` answers 404. ``layout`` and ``paragraph`` are templates with ``$names``.
    """

    key: str
    name: str
    feed: str
    layout: str
    paragraph: str
    reports: tuple[Report, ...]

    @property
    def feed_path(self) -> str:
        """Where its feed is served, without the leading slash."""
        return f"{self.key}/feed.json" if self.feed == "json" else f"{self.key}/feed.xml"


@dataclass(frozen=True, slots=True)
class World:
    """All outlets, in the order in which the demo lists their feeds."""

    outlets: tuple[Outlet, ...]
    paywall: str  # the template of a paywalled page

    @property
    def reports(self) -> tuple[Report, ...]:
        """Every report of every outlet."""
        return tuple(report for outlet in self.outlets for report in outlet.reports)


@cache
def load_world() -> World:
    """The world as shipped.

    Raises:
        ValueError: a data file contradicts itself (only possible while it is being edited).
    """
    listed = _yaml("outlets.yaml")
    texts: dict[str, str] = {}
    outlets = tuple(_outlet(raw, texts) for raw in listed)
    return World(outlets, _layout("paywall"))


def expected() -> Mapping[str, frozenset[str]]:
    """Per report path the ids of the shipped rules that should match it; empty: none.

    A copy (``Report.copy_of``) matches as its original does, though it is the same article.
    """
    return {report.path: report.fires for report in load_world().reports}


def _outlet(raw: dict[str, Any], texts: dict[str, str]) -> Outlet:
    """One outlet with its reports; ``texts`` remembers texts by path, for copies."""
    key = str(raw["key"])
    if raw["feed"] not in FEED_FORMS:
        raise ValueError(f"{key}: {raw['feed']} is no form of a feed")
    has_reports = raw["feed"] not in ("broken", "missing")
    reports = tuple(
        _report(key, each, texts) for each in (_yaml(f"articles/{key}.yaml") if has_reports else ())
    )
    return Outlet(
        key=key,
        name=str(raw["name"]),
        feed=str(raw["feed"]),
        layout=_layout(str(raw["layout"])),
        paragraph=str(raw["paragraph"]),
        reports=reports,
    )


def _report(outlet: str, raw: dict[str, Any], texts: dict[str, str]) -> Report:
    expect: dict[str, Any] = raw["expect"]
    copy_of: str | None = raw.get("copy_of")
    text = texts[copy_of] if copy_of else str(raw["text"])
    if raw.get("page", "full") not in PAGE_FORMS:
        raise ValueError(f"{outlet}: {raw['page']} is no form of a page")
    report = Report(
        outlet=outlet,
        slug=str(raw["slug"]),
        title=str(raw["title"]),
        minutes_ago=int(raw["minutes_ago"]),
        byline=str(raw["byline"]),
        summary=str(raw["summary"]).strip(),
        text=text,
        caption=str(raw.get("caption", "")),
        page=str(raw.get("page", "full")),
        copy_of=copy_of,
        fires=frozenset(expect.get("fires", ())),
        quality=str(expect.get("quality", "ok")),
    )
    texts[report.path] = text
    return report


def _yaml(name: str) -> list[dict[str, Any]]:
    data: list[dict[str, Any]] = yaml.safe_load(_read(name))
    return data


def _layout(name: str) -> str:
    return _read(f"layouts/{name}.html")


def _read(name: str) -> str:
    return _DATA.joinpath(*name.split("/")).read_text(encoding="utf-8")
