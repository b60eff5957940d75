"""What ``why`` answers with: the stages that an article went through, and every rule's word.

Frozen values. ``told`` and ``mend`` are sentences for people; they may hold untrusted web text.
"""

from dataclasses import dataclass
from enum import StrEnum

from monitor.model import Article, Decision, MessageKind
from monitor.rules.explain import Explanation
from monitor.store import DeliveryHistory, KnownEntry, WaitingAlert


class Kind(StrEnum):
    """What came of the article, in one word or two."""

    FIRED = "fired"  # a rule fires, and an alert was (or would be) handed out
    SILENT = "silent"  # a rule fires, and policy keeps it silent
    MISSED = "missed"  # no rule fires
    COPY = "copy"  # the same report as another article
    NOT_HAD = "not had"  # the page cannot be had, so no rule could be asked
    NOT_ASKED = "not asked"  # nothing is stored, and the page was not asked for


class Verdict(StrEnum):
    """How a stage went."""

    YES = "yes"
    NO = "no"
    WAITS = "waits"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: feed, page, copy, article, correction, story, rules, decision, digest, delivery.

    ``mend``: "" for none.
    """

    name: str
    verdict: Verdict
    told: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule on this article.

    ``explanation`` is None for a rule that is recorded and gone. ``decision`` is the recorded one,
    or, where ``recorded`` is False, the one that would be made now; None where it did not fire.
    """

    rule_id: str
    title: str
    explanation: Explanation | None
    decision: Decision | None = None
    recorded: bool = False
    note: str = ""  # where record and rule disagree
    mends: tuple[str, ...] = ()

    @property
    def fires(self) -> bool:
        """Whether the rule, as it is now, fires."""
        return self.explanation is not None and self.explanation.fires


@dataclass(frozen=True, slots=True)
class Near:
    """A story that the article is like, and did not join."""

    id: str
    score: float
    title: str  # "" where it is forgotten


@dataclass(frozen=True, slots=True)
class StoryPlace:
    """The story of the article. ``title`` is its first report's, "" where that is this article and
    not stored; ``number``: this article is its number-th of ``articles`` (0: gone meanwhile)."""

    id: str
    title: str
    articles: int
    number: int
    score: float
    reason: str
    nearest: tuple[Near, ...] = ()


@dataclass(frozen=True, slots=True)
class Later:
    """That somebody is told with others: for what it waits, and in which digest it went."""

    waiting: WaitingAlert
    digest: str | None = None  # None: it waits still


@dataclass(frozen=True, slots=True)
class Sent:
    """A message about the article, and every attempt.

    ``kind`` ALERT: its own; UPDATE: of the story's alert ``follows``; DIGEST: one that holds it.
    """

    alert_id: str
    delivery: DeliveryHistory
    kind: MessageKind = MessageKind.ALERT
    follows: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """One article's whole way. ``told`` is the answer in one sentence, ``mend`` what to do.

    ``feeds_seen``: entries of feeds that named the address. ``article`` is what the rules saw, None
    where there is none. ``original``: the address of the report that this is a copy of.
    ``nearest`` are the rules that missed, the nearest first; ``asked`` the one that was asked for.
    ``story`` None: there is no article, or it belongs to none.
    """

    url: str
    canonical: str
    kind: Kind
    told: str
    mend: str
    stages: tuple[Stage, ...]
    entries: tuple[KnownEntry, ...] = ()
    article: Article | None = None
    stored: bool = False
    original: str | None = None
    fired: tuple[RuleAnswer, ...] = ()
    nearest: tuple[RuleAnswer, ...] = ()
    asked: RuleAnswer | None = None
    rules: int = 0  # how many rules there are
    sent: tuple[Sent, ...] = ()
    page_failed: bool = False
    story: StoryPlace | None = None
    later: tuple[Later, ...] = ()
