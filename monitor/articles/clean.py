"""Cleans a page before the extractor reads it: takes out what is not the article, by its markup.

Pure: an lxml tree in, the same tree changed. Three ways of marking furniture up are known: the
elements that HTML has for it (``figcaption``, ``aside``, ``section#comments``), the classes of
common WordPress plugins, and plain ``div`` elements with telling names. Names are compared word by
word (``authorBio`` and ``author-bio`` are the words *author bio*), never as pieces of words, and a
wrapper that holds the larger part of the page's paragraphs is never taken out, whatever its name.
Linear in the size of the page.
"""

import re
from functools import lru_cache
from itertools import pairwise
from typing import Final

from lxml.etree import _Element

from monitor.articles.removal import take_out

_NAME_WORDS: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")

_FURNITURE_TAGS: Final = frozenset(
    "aside button canvas dialog embed figcaption form iframe nav noscript object script select"
    " style template textarea title".split()
)
_NEVER: Final = frozenset("html head body article main".split())

_FURNITURE_ROLES: Final = frozenset(
    {"navigation", "complementary", "search", "dialog", "alertdialog", "banner", "contentinfo"}
)
_FURNITURE_PROPERTIES: Final = frozenset({"caption", "comment", "copyrightholder"})

# The first word of a name that says something about the page, and not what the element is.
_ABOUT_THE_PAGE: Final = frozenset(
    "has with without no not is show hide hidden enable enabled disable disabled allow supports"
    " single layout page site theme post type".split()
)

# Whole names: an element called just this is furniture.
_WHOLE: Final = frozenset(
    tuple(name.split("-"))
    for name in (
        "caption captions credit credits comments comment respond disqus newsletter newsletters"
        " related recommended sharing share sharebar sharedaddy social breadcrumb breadcrumbs"
        " cookie cookies paywall-prompt subscribe subscription signup byline pagination"
        " disqus-thread fb-comments sidebar promo wpdcom advert advertisement"
        " trending outbrain taboola author post-author entry-author bio discussion tags gdpr nav"
        " navigation navbar menu footer site-footer imgcaption piccaption wc-comment"
    ).split()
)

# The beginnings of the names that plugins give to everything of theirs.
_PLUGINS: Final = tuple(
    tuple(name.split("-"))
    for name in (
        "wp-caption saboxplugin saboxplugin-wrap wpdiscuz wpd wpdcom sharedaddy jp-relatedposts"
        " sd-sharing sd-social addtoany a2a addthis yarpp crp-related rp4wp molongui-author"
        " disqus-thread comments-area comment-respond comment-list mc4wp mailpoet mc-embed"
        " cookie-law cky cmplz onetrust didomi qc-cmp2 taboola outbrain heateor sassy-social"
        " ssba essb swp-social abh-box m-a-box starbox fb-comments cookie-notice cn-notice"
        " iubenda trc-related"
    ).split()
)

# Words that tell what an element is where they stand next to each other anywhere in a name.
_PAIRS: Final = frozenset(
    (first, second)
    for firsts, seconds in (
        (
            "photo image img picture media figure fig thumbnail gallery slide video",
            "caption captions credit credits copyright byline",
        ),
        ("caption", "text credit title full box wrapper wrap container"),
        ("picture", "caption"),
        (
            "author",
            "bio biography box card info block details about description profile desc footer",
        ),
        ("writer reporter contributor", "bio box info profile"),
        ("about", "author authors writer contributor"),
        ("the", "author authors"),
        ("bio", "box card author"),
        (
            "comment comments",
            "form list section area wrapper wrap container box thread reply respond count link"
            " block holder button btn widget template title",
        ),
        ("commentlist commentform", "wrapper"),
        ("post article story user reader facebook fb disqus entry leave", "comments comment"),
        (
            "related recommended recent popular trending similar more latest further other",
            "stories story posts post articles article content links link news topics reading"
            " items coverage headlines videos media block list box wrapper container",
        ),
        ("most", "read popular viewed commented shared recent"),
        ("read see", "more next also"),
        ("also", "read like"),
        ("you", "may might"),
        ("recommended recommendations", "for you list widget"),
        (
            "newsletter newsletters",
            "signup sign form box subscribe subscription promo widget block container banner inline"
            " wrapper cta module",
        ),
        (
            "subscribe subscription signup",
            "form box banner promo widget block newsletter cta wall prompt",
        ),
        ("email mail", "signup subscribe"),
        (
            "cookie cookies gdpr privacy consent",
            "banner notice consent bar law popup message info overlay modal dialog wall policy",
        ),
        (
            "share sharing social",
            "buttons button bar tools links links icons icon list widget wrapper container block"
            " share sharing media box menu post article options",
        ),
        ("article post story entry", "share sharing social tags meta footer nav navigation"),
        ("back", "top"),
        ("skip", "link content"),
        ("site global main primary top sub", "nav navigation menu footer"),
        ("donate donation support membership", "box banner cta promo message"),
        ("ad advert ads advertisement", "slot container wrapper unit block box placeholder label"),
        ("sponsored", "content links posts post"),
        ("tag tags", "list cloud links"),
        ("print", "only"),
        ("screen", "reader"),
    )
    for first in firsts.split()
    for second in seconds.split()
)


def clean(root: _Element) -> _Element:
    """``root`` without furniture; the same tree, changed.

    Elements are judged from the outside in. One that would be taken out but holds more than half
    of the page's paragraph text stays, and the elements in it are judged in turn.
    """
    weights = _weights(root)
    most = weights[root] / 2
    pending = [root]
    while pending:
        element = pending.pop()
        if element is not root and _is_furniture(element):
            if weights[element] <= most:
                take_out(element)
                continue
            _forget_names(element)
        pending.extend(child for child in element if isinstance(child.tag, str))
    return root


def is_furniture_name(name: str) -> bool:
    """Whether a class or an id names furniture: captions, author box, comments, sharing, …"""
    return _judge(name[:100])


@lru_cache(maxsize=4096)
def _judge(name: str) -> bool:
    words = tuple(word.lower() for word in _NAME_WORDS.findall(name))
    if not words:
        return False
    if any(words[: len(plugin)] == plugin for plugin in _PLUGINS):
        return True
    if words[0] in _ABOUT_THE_PAGE and words[0] != "post":
        return False
    return words in _WHOLE or any(pair in _PAIRS for pair in pairwise(words))


def _is_furniture(element: _Element) -> bool:
    tag = element.tag
    if tag in _NEVER:
        return False
    if tag in _FURNITURE_TAGS:
        return True
    if element.get("role", "").lower() in _FURNITURE_ROLES:
        return True
    if element.get("itemprop", "").lower() in _FURNITURE_PROPERTIES:
        return True
    names = element.get("class", "").split()[:20]
    names.append(element.get("id", ""))
    return any(_judge(name[:100]) for name in names)


def _weights(root: _Element) -> dict[_Element, int]:
    """Characters of paragraph text in each element; of any text where the page has no paragraphs.

    Text of a paragraph counts for the paragraph and for everything around it.
    """
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    in_paragraphs = _summed(elements, paragraphs_only=True)
    if in_paragraphs[root] >= 200:
        return in_paragraphs
    return _summed(elements, paragraphs_only=False)


def _summed(elements: list[_Element], *, paragraphs_only: bool) -> dict[_Element, int]:
    inside: set[_Element] = set()
    own: dict[_Element, int] = {}
    for element in elements:  # document order: a parent comes before its children
        parent = element.getparent()
        counts = not paragraphs_only or element.tag == "p" or parent in inside
        if element.tag in ("script", "style"):
            counts = False
        if counts:
            inside.add(element)
        own[element] = len((element.text or "").strip()) if counts else 0
        if parent is not None and parent in inside and parent in own:
            own[parent] += len((element.tail or "").strip())
    for element in reversed(elements):
        parent = element.getparent()
        if parent is not None and parent in own:
            own[parent] += own[element]
    return own


def _forget_names(element: _Element) -> None:
    """Keeps the extractor, which knows such names as well, from taking the article out."""
    for name in ("class", "id", "role", "itemprop"):
        element.attrib.pop(name, None)
