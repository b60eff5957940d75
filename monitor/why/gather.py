"""Gathers one article's whole way: the store first, else the page fetched now, then every rule.

The shell of ``why``: it asks the store and, unless told not to, the network. What it finds is put
into stages in the order of the flow; the answer is the first "no", or that all went well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from monitor.articles.assemble import assemble
from monitor.config.settings import Settings
from monitor.model import Article, DeliveryState, Entry, Feed, Outcome
from monitor.pipeline.article import COPIES_WITHIN
from monitor.rules.book import RuleBook
from monitor.rules.rule import Rule
from monitor.store import ArticleHistory, EntryStatus, KnownEntry, Store
from monitor.text.urls import canonical_url, host
from monitor.why import mends, stages
from monitor.why.answer import Answer, Kind, Later, RuleAnswer, Sent, Stage, StoryPlace, Verdict
from monitor.why.messages import later_of, sent_of
from monitor.why.page import PageRead, ReadPage
from monitor.why.rules import Asked, answer_of, answers
from monitor.why.situation import Newcomer, story_of_newcomer, story_of_stored, would


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, with what. ``store`` None: there is none yet. ``read`` None: stay offline."""

    url: str
    settings: Settings
    book: RuleBook
    store: Store | None
    read: ReadPage | None
    now: datetime
    rule: Rule | None = None  # the one that is asked for

    @property
    def canonical(self) -> str:
        """The address by which articles are found; "" for what is no web address."""
        return canonical_url(self.url)

    def with_page(self, read: ReadPage) -> "Question":
        """The same, with a way to fetch the page."""
        return replace(self, read=read)


@dataclass(slots=True)
class _Found:
    """What is known so far."""

    entries: list[KnownEntry] = field(default_factory=list)
    history: ArticleHistory | None = None
    page: PageRead | None = None
    story: StoryPlace | None = None
    later: tuple[Later, ...] = ()
    told: list[Stage] = field(default_factory=list)


async def why(question: Question) -> Answer:
    """The whole way of the article at ``question.url``.

    Raises:
        StoreError: the database cannot be read.
    """
    found = _Found()
    found.history = _known(question, question.canonical)
    if found.history is None and question.store is not None:
        found.entries = question.store.entries_by_canonical(question.canonical)
    if found.history is not None:
        return _stored(question, found, found.history)
    found.told.append(stages.of_feed(found.entries, _feeds_here(question), stored=False))
    if question.read is None:
        return _without_page(question, found)
    found.page = await question.read(question.url)
    if found.page.extracted is None:
        return _without_page(question, found)
    for address in (found.page.url, found.page.extracted.canonical_url or ""):
        history = found.history = _known(question, canonical_url(address))
        if history is not None:
            found.told.append(
                Stage("page", Verdict.YES, f"leads to {history.article.url}, which is stored")
            )
            return _stored(question, found, history)
    return await _read_now(question, found, found.page)


def _known(question: Question, canonical: str) -> ArticleHistory | None:
    if question.store is None or not canonical:
        return None
    return question.store.get_article_by_url(canonical)


def _feeds_here(question: Question) -> list[tuple[str, str | None]]:
    """(address, last error) of the feeds of the same host, as far as they were ever polled."""
    place = host(question.url)
    states = question.store.states() if question.store is not None else {}
    return [
        (feed.url, states[feed.url].last_error if feed.url in states else None)
        for feed in question.settings.feeds
        if feed.enabled and host(feed.url) == place
    ]


def _stored(question: Question, found: _Found, history: ArticleHistory) -> Answer:
    """An article that the store knows: everything is read from its records."""
    article = history.article
    feed_url = history.places[0].feed_url if history.places else None
    asked = Asked(
        article, feed_url, history.stored_at,
        {decision.rule_id: decision for decision in history.decisions}, {},
    )  # fmt: skip
    original = _original(question.canonical, history)
    entries = history.entries
    if not found.told:
        found.told.append(stages.of_feed(entries, [], stored=True))
    if original is not None:
        text = f"the same report as {original}, which came first"
        found.told.append(Stage("copy", Verdict.NO, text, mends.COPY))
    found.told.append(stages.of_article(article))
    if question.store is not None:
        found.story = story_of_stored(
            question.store, article, question.settings, with_nearest=bool(history.decisions)
        )
        found.later = later_of(question.store, article)
        corrections = question.store.corrections_of(article.id)
        found.told += [stages.of_correction(at, each) for at, each in corrections]
    if found.story is not None:
        found.told.append(stages.of_story(found.story, stored=True))
    sent = sent_of(question.store, history, found.later)
    return _judged(question, found, asked, sent=sent, original=original, entries=entries)


def _original(canonical: str, history: ArticleHistory) -> str | None:
    """The address that came first, if the one asked for came later as a copy of it."""
    if not history.places:
        return None
    first, *later = history.places
    own = {canonical_url(first.url), canonical_url(history.article.url)}
    if canonical in own or canonical not in {canonical_url(place.url) for place in later}:
        return None
    return history.article.url or first.url


def _without_page(question: Question, found: _Found) -> Answer:
    """Nothing is stored, and there is no page to ask the rules about."""
    if found.page is None:
        page = Stage("page", Verdict.UNKNOWN, "not asked for (--offline)",
                     "leave --offline out to have it fetched and every rule asked")  # fmt: skip
    else:
        mend = mends.of_problem(found.page.problem, found.page.status)
        page = Stage("page", Verdict.NO, f"cannot be had: {found.page.why_not}", mend)
    feed = found.told[0]
    found.told.append(page)
    kind = Kind.NOT_ASKED if found.page is None else Kind.NOT_HAD
    told = f"{_opening(found.entries)}: {feed.told}."
    if found.page is not None:
        told += f" The page cannot be had now: {found.page.why_not}."
    return Answer(
        question.url, question.canonical, kind, told,
        page.mend if kind is Kind.NOT_HAD else feed.mend,
        tuple(found.told), tuple(found.entries), rules=len(question.book.rules),
        page_failed=found.page is not None,
    )  # fmt: skip


async def _read_now(question: Question, found: _Found, page: PageRead) -> Answer:
    """A page read now: assembled, matched and judged by the code that the daemon uses."""
    feed_url = found.entries[0].feed_url if found.entries else None
    feed = next((feed for feed in question.settings.feeds if feed.url == feed_url), Feed(""))
    name = feed.name or _title(question, feed_url) or host(question.url)
    entry = Entry(question.url, question.url, "", tags=feed.tags)
    article = assemble(entry, name, feed.language, page.extracted, None)
    found.told.append(Stage("page", Verdict.YES, f"fetched now from {page.url}"))
    found.told.append(stages.of_article(article))
    known = _same_words(question, article)
    newcomer = Newcomer(article, feed, feed_url, known.article.id if known is not None else "")
    verdict, copied = await would(
        newcomer, question.settings, question.book, question.store, question.now
    )
    original = _url_of(question.store, copied) if copied else None
    if original is not None:
        words = "the same words as" if known is not None else "nearly the same words as"
        text = f"{words} {original}, which is stored: it would be dropped as a copy"
        found.told.append(Stage("copy", Verdict.NO, text, mends.COPY))
    else:
        found.story = story_of_newcomer(verdict, question.store)
        found.told.append(stages.of_story(found.story, stored=False))
    decided = {decision.rule_id: decision for decision in verdict.judgement.decisions}
    asked = Asked(article, feed_url, question.now, {}, decided)
    return _judged(question, found, asked, original=original, entries=tuple(found.entries))


def _title(question: Question, feed_url: str | None) -> str | None:
    if feed_url is None or question.store is None:
        return None
    state = question.store.states().get(feed_url)
    return state.title if state is not None else None


def _url_of(store: Store | None, article_id: str) -> str:
    """The address of a stored article; its id where it has none, or is gone meanwhile."""
    history = store.get_article(article_id) if store is not None else None
    return (history.article.url if history is not None else "") or article_id


def _same_words(question: Question, article: Article) -> ArticleHistory | None:
    if question.store is None:
        return None
    since = question.now - COPIES_WITHIN
    known = question.store.find_article_by_fingerprint(article.fingerprint, since)
    return question.store.get_article(known) if known is not None else None


def _judged(
    question: Question,
    found: _Found,
    asked: Asked,
    *,
    entries: Sequence[KnownEntry],
    sent: tuple[Sent, ...] = (),
    original: str | None = None,
) -> Answer:
    """The rules' part of the answer, and the one sentence."""
    fired, nearest = answers(question.book, asked)
    one = answer_of(question.rule, asked) if question.rule is not None else None
    found.told.append(stages.of_rules(fired, nearest, len(question.book.rules)))
    stored = found.history is not None
    found.told += [stages.of_decision(each) for each in fired if each.decision is not None]
    zone = ZoneInfo(question.settings.timezone)
    found.told += [stages.of_later(each, zone, question.now) for each in found.later]
    found.told += [stages.of_delivery(each) for each in sent]
    kind, told, mend = _summary(found, fired, nearest, one, original, entries)
    told = " ".join([told, *stages.sentences_of_later(found.later, zone)])
    if kind is Kind.FIRED and stored:
        unsent = [each for each in sent if each.delivery.delivery.state is not DeliveryState.SENT]
        mend = mends.of_delivery(unsent[0].delivery.delivery, unsent[0].alert_id) if unsent else ""
    return Answer(
        question.url, question.canonical, kind, told, mend, tuple(found.told), tuple(entries),
        asked.article, stored, original, fired, nearest, one, len(question.book.rules), sent,
        story=found.story, later=found.later,
    )  # fmt: skip


def _summary(
    found: _Found,
    fired: Sequence[RuleAnswer],
    nearest: Sequence[RuleAnswer],
    one: RuleAnswer | None,
    original: str | None,
    entries: Sequence[KnownEntry],
) -> tuple[Kind, str, str]:
    """(what came of it, in one sentence, what to do)."""
    opening = "" if found.history is not None else f"{_opening(entries)}: {found.told[0].told}. "
    if original is not None and one is None:
        then = _of_rules(fired, nearest, stored=True)[1] if found.history else ""
        return (
            Kind.COPY,
            f"A copy of {original}: one report alerts once. {then}".strip(),
            mends.COPY,
        )
    stored = found.history is not None
    if one is not None:
        kind, told, mend = stages.sentence_of_one(one, stored=stored)
    else:
        kind, told, mend = _of_rules(fired, nearest, stored=stored)
    if opening:
        mend = found.told[0].mend if kind is Kind.FIRED else mend
    return kind, opening + told, mend


def _of_rules(
    fired: Sequence[RuleAnswer], nearest: Sequence[RuleAnswer], *, stored: bool
) -> tuple[Kind, str, str]:
    sent = [a for a in fired if a.decision is not None and a.decision.outcome is Outcome.SENT]
    if sent:
        return stages.sentence_of_sent(sent, stored=stored)
    if fired:
        return stages.sentence_of_one(fired[0], stored=stored)
    if nearest:
        return stages.sentence_of_one(nearest[0], stored=stored)
    return Kind.MISSED, "No rule fires, and none is near: none of their words is there.", ""


def _opening(entries: Sequence[KnownEntry]) -> str:
    if not entries:
        return "Not seen"
    return {
        EntryStatus.BASELINE: "Seen, not handled",
        EntryStatus.PENDING: "Seen, not handled yet",
        EntryStatus.DROPPED: "Seen, given up",
        EntryStatus.DONE: "Handled, and forgotten since",
    }[entries[0].status]
