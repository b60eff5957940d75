"""The exception tree. A class exists only where a caller acts differently.

::

    MonitorError                 anything this program raises on purpose
    ├── FilesError               the user's files are wrong; carries every Problem (exit code 2)
    ├── UsageError               the user's arguments are wrong (exit code 2)
    ├── StoreError               the database cannot be used (exit code 1)
    │   └── AlreadyRunning       another process owns this data folder
    └── NotifyError              a message was not delivered
        ├── TemporaryNotifyError     try again, after ``retry_after`` seconds if given
        ├── PermanentNotifyError     do not try again by itself
        │   └── PauseNotifyError         the channel, not the message, is refused: keep all of them
        └── UncertainNotifyError     it may have been delivered: the answer was lost
"""

from collections.abc import Sequence

from monitor.located import Problem


class MonitorError(Exception):
    """Anything this program raises on purpose; its text is a sentence for people."""


class FilesError(MonitorError):
    """The user's files are wrong. ``problems`` holds all of them, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


class UsageError(MonitorError):
    """The user's arguments are wrong."""


class StoreError(MonitorError):
    """The database cannot be opened, read or written."""


class AlreadyRunning(StoreError):  # noqa: N818  # says what is the case, as BlockingIOError does
    """Another process owns this data folder."""


class NotifyError(MonitorError):
    """A message was not delivered. The text must hold no secret."""


class TemporaryNotifyError(NotifyError):
    """Try again later; ``retry_after`` in seconds, or None for the usual back-off."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class PermanentNotifyError(NotifyError):
    """Trying again cannot help: kept as failed, with the reason, and re-sendable by hand."""


class PauseNotifyError(PermanentNotifyError):
    """The service refuses this channel as a whole (its webhook was revoked, the password is wrong).

    No message of the channel can arrive before somebody mends it: the channel is paused, all its
    messages wait, and it is probed from time to time.
    """


class UncertainNotifyError(NotifyError):
    """The request was sent and its answer lost: it may or may not have been delivered."""
