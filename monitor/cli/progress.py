"""A progress bar for what takes longer than a second, on a terminal only.

Layer 5. It goes to standard error. Results that go to the same terminal are progress enough, or,
where a command asks for it (``above``), they are printed above the bar.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from types import TracebackType
from typing import TYPE_CHECKING, Final, TextIO, cast

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE: Final = 1.0  # seconds before anything is shown
_OFTEN: Final = 0.1  # seconds between two updates


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
            self._next = time.monotonic() + _OFTEN
            if self._bar is None:
                bar = _bar()
                bar.start()
                self._bar = (bar, bar.add_task(self._what, total=self._total))
            self._bar[0].update(self._bar[1], completed=self._done)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar[0].stop()


@contextmanager
def loading(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error for ``(done, total)``, once that takes longer than ``PATIENCE``."""
    shown: list[tuple[Bar, TaskID]] = []
    wanted = sys.stderr.isatty()
    since = time.monotonic() + PATIENCE

    def tell(done: int, total: int) -> None:
        nonlocal since
        if not wanted or time.monotonic() < since:
            return
        since = time.monotonic() + _OFTEN
        if not shown:
            bar = _bar()
            bar.start()
            shown.append((bar, bar.add_task(what, total=total)))
        shown[0][0].update(shown[0][1], completed=done, total=total)

    try:
        yield tell
    finally:
        for bar, _ in shown:
            bar.stop()


class Counter:
    """What ``above`` lends: how much is done of how much, both growing as it becomes known."""

    def __init__(self, show: "tuple[Bar, TaskID] | None") -> None:
        self._show = show
        self._done = 0
        self._total = 0

    def add(self, *, done: int = 0, total: int = 0) -> None:
        """So much more is done, and so much more there is to do."""
        self._done += done
        self._total += total
        if self._show is not None:
            bar, task = self._show
            bar.update(task, completed=self._done, total=self._total)


@contextmanager
def above(what: str) -> Iterator[Counter]:
    """A bar at the bottom of the terminal; what is printed meanwhile goes above it.

    Without a terminal nothing is shown and nothing changes.
    """
    if not sys.stderr.isatty():
        yield Counter(None)
        return
    with ExitStack() as stack:
        bar = _bar()
        stack.enter_context(redirect_stderr(_above(bar, sys.stderr)))
        if sys.stdout.isatty():
            stack.enter_context(redirect_stdout(_above(bar, sys.stdout)))
        stack.enter_context(bar)
        yield Counter((bar, bar.add_task(what, total=None)))


def _bar() -> "Bar":
    from rich.console import Console
    from rich.progress import Progress as Bar

    return Bar(
        console=Console(file=sys.stderr), transient=True, redirect_stdout=False,
        redirect_stderr=False,
    )  # fmt: skip


def _above(bar: "Bar", stream: TextIO) -> TextIO:
    """A stream that prints above the bar; long lines (links) are left to the terminal to break."""
    from rich.file_proxy import FileProxy
    from rich.text import Text

    class Above(FileProxy):
        """Rich's own proxy is bypassed by other rich consoles, as a notifier may use one."""

        _rest = ""  # the beginning of a line

        @property
        def rich_proxied_file(self) -> TextIO:
            return cast(TextIO, self)

        def write(self, text: str) -> int:
            *lines, self._rest = (self._rest + text).split("\n")
            for line in lines:
                bar.console.print(Text.from_ansi(line), soft_wrap=True)
            return len(text)

        def flush(self) -> None:
            """Whole lines were printed already; the beginning of one waits for its end."""

    return cast(TextIO, Above(bar.console, stream))
