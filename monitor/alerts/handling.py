"""How one channel is to hear of an article, and what the judge came to in all.

Layer 1, frozen values: what the store writes down as deliveries and as items of digests.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.alerts.quota import Way
from monitor.model import Decision, MessageKind, Reason


class HandlingKind(StrEnum):
    """What becomes of a message."""

    NOW = "now"  # a message of its own, at once
    DIGEST = "digest"  # an item of the digest that its route asks for
    HELD = "held"  # an item, too: of the one message after quiet hours, a limit or a flood
    UPDATE = "update"  # the message of ``alert_id`` is changed, or its thread goes on


@dataclass(frozen=True, slots=True)
class Handling:
    """One channel and one article: all the rules that it is told of, in one message.

    ``due_at``: when the message goes out (UTC); of an update, when it may. Items for one notifier
    that are due at one moment make one digest. ``plan_name`` names what gathers them ("08:00
    Mon-Fri", "quiet hours"); empty for NOW and UPDATE. ``reason``: a piece of a sentence for
    people, which goes on with "to …". ``ways``: the routes that it is counted for.
    """

    notifier: str
    rules: tuple[str, ...]
    kind: HandlingKind
    due_at: datetime
    plan_name: str = ""
    cause: Reason = Reason.FIRST_REPORT
    reason: str = ""
    ways: tuple[Way, ...] = ()
    alert_id: str | None = None  # UPDATE: the story's first alert that this notifier got


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision for each match, and one handling at most for each channel (beside an update).

    ``because`` and ``follows`` are the alert's: why it is told again, the story's first alert.
    """

    decisions: tuple[Decision, ...]
    handlings: tuple[Handling, ...] = ()
    kind: MessageKind = MessageKind.ALERT
    because: str = ""
    follows: str | None = None

    @property
    def told(self) -> dict[str, tuple[str, ...]]:
        """The rules that tell, now or later, and the notifiers that hear it by them."""
        found: dict[str, tuple[str, ...]] = {}
        for each in self.handlings:
            if each.kind is not HandlingKind.UPDATE:
                for rule_id in each.rules:
                    found[rule_id] = (*found.get(rule_id, ()), each.notifier)
        return found
