"""What a replay prints: JSON lines, or rows for people and a summary.

Layer 5, pure but for ``Rows``, which prints. The shapes are in docs/commands.md, "replay".
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final

from monitor.alerts.localtime import say_date
from monitor.alerts.rehearse import Decided, Received
from monitor.cli.match import match_json
from monitor.cli.output import clean_line, count, iso, say
from monitor.cli.replay_lines import Reported
from monitor.model import Match, MessageKind, Outcome

_COLUMNS: Final = (("time", 16), ("outlet", 20), ("rule", 20), ("decision", 24))


def article_json(read: Reported, matches: Sequence[Match], decided: Decided) -> dict[str, Any]:
    """One article: matches, story, and each rule's decision."""
    sent = [each for each in decided.decisions if each.outcome is Outcome.SENT]
    silent = [each for each in decided.decisions if each.outcome is not Outcome.SENT]
    placing = decided.placing
    return {
        "id": read.given_id,
        "story": decided.story,
        "new_story": decided.new_story,
        "matches": [match_json(each) for each in matches],
        "alerts": [
            {"rule": each.rule_id, "reason": each.reason.value, "notify": list(each.notify),
             "detail": each.detail}
            for each in sent
        ],
        "silences": [
            {"rule": each.rule_id, "reason": each.reason.value, "detail": each.detail}
            for each in silent
        ],
        "at": iso(decided.at),
        "copy_of": read.report.copy_of or None,
        "story_score": None if placing is None else round(placing.score, 4),
        "story_reason": None if placing is None else placing.reason,
    }  # fmt: skip


def message_json(message: Received) -> dict[str, Any]:
    """A digest or an update, as ``--messages`` adds it."""
    alert = message.alert
    return {
        "digest": {
            "kind": alert.kind.value,
            "at": iso(message.at),
            "to": message.notifier,
            "title": alert.title,
            "because": alert.because,
            "articles": [each.article_id for each in alert.items or (alert,)],
            "story": None if alert.story is None else alert.story.id,
            "follows": alert.follows,
        }
    }


def is_further(message: Received) -> bool:
    """Whether no article's line tells of the message: a digest, or the change of an earlier one.

    A story that is told again is an update, too, but one that the line of its article tells.
    """
    alert = message.alert
    return alert.kind is MessageKind.DIGEST or (
        alert.kind is MessageKind.UPDATE and not alert.because
    )


@dataclass(slots=True)
class Summary:
    """Counts over a whole replay."""

    articles: int = 0
    copies: int = 0
    stories: int = 0
    first: datetime | None = None
    last: datetime | None = None
    decisions: dict[Outcome, Counter[str]] = field(default_factory=dict)
    messages: dict[str, Counter[str]] = field(default_factory=dict)

    def note(self, read: Reported, decided: Decided) -> None:
        """Count an article."""
        self.articles += 1
        self.copies += bool(read.report.copy_of)
        self.stories += decided.new_story
        self.first = self.first or decided.at
        self.last = decided.at
        for each in decided.decisions:
            self.decisions.setdefault(each.outcome, Counter())[each.reason.value] += 1

    def note_message(self, message: Received) -> None:
        """Count a message."""
        kind = message.alert.kind.value
        self.messages.setdefault(message.notifier, Counter())[kind] += 1

    def lines(self, zone: tzinfo) -> list[str]:
        """What there was, for people; three lines and one for each channel."""
        told = f"{count(self.articles, 'article')}, {count(self.copies, 'copy', 'copies')}, " + (
            count(self.stories, "story", "stories")
        )
        if self.first is not None and self.last is not None:
            told += f"; {say_date(self.first, zone)} to {say_date(self.last, zone)}"
        found = [told]
        for outcome in Outcome:
            reasons = self.decisions.get(outcome, Counter())
            each = ", ".join(f"{reason} {number:,}" for reason, number in reasons.most_common())
            found.append(f"{outcome.value}: {reasons.total():,}" + (f" ({each})" if each else ""))
        for name in sorted(self.messages):
            kinds = self.messages[name].items()
            told = ", ".join(count(number, kind) for kind, number in sorted(kinds))
            found.append(f"to {name}: {told}")
        return found


class Rows:
    """A table that grows row by row: memory does not depend on the number of rows.

    A long cell is wider than its column, so that nothing is cut off.
    """

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._begun = False

    def decisions(self, read: Reported, decided: Decided) -> None:
        """A row for each decision."""
        article, outlet = read.report.article, read.report.outlet
        for each in decided.decisions:
            said = f"{each.outcome.value}: {each.reason.value}"
            self._row(decided.at, outlet, each.rule_id, said, f"{article.title}  ({each.detail})")

    def message(self, message: Received) -> None:
        """A row for a digest or an update."""
        alert = message.alert
        because = f"  ({alert.because})" if alert.because else ""
        said = f"{alert.kind.value} to {message.notifier}"
        self._row(message.at, "", "", said, f"{alert.title}{because}")

    def _row(self, at: datetime, *cells: str) -> None:
        if not self._begun:
            self._begun = True
            say(_line([*(name for name, _ in _COLUMNS), "title (detail)"]))
        say(_line([say_date(at, self._zone), *map(clean_line, cells)]))


def _line(cells: Sequence[str]) -> str:
    from rich.cells import cell_len  # letters of Chinese or Japanese are two columns wide

    widths = [*(width for _, width in _COLUMNS), 0]
    return "  ".join(
        cell + " " * (width - cell_len(cell)) for cell, width in zip(cells, widths, strict=True)
    ).rstrip()
