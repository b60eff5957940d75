"""Made-up alerts, harmless and hostile, and the context of a send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime

import httpx

from monitor.model import Alert, Hit, Level, Quality, Snippet
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


def everywhere(text: str, url: str = "https://www.example.org/a") -> Alert:
    """An alert in which every text is ``text``."""
    hit = Hit("rule", text, Level.NORMAL, text, (Snippet(text, ((0, 3), (5, 9))),), ((text, text),))
    return replace(
        ALERT,
        title=text,
        url=url,
        source=text,
        hits=(hit,),
        quality=Quality.STUB,
        quality_reason=text,
        places=((text, url), (text, "")),
    )


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
