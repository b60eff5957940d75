"""``extract``: the article of a page, as the rules will see it.

Layer 5.
"""

import asyncio

import click

from monitor.articles.reading import ReadPage
from monitor.cli.output import clean_line, complain, emit, iso, say
from monitor.cli.reading import Reader, Unreadable, in_order, is_url, reader
from monitor.cli.user import json_option
from monitor.model import Quality
from monitor.workers import WorkerFailed


@click.command("extract")
@click.option("--url", default=None, help="The address that a FILE came from, for its links.")
@json_option
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL…")
@click.pass_context
def command(
    context: click.Context, url: str | None, as_json: bool, sources: tuple[str, ...]
) -> int:
    """Read the article out of pages: title, text, author, time, language, quality.

    A page that was read but holds no article has the quality "stub" or "failed", and is no error.
    """
    return asyncio.run(_all(context, sources, url, as_json))


async def _all(
    context: click.Context, sources: tuple[str, ...], url: str | None, as_json: bool
) -> int:
    async with reader(context) as source_reader:
        worst = 2 if source_reader.wrong else 0
        each = in_order(sources, lambda source: _one(source_reader, source, url))
        async for source, (code, document) in each:
            worst = max(worst, code)
            if code:  # told here, so that it stands in the order of the sources
                complain(clean_line(f"{source}: {document['reason']}"))
            if as_json:
                emit(document)
            elif not code:
                _show(source, document)
    return worst


async def _one(
    source_reader: Reader, source: str, url: str | None
) -> tuple[int, dict[str, object]]:
    try:
        content = await source_reader.page(source, url)
        page = await source_reader.workers.extract(content.body, content.url, content.content_type)
    except Unreadable as error:
        known = url or (source if is_url(source) else "")
        return (2 if error.is_file else 1), _failed(source, known, str(error))
    except WorkerFailed as error:  # killed: too slow, too much memory, or it broke
        return 1, _failed(source, url or content.url, str(error))
    return 0, _document(source, content.url, page)


def _document(source: str, url: str, page: ReadPage) -> dict[str, object]:
    return {
        "source": source, "url": page.canonical_url or url or None, "title": page.title,
        "text": page.text, "author": page.author, "published": iso(page.published),
        "language": page.language, "section": page.section, "image": page.image,
        "quality": page.quality.value, "reason": page.reason,
    }  # fmt: skip


def _failed(source: str, url: str, reason: str) -> dict[str, object]:
    return {
        "source": source, "url": url or None, "title": "", "text": "", "author": None,
        "published": None, "language": None, "section": None, "image": None,
        "quality": Quality.FAILED.value, "reason": reason,
    }  # fmt: skip


def _show(source: str, document: dict[str, object]) -> None:
    say(clean_line(str(document["title"] or source)))
    for key in ("author", "published", "language", "section", "url", "image"):
        if document[key]:
            say(f"{key + ':':<11}{clean_line(str(document[key]))}")
    say(f"{'quality:':<11}{document['quality']} ({clean_line(str(document['reason']))})")
    say()
    for paragraph in str(document["text"]).split("\n\n"):
        if paragraph.strip():
            say(clean_line(paragraph))
            say()
