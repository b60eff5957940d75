"""A report as an HTML page in its outlet's layout. Pure."""

import json
from datetime import datetime, timedelta
from html import escape
from string import Template

from monitor.demo.world import Outlet, Report, World


def published(report: Report, now: datetime) -> datetime:
    """When the report says it was published, for a world served since ``now`` (UTC)."""
    return (now - timedelta(minutes=report.minutes_ago)).replace(microsecond=0)


def page(world: World, outlet: Outlet, report: Report, url: str, now: datetime) -> str:
    """The whole page, furniture included; a paywalled report shows its stub."""
    layout = world.paywall if report.page == "paywall" else outlet.layout
    return Template(layout).substitute(
        title=escape(report.title),
        site=escape(outlet.name),
        byline=escape(report.byline),
        caption=escape(report.caption),
        url=escape(url),
        published=published(report, now).isoformat(),
        paragraphs=paragraphs(outlet, report),
        jsonld=_json_ld(outlet, report, url, now),
    )


def paragraphs(outlet: Outlet, report: Report) -> str:
    """The text as the outlet marks up paragraphs."""
    mark = Template(outlet.paragraph)
    return "\n".join(mark.substitute(text=escape(each)) for each in report.paragraphs)


def _json_ld(outlet: Outlet, report: Report, url: str, now: datetime) -> str:
    """schema.org NewsArticle; ``</`` is broken up so that no text can end the script element."""
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": report.title,
        "url": url,
        "datePublished": published(report, now).isoformat(),
        "author": {"@type": "Organization", "name": report.byline},
        "publisher": {"@type": "Organization", "name": outlet.name},
        "articleBody": "\n\n".join(report.paragraphs),
    }
    return json.dumps(article).replace("</", "<\\/")
