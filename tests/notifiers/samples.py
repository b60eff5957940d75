"""Made-up alerts, harmless and hostile, and the context of a send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx

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
from monitor.net.addresses import NOTHING_ALLOWED
from monitor.net.outbound import Outbound
from monitor.notifier import Context

NOW = datetime(2026, 11, 22, 14, 7, 30, tzinfo=UTC)
SENTENCE = "Sample Software said on Monday that it puts money into Model Works, a start-up."
ALERT = Alert(
    id="3fa9c1d27b",
    article_id="a-17",
    title="Sample Software puts money into Model Works",
    url="https://www.example.org/tech/model-works?page=1",
    source="Example News",
    published=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    created_at=NOW,
    hits=(
        Hit(
            rule_id="sample-deal",
            title="Sample Software and Model Works",
            level=Level.NORMAL,
            why="“Sample Software” and “Model Works”, 8 words apart, in the first paragraph",
            snippets=(Snippet(SENTENCE, ((0, 15), (55, 66))),),
            labels=(("desk", "technology"),),
        ),
    ),
    places=(("Sample Herald", "https://herald.example/a"), ("City Wire", "")),
)
URGENT = replace(ALERT, hits=(replace(ALERT.hits[0], level=Level.URGENT),))
POOR = replace(
    ALERT, quality=Quality.SUMMARY, quality_reason="the page answered 403", possible_duplicate=True
)

STORY = StoryNote(
    id="5e0a11c7d2f4",
    title="Sample Software puts money into Model Works",
    articles=7,
    places=(
        ("Northern Wire", "https://northern-wire.example/a/77120"),
        ("Daily Ledger", "https://ledger.example/tech/77"),
        ("Sample Herald", "https://herald.example/b"),
        ("Polder Post", ""),
    ),
    figures=(
        FigureNote("12.5 %: the stake, 3 outlets", disputed=False),
        FigureNote(
            "$2.1 billion: as investment by 1 outlet, as valuation by 2",
            disputed=True,
            sentences=(
                ("Example News", "Sample Software invests $2.1 billion in Model Works."),
                ("Daily Ledger", "The deal values Model Works at $2.1 billion."),
            ),
        ),
    ),
)
TOLD = replace(ALERT, story=STORY)
UPDATE = replace(
    TOLD,
    id="77aa01c2d3",
    article_id="a-18",
    title="Model Works says that it is worth €2 billion",
    url="https://ledger.example/tech/78",
    source="Daily Ledger",
    kind=MessageKind.UPDATE,
    follows=ALERT.id,
    because="a new figure: €2 billion",
    places=(),
)
OTHER = replace(
    ALERT,
    id="0b1c2d3e4f",
    article_id="a-30",
    title="Regulator opens a look at cloud prices",
    url="https://www.notices.example/n/30",
    source="Competition Notices",
    hits=(replace(ALERT.hits[0], rule_id="cloud", title="Cloud prices", level=Level.URGENT),),
    places=(),
)
DIGEST = replace(
    ALERT,
    id="d1g357d1g357",
    article_id="",
    title="3 reports in 2 stories, Mon 23 Nov 2026, 08:00",
    url="",
    source="",
    published=None,
    hits=(),
    places=(),
    kind=MessageKind.DIGEST,
    because="held during quiet hours",
    items=(TOLD, replace(UPDATE, kind=MessageKind.ALERT, because=""), OTHER),
)
NOTICE = replace(
    ALERT,
    id="n0t1ce",
    article_id="",
    title="Example News is silent",
    url="",
    source="",
    published=None,
    hits=(),
    places=(),
    kind=MessageKind.NOTICE,
    because="Its feed has brought nothing new for 19 hours; it usually brings 4 articles an hour.",
)
FULLEST = (MessageKind.UPDATE, MessageKind.DIGEST)  # say all that the other two kinds say
KINDS = {"alert": TOLD, "update": UPDATE, "digest": DIGEST, "notice": NOTICE}


def everywhere(text: str, url: str = "https://www.example.org/a") -> Alert:
    """An alert in which every text is ``text``."""
    hit = Hit("rule", text, Level.NORMAL, text, (Snippet(text, ((0, 3), (5, 9))),), ((text, text),))
    figure = FigureNote(text, disputed=True, sentences=((text, text),))
    return replace(
        ALERT,
        title=text,
        url=url,
        source=text,
        hits=(hit,),
        quality=Quality.STUB,
        quality_reason=text,
        places=((text, url), (text, "")),
        story=StoryNote(text, text, 3, ((f"{text} 2", url),), (figure,)),
        because=text,
    )


def in_kind(alert: Alert, kind: MessageKind) -> Alert:
    """``alert`` as a message of another kind; a digest holds it twice."""
    if kind is MessageKind.DIGEST:
        return replace(alert, kind=kind, hits=(), items=(alert, alert))
    return replace(alert, kind=kind, follows="3fa9c1d27b")


HOSTILE = {
    "Slack tokens": "<!channel> <@U1> <#C1> <https://evil.example|bank.com> &lt;!here&gt; @channel",
    "an encoded word that holds a header": "=?utf-8?q?hi=0ABcc=3A_evil=40evil.example?=",
    "an encoded word in base64": "=?utf-8?b?aGkKQmNjOiBldmlsQGV2aWwuZXhhbXBsZQ==?= tail",
    "an encoded word put together by removing": "=\u200b?utf-8?q?hi=0ABcc=3A_evil=40evil.example?=",
    "line breaks of every kind": "a\r\nBcc: evil@evil.example\r\n\r\n"
    "b\nc\rd\x0be\x0cf\x85g\u2028h\u2029i",
    "NUL and control characters": "a\x00b\x01c\x7fd\x9be",
    "terminal escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil.example\x1b\\x\x9b2J",
    "right-to-left override": "invoice\u202egnp.exe \u2066isolate\u2069 \u200e\u200f\u061c",
    "zero-width characters": "pay\u200bpal \u200dlogin\u200c \ufeffx\u2060y\u00adz",
    "an emoji family": "👩‍👩‍👧 🏳️‍🌈 👍🏽 ok",
    "a lone surrogate": "half \ud83d of a pair \udc00",
    "HTML and script": "<script>alert(1)</script><img src=x onerror=y> "
    "\"quoted\" 'single' {{7*7}} %s",
    "ten thousand characters": "long words " * 1000,
    "ten thousand characters without a space": "x" * 10_000,
    "nothing": "",
    "white space only": " \t\n\u3000\u2800",
    "SMTP dots": ".\r\n.\r\nMAIL FROM:<evil@evil.example>",
    "a tower of accents": "Z" + "\u0301" * 500,
    "rich markup": "[bold]x[/bold] [link=http://evil.example]y[/link] :smile:",
}
BAD_LINKS = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "file:///etc/hostname",
    "//evil.example/x",
    "https://bank.example@evil.example/",
    "https://",
    "http://[::1",
    "https://exa mple.org/",
    "https://example.org:99999/",
    "https://example.org/" + "a" * 3000,
    "\ud800",
    "",
)


def context(http: httpx.AsyncClient, **changes: object) -> Context:
    """A context with short patience."""
    given: dict[str, object] = {"http": http, "now": NOW, "key": "delivery-7", "timeout": 5.0}
    return Context(**{**given, **changes})  # type: ignore[arg-type]  # the keys are Context's


@asynccontextmanager
async def lent(**changes: object) -> AsyncIterator[Context]:
    """A context whose client speaks as the program's own does: httpx on aiohttp."""
    outbound = Outbound(NOTHING_ALLOWED, "sample/1.0")
    http = outbound.notifier_client
    try:
        yield context(http, **changes)
    finally:
        await outbound.aclose()
