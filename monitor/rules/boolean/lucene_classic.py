"""The classic Lucene query parser with OR implied: operators mark clauses, from left to right.

Layer 1, pure. The rules are those of addClause in Lucene's classic QueryParser: AND makes both of
its sides required, OR none, and what is optional beside something required only raises the rank.
"""

from dataclasses import dataclass
from typing import Literal

from monitor.rules.boolean.grammar import ONE_CLAUSE, Infix, Parser, Token
from monitor.rules.boolean.query import And, Not, Note, Or, Query, Unreadable, Words


def _nothing_before(token: Token) -> Unreadable:
    why = f"before {token.text} a term is missing. Add it"
    return Unreadable(token.at, token.text, why)


@dataclass(frozen=True, slots=True)
class _Clause:
    node: Query
    part: Literal["must", "may", "not"]


class Clauses(Parser):
    """The classic Lucene parser with OR implied: operators mark clauses, from left to right."""

    def __init__(
        self, tokens: list[Token], implied: Infix | None, end: int, notes: list[Note]
    ) -> None:
        super().__init__(tokens, implied, end)
        self._notes = notes

    def expression(self, power: int) -> Query:
        """A list of clauses; for a prefix only the next one."""
        with self.level():
            if power >= ONE_CLAUSE:
                return self.operand()
            return self._meaning(self._clauses())

    def _clauses(self) -> list[_Clause]:
        clauses: list[_Clause] = []
        while (token := self.peek()) is not None and token.kind != "close":
            joined = ""
            if token.name in ("AND", "OR"):
                joined = token.name
                if not clauses:
                    raise _nothing_before(token)
                self.step()
                token = self.peek()
            if token is not None and token.infix is not None and token.prefix is None:
                if not clauses:
                    raise _nothing_before(token)
                clauses.append(self._window(clauses.pop(), token))
                continue
            required = joined == "AND" or (token is not None and token.name == "+")
            node = self.operand()
            if joined == "AND" and clauses[-1].part == "may":
                clauses[-1] = _Clause(clauses[-1].node, "must")
            if isinstance(node, Not):
                clauses.append(_Clause(node.item, "not"))
            else:
                clauses.append(_Clause(node, "must" if required else "may"))
        if not clauses:
            self.operand()  # tells what is missing
        return clauses

    def _window(self, before: _Clause, token: Token) -> _Clause:
        self.step()
        assert token.infix is not None
        return _Clause(token.infix.join([before.node, self.operand()], token.at), before.part)

    def _meaning(self, clauses: list[_Clause]) -> Query:
        must = [clause.node for clause in clauses if clause.part == "must"]
        may = [clause.node for clause in clauses if clause.part == "may"]
        bad = [Not(clause.node, clause.node.at) for clause in clauses if clause.part == "not"]
        if must:
            for node in may:
                why = "optional beside a required clause: it only raised the rank"
                shown = node.text if isinstance(node, Words) else "clause"
                self._notes.append(Note(node.at, shown, why))
            wanted = must
        else:
            wanted = [may[0] if len(may) == 1 else Or(tuple(may), may[0].at)] if may else []
        if len(wanted) == 1 and not bad:
            return wanted[0]
        return And((*wanted, *bad), (wanted or bad)[0].at)
