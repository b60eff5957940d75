"""The steps that brought the tables to what they are, numbered from 1 and never edited again.

A step is a module ``NNNN_what.py`` with ``upgrade(connection)``, written in Core DDL without a look
at ``monitor.store.schema`` (which moves on). Forwards only: the way back is the copy made before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; afterwards the database is at ``version``."""

    version: int
    name: str
    upgrade: Callable[[Connection], None]


def all_migrations() -> tuple[Migration, ...]:
    """Every step of this program, in order."""
    names = sorted(module.name for module in iter_modules(__path__) if module.name[:4].isdigit())
    return tuple(
        Migration(int(name[:4]), name, import_module(f"{__name__}.{name}").upgrade)
        for name in names
    )
