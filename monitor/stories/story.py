"""A story as the index keeps it: its newest reports, and what they have in common.

Layer 1, pure.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from operator import mul
from typing import Final

from monitor.stories.similarity import CORE, dot

MOST_REPORTS: Final = 64  # kept of one story, the newest; older ones have left their mark
_COMPARED: Final = 20  # newest reports that an article is compared with one by one
_MOST_COUNTED: Final = 65_535  # reports of one story; beyond, its middle hardly moves
_MOST_WORDS: Final = 600  # different words that a story is known by


@dataclass(frozen=True, slots=True)
class Report:
    """One article of a story: words by number with weights (together of length 1).

    The first ``telling`` of them are names and numbers. ``at`` is in Unix seconds.
    """

    article_id: str
    at: float
    language: str
    ids: "array[int]"
    weights: "array[float]"
    telling: int


class Story:
    """The reports of one story in the window."""

    __slots__ = (
        "_core", "_counts", "_norm", "_shares", "_sums", "_total",
        "held", "id", "last_at", "reports", "size",
    )  # fmt: skip

    def __init__(self, story_id: str) -> None:
        self.id = story_id
        self.reports: list[Report] = []
        self.last_at = float("-inf")
        self.size = 0.0  # different words of a report, on average
        # Rows and no dictionaries, which would take ten times the memory.
        self.held: array[int] = array("I")  # all words that it is filed under
        self._sums: array[float] = array("f")  # their weights, summed over the reports
        self._counts: array[int] = array("H")  # in how many reports each is a name or number
        self._core: array[int] = array("I")
        self._shares: array[float] = array("f")
        self._norm = 1.0  # the length of the summed vector
        self._total = 0  # reports ever added, the forgotten ones too

    def add(self, report: Report) -> tuple[int, ...]:
        """Take a report in; gives the words that the story did not hold before."""
        sums, counts, held = self._sums, self._counts, self.held
        places = {number: at for at, number in enumerate(held)}
        room = max(0, _MOST_WORDS - len(held))
        new = tuple(number for number in report.ids if number not in places)[:room]
        for number in new:
            places[number] = len(held)
            held.append(number)
            sums.append(0.0)
            counts.append(0)
        report = _only(report, places.keys())
        for at, (number, weight) in enumerate(zip(report.ids, report.weights, strict=True)):
            place = places[number]
            sums[place] += weight
            counts[place] = min(_MOST_COUNTED, counts[place] + (at < report.telling))
        self._norm = sum(map(mul, sums, sums)) ** 0.5 or 1.0
        self.reports.append(report)
        self.last_at = max(self.last_at, report.at)
        self._total = min(_MOST_COUNTED, self._total + 1)
        self.size += (len(report.ids) - self.size) / self._total
        often = [at for at, count in enumerate(counts) if count and count >= CORE * self._total]
        self._core = array("I", [held[at] for at in often])
        self._shares = array("f", [counts[at] / self._total for at in often])
        return new

    def forget_oldest(self) -> str | None:
        """Let the oldest report beyond ``MOST_REPORTS`` go; gives its article, None if none is."""
        return self.reports.pop(0).article_id if len(self.reports) > MOST_REPORTS else None

    def whole(self, vector: Mapping[int, float]) -> float:
        """The cosine of a vector of length 1 with the middle of the story."""
        return dot(vector, self.held, self._sums) / self._norm

    def nearest(self, vector: Mapping[int, float], language: str) -> float:
        """The cosine with the most alike of the newest reports in the article's language."""
        if self._total == 1:
            return self.whole(vector)
        return max(
            (
                dot(vector, report.ids, report.weights)
                for report in self.reports[-_COMPARED:]
                if same_language(language, report.language)
            ),
            default=0.0,
        )

    def holds(self, numbers: Iterable[int]) -> Set[int]:
        """Those of the words that the story is filed under."""
        return set(self.held).intersection(numbers)

    def core(self) -> Iterator[tuple[int, float]]:
        """Names and numbers of at least half of the reports, each with its share of them."""
        return zip(self._core, self._shares, strict=True)

    def speaks(self, language: str) -> bool:
        """Whether a report may be in this language; one of unknown language may."""
        return any(same_language(language, report.language) for report in self.reports[-_COMPARED:])

    def foreign(self) -> Iterable[Report]:
        """The newest reports, for comparing names and numbers across languages."""
        return self.reports[-_COMPARED:]


def same_language(one: str, other: str) -> bool:
    """Whether two articles can be compared by all their words; an unknown language fits any."""
    return not one or not other or one == other


def _only(report: Report, known: Set[int]) -> Report:
    """The report without the words that its story has no room for."""
    if all(number in known for number in report.ids):
        return report
    kept = [at for at, number in enumerate(report.ids) if number in known]
    return replace(
        report,
        ids=array("I", [report.ids[at] for at in kept]),
        weights=array("f", [report.weights[at] for at in kept]),
        telling=sum(at < report.telling for at in kept),
    )
