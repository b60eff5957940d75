"""Reads the article out of a page: bytes in, text and facts out.

An edge only in that it needs trafilatura; no file, network or clock. It runs in a worker process,
since a hostile page can keep any extractor busy for minutes. Never raises, whatever the bytes.
"""

import re
from dataclasses import replace
from typing import Final

import trafilatura
from lxml import etree, html
from lxml.html import HtmlElement

from monitor.articles.blocks import page_lines, paragraphs, without_furniture
from monitor.articles.bodies import choose_body, is_whole
from monitor.articles.clean import clean
from monitor.articles.decode import page_text
from monitor.articles.facts import Facts, read_facts
from monitor.articles.language import language_of
from monitor.articles.prepare import keep_posts, prepare
from monitor.articles.quality import judge, without_offers
from monitor.articles.reading import Origin, ReadPage
from monitor.articles.site_rules import NO_RULES, SiteRules, check, included, remove
from monitor.model import Quality
from monitor.text.markup import plain_text, tidy

_MOST_BYTES: Final = 10_000_000
_MOST_ELEMENTS: Final = (
    50_000  # trafilatura is quadratic: 50,000 paragraphs take 9 s, 200,000 140 s
)
_MOST_TEXT: Final = 1_000_000  # characters
_MARKUP: Final = re.compile(r"<\s*(?:!doctype|html|head|body|title|meta|div|p|article|h1)\b", re.I)
_DECLARATION: Final = re.compile(r"^\s*<\?xml[^<>]*>", re.I)
_NO_FACTS: Final = Facts("", None, None, None, None, None, free=True)


def extract_page(
    body: bytes, url: str, content_type: str | None, rules: SiteRules = NO_RULES
) -> ReadPage:
    """The article on the page ``body`` that came from ``url``; paragraphs parted by blank lines.

    Without navigation, related stories, author box, comment form, captions, share buttons.
    ``rules`` is what the user set for this site. What could not be read has quality failed (or
    stub: a paywall, consent, login or error page) with the reason; nothing is raised but
    MemoryError, and ValueError for a selector that ``selector_problem`` refuses.
    """
    check(rules)
    try:
        return _extract(body, url, content_type, rules)
    except MemoryError:
        raise  # the worker's limit: told apart by its owner
    except Exception as problem:  # noqa: BLE001  # lxml and trafilatura fail in many ways on hostile pages
        return _nothing(_NO_FACTS, f"the extractor failed: {type(problem).__name__}")


def _extract(body: bytes, url: str, content_type: str | None, rules: SiteRules) -> ReadPage:
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
    text, origin, note = _text(root, url, facts, rules)
    free = facts.free or is_whole(text, facts.body)
    quality, reason = judge(text, facts.title, lambda: plain_text(source[:_MOST_TEXT]), free=free)
    if quality is Quality.STUB:
        text = without_offers(text)
    language = language_of(facts.language, facts.title, text)
    return _result(replace(facts, language=language), text, quality, reason + note, origin)


def _text(root: HtmlElement, url: str, facts: Facts, rules: SiteRules) -> tuple[str, Origin, str]:
    """(text, where it came from, what to add to the reason)."""
    remove(root, rules)
    chosen = included(root, rules)
    if chosen:
        lines = [line for element in chosen for line in page_lines(clean(element))]
        text = "\n\n".join(without_furniture(lines, facts.title))
        return tidy(text)[:_MOST_TEXT], Origin.SETTINGS, " (what extract.include names)"
    note = " (extract.include found nothing)" if rules.include else ""
    text, origin = choose_body(_article_text(root, url, facts.title), facts.body)
    if origin is Origin.JSON_LD:
        lines = [line for line in text.split("\n\n") if line.strip()]
        text, note = "\n\n".join(without_furniture(lines, facts.title)), f" (its JSON-LD){note}"
    return tidy(text)[:_MOST_TEXT], origin, note


def _article_text(root: HtmlElement, url: str, title: str) -> str:
    """No comments, neither precision nor recall favoured: the cleaned page needs no more.

    Favouring precision costs headings, first paragraphs and linked words (benchmarks/).
    """
    keep_posts(root)
    clean(root)
    prepare(root)
    document = trafilatura.bare_extraction(root, url=url, include_comments=False)
    found = getattr(document, "body", None)
    if found is None:
        return ""
    return "\n\n".join(without_furniture(paragraphs(found), title))


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


def _nothing(facts: Facts, reason: str) -> ReadPage:
    return _result(facts, "", Quality.FAILED, reason, Origin.PAGE)


def _result(facts: Facts, text: str, quality: Quality, reason: str, origin: Origin) -> ReadPage:
    return ReadPage(
        title=facts.title,
        text=text,
        author=facts.author,
        published=facts.published,
        language=facts.language,
        quality=quality,
        reason=reason,
        canonical_url=facts.canonical_url,
        site=facts.site,
        section=facts.section,
        image=facts.image,
        free=facts.free,
        origin=origin,
        alternates=facts.alternates,
    )
