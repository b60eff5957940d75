"""An event loop without waiting: its clock jumps to the next timer, and nothing runs in threads."""

import asyncio
from asyncio import base_events
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any


class Stuck(AssertionError):
    """Everybody waits for something that nobody will do."""


class _Jump:
    """Takes the place of a selector: instead of waiting, the clock goes forward."""

    def __init__(self, loop: "VirtualLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        """No file is ever ready; ``timeout`` seconds pass at once."""
        if timeout is None:
            waiting = sorted(str(task.get_name()) for task in asyncio.all_tasks(self._loop))
            raise Stuck(f"nothing is left that could wake {', '.join(waiting)}")
        if timeout > 0:
            self._loop.pass_time(timeout)
        return []


class VirtualLoop(base_events.BaseEventLoop):
    """An asyncio loop in virtual time; ``start`` is its clock's first second."""

    def __init__(self, start: float = 0.0) -> None:
        super().__init__()
        self._now = start
        self._selector = _Jump(self)
        self._clock_resolution = 1e-6
        self.set_exception_handler(lambda _loop, _context: None)  # what is dead need not complain

    def time(self) -> float:
        """Virtual seconds; they go on over all lives of a program."""
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Let time pass without doing anything meanwhile: a stalled loop, or a sleeping one."""
        self._now += seconds

    def run_in_executor(  # type: ignore[override]  # a future is what callers get and await
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        """Run it here and now."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:
            done.set_exception(error)
        return done

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody else is there to be woken."""

    def bury(self) -> None:
        """End every task that is left, so that nothing of it runs later."""
        for _ in range(20):
            left = [task for task in asyncio.all_tasks(self) if not task.done()]
            if not left:
                break
            for task in left:
                task.cancel()
            try:
                self.run_until_complete(asyncio.wait(left, timeout=1.0))
            except (KeyboardInterrupt, Stuck):
                continue
        self.close()
