"""A line of JSON as a report with its time, and many lines in the order of their times.

Layer 5. The lines of articles go to a temporary file, so that memory does not depend on how many
there are, nor on what becomes of the files meanwhile, and so that a pipe can be put in order, too.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import IO, Any, Final

from monitor.alerts.report import Report
from monitor.cli.articlelines import NotAnArticle, misspelt, read_article
from monitor.cli.lines import Line, lines_of, opened
from monitor.cli.moments import EARLIEST, LATEST
from monitor.errors import MonitorError
from monitor.model import Article, Feed
from monitor.text.urls import host
from monitor.text.words import fold

_TIERS: Final = range(1, 10)
_ENDING: Final = "; matched without it"


class Feeds:
    """The feeds of config.yaml by the names that articles know them by: name, address."""

    def __init__(self, feeds: Iterable[Feed]) -> None:
        self._by_name: dict[str, Feed] = {}
        for feed in feeds:
            for name in (feed.url, feed.name):
                if name:
                    self._by_name.setdefault(fold(name), feed)

    def find(self, *names: str) -> Feed | None:
        """The feed with the first of these names that one has; None if none has."""
        found = (self._by_name.get(fold(name)) for name in names if name)
        return next((feed for feed in found if feed is not None), None)


@dataclass(frozen=True, slots=True)
class Reported:
    """A report and when it came; ``given_id`` is its id as the line has it, or its place.

    ``mistakes``: what was wrong and cost something, but not the article. ``hints``: what may be.
    """

    at: datetime
    report: Report
    given_id: Any
    mistakes: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()


def read_report(
    data: bytes | None, place: str, feeds: Feeds, otherwise: datetime | None
) -> Reported | None:
    """The report in one line; None if the line is blank. ``otherwise``: when it came where the
    line does not say.

    Raises:
        NotAnArticle: with what was found, also where no time is known.
    """
    read = read_article(data, place)
    if read is None or data is None:
        return None
    own = json.loads(data.decode())
    mistakes = [each.removesuffix(_ENDING) for each in read.mistakes]
    at = read.article.published or otherwise
    if at is None:
        told = next((each for each in mistakes if each.startswith("'published'")), None)
        raise NotAnArticle(told or "it has no 'published'; --at TIME says when such articles came")
    if not EARLIEST <= at < LATEST:
        raise NotAnArticle("'published' must be a time of the years 1900 to 2199")
    feed_name, tier = _feed_name(own, mistakes), _tier(own, mistakes)
    feed = feeds.find(feed_name, read.article.source)
    report = Report(
        _completed(read.article, feed, feed_name),
        feed.url if feed is not None else feed_name or None,
        tier if tier is not None or feed is None else feed.tier,
    )
    given = place if read.given_id is None else read.given_id
    hints = tuple(misspelt(key) for key in read.strange_keys)
    return Reported(at, report, given, tuple(mistakes), hints)


def _completed(article: Article, feed: Feed | None, feed_name: str) -> Article:
    """The article with what its feed says of it, as the daemon has it."""
    tags, language, source = article.tags, article.language, article.source
    if feed is not None:
        tags = tuple(dict.fromkeys((*tags, *feed.tags)))
        language = language or feed.language
        source = source or feed.name or host(feed.url)
    return replace(article, tags=tags, language=language, source=source or feed_name)


def _feed_name(own: dict[str, Any], mistakes: list[str]) -> str:
    name = own.get("feed")
    if name is None or isinstance(name, str):
        return name or ""
    mistakes.append("'feed' must be the name or address of a feed")
    return ""


def _tier(own: dict[str, Any], mistakes: list[str]) -> int | None:
    tier = own.get("tier")
    if tier is None or (type(tier) is int and tier in _TIERS):
        return tier
    mistakes.append("'tier' must be a number from 1 to 9")
    return None


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a line lies in the temporary file."""

    at: datetime
    start: int
    size: int
    place: str


class InOrder:
    """The articles of many files in the order of their times. Use as a context manager.

    ``tell`` hears every mistake, ``hint`` what looks like one; both with their place.
    """

    def __init__(
        self,
        feeds: Feeds,
        otherwise: datetime | None,
        tell: Callable[[str], None],
        hint: Callable[[str], None],
    ) -> None:
        self._feeds, self._otherwise = feeds, otherwise
        self._tell, self._hint = tell, hint
        self._kept: list[_Kept] = []
        self._spool: IO[bytes] = TemporaryFile()  # noqa: SIM115  # closed by __exit__
        self._end = 0

    def __enter__(self) -> "InOrder":
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    def __len__(self) -> int:
        """How many articles were taken in."""
        return len(self._kept)

    def take(self, name: str, done: Callable[[int], None]) -> None:
        """Take in a file (``-``: standard input); ``done`` hears of bytes.

        Raises:
            MonitorError: the temporary file cannot be written.
        """
        said: set[str] = set()
        try:
            with opened(name) as stream:
                for line in lines_of(stream):
                    self._line(name, line, said)
                    done(line.size)
        except (OSError, ValueError) as error:  # ValueError: a NUL in the name
            reason = getattr(error, "strerror", None) or str(error)
            self._tell(f"{name}: cannot be read ({reason})")

    def _line(self, name: str, line: Line, said: set[str]) -> None:
        place = f"{name}:{line.number}"
        try:
            read = read_report(line.data, place, self._feeds, self._otherwise)
        except NotAnArticle as error:
            at = place if error.column is None else f"{place}:{error.column}"
            self._tell(f"{at}: {error}")
            return
        if read is None or line.data is None:
            return
        for mistake in read.mistakes:
            self._tell(f"{place}: {mistake}; taken without it")
        for hint in read.hints:
            if hint not in said:  # once a file: every line will have it
                said.add(hint)
                self._hint(f"{place}: warning: {hint}")
        try:
            self._spool.write(line.data)
        except OSError as error:
            raise MonitorError(
                f"the articles cannot be put in order in a temporary file ({error.strerror})"
            ) from error
        self._kept.append(_Kept(read.at, self._end, len(line.data), place))
        self._end += len(line.data)

    def __iter__(self) -> Iterator[Reported]:
        """The articles by their times; those of one moment as they came."""
        for each in sorted(self._kept, key=lambda each: each.at):
            self._spool.seek(each.start)
            data = self._spool.read(each.size)
            read = read_report(data, each.place, self._feeds, self._otherwise)
            assert read is not None  # it was read before
            yield read
