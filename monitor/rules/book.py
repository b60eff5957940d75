"""All live rules together: article in, matches out.

Layer 1, pure. The one way to match, for the daemon, ``match`` and everything later.
"""

from collections.abc import Mapping, Sequence

from monitor.model import Article, Match, Snippet, Span
from monitor.rules.alternatives import Alternatives
from monitor.rules.evaluate import Evaluation, Found, evidence
from monitor.rules.fields import ArticleFields
from monitor.rules.frequencies import SHIPPED
from monitor.rules.index import Index
from monitor.rules.needs import Known, filing_of
from monitor.rules.nodes import Node, scopes_of
from monitor.rules.packed import PackedRules
from monitor.rules.rule import Rule
from monitor.rules.snippets import snippets

_SNIPPET_FIELDS = ("body", "lead", "summary", "title")
MOST_OPEN = 5_000  # trees of packed rules that are kept between articles, some 2 kB each


class _Open:
    """Trees opened so far, and what was worked out about their nodes, which live as long."""

    __slots__ = ("lists", "rows", "scopes", "trees")

    def __init__(self) -> None:
        self.trees: dict[int, Node] = {}
        self.scopes: dict[int, tuple[str, ...]] = {}  # by the id of a node
        self.lists: dict[int, Alternatives] = {}  # the same
        self.rows: dict[int, str | None] = {}  # the same


class RuleBook:
    """Rules with their index. Matching changes no answer of it.

    ``rules`` may be packed (``PackedRules``): then a tree is opened when an article may match it.
    ``frequencies``: articles of a thousand that hold a word; they make it faster or slower only.
    ``most_open``: how many opened trees are kept between articles.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        frequencies: Mapping[str, int] = SHIPPED,
        most_open: int = MOST_OPEN,
    ) -> None:
        self._most_open = most_open
        self._packed = rules if isinstance(rules, PackedRules) else None
        self._open = _Open()
        if self._packed is not None:
            self.rules: Sequence[Rule] = self._packed
            self._index = Index(self._packed.filings())
            self._scope = tuple(sorted(self._packed.scopes | _filter_scopes(self._packed)))
            self._numbers_of = {each: number for number, each in enumerate(self._packed.ids)}
            return
        self.rules = tuple(rules)
        self._numbers_of = {rule.id: number for number, rule in enumerate(self.rules)}
        trees = [rule.tree for rule in self.rules]
        self._open.trees = dict(enumerate(trees))
        known: Known = {}
        self._index = Index([filing_of(tree, frequencies, known) for tree in trees])
        self._scope = tuple(sorted(looked_at(trees)))

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id."""
        number = self._numbers_of.get(rule_id)
        return None if number is None else self.rules[number]

    def candidates(self, article: Article) -> tuple[Rule, ...]:
        """The rules worth evaluating on the article."""
        return tuple(self.rules[number] for number in self._numbers(ArticleFields(article)))

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every rule that matches the article, in the order of the rules, with evidence."""
        fields = ArticleFields(article)
        kept = self._kept()
        evaluation = Evaluation(fields, scopes=kept.scopes, lists=kept.lists, rows=kept.rows)
        found = []
        for number in self._numbers(fields):
            tree = kept.trees.get(number)
            if tree is None:
                assert self._packed is not None
                tree = kept.trees[number] = self._packed.tree(number)
            if evaluation.matches(tree):
                places = evidence(evaluation, tree)
                found.append(_match(self._id(number), fields, places))
        return tuple(found)

    def _kept(self) -> _Open:
        """What is open; forgotten between articles when it grows, never while one is judged.

        An article that another thread judges goes on with what it holds.
        """
        if self._packed is not None and len(self._open.trees) > self._most_open:
            self._open = _Open()
        return self._open

    def _id(self, number: int) -> str:
        return self.rules[number].id if self._packed is None else self._packed.ids[number]

    def _numbers(self, fields: ArticleFields) -> list[int]:
        segments = fields.segments(self._scope)
        # The largest first: it is copied, the others are added word by word.
        sets = sorted([segment.vocabulary for segment in segments], key=len, reverse=True)
        vocabulary = frozenset().union(*sets)
        stems: set[str] = set()
        if self._index.needs_stems:
            stems.update(*(segment.stems for segment in segments))
        return self._index.candidates(
            vocabulary, fields.language, stems, lambda: [segment.text for segment in segments]
        )


def looked_at(trees: Sequence[Node]) -> frozenset[str]:
    """The fields that the terms of these trees look at."""
    known: dict[int, tuple[Node, frozenset[tuple[str, ...]]]] = {}
    scopes = frozenset().union(*(scopes_of(tree, known) for tree in trees))
    return frozenset(name for names in scopes for name in names)


def _filter_scopes(rules: PackedRules) -> frozenset[str]:
    return looked_at([each.none for each in rules.filters])


def _match(rule_id: str, fields: ArticleFields, places: Sequence[Found]) -> Match:
    texts = {segment.name: segment for segment in fields.segments(tuple({p.field for p in places}))}
    if "lead" not in texts and any(place.field == "lead" for place in places):
        texts.update((s.name, s) for s in fields.segments(("lead",)))
    rows: dict[tuple[bool, str, int, int, str], None] = {}
    for field, first, last, term in places:
        start, end = texts[field].words.place(first)
        if last != first:
            _, end = texts[field].words.place(last)
        rows[field != "title", field, start, end, term] = None
    # Terms at one place stay in the order in which they came.
    ordered = sorted(rows, key=lambda row: row[:4])
    spans = tuple([Span(field, start, end, term) for _, field, start, end, term in ordered])
    shown: tuple[Snippet, ...] = ()
    for name in _SNIPPET_FIELDS:
        if name in texts:
            shown += snippets(texts[name], spans)
        if shown:
            break
    return Match(rule_id, spans, shown)
