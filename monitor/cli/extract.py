"""``extract``: the article of a page, as the rules will see it.

Layer 5.
"""

import asyncio

import click

from monitor.cli.output import clean_line, complain, emit, iso, say
from monitor.cli.reading import Reader, Unreadable, reader
from monitor.cli.user import json_option
from monitor.model import Extracted, Quality
from monitor.workers import WorkerFailed


@click.command("extract")
@click.option("--url", default=None, help="The address that a FILE came from, for its links.")
@json_option
@click.argument("sources", nargs=-1, required=True, metavar="FILE|URL…")
@click.pass_context
def command(
    context: click.Context, url: str | None, as_json: bool, sources: tuple[str, ...]
) -> int:
    """Read the article out of pages: title, text, author, time, language, quality."""
    return asyncio.run(_all(context, sources, url, as_json))


async def _all(
    context: click.Context, sources: tuple[str, ...], url: str | None, as_json: bool
) -> int:
    codes = [0]
    async with reader(context) as source_reader:
        pending = [asyncio.ensure_future(_one(source_reader, source, url)) for source in sources]
        for source, task in zip(sources, pending, strict=True):
            code, document = await task
            codes.append(code)
            if as_json:
                emit(document)
            else:
                _show(source, document)
    return max(codes)


async def _one(
    source_reader: Reader, source: str, url: str | None
) -> tuple[int, dict[str, object]]:
    try:
        content = await source_reader.page(source, url)
        page = await source_reader.workers.extract(content.body, content.url, content.content_type)
    except Unreadable as error:
        complain(f"{source}: {error}")
        return (2 if error.is_file else 1), _failed(source, url or source, str(error))
    except WorkerFailed as error:
        complain(f"{source}: {error}")
        return 1, _failed(source, url or source, str(error))
    return 0, _document(source, content.url, page)


def _document(source: str, url: str, page: Extracted) -> dict[str, object]:
    return {
        "source": source, "url": page.canonical_url or url or None, "title": page.title,
        "text": page.text, "author": page.author, "published": iso(page.published),
        "language": page.language, "quality": page.quality.value, "reason": page.reason,
    }  # fmt: skip


def _failed(source: str, url: str, reason: str) -> dict[str, object]:
    return {
        "source": source, "url": url, "title": "", "text": "", "author": None, "published": None,
        "language": None, "quality": Quality.FAILED.value, "reason": reason,
    }  # fmt: skip


def _show(source: str, document: dict[str, object]) -> None:
    say(clean_line(str(document["title"] or source)))
    for key in ("author", "published", "language", "url"):
        if document[key]:
            say(clean_line(f"{key}: {document[key]}"))
    say(clean_line(f"quality: {document['quality']} ({document['reason']})"))
    say()
    for paragraph in str(document["text"]).split("\n\n"):
        say(clean_line(paragraph))
        say()
