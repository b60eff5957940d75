"""Many rules in little memory: each as a line of JSON that is opened when it is asked for.

Layer 1, pure. A tree of objects weighs some ten times what its rule weighs in a file, and of a
hundred thousand rules an article touches a few. Lists (``@name``) stay objects that all rules
share; a packed rule names them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final, Literal, overload

from monitor.located import Place
from monitor.model import Article, Level, Quality
from monitor.rules.alertsettings import Again
from monitor.rules.conditions import SourceConditions
from monitor.rules.fields import DEFAULT_SCOPE
from monitor.rules.needs import Filing, Needs
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    MinMentions,
    Node,
    NoneOf,
    Regex,
    SameUnit,
    Term,
    UnlessNear,
    Window,
)
from monitor.rules.patterns import compile_pattern
from monitor.rules.rule import Filter, Rule, RuleTest
from monitor.rules.terms import Compare, TermWord

Scope = tuple[str, ...]
ListKey = tuple[str, Scope]  # a list's name, and where its terms are looked for
Lists = Mapping[ListKey, AnyOf]

_COMPARES: Final = tuple(Compare)
_FOLDED: Final = Compare.FOLDED
_FEW: Final = 7  # words; more are likely to be a list, which many rules share


def pack_rule(rule: Rule, lists: Mapping[int, ListKey]) -> bytes:
    """One line of JSON, without the filters laid over the rule and its file's path.

    ``lists``: the shared lists by the ``id`` of their node.
    """
    more: dict[str, Any] = {}
    if rule.title != rule.id:
        more["title"] = rule.title
    if rule.level is not Level.NORMAL:
        more["level"] = rule.level
    if rule.labels:
        more["labels"] = rule.labels
    if rule.owner is not None:
        more["owner"] = rule.owner
    if rule.notify is not None:
        more["notify"] = rule.notify
        more["notify_places"] = [(place.line, place.column) for place in rule.notify_places]
    if rule.tests:
        more["tests"] = [_pack_test(test) for test in rule.tests]
    if rule.source != SourceConditions():
        more["source"] = [getattr(rule.source, each.name) for each in fields(SourceConditions)]
    if rule.expires is not None:
        more["expires"] = rule.expires.isoformat()
    if rule.again:
        more["again"] = [getattr(rule.again, each.name) for each in fields(Again)]
    if rule.max_per_day is not None:
        more["max_per_day"] = rule.max_per_day
    head = [rule.id, rule.place.line, rule.place.column, _pack(rule.match, lists)]
    return _json([*head, more] if more else head)


def open_rule(packed: bytes, path: str, lists: Lists) -> Rule:
    """The rule of a line, whose file is shown as ``path``."""
    rule_id, line, column, tree, *rest = json.loads(packed)
    more: dict[str, Any] = rest[0] if rest else {}
    notify = more.get("notify")
    expires = more.get("expires")
    return Rule(
        id=rule_id,
        title=more.get("title", rule_id),
        level=Level(more.get("level", Level.NORMAL)),
        match=_open(tree, lists),
        place=Place(path, line, column),
        labels=tuple((key, value) for key, value in more.get("labels", ())),
        owner=more.get("owner"),
        notify=None if notify is None else tuple(notify),
        notify_places=tuple(Place(path, *at) for at in more.get("notify_places", ())),
        tests=tuple(_open_test(test, path) for test in more.get("tests", ())),
        source=SourceConditions(*(_frozen(value) for value in more.get("source", ()))),
        expires=None if expires is None else date.fromisoformat(expires),
        again=Again(*more.get("again", ())),
        max_per_day=more.get("max_per_day"),
    )


def open_tree(packed: bytes, lists: Lists) -> Node:
    """Only the tree of a line."""
    return _open(json.loads(packed)[3], lists)


def lists_named(packed: bytes) -> Iterator[ListKey]:
    """The lists that a line names."""
    waiting = [json.loads(packed)[3]]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            if node and node[0] == "@":
                yield node[1], tuple(node[2])
            else:
                waiting.extend(node)


def pack_filings(filings: Sequence[Filing]) -> bytes:
    """Where rules are filed, as one line of JSON.

    A few words are a text with blanks, guards are such texts with bars between; anything else is a
    number in a table of needs. Rules filed under one list have the same needs, which stand there
    once.
    """
    table: dict[int, tuple[int, Needs]] = {}
    rows: list[object] = []
    for filing in filings:
        needs = filing.needs
        where: object = None
        if needs is not None and needs.only_words and len(needs.words) <= _FEW:
            where = " ".join(sorted(needs.words))
        elif needs is not None:
            where = table.setdefault(id(needs), (len(table), needs))[0]
        guards = "|".join(" ".join(words) for words in filing.guards)
        rows.append([where, guards] if guards else where)
    sets = [
        [*(sorted(each) for each in (n.words, n.beginnings, n.stems, n.patterns)), n.weight]
        for _, n in table.values()
    ]
    return _json([sets, rows])


def open_filings(packed: bytes, pool: dict[str, str]) -> Iterator[Filing]:
    """What ``pack_filings`` wrote; ``pool`` holds each word once for all files."""
    sets, rows = json.loads(packed)
    table = [
        Needs(frozenset(words), frozenset(starts), frozenset(stems), frozenset(patterns), weight)
        for words, starts, stems, patterns, weight in sets
    ]

    def words_of(text: str) -> tuple[str, ...]:
        return tuple([pool.setdefault(word, word) for word in text.split(" ")])

    for row in rows:
        where, guards = row if type(row) is list else (row, "")
        needs: Needs | None
        if type(where) is str:
            needs = Needs(frozenset(words_of(where)))
        else:
            needs = None if where is None else table[where]
        yield Filing(needs, tuple([words_of(each) for each in guards.split("|")]) if guards else ())


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _pack(node: Node, lists: Mapping[int, ListKey]) -> object:
    match node:
        case Term(written=written, words=words, scope=scope):
            if scope == DEFAULT_SCOPE and _is_plain(written, words):
                return written
            return ["t", written, [_pack_word(word) for word in words], scope]
        case AnyOf(children=children):
            key = lists.get(id(node))
            if key is not None:
                return ["@", key[0], key[1]]
            return ["any", *(_pack(child, lists) for child in children)]
        case AllOf(children=children, written=by_key):
            return ["all" if by_key else "and", *(_pack(child, lists) for child in children)]
        case NoneOf(children=children):
            return ["none", *(_pack(child, lists) for child in children)]
        case Window(kind=kind, within=within, children=children):
            return [kind, within, *(_pack(child, lists) for child in children)]
        case SameUnit(unit=unit, children=children):
            return ["same", unit, *(_pack(child, lists) for child in children)]
        case AtLeast(count=count, children=children):
            return ["at_least", count, *(_pack(child, lists) for child in children)]
        case UnlessNear(node=inner, within=within, exclusions=exclusions):
            below = (_pack(child, lists) for child in (inner, *exclusions))
            return ["unless", within, *below]
        case MinMentions(node=inner, count=count):
            return ["mentions", count, _pack(inner, lists)]
        case Regex(written=written, scope=scope):
            return ["regex", written, scope]


def _open(packed: Any, lists: Lists) -> Node:
    if type(packed) is str:
        return Term(packed, tuple([_plain_word(w) for w in packed.split(" ")]), DEFAULT_SCOPE)
    kind = packed[0]
    match kind:
        case "any":
            return AnyOf(tuple([_open(child, lists) for child in packed[1:]]))
        case "all" | "and":
            below = tuple([_open(child, lists) for child in packed[1:]])
            return AllOf(below, written=kind == "all")
        case "none":
            return NoneOf(tuple([_open(child, lists) for child in packed[1:]]))
        case "near" | "then":
            return Window(kind, packed[1], tuple([_open(child, lists) for child in packed[2:]]))
        case "t":
            words = tuple(_open_word(*word) for word in packed[2])
            return Term(packed[1], words, _scope(packed[3]))
        case "@":
            return lists[packed[1], tuple(packed[2])]
        case "same":
            return SameUnit(packed[1], tuple([_open(child, lists) for child in packed[2:]]))
        case "at_least":
            return AtLeast(packed[1], tuple([_open(child, lists) for child in packed[2:]]))
        case "unless":
            inner, *exclusions = (_open(child, lists) for child in packed[2:])
            return UnlessNear(inner, packed[1], tuple(exclusions))
        case "mentions":
            return MinMentions(_open(packed[2], lists), packed[1])
        case "regex":
            return Regex(packed[1], compile_pattern(packed[1]), _scope(packed[2]))
        case _:
            raise ValueError(f"no kind of node: {kind!r}")


def _is_plain(written: str, words: Sequence[TermWord]) -> bool:
    """Whether the words follow from the text, so that it need not be cut again."""
    return written == " ".join([word.fold for word in words]) and all(
        word.exact == word.fold and word.compare is _FOLDED and not word.prefix for word in words
    )


def _plain_word(word: str) -> TermWord:
    return TermWord(word, word, _FOLDED)


def _pack_word(word: TermWord) -> list[object]:
    return [word.fold, word.exact, _COMPARES.index(word.compare), int(word.prefix)]


def _open_word(fold: str, exact: str, compare: int, prefix: int) -> TermWord:
    return TermWord(fold, exact, _COMPARES[compare], bool(prefix))


def _scope(names: Sequence[str]) -> Scope:
    scope = tuple(names)
    return DEFAULT_SCOPE if scope == DEFAULT_SCOPE else scope


def _pack_test(test: RuleTest) -> list[object]:
    article: dict[str, object] = {}
    for each in fields(Article):
        value = getattr(test.article, each.name)
        if value != each.default:
            article[each.name] = value.isoformat() if isinstance(value, datetime) else value
    return [test.expects, article, test.because, test.place.line, test.place.column]


def _open_test(packed: Any, path: str) -> RuleTest:
    expects, given, because, line, column = packed
    values = {key: _frozen(value) for key, value in given.items()}
    if "published" in values:
        values["published"] = datetime.fromisoformat(values["published"])
    if "quality" in values:
        values["quality"] = Quality(values["quality"])
    return RuleTest(expects, Article(**values), because, Place(path, line, column))


@dataclass(frozen=True, slots=True)
class PackedFile:
    """The rules of one file. ``scopes``: the fields that any of their terms looks at."""

    shown: str
    ids: tuple[str, ...]
    lines: tuple[bytes, ...]
    filings: bytes  # as ``pack_filings`` writes them
    scopes: frozenset[str]
    labels: Mapping[int, tuple[tuple[str, str], ...]]  # of the rules that have some


class PackedRules(Sequence[Rule]):
    """The rules of files in their order, opened one by one. ``filters`` lie over all of them."""

    def __init__(
        self, files: Sequence[PackedFile], lists: Lists, filters: Sequence[Filter] = ()
    ) -> None:
        self.files = tuple(files)
        self.lists = lists
        self.filters = tuple(filters)
        self.ids = [rule_id for file in files for rule_id in file.ids]
        self.scopes = frozenset().union(*(file.scopes for file in files))
        self._lines = [line for file in files for line in file.lines]
        self._file_of = [at for at, file in enumerate(files) for _ in file.ids]
        self._over: dict[int, tuple[Filter, ...]] = {}
        if filters:
            self._lay(filters)

    def _lay(self, filters: Sequence[Filter]) -> None:
        number = 0
        for file in self.files:
            for at, rule_id in enumerate(file.ids):
                labels = file.labels.get(at, ())
                if over := tuple(each for each in filters if each.covers(rule_id, labels)):
                    self._over[number + at] = over
            number += len(file.ids)

    def filings(self) -> Iterator[Filing]:
        """Where each rule is filed."""
        pool: dict[str, str] = {}
        return (filing for file in self.files for filing in open_filings(file.filings, pool))

    def tree(self, number: int) -> Node:
        """The tree of one rule, its filters included."""
        match = open_tree(self._lines[number], self.lists)
        over = self._over.get(number)
        if over is None:
            return match
        return AllOf((match, *(each.none for each in over)), written=False)

    def having(self, key: Literal["tests", "notify"]) -> Iterator[Rule]:
        """Only the rules that have tests, or name notifiers; the others are not opened."""
        mark = f'"{key}":'.encode()  # a quote inside a text is escaped, so no text looks like this
        return (self[number] for number, line in enumerate(self._lines) if mark in line)

    def line(self, number: int) -> bytes:
        """The rule's line: equal lines are equal rules, but for lists and filters."""
        return self._lines[number]

    def filters_of(self, number: int) -> tuple[Filter, ...]:
        """The filters laid over a rule."""
        return self._over.get(number, ())

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, number: int) -> Rule: ...
    @overload
    def __getitem__(self, number: slice) -> tuple[Rule, ...]: ...
    def __getitem__(self, number: int | slice) -> Rule | tuple[Rule, ...]:
        if isinstance(number, slice):
            return tuple(self[each] for each in range(*number.indices(len(self))))
        if number < 0:
            number += len(self)
        rule = open_rule(self._lines[number], self.files[self._file_of[number]].shown, self.lists)
        over = self._over.get(number)
        return rule if over is None else replace(rule, filters=over)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]  # compared by content, and large
