"""Parse a dialect's tokens by its order of precedence.

Layer 1, pure. An operator's ``power`` says how tightly it binds; equal powers go from left to
right. Depth is bounded, so that no string exhausts the stack.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Literal

from monitor.rules.boolean.query import And, Near, Not, Or, Query, Same, Unreadable

MOST_CHARACTERS: Final = 50_000  # of one string; the longest that vendors allow are below 30,000
_MOST_DEPTH: Final = 60  # of operators and parentheses in each other
_MOST_WINDOWS: Final = 10  # in a row: a window of a window of a window
ONE_CLAUSE: Final = 2000  # the power of what takes the next operand only


@dataclass(frozen=True, slots=True)
class Infix:
    """An operator between two operands (or, in a run of the same one, among several)."""

    power: int
    join: Callable[[Sequence[Query], int], Query]


@dataclass(frozen=True, slots=True)
class Prefix:
    """An operator before its operand, which reaches as far as operators of ``power`` go."""

    power: int
    join: Callable[[Query, int], Query]


@dataclass(frozen=True, slots=True)
class Token:
    """One token. An operator may have several parts to play; which, its position decides."""

    kind: Literal["operand", "open", "close", "operator", "postfix"]
    at: int
    text: str
    node: Query | None = None
    infix: Infix | None = None
    prefix: Prefix | None = None
    name: str = ""


def all_of(items: Sequence[Query], at: int) -> Query:
    """AND."""
    return And(tuple(items), at)


def any_of(items: Sequence[Query], at: int) -> Query:
    """OR."""
    return Or(tuple(items), at)


def all_but(items: Sequence[Query], at: int) -> Query:
    """The first without the others."""
    return And((items[0], *(Not(item, at) for item in items[1:])), at)


def paired(pair: Callable[[Query, Query, int], Query]) -> Callable[[Sequence[Query], int], Query]:
    """An operator of two operands; a run of it goes from left to right."""

    def join(items: Sequence[Query], at: int) -> Query:
        left = items[0]
        for right in items[1:]:
            left = pair(left, right, at)
        return left

    return join


def near(within: int, *, ordered: bool = False) -> Callable[[Sequence[Query], int], Query]:
    """A window of words."""
    return paired(lambda left, right, at: Near(left, right, within, ordered, at))


def same(unit: Literal["sentence", "paragraph"]) -> Callable[[Sequence[Query], int], Query]:
    """One sentence or paragraph."""
    return paired(lambda left, right, at: Same(left, right, unit, at))


class Parser:
    """Precedence climbing. ``implied`` is the operator between operands without one."""

    def __init__(self, tokens: Sequence[Token], implied: Infix | None, end: int) -> None:
        self._tokens = tokens
        self._implied = implied
        self._end = end
        self._at = 0
        self._depth = 0

    def whole(self) -> Query:
        """The query of all tokens.

        Raises:
            Unreadable: they break the grammar.
        """
        found = self.expression(0)
        if (token := self.peek()) is not None:
            raise Unreadable(token.at, ")", "this parenthesis closes nothing. Remove it")
        return found

    def expression(self, power: int) -> Query:
        """Operands joined by operators that bind at least so tightly."""
        with self.level():
            return self._expression(power)

    @contextmanager
    def level(self) -> Iterator[None]:
        """One level deeper, as long as it lasts.

        Raises:
            Unreadable: deeper than any sensible string.
        """
        self._depth += 1
        if self._depth > _MOST_DEPTH:
            at = token.at if (token := self.peek()) else self._end
            raise Unreadable(at, "", "operators nest too deep here. Split the string in two")
        yield
        self._depth -= 1

    def _expression(self, power: int) -> Query:
        found = self.operand()
        windows = 0
        while (operator := self._operator()) is not None:
            if operator.postfix is not None:
                found = operator.postfix.join(found, operator.at)
                self._at += 1
                continue
            infix = operator.infix
            if infix is None or infix.power < power:
                break
            items = [found]
            while (again := self._operator()) is not None and again.infix == infix:
                self._at += not again.implied
                items.append(self.expression(infix.power + 1))
            found = infix.join(items, operator.at)
            windows += len(items) - 1 if isinstance(found, Near | Same) else 0
            if windows > _MOST_WINDOWS:
                why = f"more than {_MOST_WINDOWS} windows stand in a row. Split the string"
                raise Unreadable(operator.at, "", why)
        return found

    def operand(self) -> Query:
        """A term, a group, or a prefix operator with its operand."""
        token = self.peek()
        if token is None or token.kind in ("close", "postfix"):
            before = self._tokens[self._at - 1] if self._at else token
            shown = before.text if before else ""
            at = before.at if before else self._end
            raise Unreadable(at, shown, f"a term is missing beside '{shown}'. Add it")
        self._at += 1
        if token.kind == "open":
            found = self.expression(0)
            closing = self.peek()
            if closing is None:
                raise Unreadable(token.at, "(", "this parenthesis is not closed. Add the ) to it")
            self._at += 1
            return found
        if token.prefix is not None:
            return token.prefix.join(self.expression(token.prefix.power), token.at)
        if token.node is None:
            why = f"before '{token.text}' a term is missing. Add it, or remove the operator"
            raise Unreadable(token.at, token.text, why)
        return token.node

    def step(self) -> None:
        """Over the next token."""
        self._at += 1

    def peek(self) -> Token | None:
        """The next token, or None at the end."""
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _operator(self) -> "_Operator | None":
        token = self.peek()
        if token is None or token.kind == "close":
            return None
        if token.kind == "postfix":
            return _Operator(token.at, None, token.prefix, implied=False)
        if token.infix is not None:
            return _Operator(token.at, token.infix, None, implied=False)
        if self._implied is None:
            why = "no operator stands before this. Add AND or OR, or quote the phrase"
            raise Unreadable(token.at, token.text, why)
        return _Operator(token.at, self._implied, None, implied=True)


@dataclass(frozen=True, slots=True)
class _Operator:
    """What stands between the operand just read and the rest."""

    at: int
    infix: Infix | None
    postfix: Prefix | None
    implied: bool


def closing(text: str, at: int) -> int:
    """The offset after the parenthesis that closes the one at ``at``.

    Raises:
        Unreadable: nothing closes it.
    """
    depth = 0
    for place in range(at, len(text)):
        depth += (text[place] in "([") - (text[place] in ")]")
        if not depth:
            return place + 1
    raise Unreadable(at, "(", "this parenthesis is not closed. Add the ) to it")
