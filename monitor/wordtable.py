"""The table of how frequent words are in this store's own articles, as a file beside the database.

Layer 4. Rules are filed by it when they are next read. It makes matching quicker and changes no
answer (``monitor.rules.frequencies``).
"""

import json
import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from monitor.rules.frequencies import SHIPPED

NAME: Final = "words.json"
OLD: Final = timedelta(days=7)
_MOST_BYTES: Final = 4_000_000

log = logging.getLogger(__name__)


def word_table(data: Path) -> Mapping[str, int]:
    """The learned table of a data folder, or the shipped one where there is none that is whole."""
    path = data / NAME
    try:
        if path.stat().st_size > _MOST_BYTES:
            return SHIPPED
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return SHIPPED
    whole = isinstance(found, dict) and all(type(each) is int for each in found.values())
    return found if whole and found else SHIPPED


def is_old(data: Path, now: datetime) -> bool:
    """Whether the table of a data folder is missing or ought to be learned anew."""
    try:
        age = now.timestamp() - (data / NAME).stat().st_mtime
    except OSError:
        return True
    return not 0 <= age < OLD.total_seconds()


def write_table(data: Path, table: Mapping[str, int]) -> bool:
    """Keep a table; whether that worked."""
    path = data / NAME
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123  # for its mode
            json.dump(dict(table), file, ensure_ascii=False)
        part.replace(path)
    except OSError as error:
        log.debug("the table of words cannot be written: %s", error)
        with suppress(OSError):
            part.unlink()
        return False
    return True
