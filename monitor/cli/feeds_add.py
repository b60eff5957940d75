"""``feeds add SITE``: finds the feeds of a site, shows them, and writes the chosen ones.

Layer 5. Nothing is written that was not fetched and parsed a moment before.
"""

import asyncio
import re
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from monitor.cli.feeds_asking import asking, written_feeds
from monitor.cli.feeds_write import read, save, with_feeds
from monitor.cli.output import clean_line, complain, count, emit, iso, say
from monitor.cli.user import config_path, json_option, settings_of
from monitor.config.settings import Settings
from monitor.errors import UsageError
from monitor.feeds.discover_rhythm import words
from monitor.feeds.discover_site import Discovery, FoundFeed, discover
from monitor.feeds.opml import MOST_NAME, Item, escaped
from monitor.located import Place
from monitor.net.urls import without_query

_RANGE: Final = re.compile(r"([0-9]{1,3})(?:-([0-9]{1,3}))?")


@click.command("add")
@click.argument("site", metavar="SITE")
@click.option("--all", "take_all", is_flag=True, help="Add every feed that was found.")
@click.option("--yes", is_flag=True, help="Add the first one without asking.")
@click.option("--name", default=None, help="The outlet's name; default: the feed's title.")
@click.option("--tag", "tags", multiple=True, help="A tag for what is added. Repeatable.")
@json_option
@click.pass_context
def add(
    context: click.Context,
    site: str,
    take_all: bool,
    yes: bool,
    name: str | None,
    tags: tuple[str, ...],
    as_json: bool,
) -> int:
    """Find the feeds of a site (an address or a host name) and add them to config.yaml."""
    if name and take_all:
        raise UsageError("--name is for one feed. Leave it out with --all")
    _, is_shipped = config_path(context)
    settings, path = settings_of(context)
    if is_shipped and (yes or take_all):
        raise UsageError(
            "there is no config.yaml here to add to. Copy the shipped one first, or name yours "
            "with --config"
        )
    now = datetime.now(UTC)
    found = asyncio.run(_discover(settings, site, now))
    written = written_feeds(path)
    known = [written.place(feed.url, feed.reached, *feed.also) for feed in found.feeds]
    new = [feed for feed, place in zip(found.feeds, known, strict=True) if place is None]
    if not as_json:
        _show(found, known, now)
    chosen = _choose(new, take_all=take_all, yes=yes, asks=not as_json and not is_shipped)
    if chosen is None and not as_json:
        complain("Nothing was written. Say which: --yes for the first, --all for every one")
    items = [_item(feed, name, tags) for feed in chosen or ()]
    if items:
        _write(path, items)
    if as_json:
        emit(_document(site, found, known, [feed.url for feed in chosen or ()], now))
    for told in found.told:
        complain(clean_line(told))
    if not found.feeds:
        if not found.told or as_json:
            complain(clean_line(f"{found.site}: no feed was found"))
        return 1
    return 2 if chosen is None and not as_json and not is_shipped else 0


async def _discover(settings: Settings, site: str, now: datetime) -> Discovery:
    async with asking(settings, processes=1) as ask:
        return await discover(site, ask.url, ask.parse, now=now)


def _choose(
    new: Sequence[FoundFeed], *, take_all: bool, yes: bool, asks: bool
) -> Sequence[FoundFeed] | None:
    """What to add; None: nobody said."""
    if take_all or not new:
        return new
    if yes:
        return new[:1]
    if not (asks and sys.stdin.isatty()):
        return None
    while True:
        answer = click.prompt(
            "Which ones (1, 2-4, all, none)", default="1" if len(new) == 1 else "none", err=True
        )
        numbers = numbers_in(answer, len(new))
        if numbers is not None:
            return [new[number - 1] for number in numbers]
        complain(f"Write numbers from 1 to {len(new)}, all, or none")


def numbers_in(answer: str, most: int) -> tuple[int, ...] | None:
    """The numbers that ``1,3-5``, ``all`` or ``none`` stand for; None: it cannot be understood."""
    answer = answer.strip().lower()
    if answer in ("all", "a", "*"):
        return tuple(range(1, most + 1))
    if answer in ("none", "no", "n", "0"):
        return ()
    numbers: list[int] = []
    for part in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", answer)):
        found = _RANGE.fullmatch(part)
        if found is None:
            return None
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= most:
            return None
        numbers.extend(range(first, last + 1))
    return tuple(dict.fromkeys(numbers))


def _item(feed: FoundFeed, name: str | None, tags: Sequence[str]) -> Item:
    """The mapping for config.yaml; text from the web cannot name a variable of this machine."""
    item: Item = {"sitemap" if feed.is_sitemap else "url": escaped(feed.url)}
    title = clean_line(name or feed.title).strip()[:MOST_NAME]
    if title:
        item["name"] = escaped(title)
    if tags:
        item["tags"] = [escaped(tag) for tag in tags]
    if feed.language and not feed.says_language:
        item["language"] = feed.language
    return item


def _write(path: Path, items: Sequence[Item]) -> None:
    before, text = read(path)
    backup = save(path, before, with_feeds(text, items))
    complain(f"{path}: {count(len(items), 'feed')} added; the file as it was: {backup.name}")


def _show(found: Discovery, known: Sequence[Place | None], now: datetime) -> None:
    asked = count(found.requests, "request")
    say(clean_line(f"{found.site}: {count(len(found.feeds), 'feed')} found with {asked}"))
    number = 0
    for feed, place in zip(found.feeds, known, strict=True):
        number += place is None
        mark = f"{number:>3}" if place is None else "  -"
        entries = count(feed.entries, "entry", "entries")
        say(clean_line(f"{mark}  {feed.title or '(no title)'} ({', '.join(_facts(feed))})"))
        say(clean_line(f"     {feed.url}"))
        say(clean_line(f"     {entries}, {words(feed.rhythm, now)}; {feed.way.words()}"))
        if place is not None:
            say(clean_line(f"     already in {place}"))
        for moment, title in feed.samples:
            say(clean_line(f"       {(iso(moment) or 'no date')[:16]}  {title}"))
    if found.untried:
        say(f"{count(len(found.untried), 'more feed')} named by the site and not asked:")
        for url in found.untried:
            say(clean_line(f"     {url}"))


def _facts(feed: FoundFeed) -> list[str]:
    facts = [feed.format, *([feed.language] if feed.language else [])]
    return [*facts, f"also in {len(feed.also)} other formats"] if feed.also else facts


def _document(
    site: str, found: Discovery, known: Sequence[Place | None], added: list[str], now: datetime
) -> dict[str, Any]:
    return {
        "site": without_query(site) if "@" in site else site,
        "url": found.site,
        "requests": found.requests,
        "feeds": [
            {
                "url": feed.url, "title": feed.title, "format": feed.format,
                "language": feed.language, "entries": feed.entries,
                "newest": iso(feed.rhythm.newest), "per_day": rounded(feed.rhythm.per_day),
                "rhythm": words(feed.rhythm, now), "way": feed.way.words(),
                "also": list(feed.also), "known": None if place is None else str(place),
                "samples": [
                    {"published": iso(moment), "title": title} for moment, title in feed.samples
                ],
            }
            for feed, place in zip(found.feeds, known, strict=True)
        ],
        "untried": list(found.untried),
        "told": list(found.told),
        "added": added,
    }  # fmt: skip


def rounded(per_day: float | None) -> float | None:
    """Entries a day with two decimals."""
    return None if per_day is None else round(per_day, 2)
