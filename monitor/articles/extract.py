"""Reads the article out of a page: bytes in, text and facts out.

An edge only in that it needs trafilatura; no file, network or clock. It runs in a worker process,
since a hostile page can keep any extractor busy for minutes. Never raises, whatever the bytes.
"""

import re
from typing import Final

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from monitor.articles.blocks import paragraphs, without_furniture
from monitor.articles.clean import clean
from monitor.articles.decode import page_text
from monitor.articles.facts import Facts, read_facts
from monitor.articles.quality import judge
from monitor.model import Extracted, Quality
from monitor.text.markup import plain_text, tidy

_MOST_BYTES: Final = 10_000_000
_MOST_ELEMENTS: Final = (
    50_000  # trafilatura is quadratic: 50,000 paragraphs take 9 s, 200,000 140 s
)
_MOST_TEXT: Final = 1_000_000  # characters
_MARKUP: Final = re.compile(r"<\s*(?:!doctype|html|head|body|title|meta|div|p|article|h1)\b", re.I)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^<>]*>", re.I)
_NO_FACTS: Final = Facts("", None, None, None, None, None, free=True)


def extract_page(body: bytes, url: str, content_type: str | None) -> Extracted:
    """The article on the page ``body`` that came from ``url``; paragraphs parted by blank lines.

    Without navigation, related stories, author box, comment form, captions, share buttons. What
    could not be read has quality failed (or stub: a paywall, consent or login page) with the
    reason; nothing is raised.
    """
    try:
        return _extract(body, url, content_type)
    except MemoryError:
        raise  # the worker's limit: told apart by its owner
    except Exception as problem:  # noqa: BLE001  # lxml and trafilatura fail in many ways on hostile pages
        return _nothing(_NO_FACTS, f"the extractor failed: {type(problem).__name__}")


def _extract(body: bytes, url: str, content_type: str | None) -> Extracted:
    problem = _unreadable(body, content_type)
    if problem:
        return _nothing(_NO_FACTS, problem)
    source = tidy(page_text(body, content_type))
    root = _tree(source)
    if root is None:
        return _nothing(_NO_FACTS, "not a web page")
    facts = read_facts(root, url)
    elements = sum(1 for _ in root.iter())
    if elements > _MOST_ELEMENTS:
        return _nothing(facts, f"the page has {elements:,} elements, too many to read")
    text = _article_text(root, url, facts.title)
    quality, reason = judge(
        text, facts.title, lambda: plain_text(source[:_MOST_TEXT]), free=facts.free
    )
    return _result(facts, text, quality, reason)


def _article_text(root: HtmlElement, url: str, title: str) -> str:
    """``favor_precision`` and no comments: best of the measured options (benchmarks/)."""
    clean(root)
    document = trafilatura.bare_extraction(
        root, url=url, include_comments=False, favor_precision=True
    )
    found = getattr(document, "body", None)
    if found is None:
        return ""
    return tidy("\n\n".join(without_furniture(paragraphs(found), title)))[:_MOST_TEXT]


def _tree(source: str) -> HtmlElement | None:
    """The page as lxml reads it (libxml2 stops at 256 levels); None if there is no markup."""
    if not _MARKUP.search(source[:200_000]):
        return None
    source = _DECLARATION.sub("", source)
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def _unreadable(body: bytes, content_type: str | None) -> str:
    kind = (content_type or "").split(";")[0].strip().lower()
    if not body.strip():
        return "the page is empty"
    if len(body) > _MOST_BYTES:
        return f"the page has {len(body):,} bytes, too many to read"
    if body.startswith(b"%PDF-") or kind == "application/pdf":
        return "a PDF file, not a web page"
    if kind.startswith(("image/", "audio/", "video/", "font/")) or kind == "application/zip":
        return f"{kind}, not a web page"
    return ""


def _nothing(facts: Facts, reason: str) -> Extracted:
    return _result(facts, "", Quality.FAILED, reason)


def _result(facts: Facts, text: str, quality: Quality, reason: str) -> Extracted:
    return Extracted(
        title=facts.title,
        text=text,
        author=facts.author,
        published=facts.published,
        language=facts.language,
        quality=quality,
        reason=reason,
        canonical_url=facts.canonical_url,
        site=facts.site,
    )
