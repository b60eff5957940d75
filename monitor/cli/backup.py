"""``backup``: a checked copy of the live database, while the daemon runs or not.

Layer 5.
"""

from pathlib import Path

import click

from monitor.cli.output import count, emit, say
from monitor.cli.user import json_option, settings_of
from monitor.errors import UsageError
from monitor.store import FILE_NAME, open_store


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@json_option
@click.pass_context
def command(context: click.Context, file: Path, as_json: bool) -> int:
    """Write a checked copy of the database to FILE, while the daemon runs or not."""
    settings, _ = settings_of(context, quiet=True)
    if not file.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {file.absolute().parent}")
    store = open_store(settings.data, read_only=True)
    try:
        if file.absolute() == (settings.data / FILE_NAME).absolute():
            raise UsageError(f"{file} is the database itself; name another file")
        store.backup(file)
        articles = store.count_articles()
    finally:
        store.close()
    file.chmod(0o600)  # it holds what the database holds
    size = file.stat().st_size
    if as_json:
        emit({"file": str(file), "bytes": size, "articles": articles})
    else:
        say(f"{file}: {count(articles, 'article')}, {size / 1e6:.1f} MB, checked")
    return 0
