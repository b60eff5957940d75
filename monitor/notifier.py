"""What a notifier is: the plugin API. Plugin authors import it from ``notifiers``.

Layer 2. One file in ``notifiers/`` is one notifier; the file's name is its ``type:`` in
config.yaml; it holds a frozen dataclass called ``Notifier`` whose fields are its options (name,
type, default), so that an option stands in one place. ``send`` returns when the message was
accepted, or raises one of three errors; it never retries, throttles, logs or remembers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

import httpx

from monitor.model import Alert


def _allow_all(_host: str, _ip: str) -> None:
    """The check of a program that has no guard: tests of plugins."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """One recipient that did not get the message though others did."""

    recipient: str
    message: str
    temporary: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """Accepted. ``remote_id`` is what the service calls the message, if it says so.

    ``refused`` names recipients (of several) that were refused; everyone else has it.
    ``note`` is told to the operator, for example that only the plain form was accepted.
    """

    remote_id: str | None = None
    refused: tuple[Refusal, ...] = ()
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What the program lends to ``send``. Later fields never break a plugin.

    ``http`` goes through the program's one outbound factory: no cookies, no redirects, addresses
    checked when dialled. ``key`` is stable over all attempts of one delivery (idempotency key).
    ``recipients`` limits the send to those still missing; None means everyone.
    ``check_address(host, ip)`` raises PermanentNotifyError for an address that must not be dialled,
    for protocols other than HTTP. ``remote_id`` is for ``update`` and for replies in a thread.
    """

    http: httpx.AsyncClient
    now: datetime
    key: str
    attempt: int = 1
    recipients: tuple[str, ...] | None = None
    timeout: float = 30.0  # seconds for the whole send
    check_address: Callable[[str, str], None] = _allow_all
    remote_id: str | None = None  # what this channel's service called the story's first message
    public_url: str | None = None  # where the program's page is; None: commands stand for links


@runtime_checkable
class Notifier(Protocol):
    """A channel. Options are the dataclass fields of the implementing class."""

    async def send(self, alert: Alert, context: Context) -> Receipt:
        """Deliver ``alert``; return when accepted.

        Raises:
            TemporaryNotifyError: try again, after ``retry_after`` seconds if the service said so.
            PermanentNotifyError: trying again cannot help.
            UncertainNotifyError: sent, but the answer was lost.
        """
        ...


@runtime_checkable
class Updates(Protocol):
    """Optional ability: change a message that was sent, or add to its thread.

    Without it, later reports of a story wait for the next digest or for a reason to alert again.
    """

    async def update(self, alert: Alert, context: Context) -> Receipt:
        """Tell that the story of ``alert`` goes on, where ``context.remote_id`` stands.

        ``alert`` is the story's first alert with its ``story`` as known now. Raises as ``send``.
        """
        ...


@runtime_checkable
class Previews(Protocol):
    """Optional ability: the exact payload as text, without sending."""

    def preview(self, alert: Alert, context: Context) -> str:
        """What ``send`` would transmit, secrets masked."""
        ...
