"""The desk: every story with what was told of it, one article after the other.

Layer 1: it remembers, and asks no clock and no store. The daemon and ``replay`` sit at the same
desk; the daemon fills it from the store at start.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitor.alerts.compose import alert_id, compose_judged
from monitor.alerts.handling import Judgement
from monitor.alerts.known import AlertPolicy, Situation
from monitor.alerts.ledger import Ledger
from monitor.alerts.policy import judge
from monitor.alerts.report import Report
from monitor.alerts.silences import Silence
from monitor.alerts.standing import StoryStanding, joined, told
from monitor.model import Alert, Article, Decision, Figure, Match, MessageKind, Outcome, StoryNote
from monitor.rules.rule import Rule
from monitor.stories.copies import Copy, CopyIndex
from monitor.stories.figure_notes import notes
from monitor.stories.figures import figures
from monitor.stories.group import WINDOW, StoryIndex
from monitor.stories.placing import Placing, story_id
from monitor.stories.series import pattern
from monitor.text.urls import safe_link

_MOST_PLACES = 200  # of one story, kept for its messages: the first ones


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the desk came to about one article.

    ``alert`` names every rule that tells somebody now or later; ``updates`` are the alerts whose
    messages change, by notifier. ``figures`` are read only where a rule matched or the story was
    told of before.
    """

    story: str
    is_new: bool  # it begins the story
    placing: Placing
    judgement: Judgement
    alert: Alert | None = None
    updates: tuple[tuple[str, Alert], ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Past:
    """An article that the store holds, and who was told of it by which rules, now or later."""

    article: Article
    story: str
    at: datetime
    figures: tuple[Figure, ...] = ()
    tier: int | None = None
    told: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # rule: notifiers


@dataclass(slots=True)
class _File:
    """A story as the desk knows it."""

    standing: StoryStanding
    title: str
    places: list[tuple[str, str]] = field(default_factory=list)  # (outlet, url)
    figures: list[tuple[str, tuple[Figure, ...]]] = field(default_factory=list)  # (outlet, …)
    patterns: dict[str, str] = field(default_factory=dict)  # titles with numbers: the numbers

    def is_other(self, title: str) -> bool:
        """Whether a title is one of the story's with another number in it."""
        words, numbers = pattern(title)
        return bool(words) and self.patterns.get(words, numbers) != numbers

    def note(self, but: str = "") -> StoryNote:
        """What a message says of it; ``but`` is the address of the message's own article."""
        others = tuple(place for place in self.places if not but or place[1] != but)
        standing = self.standing
        return StoryNote(standing.id, self.title, standing.articles, others, notes(self.figures))


class Desk:
    """One article after the other, times never going back."""

    def __init__(self, policy: AlertPolicy, window: timedelta | None = WINDOW) -> None:
        """``window``: how long a quiet story stays open; None: every article is its own story."""
        self._policy = policy
        self._groups = window is not None
        self._index = StoryIndex(window or WINDOW)
        self._copies = CopyIndex()
        self._ledger = Ledger(policy)
        self._files: dict[str, _File] = {}
        self._alerts: dict[str, Alert] = {}  # by id; they stay when people move articles about

    def follow(self, policy: AlertPolicy) -> None:
        """Judge by this policy from now on; what was sent still counts."""
        self._policy = policy
        self._ledger.follow(policy)

    def remember(self, past: Past, rules: Mapping[str, Rule]) -> None:
        """Know what came of an article that was judged before. Call it in the order of time."""
        self._file(past, rules)

    def compare_with(self, past: Past) -> None:
        """Compare articles to come with this one as well. This is what costs time (1 to 2 ms)."""
        self._index.add(past.article, past.story, past.at)
        self._copies.add(past.article, past.at)

    def copy_of(self, article: Article, now: datetime) -> Copy | None:
        """The known article that this one nearly is, word for word. It may have other numbers:
        whether it is a copy then is to be seen by its sentences (``changes``)."""
        return self._copies.find(article, now) if self._groups else None

    def note_copy(self, article_id: str, outlet: str, url: str) -> None:
        """Another outlet has a copy of a known article: its story's messages name it."""
        known = self._files.get(self._index.story_of(article_id) or "")
        if known is not None and len(known.places) < _MOST_PLACES:
            known.places.append((outlet, safe_link(url)))

    def relearn(self, story: str, members: Iterable[Past], rules: Mapping[str, Rule]) -> None:
        """Know a story anew, after a person split or merged it, or a result was not stored."""
        self._files.pop(story, None)
        for past in members:
            if not self._index.move(past.article.id, past.story):
                self._index.add(past.article, past.story, past.at)
            self._file(past, rules)

    def forget_article(self, article_id: str) -> None:
        """Take an article out of its story's likeness: it was not stored after all."""
        self._index.move(article_id, f"not stored {article_id}")

    def recall(
        self, sent: Mapping[str, int], recent: Mapping[str, Sequence[datetime]], now: datetime
    ) -> None:
        """Count what was sent before: alerts of today by rule, messages of late by notifier."""
        self._ledger.recall(sent, recent, now)

    def story_of(self, article_id: str) -> str | None:
        """The story of an article; None if it is not known (any more)."""
        return self._index.story_of(article_id)

    def story_note(self, story: str, but: str = "") -> StoryNote | None:
        """What a message says of a story now; None if it is not known (any more)."""
        known = self._files.get(story)
        return None if known is None else known.note(but)

    def judge(
        self,
        report: Report,
        matches: Sequence[Match],
        rules: Mapping[str, Rule],
        now: datetime,
        silences: Sequence[Silence] = (),
        story: str | None = None,
    ) -> Verdict:
        """Place an article, decide about its matches, and remember both.

        ``story``: the one that it belongs to, new or known; None: the desk finds it.
        """
        given = story is not None
        placing = self._place(report.article, now) if story is None else _given(story)
        story = placing.story_id or story_id(report.article.id)
        known = self._files.get(story)
        if known is None:
            known = _File(StoryStanding(story), report.article.title)
        if matches or known.standing.alerts:
            report = replace(report, figures=figures(report.article))
        before = known.standing
        situation = Situation(before, tuple(silences), self._ledger.counts(now))
        judged = judge(report, matches, rules, self._policy, situation, now)
        self._ledger.record(judged, now)
        if self._groups or given:
            self._index.add(report.article, story, now)
            self._copies.add(report.article, now)
        self._files[story] = known
        _join(known, report)
        verdict = self._told(known, report, matches, rules, judged, now)
        self._forget_closed()
        return replace(verdict, story=story, is_new=before.articles == 0, placing=placing)

    def _place(self, article: Article, now: datetime) -> Placing:
        if not self._groups:
            return Placing(None, 0.0, "stories are off", ())
        placing = self._index.place(article, now)
        known = self._files.get(placing.story_id or "")
        if known is None or not known.is_other(article.title):
            return placing
        return Placing(
            None, placing.score,
            f"begins a story: its title is one of story {known.standing.id}, with another number",
            placing.nearest,
        )  # fmt: skip

    def _told(
        self,
        known: _File,
        report: Report,
        matches: Sequence[Match],
        rules: Mapping[str, Rule],
        judged: Judgement,
        now: datetime,
    ) -> Verdict:
        url = safe_link(report.article.url)
        note = known.note(url) if judged.handlings else None
        alert = compose_judged(report.article, matches, judged, rules, now, note)
        if alert is not None:
            self._alerts[alert.id] = alert
            tellers = [(rules[name], names) for name, names in judged.told.items()]
            known.standing = told(known.standing, tellers, alert.id, now)
        updates = tuple(
            (each.notifier, _update(known, self._alerts[each.alert_id], report.article.id))
            for each in judged.handlings
            if each.alert_id is not None and each.alert_id in self._alerts
        )
        nothing = Placing(None, 0.0, "", ())
        return Verdict("", False, nothing, judged, alert, updates, report.figures)

    def _file(self, past: Past, rules: Mapping[str, Rule]) -> None:
        known = self._files.get(past.story)
        if known is None:
            known = self._files[past.story] = _File(StoryStanding(past.story), past.article.title)
        _join(known, Report(past.article, tier=past.tier, figures=past.figures))
        tellers = [(rules[name], names) for name, names in past.told.items() if name in rules]
        if tellers:
            known.standing = told(known.standing, tellers, alert_id(past.article.id), past.at)

    def know_alert(self, story: str, alert: Alert) -> None:
        """Know a message of a story that was sent before, so that it can be changed."""
        if story in self._files:
            self._alerts[alert.id] = alert

    def _forget_closed(self) -> None:
        """Let go of stories that the index has closed, a few at a time."""
        if len(self._files) > 2 * len(self._index) + 100:
            self._files = {
                name: known for name, known in self._files.items() if self._index.knows(name)
            }
            told = {each.alert_id for known in self._files.values()
                    for each in known.standing.alerts}  # fmt: skip
            self._alerts = {name: self._alerts[name] for name in told & self._alerts.keys()}


def _given(story: str) -> Placing:
    return Placing(story, 1.0, "its story was given", ())


def _join(known: _File, report: Report) -> None:
    known.standing = joined(known.standing, report)
    words, numbers = pattern(report.article.title)
    if words and len(known.patterns) < _MOST_PLACES:
        known.patterns.setdefault(words, numbers)
    if len(known.places) < _MOST_PLACES:
        known.places.append((report.outlet, safe_link(report.article.url)))
        if report.figures:
            known.figures.append((report.outlet, report.figures))


def _update(known: _File, first: Alert, article: str) -> Alert:
    """The first alert of the story, with what is known of the story now."""
    return replace(
        first,
        id=alert_id(f"{first.id} {article}"),
        kind=MessageKind.UPDATE,
        because="",
        follows=first.id,
        story=known.note(first.url),
    )


def told_of(decisions: Iterable[Decision]) -> dict[str, tuple[str, ...]]:
    """Which rules told whom at once, by what was decided."""
    return {each.rule_id: each.notify for each in decisions if each.outcome is Outcome.SENT}
