"""A progress bar for what takes longer than a second, on a terminal only.

Layer 5. It goes to standard error, and only where results do not go to the same terminal: they
are progress enough.
"""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE: Final = 1.0  # seconds before anything is shown


class Progress:
    """Counts what is done of ``total`` (None: unknown). Use as a context manager."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = what
        self._total = total
        self._done = 0
        self._bar: tuple[Bar, TaskID] | None = None
        self._wanted = sys.stderr.isatty() and not sys.stdout.isatty()
        self._next = time.monotonic() + PATIENCE

    def __enter__(self) -> "Progress":
        return self

    def advance(self, amount: int) -> None:
        """So much more is done (bytes, files). Cheap: call it for each line."""
        self._done += amount
        if self._wanted and time.monotonic() >= self._next:
            self._next = time.monotonic() + 0.1
            self._show()

    def _show(self) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            bar = Bar(console=Console(file=sys.stderr), transient=True, redirect_stdout=False)
            bar.start()
            self._bar = (bar, bar.add_task(self._what, total=self._total))
        bar, task = self._bar
        bar.update(task, completed=self._done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()
