"""Checks of what stands beside ``match``: id, title, owner, expiry, source, notifiers.

Layer 1, pure; today's date is given.
"""

from collections.abc import Callable
from datetime import timedelta
from difflib import get_close_matches
from typing import Final

from monitor.rules.lint.reading import Finding, Reading, Told, WrittenRule
from monitor.rules.nodes import Term, terms_of
from monitor.rules.stems import language_of
from monitor.rules.stems import stem as stem_in
from monitor.rules.terms import Compare

SOON: Final = 14  # days
SHORTEST_AGE: Final = 3600.0  # seconds: an adaptive feed may be polled every half hour
_MOST_WITH_OWNER: Final = 0.6  # of the rules, before a missing owner looks like an oversight

# Inflected words of many languages: where none of them changes, the language has no stemmer.
_PROBES: Final = (
    "investigations entreprises Unternehmungen инвестиции informacemi investimenti inwestycjami "
    "investițiile πληροφορίες المعلومات کتابها bhfuinneoga लड़कियों արդյունքներ perubahan घरहरु "
    "புத்தகங்கள் ביכער".split()
)

RuleCheck = Callable[[WrittenRule, Reading], Told]
BookCheck = Callable[[Reading], Told]


def unstable_id(rule: WrittenRule, _: Reading) -> Told:
    """A rule of a list that is known by its number."""
    if rule.default_id:
        yield Finding(
            rule.node.place,
            "this rule has no id, so it is known by its number, and history and silences go to "
            "another rule when one is added above. Write id:",
        )


def no_title(rule: WrittenRule, _: Reading) -> Told:
    """No title, or one that only repeats the id."""
    if rule.rule is not None and rule.rule.title == rule.rule.id:
        yield Finding(
            rule.place("title"),
            (f"messages will show '{rule.rule.id}'. Write title: with words for people"),
        )


def no_owner(reading: Reading) -> Told:
    """A rule without owner where most others have one."""
    rules = [rule for rule in reading.rules if rule.rule is not None]
    owned = sum(rule.rule is not None and rule.rule.owner is not None for rule in rules)
    if owned < 2 or owned < _MOST_WITH_OWNER * len(rules):
        return
    for rule in rules:
        if rule.rule is not None and rule.rule.owner is None:
            yield Finding(
                rule.node.place,
                f"{owned} of {len(rules)} rules have an owner and '{rule.rule.id}' has none. Write "
                "owner: with who looks after it",
            )


def expired(rule: WrittenRule, reading: Reading) -> Told:
    """The rule's last day is over."""
    day = rule.rule.expires if rule.rule is not None else None
    if day is not None and day < reading.today:
        yield Finding(
            rule.place("expires"),
            (f"the rule rests since {day + timedelta(days=1)}. Move the day, or delete the rule"),
        )


def expires_soon(rule: WrittenRule, reading: Reading) -> Told:
    """The rule's last day is near."""
    day = rule.rule.expires if rule.rule is not None else None
    if day is not None and 0 <= (day - reading.today).days <= SOON:
        yield Finding(
            rule.place("expires"),
            (f"the rule will rest after {day}. Move the day if it is still needed"),
        )


def notify_twice(rule: WrittenRule, _: Reading) -> Told:
    """A notifier that is named twice."""
    if rule.rule is None:
        return
    seen: set[str] = set()
    for name, place in zip(rule.rule.notify or (), rule.rule.notify_places, strict=False):
        if name in seen:
            yield Finding(place, f"'{name}' stands twice in notify:. Remove one")
        seen.add(name)


def unknown_notifier(rule: WrittenRule, reading: Reading) -> Told:
    """A notifier that config.yaml does not have; only where the caller gave their names."""
    if rule.rule is None or reading.notifiers is None:
        return
    for name, place in zip(rule.rule.notify or (), rule.rule.notify_places, strict=False):
        if name not in reading.notifiers:
            close = get_close_matches(name, reading.notifiers, n=1)
            mend = f"Did you mean '{close[0]}'?" if close else "Add it to config.yaml"
            yield Finding(
                place, f"no notifier is named '{name}', so nobody hears of this rule. {mend}"
            )


def stem_without_language(rule: WrittenRule, _: Reading) -> Told:
    """``~`` in a rule for a language without stems."""
    if rule.rule is None:
        return
    stemmed = [
        term.written
        for term in terms_of(rule.rule.match)
        if isinstance(term, Term) and term.words[0].compare is Compare.STEM
    ]
    unknown = [
        language
        for language in rule.rule.source.languages
        if all(stem_in(word, language_of(language)) == stem_in(word, "") for word in _PROBES)
    ]
    if stemmed and unknown:
        yield Finding(
            rule.place("source"),
            f"there are no word stems for {', '.join(unknown)}, so '{stemmed[0]}' finds only the "
            "word itself there. List the forms, or end the word in *",
        )


def unknown_language(rule: WrittenRule, _: Reading) -> Told:
    """``languages: [English]``: articles declare ``en``."""
    if rule.rule is None:
        return
    for language in rule.rule.source.languages:
        code = language_of(language)
        if not (2 <= len(code) <= 3 and code.isascii() and code.isalpha()):
            yield Finding(
                rule.place("source"),
                f"'{language}' is no language code, and no article declares it. Write two letters, "
                "such as en or de",
            )


def short_max_age(rule: WrittenRule, _: Reading) -> Told:
    """An age that an article has before its feed is polled again."""
    age = rule.rule.source.max_age if rule.rule is not None else None
    if age is not None and age < SHORTEST_AGE:
        yield Finding(
            rule.place("source"),
            f"max_age of {age / 60:g} minutes is shorter than many feeds take to show an article. "
            "Write at least 1h",
        )


def same_match(reading: Reading) -> Told:
    """Two rules that look for the same."""
    seen: dict[object, WrittenRule] = {}
    for rule in reading.rules:
        if rule.rule is None:
            continue
        first = seen.setdefault((rule.rule.match, rule.rule.source), rule)
        if first is not rule and first.rule is not None:
            yield Finding(
                rule.node.place,
                f"the rules '{first.rule.id}' and '{rule.rule.id}' look for the same. Keep one, "
                "and name several notifiers in its alert: notify:",
            )


CHECKS: Final[dict[str, RuleCheck]] = {
    "unstable-id": unstable_id,
    "no-title": no_title,
    "expired": expired,
    "expires-soon": expires_soon,
    "notify-twice": notify_twice,
    "unknown-notifier": unknown_notifier,
    "stem-without-language": stem_without_language,
    "unknown-language": unknown_language,
    "short-max-age": short_max_age,
}
BOOK_CHECKS: Final[dict[str, BookCheck]] = {"no-owner": no_owner, "same-match": same_match}
