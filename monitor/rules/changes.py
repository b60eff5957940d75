"""Which rules came, changed or went between two sets of rules.

Layer 1, pure. Where both sets are packed, only rules whose line differs are opened, so that one
edited file among a hundred thousand rules costs one file's work.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from monitor.rules.packed import PackedRules, lists_named
from monitor.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Changed:
    """A rule as it is now, and as it was (None: it is new)."""

    rule: Rule
    before: Rule | None


@dataclass(frozen=True, slots=True)
class Changes:
    """``changed`` in the order of the rules as they are now; ``gone`` are ids, sorted."""

    changed: tuple[Changed, ...]
    gone: tuple[str, ...]


def changes(before: Sequence[Rule], after: Sequence[Rule]) -> Changes:
    """What differs; a rule that only moved within its file does not."""
    if isinstance(before, PackedRules) and isinstance(after, PackedRules):
        numbers = {rule_id: number for number, rule_id in enumerate(before.ids)}
        new = frozenset(after.ids)
        pairs = (
            (after[number], None if (old := numbers.get(after.ids[number])) is None
             else before[old])
            for number in _suspects(before, after)
        )  # fmt: skip
    else:
        known = {rule.id: rule for rule in before}
        numbers = dict.fromkeys(known, 0)
        new = frozenset(rule.id for rule in after)
        pairs = ((rule, known.get(rule.id)) for rule in after)
    changed = tuple(Changed(rule, old) for rule, old in pairs if rule != old)
    return Changes(changed, tuple(sorted(numbers.keys() - new)))


def with_tests(rules: Sequence[Rule]) -> Iterator[Rule]:
    """The rules that have tests; packed ones without are not opened."""
    if isinstance(rules, PackedRules):
        return rules.having("tests")
    return (rule for rule in rules if rule.tests)


def _suspects(before: PackedRules, after: PackedRules) -> Iterator[int]:
    """Numbers of the rules that may differ: by line, by a list they name, or by a filter."""
    others = {
        key for key in before.lists.keys() | after.lists.keys()
        if before.lists.get(key) != after.lists.get(key)
    }  # fmt: skip
    old_numbers = {rule_id: number for number, rule_id in enumerate(before.ids)}
    for number, rule_id in enumerate(after.ids):
        old = old_numbers.get(rule_id)
        line = after.line(number)
        if (
            old is None
            or line != before.line(old)
            or after.filters_of(number) != before.filters_of(old)
            or (others and b'["@"' in line and not others.isdisjoint(lists_named(line)))
        ):
            yield number
