"""Silences: what a person wants to hear nothing of for a while, and which of them fits an alert.

Layer 1, pure: ``now`` is given. What a silence keeps back is recorded, and told to nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from fnmatch import fnmatchcase
from hashlib import sha256
from typing import Final

from monitor.alerts.localtime import say_date
from monitor.alerts.report import Report
from monitor.rules.mistakes import nearest
from monitor.rules.rule import Rule
from monitor.text.words import cut, fold

OWN_NAMES: Final = ("rule", "source", "story", "title")


@dataclass(frozen=True, slots=True)
class Matcher:
    """What is silenced: all that is set must fit. Rules, sources and label values may hold ``*``.

    ``source`` is an outlet, a host (its subdomains count) or a feed's address. ``words`` stand in
    the title in a row, case and accents aside.
    """

    rule: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    source: str = ""
    story: str = ""
    words: str = ""

    def __str__(self) -> str:
        """As the command line writes it: ``rule=eu-* desk=competition``."""
        own = (("rule", self.rule), ("source", self.source), ("story", self.story),
               ("title", self.words))  # fmt: skip
        return " ".join(f"{name}={value}" for name, value in (*own, *self.labels) if value)


@dataclass(frozen=True, slots=True)
class Silence:
    """From ``starts`` until ``ends`` (UTC; None: until a person ends it), the end excluded."""

    id: str
    matcher: Matcher
    starts: datetime
    ends: datetime | None
    comment: str = ""
    who: str = ""


def read_matcher(words: Sequence[str]) -> Matcher:
    """``rule=eu-*``, ``source=example.org``, ``story=…``, ``title=…`` or any label, as a Matcher.

    Raises:
        ValueError: a sentence for people; also for no words at all, which would silence everything.
    """
    own: dict[str, str] = {}
    labels: list[tuple[str, str]] = []
    for word in words:
        name, sign, value = word.partition("=")
        if not sign or not name.strip() or not value.strip():
            raise ValueError(f"'{word[:60]}' is no condition. Write name=value, as in rule=eu-*.")
        name, value = name.strip(), value.strip()
        if name in own or name in dict(labels):
            raise ValueError(f"'{name[:60]}' stands here twice. Make two silences.")
        if name in OWN_NAMES:
            own[name] = value
        else:
            close = nearest(name, OWN_NAMES)
            if close:
                raise ValueError(f"'{name}' is taken for a label. Did you mean '{close}'?")
            labels.append((name, value))
    if not own and not labels:
        raise ValueError("a silence needs a condition. To silence everything, write 'rule=*'.")
    if "title" in own and not cut(own["title"]).folds:
        raise ValueError(f"'{own['title'][:60]}' holds no word. Write words of a title.")
    return Matcher(own.get("rule", ""), tuple(labels), own.get("source", ""),
                   own.get("story", ""), own.get("title", ""))  # fmt: skip


def silence_id(matcher: Matcher, starts: datetime, who: str) -> str:
    """The id of a silence: the same for the same wish."""
    text = f"silence {matcher} {starts.astimezone(UTC).isoformat()} {who}"
    return sha256(text.encode()).hexdigest()[:8]


def silenced(
    report: Report,
    rule: Rule,
    story: str | None,
    silences: Sequence[Silence],
    now: datetime,
    zone: tzinfo = UTC,
) -> str | None:
    """Why the alert is silenced, naming the silence that ends last and its end; None if it is not.

    ``story``: the id of the article's story, or None.
    """
    found = [each for each in silences if in_force(each, now)
             and fits(each.matcher, report, rule, story)]  # fmt: skip
    if not found:
        return None
    last = max(found, key=lambda each: (each.ends is None, each.ends or now, each.id))
    until = f"until {say_date(last.ends, zone)}" if last.ends else "until it is ended"
    said = f": {last.comment}" if last.comment else ""
    return f"silence {last.id} ({last.matcher}) {until}{said}"


def in_force(silence: Silence, now: datetime) -> bool:
    """Whether it has begun and is not over."""
    return silence.starts <= now and (silence.ends is None or now < silence.ends)


def fits(matcher: Matcher, report: Report, rule: Rule, story: str | None) -> bool:
    """Whether everything that the matcher asks for holds; one that asks for nothing never fits."""
    own = dict(rule.labels)
    return (
        matcher != Matcher()
        and (not matcher.rule or fnmatchcase(rule.id, matcher.rule))
        and all(name in own and fnmatchcase(own[name], want) for name, want in matcher.labels)
        and (not matcher.story or matcher.story == story)
        and (not matcher.source or _from(report, fold(matcher.source)))
        and (
            not matcher.words
            or _in_a_row(cut(matcher.words).folds, cut(report.article.title).folds)
        )
    )


def _from(report: Report, wanted: str) -> bool:
    return any(fnmatchcase(name, wanted) or name.endswith("." + wanted) for name in report.names)


def _in_a_row(words: list[str], title: list[str]) -> bool:
    size = len(words)
    return any(title[at : at + size] == words for at in range(len(title) - size + 1))
