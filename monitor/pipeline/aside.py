"""Work on a very long text goes to a thread, so that the loop is not held up by it.

Layer 4. Threads share one interpreter lock: this takes no less time, but others get their turn
every few milliseconds.
"""

import asyncio
from collections.abc import Callable
from typing import Final, ParamSpec, TypeVar

LONG: Final = 100_000  # characters; an article of them costs the loop some ten milliseconds

P = ParamSpec("P")
T = TypeVar("T")


async def aside(size: int, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """What ``work`` returns: at once for a text of ordinary ``size`` (characters), else aside."""
    if size <= LONG:
        return work(*args, **kwargs)
    return await asyncio.to_thread(work, *args, **kwargs)
