"""Learns which paragraphs a site repeats under all its articles, and takes them off; pure.

Author bios, disclaimers, newsletter asks, lists of other stories: what stands under many articles
is not the news of any of them. What a paragraph of real background has in common with it is that
it is repeated too ("Lumen said in March that it would buy Northgate"), so repetition alone proves
nothing. A paragraph goes only if it

1. has stood in enough articles of the host that are about different things: occurrences in copies
   and follow-ups of one story (by the names in the rest of the text) count once;
2. shares few words with the rest of this article: background speaks of what the article speaks of;
3. leaves most of the article: if more than half of the words would go, nothing goes.

The state holds hashes only and is bounded, at most about 80 KB as text per host.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.articles.topics import names_in, same_topic, sketch, words_in

_ENOUGH: Final = 4  # articles about different things, for a paragraph at the end
_ENOUGH_ELSEWHERE: Final = 7
_AT_THE_END: Final = 8  # paragraphs from the last
_SHORTEST: Final = 25  # characters; a subheading such as "Background" is worth nothing
_LONGEST: Final = 1500
_FEWEST_WORDS: Final = 4
_MOST_SHARED: Final = 0.4  # of the words of a paragraph, with the rest of the article
_MOST_TAKEN: Final = 0.5  # of the words of an article
_MOST_PARAGRAPHS: Final = 1000  # remembered per host
_MOST_SKETCHES: Final = 120  # articles remembered per host
_MOST_READ: Final = 40  # paragraphs learnt per article: the first 8, and the last
_FIRST_READ: Final = 8
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Repeated:
    """A paragraph as remembered: the numbers of articles on different things that held it."""

    articles: tuple[int, ...]  # at most _ENOUGH_ELSEWHERE, oldest first
    last: int  # the number of the newest article that held it


@dataclass(frozen=True, slots=True)
class HostState:
    """What was learnt of a host. ``paragraphs`` by hash (16 hex digits), least recent first."""

    articles: int = 0
    paragraphs: tuple[tuple[str, Repeated], ...] = ()
    sketches: tuple[tuple[int, tuple[int, ...]], ...] = ()  # of the articles named above


@dataclass(frozen=True, slots=True)
class Dropped:
    """A paragraph that was taken off, and why, in plain words."""

    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Stripped:
    """What is left of an article, in order, and what went."""

    kept: tuple[str, ...]
    dropped: tuple[Dropped, ...] = ()


def learn(state: HostState, paragraphs: Sequence[str]) -> HostState:
    """``state`` after one more article of the host; call it once per article, not for copies."""
    number = state.articles + 1
    known = dict(state.paragraphs)
    sketches = dict(state.sketches)
    keys = {_key(text): text for text in _read(paragraphs) if _is_candidate(text)}
    own = sketch(text for text in paragraphs if _key(text) not in known)
    for key in keys:
        before = known.pop(key, None)
        if before is None:
            known[key] = Repeated((number,), number)
        elif len(before.articles) >= _ENOUGH_ELSEWHERE or _is_follow_up(before, own, sketches):
            known[key] = replace(before, last=number)
        else:
            known[key] = Repeated((*before.articles, number), number)
    kept = _bounded(known)
    needed = {one for repeated in kept.values() for one in repeated.articles}
    sketches[number] = own
    return HostState(
        number,
        tuple(kept.items()),
        tuple((one, values) for one, values in sorted(sketches.items()) if one in needed),
    )


def strip(state: HostState, paragraphs: Sequence[str]) -> Stripped:
    """``paragraphs`` of one article without what its host repeats under articles on other things.

    Judged by what was learnt from other articles: whether this one was learnt already changes
    nothing below the threshold. Paragraphs that stay are not changed.
    """
    known = dict(state.paragraphs)
    dropped: dict[int, Dropped] = {}
    for place, text in enumerate(paragraphs):
        repeated = known.get(_key(text)) if _is_candidate(text) else None
        if repeated is None or len(repeated.articles) < _needed(place, len(paragraphs)):
            continue
        rest = [other for at, other in enumerate(paragraphs) if at != place]
        if _shared(text, rest) > _MOST_SHARED:
            continue
        reason = f"repeated under {len(repeated.articles)} or more articles on other things"
        dropped[place] = Dropped(text, reason)
    words = [len(text.split()) for text in paragraphs]
    if sum(words[place] for place in dropped) > _MOST_TAKEN * sum(words):
        return Stripped(tuple(paragraphs))
    kept = tuple(text for place, text in enumerate(paragraphs) if place not in dropped)
    return Stripped(kept, tuple(dropped.values()))


def state_text(state: HostState) -> str:
    """``state`` as one line of JSON, to store."""
    return json.dumps(
        [
            state.articles,
            [[key, one.articles, one.last] for key, one in state.paragraphs],
            [[number, values] for number, values in state.sketches],
        ],
        separators=(",", ":"),
    )


def read_state(text: str) -> HostState:
    """The state that ``state_text`` wrote; an empty one for anything else."""
    try:
        articles, paragraphs, sketches = json.loads(text)
        return HostState(
            int(articles),
            tuple((str(key), Repeated(tuple(map(int, of)), int(last)))
                  for key, of, last in paragraphs),
            tuple((int(number), tuple(map(int, values))) for number, values in sketches),
        )  # fmt: skip
    except (ValueError, TypeError, RecursionError):
        return HostState()


def _needed(place: int, count: int) -> int:
    return _ENOUGH if place > 0 and count - place <= _AT_THE_END else _ENOUGH_ELSEWHERE


def _is_candidate(text: str) -> bool:
    return _SHORTEST <= len(text) <= _LONGEST and len(words_in(text)) >= _FEWEST_WORDS


def _read(paragraphs: Sequence[str]) -> Sequence[str]:
    if len(paragraphs) <= _MOST_READ:
        return paragraphs
    return [*paragraphs[:_FIRST_READ], *paragraphs[_FIRST_READ - _MOST_READ :]]


def _key(text: str) -> str:
    """A hash of the words; a year counts as any year ("© 2024"), other figures as themselves:
    the line with which each evening's market report ends is news.
    """
    words = " ".join("0" if _YEAR.fullmatch(word) else word for word in words_in(text))
    return hashlib.blake2b(words.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _is_follow_up(
    before: Repeated, own: tuple[int, ...], sketches: dict[int, tuple[int, ...]]
) -> bool:
    """Whether the article is about the same as one that held the paragraph already."""
    return any(same_topic(own, sketches.get(number, ())) for number in before.articles)


def _shared(text: str, rest: Sequence[str]) -> float:
    """The share of the telling words of ``text`` that stand in ``rest`` as well."""
    telling = names_in([text]) or set(words_in(text))
    elsewhere = {word for other in rest for word in words_in(other)}
    return sum(word in elsewhere for word in telling) / len(telling) if telling else 1.0


def _bounded(known: dict[str, Repeated]) -> dict[str, Repeated]:
    """The paragraphs most worth remembering: repeated ones before others, then the most recent.

    Bounded twice: in number, and in the number of articles whose sketches they need.
    """
    worth = sorted(
        known, key=lambda key: (len(known[key].articles) > 1, known[key].last), reverse=True
    )
    kept: set[str] = set()
    needed: set[int] = set()
    for key in worth[:_MOST_PARAGRAPHS]:
        with_it = needed.union(known[key].articles)
        if len(with_it) <= _MOST_SKETCHES:
            kept.add(key)
            needed = with_it
    return {key: value for key, value in known.items() if key in kept}
