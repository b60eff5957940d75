"""The examples and the past that ``draft`` and ``tune`` learn from.

Layer 5. An example is an address (the stored article, or its page fetched now), a saved page, or a
file of articles as JSON lines. All mistakes are told before anything is proposed.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import click

from monitor.cli.articlelines import NotAnArticle, read_article
from monitor.cli.lines import lines_of, opened
from monitor.cli.output import clean_line, complain
from monitor.cli.reading import Reader, Unreadable, in_order, is_url, reader
from monitor.config.settings import Settings
from monitor.errors import StoreError, UsageError
from monitor.model import Article, Quality
from monitor.rules.backtest import Past
from monitor.rules.draft.built import Example
from monitor.store import FILE_NAME, open_store
from monitor.text.urls import canonical_url
from monitor.why.past import pasts
from monitor.workers import WorkerFailed

MOST_PAST: Final = 3000  # articles, the newest, that a search for terms looks at
_MOST_EXAMPLES: Final = 200
_SNIFFED: Final = 4096  # bytes that tell JSON lines from a page


@dataclass(frozen=True, slots=True)
class Given:
    """The examples of both sorts; ``code`` is 1 or 2 where one of them could not be had."""

    yes: tuple[Example, ...]
    no: tuple[Example, ...]
    code: int


async def read_examples(
    context: click.Context, settings: Settings, yes: Sequence[str], no: Sequence[str]
) -> Given:
    """Read what ``--yes`` and ``--no`` name. What cannot be had is told on standard error.

    Raises:
        UsageError: there are too many.
    """
    async with reader(context) as way:
        code = 0
        found: list[tuple[Example, ...]] = []
        for names in (yes, no):
            articles: list[Article] = []
            async for name, (failed, read) in in_order(
                names, lambda name: _one(way, settings, name)
            ):
                code = max(code, failed)
                articles.extend(read)
                if not read and not failed:
                    complain(clean_line(f"{name}: holds no article"))
                    code = 2
            if len(articles) > _MOST_EXAMPLES:
                raise UsageError(f"{len(articles)} examples are too many; at most {_MOST_EXAMPLES}")
            found.append(tuple(Example(article) for article in articles))
    return Given(found[0], found[1], code)


async def _one(way: Reader, settings: Settings, name: str) -> tuple[int, list[Article]]:
    if is_url(name):
        stored = _stored(settings, name)
        if stored is not None:
            return 0, [stored]
    elif _is_json(name):
        return _lines(name)
    try:
        content = await way.page(name, None)
        page = await way.workers.extract(content.body, content.url, content.content_type)
    except Unreadable as error:
        complain(clean_line(f"{name}: {error}"))
        return (2 if error.is_file else 1), []
    except WorkerFailed as error:
        complain(clean_line(f"{name}: {error}"))
        return 1, []
    if page.quality is not Quality.OK:  # a challenge or paywall page would teach its own words
        complain(clean_line(
            f"{name}: no whole article in this page ({page.reason}); give its text as a JSON line"
        ))  # fmt: skip
        return 1, []
    url = page.canonical_url or content.url
    return 0, [
        Article(
            name, url, page.title, page.text, source=page.site or "", author=page.author or "",
            language=page.language, published=page.published,
        )
    ]  # fmt: skip


def _is_json(name: str) -> bool:
    try:
        with opened(name) as stream:
            if name == "-":
                return True
            return stream.read(_SNIFFED).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")
    except (OSError, ValueError):
        return False  # said when it is read as a page


def _lines(name: str) -> tuple[int, list[Article]]:
    code, found = 0, []
    for place, article in _articles(name):
        if isinstance(article, Article):
            found.append(article)
        else:
            complain(clean_line(f"{place}: {article}"))
            code = 2
    return code, found


def _articles(name: str) -> Iterator[tuple[str, Article | str]]:
    """(place, the article or what is wrong with its line). Raises UsageError."""
    try:
        with opened(name) as stream:
            for line in lines_of(stream):
                place = f"{name}:{line.number}"
                try:
                    read = read_article(line.data, place)
                except NotAnArticle as error:
                    yield place, str(error)
                    continue
                if read is not None:
                    yield place, read.article
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{name}: cannot be read ({reason})") from error


def _stored(settings: Settings, url: str) -> Article | None:
    if not (settings.data / FILE_NAME).exists():
        return None
    store = open_store(settings.data, read_only=True)
    try:
        history = None
        with suppress(ValueError):  # an address that has no canonical form
            history = store.get_article_by_url(canonical_url(url))
        history = history or store.get_article_by_url(url)
        return history.article if history is not None else None
    finally:
        store.close()


@dataclass(frozen=True, slots=True)
class History:
    """Past articles: of a file, of the store, or none. Each call goes through them anew."""

    settings: Settings
    file: str | None
    days: int
    wanted: bool
    since: datetime

    @classmethod
    def of(cls, settings: Settings, file: str | None, days: int, *, wanted: bool) -> "History":
        """The past ``days`` of the store, unless a file is named or none is ``wanted``.

        Raises:
            UsageError: a pipe cannot be gone through twice.
        """
        if file == "-":
            raise UsageError("--articles: needs a file; it is read more than once")
        return cls(settings, file, days, wanted, datetime.now(UTC) - timedelta(days=days))

    @property
    def told(self) -> str:
        """What it is, for people."""
        if self.file is not None:
            return self.file
        return f"the stored articles of {self.days} days" if self.known else "no history"

    @property
    def known(self) -> bool:
        """Whether there is any."""
        stored = self.wanted and (self.settings.data / FILE_NAME).exists()
        return self.file is not None or stored

    def articles(self, most: int | None = None) -> Iterator[Past]:
        """The articles, the newest of the store first; lines that are none are left out.

        Raises:
            UsageError: the file cannot be read.
            StoreError: the database cannot.
        """
        if self.file is not None:
            for number, (_, article) in enumerate(_articles(self.file)):
                if most is not None and number >= most:
                    return
                if isinstance(article, Article):
                    yield Past(article, article.published)
            return
        if not self.known:
            return
        try:
            store = open_store(self.settings.data, read_only=True)
        except StoreError as error:
            complain(clean_line(f"{error}: going on without history"))
            return
        try:
            yield from pasts(store, self.since, most)
        finally:
            store.close()


def apart_from(past: Iterator[Past], examples: Sequence[Example]) -> Iterator[Past]:
    """The past articles that are none of the examples: by id, address, or the same words."""
    ids = {example.article.id for example in examples}
    urls = {example.article.url for example in examples} - {""}
    texts = {(example.article.title, example.article.text) for example in examples}
    for each in past:
        article = each.article
        if article.id in ids or article.url in urls or (article.title, article.text) in texts:
            continue
        yield each
