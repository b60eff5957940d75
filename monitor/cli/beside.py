"""Values worked out in a process of their own, so that two cores have work.

Layer 5. Linux only (the process begins as a copy of this one, so that nothing has to be sent
there); elsewhere the values are worked out here, in the same order.
"""

import multiprocessing
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from typing import Final, TypeAlias, TypeVar, cast

from monitor.errors import MonitorError

T = TypeVar("T")
_Sent: TypeAlias = tuple[Sequence[T], Exception | None]
_TOGETHER: Final = 32  # values sent at once


def beside(values: Iterable[T]) -> Iterator[T]:
    """The values, worked out ahead in a process of their own; they must be picklable.

    Raises:
        MonitorError: that process ended before its work was done.
        Exception: whatever working out a value raised.
    """
    if sys.platform != "linux":
        yield from values
        return
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(values, sending, receiving), daemon=True)
    process.start()
    sending.close()
    try:
        yield from _received(receiving)
    finally:
        receiving.close()
        process.terminate()
        process.join()


def _received(receiving: "Connection[object, object]") -> Iterator[T]:
    while True:
        try:
            some, error = cast(_Sent[T], receiving.recv())
        except EOFError:
            raise MonitorError(
                "the process that reads and matches was ended (is there too little memory?)"
            ) from None
        yield from some
        if error is not None:
            raise error
        if not some:
            return


def _work(
    values: Iterable[T],
    sending: "Connection[object, object]",
    receiving: "Connection[object, object]",
) -> None:
    """Sends (values, None) again and again, at last ((), None), or an error instead."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process ends this one
    receiving.close()
    error: Exception | None = None
    coming = iter(values)
    try:
        while some := list(islice(coming, _TOGETHER)):
            sending.send((some, None))
    except BrokenPipeError:
        return  # nobody wants to know any more
    except Exception as raised:  # noqa: BLE001  # told by the other process
        error = raised
    sending.send(((), error))
