"""All live rules together: article in, matches out.

Layer 1, pure. The one way to match, for the daemon, ``match`` and everything later.
"""

from collections.abc import Sequence

from monitor.model import Article, Match, Snippet, Span
from monitor.rules.evaluate import Evaluation, Found, evidence
from monitor.rules.fields import ArticleFields
from monitor.rules.index import Index
from monitor.rules.nodes import Node, scopes_of
from monitor.rules.rule import Rule
from monitor.rules.snippets import snippets

_SNIPPET_FIELDS = ("body", "lead", "summary", "title")


class RuleBook:
    """Rules with their index. Matching changes nothing in it."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = tuple(rules)
        self._trees = tuple(rule.tree for rule in rules)
        self._index = Index(self._trees)
        self._numbered = {rule.id: rule for rule in rules}
        known: dict[int, tuple[Node, frozenset[tuple[str, ...]]]] = {}
        scopes = frozenset().union(*(scopes_of(tree, known) for tree in self._trees))
        scope = {name for names in scopes for name in names}
        self._scope = tuple(sorted(scope))
        self._scopes: dict[int, tuple[str, ...]] = {}  # of nodes, which live as long as the rules

    def rule(self, rule_id: str) -> Rule | None:
        """The rule with this id."""
        return self._numbered.get(rule_id)

    def candidates(self, article: Article) -> tuple[Rule, ...]:
        """The rules worth evaluating on the article."""
        return tuple(self.rules[number] for number in self._numbers(ArticleFields(article)))

    def match(self, article: Article) -> tuple[Match, ...]:
        """Every rule that matches the article, in the order of the rules, with evidence."""
        fields = ArticleFields(article)
        evaluation = Evaluation(fields, scopes=self._scopes)
        found = []
        for number in self._numbers(fields):
            tree = self._trees[number]
            if evaluation.matches(tree):
                places = evidence(evaluation, tree)
                found.append(_match(self.rules[number], fields, places))
        return tuple(found)

    def _numbers(self, fields: ArticleFields) -> list[int]:
        vocabulary: set[str] = set()
        stems: set[str] = set()
        for segment in fields.segments(self._scope):
            vocabulary.update(segment.vocabulary)
            if self._index.needs_stems:
                stems.update(segment.stems)
        return self._index.candidates(vocabulary, fields.language, stems)


def _match(rule: Rule, fields: ArticleFields, places: Sequence[Found]) -> Match:
    texts = {segment.name: segment for segment in fields.segments(tuple({p.field for p in places}))}
    if any(place.field == "lead" for place in places) and "lead" not in texts:
        texts.update((s.name, s) for s in fields.segments(("lead",)))
    spans: list[Span] = []
    for place in places:
        words = texts[place.field].words
        start, end = words.starts[place.first], words.ends[place.last]
        spans.append(Span(place.field, start, end, place.term))
    spans = sorted(
        dict.fromkeys(spans), key=lambda s: (s.field != "title", s.field, s.start, s.end)
    )
    shown: tuple[Snippet, ...] = ()
    for name in _SNIPPET_FIELDS:
        if name in texts:
            shown += snippets(texts[name], spans)
        if shown:
            break
    return Match(rule.id, tuple(spans), shown)
