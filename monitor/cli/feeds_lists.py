"""``feeds import`` and ``feeds export``: OPML in and out.

Layer 5.
"""

import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import click
from pydantic import TypeAdapter, ValidationError

from monitor.cli.feeds_asking import address_of, written_feeds
from monitor.cli.feeds_write import read, save, with_feeds
from monitor.cli.lines import opened
from monitor.cli.output import clean_line, complain, count, emit, say
from monitor.cli.user import config_path, json_option, settings_of
from monitor.config.configfile import ConfigFile
from monitor.errors import UsageError
from monitor.feeds.opml import CREDENTIALS, Item, NotOpml, escaped, refers
from monitor.feeds.opml_read import MOST_BYTES, read_opml
from monitor.feeds.opml_write import write_opml
from monitor.text.urls import canonical_url

_FILE = TypeAdapter(ConfigFile)


@click.command("export")
@click.pass_context
def export(context: click.Context) -> int:
    """Write the feeds of config.yaml as OPML to standard output. Secrets stay here."""
    _, path = settings_of(context)
    body, told = write_opml(
        written_feeds(path).items, title="News Monitor", created=datetime.now(UTC)
    )
    click.echo(body, nl=False)
    for line in told:
        complain(clean_line(line))
    return 0


@click.command("import")
@click.argument("file", metavar="FILE")
@click.option("--tag", "tags", multiple=True, help="A further tag for every feed. Repeatable.")
@click.option("--dry-run", is_flag=True, help="Tell what would be added; write nothing.")
@click.option(
    "--credentials", is_flag=True,
    help="Take headers, auth and ${NAME} too: only from a file of your own.",
)  # fmt: skip
@json_option
@click.pass_context
def import_feeds(
    context: click.Context,
    file: str,
    tags: tuple[str, ...],
    dry_run: bool,
    credentials: bool,
    as_json: bool,
) -> int:
    """Add the feeds of an OPML file to config.yaml; folders become tags."""
    _, is_shipped = config_path(context)
    _, path = settings_of(context)
    if is_shipped and not dry_run:
        raise UsageError(
            "there is no config.yaml here to add to. Copy the shipped one first, or name yours "
            "with --config"
        )
    try:
        listed = read_opml(_bytes(file))
    except NotOpml as error:
        complain(clean_line(f"{file}: {error}"))
        return 2
    told = list(listed.told)
    written = written_feeds(path)
    known: list[str] = []
    new: dict[str, Item] = {}
    for given in listed.items:
        item, lost = (given, ()) if credentials else _without_references(given)
        told.extend(lost)
        if item is None or (wrong := _wrong(item)) is not None:
            told.extend([f"{_label(item)}: {wrong}"] if item is not None else [])
            continue
        url = address_of(item)
        if written.place(url) is not None or canonical_url(url) in new:
            known.append(url)
            continue
        new[canonical_url(url) or repr(item)] = _tagged(item, tags)
    items = list(new.values())
    if items and not dry_run:
        before, text = read(path)
        backup = save(path, before, with_feeds(text, items))
        complain(f"{path}: {count(len(items), 'feed')} added; the file as it was: {backup.name}")
    if as_json:
        emit({"source": file, "title": listed.title, "added": [] if dry_run else _urls(items),
              "new": _urls(items), "known": known, "told": told})  # fmt: skip
    else:
        _show(file, items, known, told, dry_run=dry_run)
    return 0 if listed.items else 1


def _bytes(file: str) -> bytes:
    try:
        with opened(file) as stream:
            return stream.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"{file}: cannot be read ({reason})") from error


def _without_references(item: Item) -> tuple[Item | None, tuple[str, ...]]:
    """A feed of somebody else: what would read a secret of this machine is left out, and told."""
    if refers(address_of(item)):
        return None, (f"{_label(item)}: its address names a secret (--credentials takes it)",)
    lost = [key for key, value in item.items() if key in CREDENTIALS or refers(value)]
    kept = {key: value for key, value in item.items() if key not in lost}
    said = f"{_label(item)}: {', '.join(lost)} not taken: they name secrets (--credentials)"
    return kept, (said,) if lost else ()


def _wrong(item: Item) -> str | None:
    """Why config.yaml would not take this feed; None: it would."""
    if refers(list(item.values())):
        return None  # judged when the file is read as a whole
    try:
        _FILE.validate_python({"feeds": [item]})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        return (
            f"{'.'.join(map(str, first['loc'][2:]))}: {first['msg'].removeprefix('Value error, ')}"
        )
    return None


def _tagged(item: Item, tags: Sequence[str]) -> Item:
    own = item.get("tags", [])
    known = [own] if isinstance(own, str) else own if isinstance(own, list) else []
    more = [escaped(tag) for tag in tags if tag not in known]
    return {**item, "tags": [*known, *more]} if more else item


def _label(item: Item) -> str:
    return str(item.get("name") or address_of(item) or "a feed")


def _urls(items: Sequence[Item]) -> list[str]:
    return [address_of(item) or str(next(iter(item.values()), "")) for item in items]


def _show(
    file: str, items: Sequence[Item], known: Sequence[str], told: Sequence[str], *, dry_run: bool
) -> None:
    would = "would be added" if dry_run else "added"
    say(clean_line(f"{file}: {count(len(items), 'feed')} {would}, {len(known)} already there"))
    for line in _lines(items) if dry_run else ():
        say(clean_line(line))
    for line in told:
        complain(clean_line(line))
    if items and not dry_run and sys.stdout.isatty():
        complain("news-monitor feeds check tries each of them")


def _lines(items: Sequence[Item]) -> Iterator[str]:
    for item in items:
        tags = item.get("tags", [])
        shown = ", ".join(map(str, tags)) if isinstance(tags, list) else str(tags)
        yield f"  {_label(item)}  {item.get('url', '')}{f'  [{shown}]' if shown else ''}"
