"""Which story an article belongs to, decided when it comes, with score and reason.

Layer 1, pure: articles and times in, placings out; no clock, no chance. docs/stories.md states the
rule. The cost of a placing does not grow with the history: an article is looked up by its rarest
words, a bounded number of stories is compared, and stories leave the window.
"""

import heapq
import math
from array import array
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from monitor.model import Article
from monitor.stories.features import Feature, Features, features
from monitor.stories.placing import Placing, because
from monitor.stories.similarity import (
    ALL_MISSING,
    ENOUGH_NAMES,
    FOLLOWS,
    FOLLOWS_NAMES,
    NEEDED_FOREIGN,
    NEEDED_NAMELESS,
    OTHER_NAMES,
    RARE_ENOUGH,
    SHARED_FOREIGN,
    WORTH_TELLING,
    fading,
    joined_score,
    needed,
    rareness,
)
from monitor.stories.story import Report, Story
from monitor.stories.vocabulary import Vocabulary

WINDOW: Final = timedelta(days=5)  # a story that was quiet for longer is closed
MOST_STORIES: Final = 100_000  # in the window; the longest quiet ones go first
MOST_WORDS: Final = 80  # of one article, the weightiest
_ROW_READ: Final = 48  # newest stories of one word's row
_ROWS_READ: Final = 1_500  # of all rows of one article
_COMPARED: Final = 12  # stories
_SHOWN: Final = 3  # nearest stories told


@dataclass(frozen=True, slots=True)
class _Asked:
    """An article in the words of the index: a vector of length 1, its words and what they weigh."""

    features: Features
    vector: dict[int, float]  # words that some story holds
    rare: dict[int, float]  # how rare each of them is
    by_number: dict[int, Feature]
    count: int  # different words, unknown ones too
    leading: dict[int, float]  # names and numbers of headline and lead that some story holds
    leading_sum: float  # the rareness of these and of those that no story holds
    named: list[int]  # of ``leading``, those whose capital is not that of a first word
    unheard: int  # names and numbers of headline and lead that no story holds


@dataclass(frozen=True, slots=True)
class _Judged:
    """A story beside the article."""

    story: Story
    score: float
    needed: float
    seconds: float  # since the story's last report


class StoryIndex:
    """The stories of the last days. ``place`` asks, ``add`` remembers, ``move`` mends.

    Memory: about 4 KB for an article with a text, 1.3 KB for a headline, its share of the words
    included; at most ``MOST_STORIES`` stories with 64 reports each, none older than the window.
    """

    def __init__(self, window: timedelta = WINDOW, most_stories: int = MOST_STORIES) -> None:
        self._window = window.total_seconds()
        self._most = most_stories
        self._words = Vocabulary()
        self._stories: OrderedDict[int, Story] = OrderedDict()  # the longest quiet one first
        self._numbers: dict[str, int] = {}  # of stories by id
        self._places: dict[str, int] = {}  # of stories by article id
        self._next = 0
        self._now = float("-inf")
        self._last: tuple[Article, Features] | None = None  # asked, then added: read once

    def __len__(self) -> int:
        """How many stories are in the window."""
        return len(self._stories)

    def knows(self, story: str) -> bool:
        """Whether a story is in the window."""
        return story in self._numbers

    def story_of(self, article_id: str) -> str | None:
        """The story of an article; None if it is not in the window."""
        number = self._places.get(article_id)
        return None if number is None else self._stories[number].id

    def place(self, article: Article, at: datetime) -> Placing:
        """Which story the article belongs to; ``story_id`` None: it begins one. Changes nothing.

        ``at``: when the article came or was published, aware. ``nearest`` names up to three stories
        with their scores, the best first, whether they were near enough or not.
        """
        return self._placed(self._asked(self._read(article)), at.timestamp())

    def add(self, article: Article, story: str, at: datetime) -> None:
        """Remember that the article belongs to the story, new or known. Twice is once."""
        if article.id in self._places:
            self.move(article.id, story)
            return
        seconds = at.timestamp()
        self._now = max(self._now, seconds)
        self._file(story, self._report(article.id, self._read(article), seconds))
        self._forget()

    def move(self, article_id: str, story: str) -> bool:
        """Put an article into another story, new or known: splitting and merging by hand.

        False if the article is not in the window (or one of the forgotten reports of a long
        story), and nothing was done.
        """
        number = self._places.get(article_id)
        if number is None:
            return False
        old = self._stories[number]
        if old.id == story:
            return True
        report = next((each for each in old.reports if each.article_id == article_id), None)
        if report is None:
            return False
        left = [each for each in old.reports if each is not report]
        # What is left becomes a story of the same name before the old one goes: a word that no
        # story holds would lose its number.
        del self._numbers[old.id]
        for each in left:
            self._file(old.id, each)
        self._file(story, report)
        self._drop(number)
        return True

    # reading

    def _read(self, article: Article) -> Features:
        if self._last is None or self._last[0] is not article:
            self._last = (article, features(article))
        return self._last[1]

    def _rare(self, feature: Feature, number: int | None) -> float:
        holding = 0 if number is None else self._words.holding[number]
        return rareness(len(self._stories), holding, feature.common)

    def _weighed(self, read: Features) -> list[tuple[float, float, Feature]]:
        """(weight, rareness, feature) of the weightiest words, in the order of the features."""
        weighed = []
        for feature in read.words:
            rare = self._rare(feature, self._words.find(feature.key))
            weighed.append((feature.weight * rare, rare, feature))
        if len(weighed) > MOST_WORDS:
            least = sorted((each[0] for each in weighed), reverse=True)[MOST_WORDS - 1]
            weighed = [each for each in weighed if each[0] >= least][:MOST_WORDS]
        length = math.sqrt(sum(weight * weight for weight, _, _ in weighed)) or 1.0
        return [(weight / length, rare, feature) for weight, rare, feature in weighed]

    def _asked(self, read: Features) -> _Asked:
        vector: dict[int, float] = {}
        rare: dict[int, float] = {}
        by_number: dict[int, Feature] = {}
        leading: dict[int, float] = {}
        leading_sum = 0.0
        named: list[int] = []
        unheard = 0
        weighed = self._weighed(read)
        for weight, value, feature in weighed:
            number = self._words.find(feature.key)
            counts = feature.telling and feature.leading and value > RARE_ENOUGH
            if counts:
                leading_sum += value
                unheard += number is None and not feature.opening
            if number is not None:
                vector[number], rare[number], by_number[number] = weight, value, feature
                if counts:
                    leading[number] = value
                    if not feature.opening:
                        named.append(number)
        return _Asked(
            read, vector, rare, by_number, len(weighed), leading, leading_sum, named, unheard
        )

    def _report(self, article_id: str, read: Features, at: float) -> Report:
        weighed = self._weighed(read)
        return Report(
            article_id,
            at,
            read.language,
            array("I", [self._words.number(feature.key) for _, _, feature in weighed]),
            array("f", [weight for weight, _, _ in weighed]),
            sum(feature.telling for _, _, feature in weighed),
        )

    # deciding

    def _placed(self, asked: _Asked, at: float) -> Placing:
        if not asked.count:
            return Placing(None, 0.0, "begins a story: it has no word to compare", ())
        judged = [self._judge(asked, story, at) for story in self._candidates(asked, at)]
        judged = [each for each in judged if each.score >= WORTH_TELLING]
        judged.sort(key=lambda each: (each.needed - each.score, each.story.id))
        if not judged:
            return Placing(None, 0.0, "begins a story: no known one shares a rare word", ())
        best = judged[0]
        nearest = tuple((each.story.id, round(each.score, 4)) for each in judged[:_SHOWN])
        joins = best.score >= best.needed
        follows = (
            not joins
            and best.score >= FOLLOWS * best.needed
            and self._names_shared(asked, best.story) >= FOLLOWS_NAMES
        )
        reason = because(
            best.story.id,
            self._shared(asked, best.story),
            best.score,
            best.needed,
            best.seconds,
            joins=joins,
            follows=follows,
        )
        return Placing(
            best.story.id if joins else None,
            round(best.score, 4),
            reason,
            nearest,
            best.story.id if follows else None,
        )

    def _candidates(self, asked: _Asked, at: float) -> list[Story]:
        """The stories that share most with the article, found by its rarest words."""
        found: dict[int, float] = {}
        left = _ROWS_READ
        weights = asked.vector
        rows = sorted(weights, key=lambda number: (-asked.rare[number], -weights[number], number))
        for number in rows:
            if left <= 0:
                break
            row = self._words.row(number)[-min(_ROW_READ, left) :]
            left -= len(row)
            value = weights[number] * asked.rare[number]
            for story in row:
                found[story] = found.get(story, 0.0) + value
        live = ((value, -story) for story, value in found.items() if story in self._stories)
        stories = [self._stories[-story] for _, story in heapq.nlargest(_COMPARED, live)]
        return [story for story in stories if at - story.last_at <= self._window]

    def _judge(self, asked: _Asked, story: Story, at: float) -> _Judged:
        seconds = max(0.0, at - story.last_at)
        missing = self._missing(asked, story)
        if not story.speaks(asked.features.language):
            score, enough = self._foreign(asked, story), NEEDED_FOREIGN / fading(seconds)
            return _Judged(story, score, enough, seconds)
        words = min(float(asked.count), story.size)
        score = joined_score(
            story.nearest(asked.vector, asked.features.language),
            story.whole(asked.vector),
            missing,
            self._strange(asked, story),
            words,
        )
        if missing >= ALL_MISSING and self._names_others(asked, story):
            score *= OTHER_NAMES
        enough = needed(words, seconds)
        if enough <= score < NEEDED_NAMELESS and self._shares_few_names(asked, story):
            enough = NEEDED_NAMELESS
        return _Judged(story, score, enough, seconds)

    def _missing(self, asked: _Asked, story: Story) -> float:
        """The share of the story's own names and numbers that the article lacks, by rareness."""
        everything = lacking = 0.0
        holding, stories = self._words.holding, len(self._stories)
        for number, share in story.core():
            rare = asked.rare.get(number)
            if rare is not None and asked.by_number[number].opening:
                continue
            value = rare if rare is not None else rareness(stories, holding[number], 1)
            if value > RARE_ENOUGH:
                everything += value * share
                if rare is None:
                    lacking += value * share
        return lacking / everything if everything else 0.0

    def _names_shared(self, asked: _Asked, story: Story) -> int:
        """How many rare names and numbers the article and the story have in common."""
        return sum(
            asked.by_number[number].telling and asked.rare[number] > RARE_ENOUGH
            for number in story.holds(asked.vector)
        )

    def _strange(self, asked: _Asked, story: Story) -> float:
        """The share of the article's leading names and numbers that are new to the story."""
        if not asked.leading_sum:
            return 0.0
        known = story.holds(asked.leading)
        return 1.0 - sum(asked.leading[number] for number in asked.leading if number in known) / (
            asked.leading_sum
        )

    def _shares_few_names(self, asked: _Asked, story: Story) -> bool:
        """Whether a text has hardly a rare name or number in common with the story."""
        return not asked.features.is_headline and self._names_shared(asked, story) < ENOUGH_NAMES

    def _names_others(self, asked: _Asked, story: Story) -> bool:
        """Whether headline and lead name somebody or something, and none of it is the story's."""
        named = asked.named
        if asked.features.is_headline:  # it may name somebody else of the same event
            return False
        return bool(named or asked.unheard) and not story.holds(named)

    def _foreign(self, asked: _Asked, story: Story) -> float:
        """The cosine of names and numbers alone, with the most alike report; 0 if too few."""
        mine = {
            number: weight
            for number, weight in asked.vector.items()
            if asked.by_number[number].telling
        }
        length = math.sqrt(sum(weight * weight for weight in mine.values()))
        best = 0.0
        for report in story.foreign():
            theirs = dict(
                zip(report.ids[: report.telling], report.weights[: report.telling], strict=True)
            )
            shared = [number for number in mine if number in theirs]
            if len(shared) >= SHARED_FOREIGN:
                other = math.sqrt(sum(weight * weight for weight in theirs.values()))
                together = sum(mine[number] * theirs[number] for number in shared)
                best = max(best, together / (length * other))
        return best

    def _shared(self, asked: _Asked, story: Story) -> list[str]:
        """The words that made the score, as the article writes them, the most telling first."""
        known = story.holds(asked.vector)
        shared = [number for number in asked.vector if number in known]
        shared.sort(key=lambda number: (-asked.vector[number] * asked.rare[number], number))
        return [asked.by_number[number].shown for number in shared]

    # remembering

    def _file(self, story_name: str, report: Report) -> None:
        number = self._numbers.get(story_name)
        if number is None:
            number, self._next = self._next, self._next + 1
            self._numbers[story_name] = number
            self._stories[number] = Story(story_name)
        story = self._stories[number]
        for word in story.add(report):
            self._words.hold(word, number)
        self._places[report.article_id] = number
        gone = story.forget_oldest()
        if gone is not None and self._places.get(gone) == number:
            del self._places[gone]
        self._stories.move_to_end(number)

    def _forget(self) -> None:
        """Let stories go that were quiet for longer than the window, or are too many."""
        while self._stories:
            number, story = next(iter(self._stories.items()))
            if story.last_at >= self._now - self._window and len(self._stories) <= self._most:
                return
            self._drop(number)

    def _drop(self, number: int) -> None:
        story = self._stories.pop(number)
        if self._numbers.get(story.id) == number:
            del self._numbers[story.id]
        for word in story.held:
            self._words.let_go(word, self._stories)
        for report in story.reports:
            if self._places.get(report.article_id) == number:
                del self._places[report.article_id]
