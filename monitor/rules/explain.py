"""Why a rule fires on an article, or does not: every branch, asked of the engine itself.

Layer 1, pure. Each branch's answer is ``Evaluation.matches`` of that very node, so that an
explanation cannot differ from the engine; here it is only asked of every branch, where the engine
stops early, and put into words: terms found and where, gaps measured, the nearest miss.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.model import Article, Span
from monitor.rules.conditions import refusal
from monitor.rules.evaluate import Evaluation
from monitor.rules.fields import ArticleFields, FieldText
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
    name_of,
)
from monitor.rules.rule import Rule
from monitor.rules.terms import Compare
from monitor.rules.windows import Place, count_apart, exists, masked


@dataclass(frozen=True, slots=True)
class Branch:
    """One node of a rule on one article: does it hold, and why."""

    key: str  # any, near, term, …; "rule" for the whole
    label: str
    holds: bool
    detail: str = ""
    spans: tuple[Span, ...] = ()
    children: tuple["Branch", ...] = ()
    needed: int = 0  # of an at_least: how many children must hold


@dataclass(frozen=True, slots=True)
class Explanation:
    """A rule on an article. ``fires`` is the engine's own answer, source conditions included."""

    rule_id: str
    fires: bool
    tree: Branch
    source: str | None = None  # why the article's source does not fit, if so
    filters: tuple[Branch, ...] = ()
    misses: int = 0  # branches that would have to hold as well; 0 where it fires


def explain(rule: Rule, article: Article) -> Explanation:
    """Every branch of ``rule`` on ``article``."""
    fields = ArticleFields(article)
    teller = _Teller(Evaluation(fields))
    tree = teller.branch(rule.match)
    filters = tuple(
        Branch("filter", f"filter {each.id}", teller.holds(each.none), "",
               (), (teller.branch(each.none),))
        for each in rule.filters
    )  # fmt: skip
    source = refusal(rule.source, article, None, None)
    fires = source is None and Evaluation(fields).matches(rule.tree)
    missing = misses(tree) + sum(not each.holds for each in filters) + (source is not None)
    return Explanation(rule.id, fires, tree, source, filters, 0 if fires else missing)


def misses(branch: Branch) -> int:
    """How many branches at least would have to hold as well for this one to hold."""
    if branch.holds:
        return 0
    below = [misses(child) for child in branch.children]
    match branch.key:
        case "all":
            return sum(below) or 1
        case "any":
            return min(below, default=1) or 1
        case "near" | "then" | "same":
            return sum(below) or 1  # all are there, but not close enough
        case _:
            return 1


class _Teller:
    """Asks the engine about every branch and puts its answers into words."""

    def __init__(self, evaluation: Evaluation) -> None:
        self._evaluation = evaluation

    def holds(self, node: Node) -> bool:
        return self._evaluation.matches(node)

    def branch(self, node: Node) -> Branch:
        holds = self._evaluation.matches(node)
        match node:
            case Term():
                return Branch("term", node.written, holds, self._term(node), self._spans(node))
            case Regex():
                return Branch("regex", node.written, holds, self._count(node), self._spans(node))
            case AllOf(children=children) | AnyOf(children=children) | NoneOf(children=children):
                return self._list(node, children, holds, "")
            case AtLeast(count=count, children=children):
                held = sum(self._evaluation.matches(child) for child in children)
                told = f"{held} of the {count} that are needed"
                listed = self._list(node, children, holds, told, f"at least {count} of")
                return replace(listed, needed=count)
            case Window(kind=kind, within=within, children=children):
                told = self._gap(node)
                label = f"{kind} within {within}"
                return self._list(node, children, holds, told, label)
            case SameUnit(unit=unit, children=children):
                told = "" if holds else f"no {unit} holds all of them apart from each other"
                return self._list(node, children, holds, told, f"same {unit}")
            case UnlessNear(node=inner, within=within):
                return self._unless(node, inner, within, holds)
            case MinMentions(node=inner, count=count):
                found = self._mentions(inner)
                told = f"{found} mention{'' if found == 1 else 's'}"
                label = f"min_mentions {count}"
                return Branch("min_mentions", label, holds, told, (), (self.branch(inner),))

    def _list(
        self, node: Node, children: tuple[Node, ...], holds: bool, told: str, label: str = ""
    ) -> Branch:
        below = tuple(self.branch(child) for child in children)
        key = name_of(node) or "all"
        return Branch(key, label or key, holds, told, (), below)

    def _unless(self, node: UnlessNear, inner: Node, within: int, holds: bool) -> Branch:
        taken = kept = 0
        for segment in self._evaluation.segments(node):
            found = self._evaluation.places(inner, segment)
            bad = [
                place for child in node.exclusions
                for place in self._evaluation.places(child, segment)
            ]  # fmt: skip
            left = masked(found, bad, within)
            kept += len(left)
            taken += len(found) - len(left)
        told = f"{kept} left, {taken} taken away" if taken else ""
        below = (
            self.branch(inner),
            *(self.branch(child) for child in node.exclusions),
        )
        return Branch("unless_near", f"unless within {within} words of", holds, told, (), below)

    def _term(self, term: Term) -> str:
        found = self._count(term)
        return found if self._spans(term) else self._near_hit(term) or found

    def _count(self, node: Term | Regex) -> str:
        spans = self._spans(node)
        if not spans:
            return "not found"
        fields = ", ".join(dict.fromkeys(span.field for span in spans))
        return f"{len(spans)}× in {fields}" if len(spans) > 1 else f"in {fields}"

    def _near_hit(self, term: Term) -> str:
        """A term of one word that fails by its case only: say so."""
        word = term.words[0]
        if len(term.words) > 1 or word.prefix or word.compare not in (
            Compare.CAPITALS, Compare.EXACT,
        ):  # fmt: skip
            return ""
        for segment in self._evaluation.segments(term):
            places = segment.places(word.fold)
            if places:
                other = segment.words.exacts[places[0]]
                asked = "capitals" if word.compare is Compare.CAPITALS else "exactly this case"
                return f"not found in {asked}; '{other}' is in {segment.name}"
        return ""

    def _gap(self, node: Window) -> str:
        """The smallest number of words between, measured by the engine's own windows."""
        gaps = [gap for segment in self._evaluation.segments(node)
                if (gap := self._smallest(node, segment)) is not None]  # fmt: skip
        if not gaps:
            return ""
        gap = min(gaps)
        order = " in this order" if node.kind == "then" else ""
        return f"closest {gap} word{'' if gap == 1 else 's'} apart{order}"

    def _smallest(self, node: Window, segment: FieldText) -> int | None:
        children = [self._evaluation.places(child, segment) for child in node.children]
        ordered = node.kind == "then"

        if not exists(children, None, ordered=ordered):
            return None
        return _least(lambda within: exists(children, within, ordered=ordered), segment.end)

    def _mentions(self, node: Node) -> int:
        return sum(
            count_apart(self._evaluation.shown(node, segment))
            for segment in self._evaluation.segments(node)
        )

    def _spans(self, node: Term | Regex) -> tuple[Span, ...]:
        return tuple(
            _span(segment, place, node.written)
            for segment in self._evaluation.segments(node)
            for place in self._evaluation.places(node, segment)
        )


def _least(holds: Callable[[int], bool], high: int) -> int:
    """The smallest number from 0 to ``high`` that holds; what holds goes on holding above it."""
    low = 0
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _span(segment: FieldText, place: Place, written: str) -> Span:
    words = segment.words
    return Span(segment.name, words.starts[place[0]], words.ends[place[1]], written)
