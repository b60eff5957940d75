"""Short texts for a rule's tests, cut out of the examples.

Layer 1, pure. A test is worth more the less it holds beside what it is about.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from monitor.alerts.escape import clean
from monitor.model import Article
from monitor.rules.draft.built import Example, Plain, Verdict

_SHORT: Final = 300  # characters of a text that a person reads in a test
_LONGEST: Final = 3000


def firing(example: Example, fires: Verdict) -> Plain | None:
    """The shortest excerpt on which the rule fires, as a test says it; None if it needs more
    than ``_LONGEST`` characters."""
    for title, body in _excerpts(example):
        if fires(_example(example, title, body)):
            return _said(title, body)
    return None


def silent(example: Example, fires: Verdict, before: Verdict | None = None) -> Plain | None:
    """An excerpt on which the rule is silent; with ``before``, one on which that one fires.

    None if there is none of at most ``_LONGEST`` characters.
    """
    for title, body in _excerpts(example):
        shown = _example(example, title, body)
        if not fires(shown) and (before is None or before(shown)):
            if before is None and len(title) + len(body) < 60 and body != example.article.text:
                continue  # a bare title says little about why
            return _said(title, body)
    return None


def tidy(text: str) -> str:
    """Text for a file that people read: paragraphs kept, nothing invisible, no control codes."""
    blocks = (clean(block) for block in text.split("\n\n"))
    return "\n\n".join(block for block in blocks if block)


def _excerpts(example: Example) -> Iterator[tuple[str, str]]:
    """Title, sentences, and ever longer beginnings: (title, body), the short ones first."""
    article = example.article
    title = tidy(article.title)[:_SHORT]
    found: list[tuple[str, str]] = [(title, "")] if title else []
    for segment in example.fields.segments(("title", "body")):
        if segment.name == "title":
            continue
        shown = [tidy(segment.text[low:high]) for low, high in segment.sentences[:40]]
        for text in shown:
            found.extend([("", text), (title, text)])
        for one, other in pairwise(shown):
            found.append(("", f"{one} {other}"))
    short = [(head, body) for head, body in found if len(body) <= _SHORT and (head or body)]
    yield from short
    yield title, tidy(article.text or article.summary)[: 2 * _SHORT]
    yield title, tidy(article.text or article.summary)[:_LONGEST]


def _example(example: Example, title: str, body: str) -> Example:
    article = example.article
    return Example(Article("test", "", title, body, language=article.language))


def _said(title: str, body: str) -> Plain:
    if not title:
        return body
    return {"title": title, "body": body} if body else {"title": title}
