"""Takes the pictures of this folder: made-up messages as HTML mail, text mail and Slack message.

Run by hand after a change of the design: ``python docs/images/make.py``. Needs chromium; the tests
do not run it. The Slack picture is drawn from the real payload by a small imitation of Slack.
"""

import subprocess
import tempfile
from dataclasses import replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

from monitor.alerts.render import html, slack_payload, subject, text
from monitor.model import (
    Alert,
    FigureNote,
    Hit,
    Level,
    MessageKind,
    Quality,
    Snippet,
    StoryNote,
)

HERE = Path(__file__).parent


def snippet(marked: str) -> Snippet:
    """A sentence whose hits stand in square brackets."""
    words, marks, at = "", [], 0
    for position, part in enumerate(marked.replace("]", "[").split("[")):
        if position % 2:
            marks.append((at, at + len(part)))
        words += part
        at += len(part)
    return Snippet(words, tuple(marks))


ALERT = Alert(
    id="3fa9c1d27b",
    article_id="a-17",
    title="Brussels takes a closer look at Orbit Software’s stake in Paris model maker",
    url="https://www.sample-courier.example/business/brussels-orbit-stake",
    source="Sample Courier",
    published=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    created_at=datetime(2026, 11, 22, 14, 7, tzinfo=UTC),
    hits=(
        Hit(
            "eu-ai-deals",
            "EU antitrust looks at AI deals",
            Level.URGENT,
            "“Commission” and “antitrust” 6 words apart, “AI” in the same paragraph",
            (
                snippet(
                    "The [European Commission] has asked rivals for their views in a first"
                    " [antitrust] review of the [AI] start-up’s latest funding round."
                ),
            ),
        ),
        Hit(
            "orbit-deals",
            "Orbit Software invests",
            Level.NORMAL,
            "“Orbit Software” and “stake” 4 words apart, in the title and the lead",
            (
                snippet(
                    "[Orbit Software] agreed in October to take a minority [stake] worth"
                    " €2.1 billion in Atelier Models."
                ),
            ),
        ),
    ),
    quality=Quality.SUMMARY,
    quality_reason="the page is behind a paywall",
    story=StoryNote(
        "5e0a11c7d2f4",
        "Orbit Software buys into Atelier Models",
        9,
        (
            ("Northern Wire", "https://northern-wire.example/a/77120"),
            ("Daily Ledger", "https://ledger.example/tech/77"),
            ("Harbour Gazette", "https://harbour.example/77"),
        ),
        (
            FigureNote(
                "€2.1 billion: as investment by 1 outlet, as valuation by 2",
                True,
                (
                    ("Sample Courier", "A minority stake worth €2.1 billion in Atelier Models."),
                    ("Daily Ledger", "The round values Atelier Models at €2.1 billion."),
                ),
            ),
            FigureNote("12.5 %: the stake, 3 outlets", False),
        ),
    ),
)
NEXT = replace(
    ALERT,
    id="77aa01c2d3",
    title="Atelier Models to hire 300 in Lyon after Orbit deal",
    url="https://ledger.example/tech/81",
    source="Daily Ledger",
    quality=Quality.OK,
    hits=(
        replace(
            ALERT.hits[1],
            snippets=(
                snippet("[Orbit Software], which took a [stake] in October, pays for the site."),
            ),
        ),
    ),
)
ALONE = replace(
    NEXT,
    id="0b1c2d3e4f",
    title="Regulator opens a market study of cloud prices",
    url="https://www.notices.example/n/30",
    source="Competition Notices",
    story=None,
    hits=(
        Hit(
            "cloud-prices",
            "Cloud prices",
            Level.NORMAL,
            "“cloud” and “market study” 3 words apart",
            (snippet("The authority opens a [market study] of [cloud] services today."),),
        ),
    ),
)
DIGEST = replace(
    ALERT,
    id="d1g357d1g357",
    title="3 reports in 2 stories, Mon 23 Nov 2026, 08:00",
    url="",
    source="",
    published=None,
    hits=(),
    quality=Quality.OK,
    story=None,
    kind=MessageKind.DIGEST,
    because="held during quiet hours",
    items=(ALERT, NEXT, ALONE),
)

SLACK_STYLE = """
body{margin:0;background:#fff;font:15px/1.47 'Liberation Sans',Arial,sans-serif;color:#1d1c1d}
.m{padding:16px 18px 20px 68px;position:relative;max-width:640px}
.i{position:absolute;left:18px;top:18px;width:36px;height:36px;border-radius:6px;background:#1a56b0;
color:#fff;font:700 15px/36px Arial;text-align:center}
.n b{font-weight:900}.n span{background:#eee;color:#666;font-size:10px;padding:1px 3px;margin:0 6px;
border-radius:2px}.n i{color:#777;font-size:12px;font-style:normal}
h2{font-size:18px;line-height:1.3;margin:8px 0}
.s{white-space:pre-wrap;margin:4px 0}
.q{border-left:4px solid #ddd;padding:0 0 0 12px;margin:8px 0 4px;white-space:pre-wrap}
ul{margin:4px 0;padding-left:26px}li{white-space:pre-wrap;margin:4px 0}
a{color:#1264a3;text-decoration:none}
code{background:#f6f6f6;border:1px solid #ddd;border-radius:3px;padding:1px 3px;color:#c0143c;
font:12px 'Liberation Mono',monospace;overflow-wrap:anywhere}
"""


def slack_page(payload: dict[str, Any]) -> str:
    """The payload's blocks roughly as Slack shows them."""
    parts = []
    for block in payload["blocks"]:
        if block["type"] == "header":
            parts.append(f"<h2>{escape(block['text']['text'])}</h2>")
            continue
        for element in block["elements"]:
            if element["type"] == "rich_text_list":
                rows = ("".join(map(_element, one["elements"])) for one in element["elements"])
                parts.append("<ul>" + "".join(f"<li>{row}</li>" for row in rows) + "</ul>")
                continue
            kind = "q" if element["type"] == "rich_text_quote" else "s"
            inner = "".join(_element(one) for one in element["elements"])
            parts.append(f'<div class="{kind}">{inner}</div>')
    name = '<div class="n"><b>News Monitor</b><span>APP</span><i>3:07 PM</i></div>'
    body = f'<div class="m"><div class="i">NM</div>{name}{"".join(parts)}</div>'
    return f"<!DOCTYPE html><meta charset=utf-8><style>{SLACK_STYLE}</style>{body}"


def _element(element: dict[str, Any]) -> str:
    shown = escape(element.get("text") or "Nov 22nd, 3:05 PM")
    if element["type"] == "link":
        shown = f'<a href="{escape(element["url"])}">{shown}</a>'
    for style, tag in (("bold", "b"), ("italic", "i"), ("code", "code")):
        if element.get("style", {}).get(style):
            shown = f"<{tag}>{shown}</{tag}>"
    return shown


def text_page(alert: Alert) -> str:
    """The text part of the mail as a mail program shows it."""
    style = (
        "body{margin:0;padding:20px 24px;background:#fff;color:#15181c}"
        "pre{font:13px/1.5 'Liberation Mono',monospace;margin:0}"
        "h1{font:700 15px/1.4 'Liberation Sans',Arial;margin:0 0 14px;padding:0 0 10px;"
        "border-bottom:1px solid #ccc}"
    )
    head = f"<h1>{escape(subject(alert))}</h1>"
    return (
        f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style>{head}<pre>{escape(text(alert))}"
    )


def phone(page: str, width: int) -> str:
    """``page`` in a frame as narrow as a phone: chromium has a least window width."""
    frame = f'<iframe srcdoc="{escape(page)}" width="{width}" height="2000" style="border:0">'
    return f"<!DOCTYPE html><body style='margin:0'>{frame}</iframe>"


def take(name: str, page: str, width: int, height: int, *, dark: bool = False) -> None:
    """One picture of ``page`` in a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "page.html"
        source.write_text(page, encoding="utf-8")
        command = [
            "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--hide-scrollbars", "--force-device-scale-factor=1.5",
            f"--user-data-dir={folder}/profile", f"--window-size={width},{height}",
            f"--screenshot={HERE / name}", *(["--force-dark-mode"] if dark else []),
            f"--blink-settings=preferredColorScheme={0 if dark else 1}", source.as_uri(),
        ]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=60)  # noqa: S603  # ours


def main() -> None:
    """All pictures."""
    take("mail-html.png", html(ALERT), 700, 850)
    take("mail-html-dark.png", html(ALERT), 700, 850, dark=True)
    take("mail-html-phone.png", phone(html(ALERT), 380), 380, 1110)
    take("mail-text.png", text_page(ALERT), 700, 640)
    take("slack.png", slack_page(slack_payload(ALERT)), 700, 550)
    take("digest-html.png", html_of_digest(), 700, 775)
    take("digest-html-dark.png", html_of_digest(), 700, 775, dark=True)
    take("digest-html-phone.png", phone(html_of_digest(), 380), 380, 925)
    take("digest-slack.png", slack_page(slack_payload(DIGEST)), 700, 600)


def html_of_digest() -> str:
    """The digest as it is mailed, where our own page is served."""
    return html(DIGEST, "https://news.example.org/monitor")


if __name__ == "__main__":
    main()
