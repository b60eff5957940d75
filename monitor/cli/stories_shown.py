"""A story as people and programs read it: articles, why each joined, figures, alerts.

Layer 5. The JSON shape is in docs/commands.md, "stories".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from monitor.alerts.correction import Correction
from monitor.cli.history import alert_json, decision_json
from monitor.cli.output import clean_line, count, iso, say
from monitor.model import Alert, Figure, FigureNote, MessageKind, Outcome
from monitor.store.stories import StoryMember, StoryRow
from monitor.stories.figure_notes import notes
from monitor.stories.figures import figures

_SHOWN: Final = 12  # figures on which outlets agree, for people; JSON has all
_SENTENCES: Final = 6  # of one figure, for people


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story's id, its articles (at least one, oldest first) and its alerts, oldest first.

    ``corrections``: by article id, what its outlet changed afterwards and when that was seen.
    """

    id: str
    members: tuple[StoryMember, ...]
    alerts: tuple[Alert, ...]
    corrections: Mapping[str, Sequence[tuple[datetime, Correction]]] = field(default_factory=dict)

    @property
    def outlets(self) -> list[str]:
        """Who reports it, first report first."""
        return list(dict.fromkeys(_outlet(member) for member in self.members))


def figures_of(member: StoryMember) -> tuple[Figure, ...]:
    """The article's figures: as stored, or read now where nobody needed them before."""
    return member.membership.figures or figures(member.article)


def figure_notes(members: Sequence[StoryMember]) -> tuple[FigureNote, ...]:
    """What outlets say of each figure, disputed ones first."""
    return notes([(_outlet(member), figures_of(member)) for member in members])


def row_json(row: StoryRow, alerts: Sequence[str]) -> dict[str, Any]:
    """A story of a list; ``alerts`` are ids."""
    return {
        "id": row.id, "title": row.title, "first_at": iso(row.first_at),
        "last_at": iso(row.last_at), "articles": row.articles, "outlets": row.outlets,
        "alerts": list(alerts),
    }  # fmt: skip


def story_json(view: StoryView) -> dict[str, Any]:
    """Everything about a story."""
    first, last = view.members[0], view.members[-1]
    return {
        "id": view.id, "title": first.article.title, "first_at": iso(first.joined_at),
        "last_at": iso(last.joined_at), "outlets": view.outlets,
        "articles": [
            {
                **_member_json(member),
                "corrections": [
                    {"seen_at": iso(at), "what": str(each)}
                    for at, each in view.corrections.get(member.article.id, ())
                ],
            }
            for member in view.members
        ],
        "figures": [
            {
                "text": note.text, "disputed": note.disputed,
                "sentences": [
                    {"source": outlet, "sentence": sentence} for outlet, sentence in note.sentences
                ],
            }
            for note in figure_notes(view.members)
        ],
        "alerts": [alert_json(alert) for alert in view.alerts],
    }  # fmt: skip


def _member_json(member: StoryMember) -> dict[str, Any]:
    article, membership = member.article, member.membership
    return {
        "id": article.id, "title": article.title, "url": article.url, "source": article.source,
        "published": iso(article.published), "joined_at": iso(member.joined_at),
        "score": membership.score, "reason": membership.reason,
        "decisions": [decision_json(decision) for decision in member.decisions],
        "figures": [
            {"kind": each.kind.value, "value": each.value, "text": each.text,
             "says": each.says or None, "sentence": each.sentence}
            for each in figures_of(member)
        ],
    }  # fmt: skip


def show_story(view: StoryView) -> None:
    """A story on the terminal."""
    first = view.members[0]
    say(clean_line(first.article.title))
    say(clean_line(
        f"story {view.id}: {count(len(view.members), 'article')} of "
        f"{count(len(view.outlets), 'outlet')}, since {iso(first.joined_at)}"
    ))  # fmt: skip
    for member in view.members:
        _show_member(member)
        for at, each in view.corrections.get(member.article.id, ()):
            say(clean_line(f"  {each} (seen {iso(at)})"))
    _show_figures(figure_notes(view.members))
    _show_alerts(view.alerts)


def _show_member(member: StoryMember) -> None:
    article = member.article
    say()
    say(f"{iso(member.joined_at)}  {clean_line(f'{article.title} ({_outlet(member)})')}")
    say(clean_line(f"  {article.url or article.id}"))
    say(clean_line(f"  {member.membership.reason}"))
    for each in member.decisions:
        reason = "" if each.outcome is Outcome.SENT else f" ({each.reason.value})"
        say(clean_line(f"  {each.rule_id}: {each.outcome.value}{reason}, {each.detail}"))


def _show_figures(found: Sequence[FigureNote]) -> None:
    disputed = [note for note in found if note.disputed]
    agreed = [note for note in found if not note.disputed]
    if disputed:
        say()
        say("Figures on which outlets differ")
        for note in disputed:
            say(clean_line(f"  {note.text}"))
            for outlet, sentence in note.sentences[:_SENTENCES]:
                say(clean_line(f"    > {outlet}: {sentence}"))
            if len(note.sentences) > _SENTENCES:
                say(f"    > and {len(note.sentences) - _SENTENCES} more (--json has all)")
    if agreed:
        say()
        say("Other figures" if disputed else "Figures")
        for note in agreed[:_SHOWN]:
            say(clean_line(f"  {note.text}"))
            for outlet, sentence in note.sentences[:1]:
                say(clean_line(f"    > {outlet}: {sentence}"))
        if len(agreed) > _SHOWN:
            say(f"  and {len(agreed) - _SHOWN} more (--json has all)")


def _show_alerts(alerts: Sequence[Alert]) -> None:
    if not alerts:
        return
    say()
    say("Alerts")
    for alert in alerts:
        rules = ", ".join(hit.rule_id for hit in alert.hits)
        kind = f"{alert.kind.value} of {alert.follows}" if alert.follows else alert.kind.value
        why = f": {alert.because}" if alert.because else ""
        what = kind if alert.kind is MessageKind.UPDATE else "alert"
        say(f"  {alert.id}  {iso(alert.created_at)}  {clean_line(f'{what}, {rules}{why}')}")


def _outlet(member: StoryMember) -> str:
    return member.article.source or "unknown outlet"
