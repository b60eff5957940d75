"""Keeps a foreign library from dialling addresses that notifiers must not reach.

Such a library opens its own sockets, follows redirects and resolves names by itself, so checking a
URL beforehand would not do. CPython tells every ``socket.connect`` to audit hooks, with the numeric
address, before anything is sent; a hook that raises stops it. The hook is installed once, when
first needed, and only minds code that runs under ``guarded``: the guard is a context variable,
which thread pools that copy their caller's context hand on.

Sources: PEP 578 and the table of audit events in the Python documentation (``socket.connect``).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from notifiers import PermanentNotifyError

Check = Callable[[str, str], None]
_EVENTS: Final = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


@dataclass(slots=True)
class Guard:
    """What ``check`` refused while it was in force, in sentences."""

    check: Check
    refused: list[str] = field(default_factory=list)


_guard: ContextVar[Guard | None] = ContextVar("guard of dialling", default=None)


@contextmanager
def guarded(check: Check) -> Iterator[Guard]:
    """Inside, no address can be dialled that ``check`` refuses.

    ``check(host, ip)`` is that of a notifier's Context; the host is empty here.
    """
    _install()
    guard = Guard(check)
    token = _guard.set(guard)
    try:
        yield guard
    finally:
        _guard.reset(token)


@cache
def _install() -> None:
    sys.addaudithook(_hook)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event not in _EVENTS:
        return
    guard = _guard.get()
    address = arguments[1] if len(arguments) > 1 else None
    if guard is None or not isinstance(address, tuple) or not address:
        return  # a path is a socket of this machine; None a socket that is connected already
    try:
        guard.check("", str(address[0]))
    except PermanentNotifyError as error:
        guard.refused.append(str(error))
        # of the kind that every library expects from a connect
        raise PermissionError("this address must not be dialled") from None
