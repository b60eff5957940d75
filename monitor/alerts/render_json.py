"""A message as JSON: the body of a webhook and a line of an archive file.

Layer 1, pure. The shape is documented in docs/notifiers.md; fields may be added, never renamed.
"""

from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from monitor.alerts.escape import Run, clean, cut, link, runs
from monitor.model import Alert, FigureNote, Hit, StoryNote

SCHEMA_VERSION: Final = 1
_TEXT_LIMIT: Final = 2000  # characters of a title, outlet, reason
_SNIPPET_LIMIT: Final = 4000


def payload(alert: Alert) -> dict[str, object]:
    """``alert`` as JSON-ready values: cleaned texts, http(s) links, ISO 8601 times in UTC.

    ``marks`` are [start, end] in code points of the cleaned ``text`` beside them. ``url`` is null
    where there was no usable link, ``published`` null where the article had no date. Nothing is
    left out: a digest holds every one of its ``items`` in this same shape.
    """
    return {
        "version": SCHEMA_VERSION,
        "kind": alert.kind.value,
        "id": clean(alert.id),
        "article_id": clean(alert.article_id),
        "title": _text(alert.title),
        "url": link(alert.url) or None,
        "source": _text(alert.source),
        "published": None if alert.published is None else _time(alert.published),
        "created_at": _time(alert.created_at),
        "level": alert.level.value,
        "quality": alert.quality.value,
        "quality_reason": _text(alert.quality_reason),
        "possible_duplicate": alert.possible_duplicate,
        "rules": [_rule(hit) for hit in alert.hits],
        "places": _places(alert.places),
        "follows": None if alert.follows is None else clean(alert.follows),
        "because": _text(alert.because),
        "story": None if alert.story is None else _story(alert.story),
        "figures": [] if alert.story is None else [_figure(note) for note in alert.story.figures],
        "items": [payload(item) for item in alert.items],
    }


def _rule(hit: Hit) -> dict[str, object]:
    parted = (runs(snippet.text, snippet.marks, _SNIPPET_LIMIT) for snippet in hit.snippets)
    return {
        "id": clean(hit.rule_id),
        "title": _text(hit.title),
        "level": hit.level.value,
        "why": _text(hit.why),
        "labels": {clean(name): _text(value) for name, value in hit.labels},
        "snippets": [
            {"text": "".join(part.text for part in parts), "marks": _marks(parts)}
            for parts in parted
            if parts
        ],
    }


def _story(story: StoryNote) -> dict[str, object]:
    return {
        "id": clean(story.id),
        "title": _text(story.title),
        "articles": story.articles,
        "places": _places(story.places),
    }


def _figure(note: FigureNote) -> dict[str, object]:
    return {
        "text": _text(note.text),
        "disputed": note.disputed,
        "sentences": [
            {"source": _text(outlet), "text": _text(sentence)}
            for outlet, sentence in note.sentences
        ],
    }


def _places(places: tuple[tuple[str, str], ...]) -> list[dict[str, object]]:
    return [{"source": _text(name), "url": link(url) or None} for name, url in places]


def _marks(parts: tuple[Run, ...]) -> list[list[int]]:
    ends = list(accumulate(len(part.text) for part in parts))
    return [[end - len(part.text), end] for part, end in zip(parts, ends, strict=True) if part.hit]


def _text(text: str) -> str:
    return cut(clean(text), _TEXT_LIMIT)


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
