"""The scene of every run: two feeds, eight reports, three channels, all made up.

The reports and their pages are the same in every run, so that reading a page is paid for once.
"""

import random
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Final

GAP: Final = 1.0  # seconds between requests to a host
EVERY: Final = 60.0  # seconds between polls
LAST_NEWS: Final = 100  # seconds: the last report appears before
CHANNELS: Final = ("hook", "slack", "mail")
SECRET: Final = "canary-secret-of-the-harness"
RECIPIENTS: Final = ("a@example.org", "b@example.org")


@dataclass(frozen=True, slots=True)
class Report:
    """One report: in which feeds it appears, whether the rule matches it, words of its own.

    No two share their words: each is a story of its own.
    """

    number: int
    feeds: tuple[str, ...]
    matches: bool
    about: str
    words: str

    @property
    def title(self) -> str:
        return f"{self.about} ({self.number})"


REPORTS: Final = (
    Report(101, ("a",), True, "Mayor reopens granite lighthouse",
           "tower beacon stone keeper stairs visitors ceremony mason"),
    Report(102, ("b",), True, "Brewery recalls bitter bottles",
           "hops glass label crate taste inspector barrel yeast"),
    Report(103, ("a",), True, "Orchestra loses its conductor",
           "violin concert baton applause rehearsal score cello hall"),
    Report(104, ("a", "b"), True, "Farmers fear early frost",
           "orchard blossom tractor harvest barley soil pear thermometer"),
    Report(105, ("b",), False, "Museum buys forgotten portrait",
           "canvas painter frame gallery auction brush collector varnish"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scene:
    """What chance decides besides faults: when reports appear, how far away everything is."""

    appears: tuple[tuple[int, int], ...]  # report's number, second
    on_uncertain: tuple[tuple[str, str], ...]
    near: float  # seconds for a request to arrive
    store: float  # seconds that a call of the store takes
    checkpoint: int  # pages in the WAL before it is folded into the file


def scene_for(seed: int) -> Scene:
    """The scene that a seed stands for."""
    chance = random.Random(f"scene {seed}")
    times = sorted(chance.randrange(0, LAST_NEWS) for _ in REPORTS)
    return Scene(
        tuple((report.number, at) for report, at in zip(REPORTS, times, strict=True)),
        tuple((name, chance.choice(("resend", "resend", "hold"))) for name in CHANNELS),
        chance.choice((0.01, 0.1, 2.0)),
        chance.choice((0.0, 0.0, 0.002)),
        chance.choice((1000, 30)),
    )


@cache
def page(number: int) -> bytes:
    """The page of a report; its words are its own."""
    report = next(one for one in REPORTS if one.number == number)
    chance = random.Random(number)
    words = report.words.split()
    paragraphs = []
    for _ in range(4):
        chosen = " ".join(chance.choice(words) for _ in range(40))
        paragraphs.append(f"<p>{chosen.capitalize()}.</p>")
    first = f"<p>The {_vehicle(report)} brought {words[0]} {number}.</p>"
    return (
        f"<!doctype html><html lang='en'><head><title>{escape(report.title)}</title></head><body>"
        f"<article><h1>{escape(report.title)}</h1>{first}{''.join(paragraphs)}</article>"
        "</body></html>"
    ).encode()


@cache
def document(feed: str, numbers: tuple[int, ...]) -> bytes:
    """The RSS document of a feed that holds these reports."""
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{link(one, feed)}</link>"
        f'<guid isPermaLink="false">{feed}-{one.number}</guid>'
        f"<description>{escape(one.about)} by {_vehicle(one)} today.</description></item>"
        for one in REPORTS
        if one.number in numbers
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Courier {feed}</title><link>https://{feed}.example/</link>"
        f"<description>News</description>{items}</channel></rss>"
    ).encode()


def _vehicle(report: Report) -> str:
    return "ferry" if report.matches else "train"


def link(report: Report, feed: str) -> str:
    """Where a feed says that a report stands; a copy has a tracking parameter."""
    home = report.feeds[0]
    tail = "" if feed == home else "?utm_source=other"
    return f"https://{home}.example/{report.number}{tail}"


def config() -> str:
    """config.yaml of every run."""
    return f"""
data: ./data
rules: [./rules]
timezone: UTC
feeds: ["https://a.example/feed", "https://b.example/feed"]
polling: {{every: {EVERY:.0f}s, host_gap: {GAP:.0f}s, per_host: 1, backfill: 1, timeout: 20s}}
notifiers:
  hook: {{type: webhook, url: "https://hook.example/in", secret: "{SECRET}"}}
  slack: {{type: slack, webhook_url: "https://slack.example/{SECRET}"}}
  mail: {{type: console}}
"""


RULE: Final = "id: ferries\nmatch: [ferry]\n"
