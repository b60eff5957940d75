"""The one-line form of a rule: a Boolean string becomes the tree that the YAML form gives.

Layer 1, pure. docs/rules.md, "The one-line form". The result is located values, so that the tree
builder checks both forms in one way. There is no order of precedence: different operators at one
level are a mistake that shows both readings.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from monitor.located import Items, Mapping, Place, Problem, Text
from monitor.located import Node as Located
from monitor.rules.limits import LONGEST_LINE
from monitor.rules.oneline_tokens import Flaw, Token, tokens_of

_SIGNS: Final = re.compile(
    r"[()]|(?<!\S)(?:AND|OR|NOT|NEAR|THEN|UNLESS|SAME|ATLEAST)(?=[\s(/]|$)"
    r"|(?<!\S)(?:&&|\|\|)(?!\S)|(?<!\S)(?i:near|then|unless|atleast|onear|pre|w)/\d"
    r"|(?<!\S)(?i:same)/(?i:sentence|paragraph)|(?<!\S)[A-Za-z_,]+:(?=[\"“„(])"
)
_QUOTED: Final = re.compile(r"[=~]?[\"“„‟][^\"“”„‟]*[\"”“‟]")
_MOST_FLAWS: Final = 40  # of one text, warnings included; more help nobody
_WINDOWS: Final = {"NEAR": "near", "THEN": "then", "SAME": "same"}
_MODIFIABLE: Final = ("all", "any", "near", "then", "same")  # what a modifier may stand beside


@dataclass(frozen=True, slots=True)
class OneLine:
    """What a text stands for. ``node`` is None where ``problems`` holds an error."""

    node: Located | None
    problems: tuple[Problem, ...]


def is_one_line(text: str) -> bool:
    """Whether a ``match`` text is the one-line form: an operator, parenthesis, field or phrase
    beside other words. A plain phrase or a single term is not.
    """
    stripped = text.strip()
    if _QUOTED.fullmatch(stripped):
        return False
    rest, phrases = _QUOTED.subn(" \x00 ", stripped)
    if phrases:
        return True
    return _SIGNS.search(rest) is not None


def read_one_line(text: Text) -> OneLine:
    """The located tree of a one-line form, its mistakes and warnings with their places.

    Columns are the scalar's column plus the offset, one more for a quoted scalar; after a line
    break, or a doubled quote in a YAML scalar, they can only be near the place.
    """
    if len(text.value) > LONGEST_LINE:
        why = f"the one-line form is at most {LONGEST_LINE:,} characters long. Use lists, or "
        return OneLine(None, (Problem(text.place, f"{why}several rules"),))
    tokens, flaws = tokens_of(text.value)
    parser = _Parser(text, tokens, flaws)
    node = parser.whole()
    problems = tuple(
        sorted(
            {
                Problem(parser.place(flaw.at), flaw.message, "warning" if flaw.code else "error",
                        flaw.code)
                for flaw in parser.flaws
            },
            key=lambda problem: problem.place,
        )
    )  # fmt: skip
    broken = any(problem.severity == "error" for problem in problems)
    return OneLine(None if broken else node, problems)


@dataclass(frozen=True, slots=True)
class _Operand:
    """A parsed operand and the stretch of text that it came from.

    ``bare`` is where it begins without its NOT; equal to ``start`` if it has none.
    """

    node: Located
    start: int
    end: int
    bare: int

    @property
    def negated(self) -> bool:
        return self.bare > self.start


class _Parser:
    """Recursive descent; the tokens' depth is bounded, so the recursion is too."""

    def __init__(self, text: Text, tokens: list[Token], flaws: list[Flaw]) -> None:
        self.flaws = flaws
        self._text = text
        self._tokens = tokens
        self._at = 0
        self._first_line = (f"{text.value}\n").index("\n")  # how long it is
        self._told_up_to = 0  # tokens up to here stand in a message already

    def place(self, offset: int) -> Place:
        start = self._text.place
        if offset > self._first_line:
            return start
        return Place(start.path, start.line, start.column + offset + self._text.quoted)

    def whole(self) -> Located | None:
        if any(not flaw.code for flaw in self.flaws):
            return None  # the tokens are not what was meant; a tree of them would mislead
        if not self._tokens:
            self._flaw(0, "nothing to look for here. Write a term")
            return None
        found = self._level()
        while (token := self._peek()) is not None:  # only ")" stops a level early
            self._flaw(token.start, "this ) closes nothing. Remove it, or add the ( before")
            self._at += 1
            if self._peek() is not None:
                self._level()
        return found.node if found else None

    def _level(self) -> _Operand | None:
        """Operands and operators up to the end or a closing parenthesis."""
        operands: list[_Operand] = []
        operators: list[Token] = []
        while True:
            operand = self._operand(operators[-1] if operators else None)
            if operand is not None:
                operands.append(operand)
            token = self._peek()
            if token is None or token.kind == "close":
                break
            if token.kind == "operator":
                if token.value != "NOT":  # a NOT is read with its operand
                    self._at += 1
                if operand is not None:
                    operators.append(token)
                continue
            if operand is not None:
                self._two_in_a_row(operand)
            operators.append(Token("operator", "AND", "", token.start, token.start))
        if not operands:
            return None
        if len(operators) >= len(operands):  # a mistake has been told
            operators = operators[: len(operands) - 1]
        return self._joined(operands, operators)

    def _operand(self, after: Token | None) -> _Operand | None:
        token = self._peek()
        if token is not None and token.kind == "operator" and token.value == "NOT":
            return self._negation()
        if token is None or token.kind in ("close", "operator"):
            self._missing(after, token)
            return None
        self._at += 1
        if token.kind == "term":
            term = Text(token.value, self.place(token.start))
            return _Operand(term, token.start, token.end, token.start)
        if token.kind == "open":
            return self._group(token)
        inner = self._prefixed(token)
        if inner is None:
            return None
        if token.kind == "field":
            return self._scoped(token, inner)
        count = (self._key("min_mentions", token.start), self._argument(token))
        return _Operand(self._with(inner, count), token.start, inner.end, token.start)

    def _missing(self, after: Token | None, token: Token | None) -> None:
        if after is not None:
            shown = _shown(after)
            self._flaw(after.start, f"after {shown} a term is missing. Add one, or remove {shown}")
        elif token is not None and token.kind == "operator":
            shown = _shown(token)
            self._flaw(token.start, f"before {shown} a term is missing. Add one, or remove {shown}")
        elif token is not None and self._at == 0:
            pass  # a ) at the very beginning: the caller tells

    def _negation(self) -> _Operand | None:
        token = self._tokens[self._at]
        self._at += 1
        first = self._at
        while (following := self._peek()) is not None and following.value == "NOT":
            self._at += 1
        if self._at > first:
            self._flaw(self._tokens[first].start, "NOT stands twice. Remove both")
        operand = self._operand(token)
        if operand is None:
            return None
        return _Operand(operand.node, token.start, operand.end, operand.start)

    def _group(self, opening: Token) -> _Operand | None:
        following = self._peek()
        if following is not None and following.kind == "close":
            self._flaw(opening.start, "nothing stands in these parentheses. Remove them")
            self._at += 1
            return None
        inner = self._level()
        closing = self._peek()
        if closing is None:
            self._flaw(opening.start, "this ( is not closed. Add the ) where the group ends")
            end = len(self._text.value)
        else:
            self._at += 1
            end = closing.end
        return None if inner is None else _Operand(inner.node, opening.start, end, opening.start)

    def _prefixed(self, token: Token) -> _Operand | None:
        """What a field or ATLEAST applies to: parentheses; for a field also one quoted phrase."""
        following = self._peek()
        if following is not None and following.kind == "open":
            self._at += 1
            return self._group(following)
        if following is not None and following.kind == "term" and token.kind == "field":
            self._at += 1
            term = Text(following.value, self.place(following.start))
            return _Operand(term, following.start, following.end, following.start)
        name = f"{token.value}:" if token.kind == "field" else _shown(token)
        bare = following is not None and following.kind == "term"
        shown = self._slice(following.start, following.end) if following and bare else "…"
        self._flaw(token.start, f"{name} takes parentheses: {name}({shown})")
        self._at += bare
        return None

    def _scoped(self, token: Token, inner: _Operand) -> _Operand:
        place = self.place(token.start)
        names = tuple(Text(name, place) for name in token.value.split(","))
        scope: Located = names[0] if len(names) == 1 else Items(names, place)
        node = inner.node
        if not isinstance(node, Mapping) or node.get("in") is not None:
            node = self._mapping(token.start, "any", Items((node,), node.place))
        pairs = (*node.pairs, (self._key("in", token.start), scope))
        return _Operand(Mapping(pairs, place), token.start, inner.end, token.start)

    def _joined(self, operands: list[_Operand], operators: list[Token]) -> _Operand:
        """One node of a level whose operators are all of one kind."""
        start, end = operands[0].start, operands[-1].end
        if not operators:
            node = self._plain(operands[0])
            return _Operand(node, start, end, start)
        self._check_one_kind(operands, operators)
        first = operators[0]
        match first.value:
            case "AND" | "NOT":
                node = self._excluding(operands)
            case "OR":
                node = self._mapping(start, "any", self._items(operands))
            case "UNLESS":
                node = self._masked(first, operands)
            case name:
                node = self._window(_WINDOWS[name], first, operands)
        return _Operand(node, start, end, start)

    def _excluding(self, operands: list[_Operand]) -> Located:
        """AND with NOT: what must occur, and what must not."""
        wanted = [operand.node for operand in operands if not operand.negated]
        unwanted = [operand for operand in operands if operand.negated]
        start = operands[0].start
        pairs: list[tuple[Text, Located]] = []
        if wanted:
            pairs.append((self._key("all", start), Items(tuple(wanted), wanted[0].place)))
        if unwanted:
            listed = [item for operand in unwanted for item in _alternatives(operand.node)]
            key = self._key("none", unwanted[0].start)
            pairs.append((key, Items(tuple(listed), listed[0].place)))
        return Mapping(tuple(pairs), self.place(start))

    def _masked(self, operator: Token, operands: list[_Operand]) -> Located:
        bad = [item for operand in operands[1:] for item in _alternatives(self._plain(operand))]
        mask = Mapping(
            (
                (self._key("within", operator.start), self._argument(operator)),
                (self._key("any", operator.start), Items(tuple(bad), bad[0].place)),
            ),
            self.place(operator.start),
        )
        return self._with(operands[0], (self._key("unless_near", operator.start), mask))

    def _window(self, kind: str, operator: Token, operands: list[_Operand]) -> Located:
        limit = "unit" if kind == "same" else "within"
        inner = Mapping(
            (
                (self._key(limit, operator.start), self._argument(operator)),
                (self._key("all", operands[0].start), self._items(operands)),
            ),
            self.place(operands[0].start),
        )
        return self._mapping(operands[0].start, kind, inner, key_at=operator.start)

    def _with(self, operand: _Operand, pair: tuple[Text, Located]) -> Located:
        """The operand with a modifier: in its own mapping where nothing else modifies that."""
        node = self._plain(operand)
        alone = isinstance(node, Mapping) and len(node.pairs) == 1
        if not (isinstance(node, Mapping) and alone and node.keys()[0] in _MODIFIABLE):
            node = self._mapping(operand.start, "any", Items((node,), node.place))
        return Mapping((*node.pairs, pair), node.place)

    def _items(self, operands: list[_Operand]) -> Items:
        nodes = tuple(self._plain(operand) for operand in operands)
        return Items(nodes, nodes[0].place)

    def _plain(self, operand: _Operand) -> Located:
        return self._excluding([operand]) if operand.negated else operand.node

    def _mapping(self, at: int, key: str, value: Located, key_at: int | None = None) -> Mapping:
        place = self.place(at)
        return Mapping(((self._key(key, at if key_at is None else key_at), value),), place)

    def _key(self, name: str, at: int) -> Text:
        return Text(name, self.place(at))

    def _argument(self, token: Token) -> Text:
        return Text(token.argument, self.place(token.end - len(token.argument)))

    def _two_in_a_row(self, before: _Operand) -> None:
        """Words side by side: the phrase and the AND are both likely, so both are shown."""
        if self._at < self._told_up_to or len(self.flaws) >= _MOST_FLAWS:
            return
        token = self._tokens[self._at]
        run, ahead = [self._slice(before.start, before.end)], self._at
        while ahead < len(self._tokens) and self._tokens[ahead].kind == "term" and len(run) < 6:
            run.append(self._slice(self._tokens[ahead].start, self._tokens[ahead].end))
            ahead += 1
        self._told_up_to = ahead
        if len(run) == 1 or run[0].endswith(")"):
            shown = self._slice(token.start, token.end)
            self._flaw(token.start, f"no operator stands before {shown}. Write AND or OR there")
            return
        plain = " ".join(word.strip('"“”„=~') for word in run)
        self._flaw(
            before.start, f"no operator between {run[0]} and {run[1]}. For these words in a row "
            f'write "{plain}"; for all of them, anywhere, {" AND ".join(run)}'
        )  # fmt: skip

    def _check_one_kind(self, operands: list[_Operand], operators: list[Token]) -> None:
        """Different operators at one level: say so once, with both readings in parentheses."""
        for number, operand in enumerate(operands[:-1]):
            around = operators[max(0, number - 1) : number + 1]
            if operand.negated and not any(token.value in ("AND", "NOT") for token in around):
                self._two_readings(operands, number, operators[number], "NOT", operand.start)
                return
        for number, (before, then) in enumerate(pairwise(operators), 1):
            if not _alike(before, then):
                if before.start < before.end and then.start < then.end:  # not one we put in
                    first = operands[0].start
                    self._two_readings(operands, number, then, _shown(before), first)
                return

    def _two_readings(
        self, operands: list[_Operand], middle: int, then: Token, before: str, first: int
    ) -> None:
        """``before`` (its reach begins at ``first``) and ``then`` claim the operand in between."""
        own, last = operands[middle], operands[middle + 1].end
        lead = self._slice(operands[0].start, first)
        one = f"({self._slice(first, own.end)}) {self._slice(then.start, last)}"
        other = f"{self._slice(first, own.bare)} ({self._slice(own.bare, last)})"
        self._flaw(
            then.start, f"{before} and {_shown(then)} side by side can be read in two ways. "
            f"Write {f'{lead} {one}'.strip()} or {f'{lead} {other}'.strip()}"
        )  # fmt: skip

    def _slice(self, start: int, end: int) -> str:
        text = " ".join(self._text.value[start:end].split())
        return text if len(text) <= 60 else f"{text[:40]} … {text[-15:]}"

    def _peek(self) -> Token | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _flaw(self, at: int, message: str) -> None:
        if len(self.flaws) < _MOST_FLAWS:
            self.flaws.append(Flaw(at, message))


def _shown(token: Token) -> str:
    return f"{token.value}/{token.argument}" if token.argument else token.value


def _alike(one: Token, other: Token) -> bool:
    """Whether two operators chain: AND with NOT, or the same operator with the same number."""
    if one.value in ("AND", "NOT") and other.value in ("AND", "NOT"):
        return True
    return (one.value, one.argument) == (other.value, other.argument)


def _alternatives(node: Located) -> tuple[Located, ...]:
    """The items of a bare ``any``; anything else alone."""
    if isinstance(node, Mapping) and node.keys() == ("any",):
        listed = node.get("any")
        if isinstance(listed, Items):
            return listed.items
    return (node,)
