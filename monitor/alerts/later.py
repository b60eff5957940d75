"""From rules that came, or changed, after an article to what they would alert of it now.

Layer 1, pure: ``now`` is given. Only a person's wish (``rules apply``) leads here. The article is
judged as on the day when it was stored, so that ``articles.max_age`` and ``source: max_age`` do not
shut out everything of last week; but a rule that has expired by now rests. A rule tells a story
once, here as ever.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from monitor.alerts.compose import compose
from monitor.alerts.known import AlertPolicy, Situation
from monitor.alerts.policy import judge
from monitor.alerts.report import Report
from monitor.alerts.standing import StoryStanding
from monitor.model import Alert, Article, Decision, Match, Outcome, Reason
from monitor.rules.conditions import expired
from monitor.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Known:
    """A stored article and what came of it so far. ``feed_url``: the feed that brought it first.

    ``story``: what the other articles of its story came to; None: it belongs to none.
    """

    article: Article
    stored_at: datetime
    feed_url: str | None
    decisions: tuple[Decision, ...] = ()
    alerts: tuple[Alert, ...] = ()
    story: StoryStanding | None = None

    @property
    def told(self) -> frozenset[str]:
        """The rules that were alerted: by the decisions, which may be forgotten before the article
        is, or by the alerts themselves."""
        sent = {each.rule_id for each in self.decisions if each.outcome is Outcome.SENT}
        return frozenset(sent | {hit.rule_id for alert in self.alerts for hit in alert.hits})


@dataclass(frozen=True, slots=True)
class Later:
    """What the rules come to on one article: a decision for each rule that matches and was not
    alerted before, the one alert of those to be sent (None: none is), and the matches behind it."""

    decisions: tuple[Decision, ...]
    matches: tuple[Match, ...]
    alert: Alert | None


def weigh(
    known: Known,
    matches: Sequence[Match],
    rules: Mapping[str, Rule],
    policy: AlertPolicy,
    now: datetime,
) -> Later:
    """Decide about each match of a rule that was not alerted for this article before."""
    told = known.told
    fresh = tuple(match for match in matches if match.rule_id not in told)
    article = known.article
    report, situation = Report(article, known.feed_url), Situation(known.story)
    judged = judge(report, fresh, rules, policy, situation, known.stored_at).decisions
    earlier = {each.rule_id: each for each in known.decisions}
    today = now.astimezone(policy.zone).date()
    decisions = tuple(
        _rests(each, rested)
        if (rested := expired(rules[each.rule_id].expires, today)) is not None
        else _on_request(each, earlier.get(each.rule_id))
        for each in judged
    )
    alert = compose(article, fresh, decisions, rules, now)
    if alert is not None and known.alerts:
        alert = replace(alert, id=_further_id(alert))
    sent = {each.rule_id for each in decisions if each.outcome is Outcome.SENT}
    return Later(decisions, tuple(match for match in fresh if match.rule_id in sent), alert)


def _rests(judged: Decision, why: str) -> Decision:
    return Decision(
        judged.article_id, judged.rule_id, Outcome.SILENT, Reason.EXPIRED, why
    )  # whatever else may be said against it, this is what a person can change


def _on_request(judged: Decision, earlier: Decision | None) -> Decision:
    """A decision to send, with its true reason; it takes the place of an earlier silent one."""
    if judged.outcome is not Outcome.SENT:
        return judged
    before = f"; silent before: {earlier.reason.value}, {earlier.detail}" if earlier else ""
    detail = f"applied later on request, to {', '.join(judged.notify)}{before}"
    return replace(judged, reason=Reason.ON_REQUEST, detail=detail)


def _further_id(alert: Alert) -> str:
    """The id of an article's second or later alert: no rule alerts an article twice, so that its
    rules tell it from every other."""
    rules = " ".join(sorted(hit.rule_id for hit in alert.hits))
    return sha256(f"alert {alert.article_id} {rules}".encode()).hexdigest()[:12]
