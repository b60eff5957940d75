"""Rule files as located values → rules, with every mistake of every file.

Layer 1, pure: reading files is the caller's. One mistake costs its own rule only.
"""

import difflib
import re
from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from monitor.located import Items, Mapping, Place, Problem, Text
from monitor.located import Node as Located
from monitor.model import Level
from monitor.rules.alertsettings import ALERT_KEYS, read_alert
from monitor.rules.examples import read_example
from monitor.rules.limits import shown
from monitor.rules.mistakes import Mistakes, nearest
from monitor.rules.nodes import AnyOf, branch_names
from monitor.rules.rule import Filter, Rule, RuleTest
from monitor.rules.settings import read_expires, read_filters, read_source
from monitor.rules.tree import TreeBuilder

RULE_KEYS: Final = (
    "id", "title", "level", "labels", "owner", "expires", "match", "source", "alert", "tests",
)  # fmt: skip
FILE_KEYS: Final = ("rules", "entities", "filters")
SHARED_KEYS: Final = ("entities", "filters")
BECAUSE: Final = (
    "any", "all", "none", "near", "then", "same", "unless_near", "min_mentions", "at_least",
    "regex",
)  # fmt: skip
_ID: Final = re.compile(r"[^\s/\\:'\"]{1,100}")

__all__ = [
    "ALERT_KEYS",
    "BECAUSE",
    "FILE_KEYS",
    "RULE_KEYS",
    "SHARED_KEYS",
    "Loaded",
    "Source",
    "load",
]

ListKey = tuple[str, tuple[str, ...]]  # a list's name, and where its terms are looked for


class Source(Protocol):
    """A rule file as read: its shown path, its name without suffix, its content, and of that
    what other files may use (``SHARED_KEYS``)."""

    @property
    def shown(self) -> str: ...
    @property
    def stem(self) -> str: ...
    @property
    def node(self) -> Mapping: ...
    @property
    def shared(self) -> Mapping: ...
    @property
    def lists_only(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Loaded:
    """All rules that can run, in the order of the files, and all problems, in that order too.

    ``filters`` and ``lists`` (by name and scope) are what the rules share; ``taken`` are the ids in
    the files, those of broken rules too.
    """

    rules: Sequence[Rule]
    problems: tuple[Problem, ...]
    filters: tuple[Filter, ...] = ()
    lists: MappingType[ListKey, AnyOf] = field(default_factory=dict, repr=False, compare=False)
    taken: frozenset[str] = field(default=frozenset(), repr=False, compare=False)


def load(sources: Sequence[Source], also: Iterable[ListKey] = ()) -> Loaded:
    """Build the rules of all files. Lists (``entities``) are shared by all of them.

    ``also``: lists that rules built at another time name, to be built too.
    """
    loader = _Loader()
    for source in sources:
        loader.begin_file()
        loader.take_lists(source)
    builder = TreeBuilder(loader.entities)
    filters = [each for source in sources for each in _filters_of(source, builder, loader)]
    rules: list[Rule] = []
    for source in sources:
        builder.begin_file()
        loader.begin_file()
        for rule in loader.rules_of(source, builder):
            over = tuple(each for each in filters if each.covers(rule.id, rule.labels))
            rules.append(replace(rule, filters=over) if over else rule)
    for name, place in loader.entity_places.items():
        if name not in builder.used_entities:
            builder.check_entity(name, place)
    for name, scope in also:
        if name in loader.entity_places:
            builder.build_list(name, scope, loader.entity_places[name])
    order = {source.shown: at for at, source in reversed(list(enumerate(sources)))}
    problems = sorted(
        dict.fromkeys([*loader.problems, *builder.problems]),
        key=lambda problem: (order.get(problem.place.path, len(sources)), problem.place),
    )
    return Loaded(tuple(rules), tuple(problems), tuple(filters), builder.lists, loader.taken)


def _filters_of(source: Source, builder: TreeBuilder, loader: "_Loader") -> list[Filter]:
    builder.begin_file()
    loader.begin_file()
    return read_filters(source.node.get("filters"), builder, loader.report)


class _Loader:
    """Gathers lists, rules and problems of all files."""

    def __init__(self) -> None:
        self._mistakes = Mistakes()
        self.entities: dict[str, Items] = {}
        self.entity_places: dict[str, Place] = {}
        self._ids: dict[str, Place] = {}

    @property
    def problems(self) -> list[Problem]:
        """The mistakes and warnings that are told."""
        return self._mistakes.problems

    def begin_file(self) -> None:
        """The next mistakes are those of another file."""
        self._mistakes.begin_file()

    def report(self, place: Place, message: str) -> None:
        """Note a mistake."""
        self._error(place, message)

    @property
    def taken(self) -> frozenset[str]:
        """All ids met so far."""
        return frozenset(self._ids)

    def take_lists(self, source: Source) -> None:
        node = source.node.get("entities")
        if node is None:
            return
        if not isinstance(node, Mapping):
            self._error(node.place, "entities: needs names with lists, as in "
                        "entities: {regulators: [EU, \"European Commission\"]}")  # fmt: skip
            return
        for key, value in node.pairs:
            name = key.value.removeprefix("@")
            if not isinstance(value, Items):
                self._error(value.place, f"the list '{name}' needs terms in [ ] or one a line "
                            "after -")  # fmt: skip
            elif name in self.entity_places:
                self._error(
                    key.place, f"the list '{name}' stands also at {self.entity_places[name]}; "
                    "rename one of them")  # fmt: skip
            elif not re.fullmatch(r"[^\s@]+", name):
                self._error(key.place, f"'{name}' is no name for a list: no blanks and no @")
            else:
                self.entities[name] = value
                self.entity_places[name] = key.place

    def rules_of(self, source: Source, builder: TreeBuilder) -> Iterable[Rule]:
        node = source.node
        listed = node.get("rules")
        own = [key for key, _ in node.pairs if key.value in RULE_KEYS]
        for key, _ in node.pairs:
            if key.value not in (*RULE_KEYS, *FILE_KEYS):
                self._unknown(key, (*RULE_KEYS, *FILE_KEYS))
        if source.lists_only:
            for key in own or ([k] if (k := node.key("rules")) else []):
                self._error(
                    key.place,
                    f"'{key.value}' in a file whose name begins with _: such a file holds "
                    "entities and filters only. Rename it to make its rules live",
                )
            return
        if listed is None:
            if own:
                yield from self._rule(node, source.stem, builder)
            elif node.get("entities") is None and node.get("filters") is None:
                self._error(node.place, "no rule in this file: match: is missing")
            return
        if own:
            self._error(own[0].place, f"'{own[0].value}' beside rules:. A file holds one rule, or "
                        "a list below rules:")  # fmt: skip
        if not isinstance(listed, Items):
            self._error(listed.place, "rules: needs a list, each item beginning with -")
            return
        for number, item in enumerate(listed.items, 1):
            if isinstance(item, Mapping):
                for key, _ in item.pairs:
                    if key.value not in RULE_KEYS:
                        self._unknown(key, RULE_KEYS)
                yield from self._rule(item, f"{source.stem}-{number}", builder)
            else:
                self._error(item.place, "a rule needs keys such as id: and match:")

    def _rule(self, node: Mapping, default_id: str, builder: TreeBuilder) -> Iterable[Rule]:
        before = self._mistakes.errors + builder.mistakes.errors
        rule_id = self._id(node, default_id)
        match = node.get("match")
        if match is None:
            self._error(node.place, f"the rule '{rule_id}' has no match:, so it can never fire")
        tree = builder.build(match) if match is not None else None
        alert = read_alert(node.get("alert"), self._error)
        names = branch_names(tree) if tree is not None else None
        tests = self._tests(node.get("tests"), names)
        level = self._level(node.get("level"))
        source = read_source(node.get("source"), self._error)
        expires = read_expires(node.get("expires"), self._error)
        labels = self._labels(node.get("labels"))
        title = self._text(node.get("title"), "title") or rule_id
        owner = self._text(node.get("owner"), "owner")
        after = self._mistakes.errors + builder.mistakes.errors
        if tree is not None and after == before:
            yield Rule(
                id=rule_id, title=title, level=level, match=tree, place=node.place, labels=labels,
                owner=owner, notify=alert.notify, notify_places=alert.notify_places,
                again=alert.again, max_per_day=alert.max_per_day, tests=tests,
                source=source, expires=expires,
            )  # fmt: skip

    def _id(self, node: Mapping, default: str) -> str:
        value = node.get("id")
        text = self._text(value, "id")
        rule_id = text or default
        place = value.place if value is not None else node.place
        if not _ID.fullmatch(rule_id):
            self._error(place, f"'{rule_id}' is no id: use letters, digits, - and _, no blanks")
        first = self._ids.setdefault(rule_id, place)
        if first is not place:
            self._error(place, f"the id '{rule_id}' is used also at {first}; ids must be unique")
        return rule_id

    def _level(self, node: Located | None) -> Level:
        text = self._text(node, "level")
        if node is None or text is None:
            return Level.NORMAL
        if text not in list(Level):
            close = difflib.get_close_matches(text.lower(), list(Level), n=1)
            mend = f"Did you mean '{close[0]}'?" if close else "Write info, normal or urgent"
            self._error(node.place, f"'{text}' is no level. {mend}")
            return Level.NORMAL
        return Level(text)

    def _labels(self, node: Located | None) -> tuple[tuple[str, str], ...]:
        if node is None:
            return ()
        if not isinstance(node, Mapping):
            self._error(node.place, "labels: needs names with values, as in "
                        "labels: {desk: competition}")  # fmt: skip
            return ()
        return tuple(
            (key.value, self._text(value, f"label {key.value}") or "") for key, value in node.pairs
        )

    def _tests(self, node: Located | None, names: frozenset[str] | None) -> tuple[RuleTest, ...]:
        if node is None:
            return ()
        if not isinstance(node, Items):
            self._error(node.place, 'tests: needs a list, as in - fires: "text of an article"')
            return ()
        tests = (self._test(item, names) for item in node.items)
        return tuple(test for test in tests if test is not None)

    def _test(self, node: Located, names: frozenset[str] | None) -> RuleTest | None:
        expected = [k for k in ("fires", "silent") if isinstance(node, Mapping) and node.get(k)]
        if not isinstance(node, Mapping) or len(expected) != 1:
            self._error(node.place, "a test needs fires: or silent: (one of them) with a text")
            return None
        for key, _ in node.pairs:
            if key.value not in ("fires", "silent", "because"):
                self._unknown(key, ("fires", "silent", "because"))
        value = node.get(expected[0])
        assert value is not None
        article, problems = read_example(value)
        for problem in problems:
            self._mistakes.add(problem)
        because = self._because(node, expected[0], names)
        if article is None:
            return None
        return RuleTest(
            "fires" if expected[0] == "fires" else "silent", article, because, node.place
        )

    def _because(self, node: Mapping, expected: str, names: frozenset[str] | None) -> str | None:
        value = node.get("because")
        text = self._text(value, "because")
        if value is None or text is None:
            return None
        if expected == "fires":
            self._error(value.place, "because: says which branch must fail; it goes with silent:")
        elif text not in BECAUSE:
            self._error(value.place, f"'{text}' is no branch. Name one of {', '.join(BECAUSE)}")
        elif names is not None and text not in names:
            self._error(value.place, f"the rule has no {text}: branch, so it cannot be the reason")
        return text

    def _text(self, node: Located | None, key: str) -> str | None:
        if node is None:
            return None
        if isinstance(node, Text):
            return node.value.strip() or None
        self._error(node.place, f"{key}: needs a text")
        return None

    def _unknown(self, key: Text, known: tuple[str, ...]) -> None:
        close = None if self._mistakes.full else nearest(key.value.lower(), known)
        mend = f"Did you mean '{close}'?" if close else f"Known here: {', '.join(known)}"
        self._error(key.place, f"unknown key '{shown(key.value)}'. {mend}")

    def _error(self, place: Place, message: str) -> None:
        self._mistakes.error(place, message)
