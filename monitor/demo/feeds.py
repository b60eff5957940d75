"""An outlet's feed as text: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1, or something broken. Pure."""

import json
from datetime import datetime
from email.utils import format_datetime
from typing import Final
from xml.sax.saxutils import escape

from monitor.demo.pages import paragraphs, published
from monitor.demo.world import Outlet, Report

_TYPES: Final = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "atom-full": "application/atom+xml; charset=utf-8",
    "json": "application/feed+json",
    "broken": "application/rss+xml; charset=utf-8",
}


def feed(outlet: Outlet, base: str, now: datetime) -> tuple[str, str] | None:
    """``(content type, text)`` of the feed, newest first; None for a feed that is missing.

    ``base`` is the server's origin without a slash at the end.
    """
    reports = sorted(outlet.reports, key=lambda report: report.minutes_ago)
    match outlet.feed:
        case "missing":
            return None
        case "broken":
            text = "Error: the story database did not answer. <<< Call the night desk."
        case "json":
            text = _json(outlet, reports, base, now)
        case "rss":
            text = _rss(outlet, reports, base, now)
        case _:
            text = _atom(outlet, reports, base, now)
    return _TYPES[outlet.feed], text


def _rss(outlet: Outlet, reports: list[Report], base: str, now: datetime) -> str:
    items = "".join(
        f"<item><title>{escape(report.title)}</title><link>{base}/{report.path}</link>"
        f'<guid isPermaLink="false">{report.path}</guid>'
        f"<pubDate>{format_datetime(published(report, now), usegmt=True)}</pubDate>"
        f"<dc:creator>{escape(report.byline)}</dc:creator>"
        f"<description>{escape(escape(report.summary))}</description></item>\n"  # HTML in XML
        for report in reports
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(outlet.name)}</title><link>{base}/{outlet.key}/</link>"
        f"<description>{escape(outlet.name)}, made up for the demo</description>"
        f"<language>en</language>\n{items}</channel></rss>\n"
    )


def _atom(outlet: Outlet, reports: list[Report], base: str, now: datetime) -> str:
    entries = "".join(_atom_entry(outlet, report, base, now) for report in reports)
    updated = max((published(report, now) for report in reports), default=now)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<id>tag:demo.invalid,2026:{outlet.key}</id><title>{escape(outlet.name)}</title>"
        f'<link rel="alternate" href="{base}/{outlet.key}/"/>'
        f'<link rel="self" href="{base}/{outlet.feed_path}"/>'
        f"<updated>{updated.isoformat()}</updated>\n{entries}</feed>\n"
    )


def _atom_entry(outlet: Outlet, report: Report, base: str, now: datetime) -> str:
    when = published(report, now).isoformat()
    content = ""
    if outlet.feed == "atom-full":
        content = f'<content type="html">{escape(paragraphs(outlet, report))}</content>'
    return (
        f"<entry><id>tag:demo.invalid,2026:{report.path}</id><title>{escape(report.title)}</title>"
        f'<link rel="alternate" href="{base}/{report.path}"/>'
        f"<published>{when}</published><updated>{when}</updated>"
        f"<author><name>{escape(report.byline)}</name></author>"
        f"<summary>{escape(report.summary)}</summary>{content}</entry>\n"
    )


def _json(outlet: Outlet, reports: list[Report], base: str, now: datetime) -> str:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.name,
        "home_page_url": f"{base}/{outlet.key}/",
        "feed_url": f"{base}/{outlet.feed_path}",
        "language": "en",
        "items": [
            {
                "id": report.path,
                "url": f"{base}/{report.path}",
                "title": report.title,
                "summary": report.summary,
                "content_text": report.summary,
                "date_published": published(report, now).isoformat(),
                "authors": [{"name": report.byline}],
            }
            for report in reports
        ],
    }
    return json.dumps(document, indent=1)
