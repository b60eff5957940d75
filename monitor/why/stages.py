"""The stages of an article's way, and the answer's one sentence, in words. Pure."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

from monitor.alerts.correction import Correction
from monitor.alerts.localtime import say_date
from monitor.articles.quality import count_words
from monitor.model import Article, DeliveryState, MessageKind, Outcome, Quality
from monitor.store import EntryStatus, KnownEntry
from monitor.why import mends
from monitor.why.answer import Kind, Later, RuleAnswer, Sent, Stage, StoryPlace, Verdict


def of_feed(
    entries: Sequence[KnownEntry], here: Sequence[tuple[str, str | None]], *, stored: bool
) -> Stage:
    """Which feed brought it. ``here``: (address, last error) of feeds of the same site."""
    if not entries:
        return Stage("feed", Verdict.NO, *_unseen(here)) if not stored else Stage(
            "feed", Verdict.YES, "brought by a feed that is no longer known"
        )  # fmt: skip
    entry = entries[0]
    seen = f"seen {_time(entry.seen_at)} in {entry.feed_url}"
    more = f" (and {len(entries) - 1} more)" if len(entries) > 1 else ""
    match entry.status:
        case EntryStatus.DONE:
            return Stage("feed", Verdict.YES, seen + more)
        case EntryStatus.BASELINE:
            why = entry.reason or "stood in the feed at its first poll"
            return Stage("feed", Verdict.NO, f"{seen}; baseline: {why}", mends.BASELINE)
        case EntryStatus.DROPPED:
            return Stage("feed", Verdict.NO, f"{seen}; given up: {entry.reason}", mends.DROPPED)
        case EntryStatus.PENDING if entry.next_try_at is not None:
            told = f"{seen}; put off until {_time(entry.next_try_at)}: {entry.reason}"
            return Stage("feed", Verdict.WAITS, told, mends.PENDING)
        case EntryStatus.PENDING:
            return Stage("feed", Verdict.WAITS, f"{seen}; waits to be read", mends.PENDING)


def _unseen(here: Sequence[tuple[str, str | None]]) -> tuple[str, str]:
    broken = [(url, error) for url, error in here if error]
    if broken:
        return (f"no feed brought it; {broken[0][0]} is broken: {broken[0][1]}",
                mends.BROKEN_FEED)  # fmt: skip
    if here:
        return f"no feed brought it, though {here[0][0]} is of the same site", mends.UNSEEN
    return "no feed brought it, and none in config.yaml is of this site", mends.UNSEEN


def of_article(article: Article) -> Stage:
    """How it was read."""
    words = count_words(article.text)
    told = f"'{article.title}', {words} words, {article.quality.value}: {article.quality_reason}"
    if article.quality is Quality.OK:
        return Stage("article", Verdict.YES, told)
    return Stage(
        "article", Verdict.NO, told, mends.of_quality(article.quality, article.quality_reason)
    )


def of_correction(at: datetime, correction: Correction) -> Stage:
    """What its outlet changed afterwards; the rules were asked about the first text."""
    what = str(correction).removeprefix("corrected: ")
    return Stage("correction", Verdict.YES, f"seen {_time(at)}: {what}")


def of_story(story: StoryPlace, *, stored: bool) -> Stage:
    """Which story it belongs to, why, and the nearest others."""
    if not stored and story.number > 1:
        place = f"would join story {story.id} '{story.title}' as article {story.number}"
    elif not stored:
        place = "would begin a story"
    elif story.articles == 1:
        place = f"story {story.id}, alone"
    else:
        place = f"story {story.id} '{story.title}', article {story.number} of {story.articles}"
    others = "; ".join(
        f"{near.id} '{near.title}' {near.score:.2f}" for near in story.nearest if near.title
    )
    reason = f": {story.reason}" if story.reason else ""
    return Stage("story", Verdict.YES, place + reason + (f"; others: {others}" if others else ""))


def of_rules(
    fired: Sequence[RuleAnswer], nearest: Sequence[RuleAnswer], rules: int
) -> Stage:  # fmt: skip
    """How many rules had a word to say."""
    if not rules:
        return Stage("rules", Verdict.NO, "there are no rules", mends.NO_RULES)
    if fired:
        names = ", ".join(answer.rule_id for answer in fired)
        return Stage("rules", Verdict.YES, f"{len(fired)} of {rules} matched: {names}")
    if not nearest:
        return Stage("rules", Verdict.NO, f"none of {rules} is near: no word of theirs is there")
    return Stage("rules", Verdict.NO, f"none of {rules} fires; the nearest: {nearest[0].rule_id}")


def of_decision(answer: RuleAnswer) -> Stage:
    """What was decided about a rule that matched."""
    decision = answer.decision
    assert decision is not None
    sent = decision.outcome is Outcome.SENT
    would = "" if answer.recorded else "would be "
    told = f"{answer.rule_id}: {would}{decision.outcome.value}, {decision.reason.value}: "
    verdict = Verdict.YES if sent else Verdict.NO
    return Stage("decision", verdict, told + decision.detail, mends.of_decision(decision))


def of_later(later: Later, zone: tzinfo, now: datetime) -> Stage:
    """For which message it waits, or in which it went."""
    waiting = later.waiting
    due = say_date(waiting.due_at, zone)
    if later.digest is not None:
        told = f"{waiting.notifier}: told in digest {later.digest}, due {due}; {waiting.reason}"
        return Stage("digest", Verdict.YES, told)
    mend = mends.PENDING_DIGEST if waiting.due_at <= now else ""
    told = f"{waiting.notifier}: waits for {due}; {waiting.reason}"
    return Stage("digest", Verdict.WAITS, told, mend)


def sentences_of_later(later: Sequence[Later], zone: tzinfo) -> list[str]:
    """What the answer's sentence goes on with: who is told with others, and when."""
    found: dict[str, list[str]] = {}
    for each in later:
        what = (
            f"waits for the message of {say_date(each.waiting.due_at, zone)}"
            if each.digest is None
            else f"told in digest {each.digest}"
        )
        found.setdefault(what, []).append(each.waiting.notifier)
    return [f"{', '.join(dict.fromkeys(names))}: {what}." for what, names in found.items()]


def of_delivery(sent: Sent) -> Stage:
    """What became of a message."""
    delivery = sent.delivery.delivery
    of = f" digest {sent.alert_id}" if sent.kind is MessageKind.DIGEST else ""
    if sent.kind is MessageKind.UPDATE and sent.follows is not None:
        of = f" update of alert {sent.follows}"
    told = f"{delivery.notifier}{of}: {delivery.state.value}"
    if delivery.sent_at is not None:
        told += f" at {_time(delivery.sent_at)}"
    if delivery.last_error and delivery.state is not DeliveryState.SENT:
        plural = "" if delivery.attempts == 1 else "s"
        told += f", after {delivery.attempts} attempt{plural}: {delivery.last_error}"
    verdict = {
        DeliveryState.SENT: Verdict.YES,
        DeliveryState.FAILED: Verdict.NO,
        DeliveryState.HELD: Verdict.NO,
    }.get(delivery.state, Verdict.WAITS)
    return Stage("delivery", verdict, told, mends.of_delivery(delivery, sent.alert_id))


def sentence_of_sent(sent: Sequence[RuleAnswer], *, stored: bool) -> tuple[Kind, str, str]:
    """Rules that fired and were handed to notifiers."""
    names = ", ".join(answer.rule_id for answer in sent)
    to = ", ".join(
        dict.fromkeys(name for a in sent if a.decision is not None for name in a.decision.notify)
    )
    was = "Alerted" if stored else "It would be alerted, were it new"
    return Kind.FIRED, f"{was}: {names}, to {to}.", ""


def sentence_of_one(answer: RuleAnswer, *, stored: bool) -> tuple[Kind, str, str]:
    """One rule that was silent, or missed, or fired."""
    mend = answer.mends[0] if answer.mends else ""
    decision = answer.decision
    if decision is not None and decision.outcome is Outcome.SENT:
        kind, told, _ = sentence_of_sent([answer], stored=stored)
        return kind, f"{told} {_sentence(answer.note)}".strip(), mend if answer.note else ""
    if decision is not None:
        held = decision.reason in mends.HELD
        was = "Held" if held else "Not alerted"
        if not stored:
            was = "It would be held" if held else "It would not be alerted"
        told = f"{was}: {answer.rule_id} matches, but {decision.reason.value}: {decision.detail}."
        return Kind.SILENT, told, mend
    if answer.fires:
        return Kind.SILENT, f"Not alerted: {answer.rule_id}: {answer.note or 'it fires now'}.", mend
    if answer.explanation is None:
        return Kind.MISSED, f"{answer.rule_id}: {answer.note}.", mend
    misses = answer.explanation.misses
    by = "one branch" if misses == 1 else f"{misses} branches"
    return Kind.MISSED, f"No alert: {answer.rule_id} misses by {by}.", mend


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
