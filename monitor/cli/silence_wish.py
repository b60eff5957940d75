"""What a person asks to be silenced, and until when: read, and held against what is known.

Layer 5, pure: ``now`` is given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from fnmatch import fnmatchcase

from monitor.alerts.localtime import DAY_MINUTES, moment, read_clock
from monitor.alerts.silences import Matcher, read_matcher
from monitor.cli.user import guess
from monitor.config.durations import duration
from monitor.errors import UsageError
from monitor.text.urls import host
from monitor.text.words import fold

FOR_EVER = "ended"


@dataclass(frozen=True, slots=True)
class Known:
    """What a condition can be about. ``certain``: every rule file could be read."""

    rules: tuple[str, ...] = ()
    labels: tuple[tuple[str, str], ...] = ()
    feeds: tuple[str, ...] = ()
    names: tuple[str, ...] = ()  # of feeds, as config.yaml has them
    certain: bool = True


def end_of(span: str | None, until: str | None, now: datetime, zone: tzinfo) -> datetime | None:
    """When the silence ends (UTC); None: when a person ends it.

    Times without a zone are those of ``zone``; a day ends with its last minute.

    Raises:
        UsageError: neither or both are given, that is no time, or it is past.
    """
    if (span is None) == (until is None):
        raise UsageError("say how long: --for 1d, or --until 2026-11-30 (one of them)")
    if span is not None:
        return _after(span, now)
    assert until is not None
    text = until.strip()
    if text == FOR_EVER:
        return None
    ends = _moment(text, now, zone)
    if ends <= now:
        raise UsageError(f"--until: '{text[:40]}' is past")
    return ends


def _after(span: str, now: datetime) -> datetime:
    try:
        ends = now + timedelta(seconds=duration(span))
    except (ValueError, OverflowError) as error:
        raise UsageError(f"--for: {error}") from error
    if ends == now:
        raise UsageError(f"--for: '{span}' is no time at all")
    return ends


def _moment(text: str, now: datetime, zone: tzinfo) -> datetime:
    try:
        if len(text) <= 5 and ":" in text:
            today = now.astimezone(zone).date()
            at = moment(today, read_clock(text), zone)
            return at if at > now else moment(today + timedelta(days=1), read_clock(text), zone)
        if len(text) == 10:
            return moment(date.fromisoformat(text), DAY_MINUTES, zone)
        read = datetime.fromisoformat(text)
        return (read if read.tzinfo is not None else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UsageError(
            f"--until: '{text[:40]}' is no time. Write 18:00, 2026-11-30, 2026-11-30T08:00 or "
            f"{FOR_EVER}"
        ) from error


def matcher_of(
    rule: str | None, labels: Sequence[str], source: str | None, story: str | None,
    title: str | None, known: Known,
) -> Matcher:  # fmt: skip
    """The conditions as a matcher.

    Raises:
        UsageError: no condition, or one that cannot be meant: no rule has that id or label.
    """
    own = (("rule", rule), ("source", source), ("story", story), ("title", title))
    for name, value in own:
        if value is not None and not value.strip():
            raise UsageError(f"--{name}: is empty")
    for label in labels:
        if label.partition("=")[0].strip() in dict(own):
            raise UsageError(f"--label {label[:60]}: that is no label. Write --{label.strip()}")
    words = [f"{name}={value}" for name, value in own if value is not None]
    if not words and not labels:
        raise UsageError("name what to silence: --rule, --label, --source, --story or --title")
    try:
        matcher = read_matcher([*words, *labels])
    except ValueError as error:
        raise UsageError(str(error)) from error
    if known.certain:
        _check_rule(matcher.rule, known.rules)
        for name, value in matcher.labels:
            _check_label(name, value, known.labels)
    return matcher


def _check_rule(pattern: str, known: Sequence[str]) -> None:
    if pattern and not any(fnmatchcase(name, pattern) for name in known):
        mend = guess(pattern, known, "See: news-monitor rules list")
        raise UsageError(f"--rule: no rule is called '{pattern[:60]}'. {mend}")


def _check_label(name: str, value: str, known: Sequence[tuple[str, str]]) -> None:
    names = list(dict.fromkeys(label for label, _ in known))
    if name not in names:
        others = f"Known: {', '.join(names)}" if names else "No rule has labels"
        mend = guess(name, names, others)
        raise UsageError(f"--label: no rule has the label '{name[:60]}'. {mend}")
    values = [each for label, each in known if label == name]
    if not any(fnmatchcase(each, value) for each in values):
        mend = guess(value, values, f"Known: {', '.join(values)}")
        raise UsageError(f"--label: no rule has {name}={value[:60]}. {mend}")


def doubts(matcher: Matcher, known: Known) -> list[str]:
    """What may be a slip: a source that no feed of config.yaml is of.

    Outlets have more names than a config knows, so that this is told and forbids nothing.
    """
    if not matcher.source:
        return []
    wanted = fold(matcher.source)
    hosts = [host(feed).removeprefix("www.") for feed in known.feeds]
    names = [*known.names, *dict.fromkeys(hosts), *known.feeds]
    folded = [fold(name) for name in names]
    if any(fnmatchcase(name, wanted) or name.endswith(f".{wanted}") for name in folded):
        return []
    mend = guess(matcher.source, names, "It fits outlets whose name or host is just that")
    return [f"note: no feed of config.yaml is '{matcher.source[:60]}'. {mend}"]
