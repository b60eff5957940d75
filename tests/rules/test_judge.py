"""The engine beside an independent judge: SQLite's full-text index on the same words.

FTS5's NEAR counts the words between as the manual does, so every answer must be the same.
"""

import random
import sqlite3
from collections.abc import Callable

from monitor.model import Article
from monitor.rules.book import RuleBook
from tests.conftest import many
from tests.rules.build import loaded

WORDS = ["merger", "probe", "cloud", "stake", "deal", "court", "chip", "model", "fine", "bank"]
Query = tuple[str, str]  # YAML, FTS5


def text(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=chance.randint(3, 25)))


def leaf(chance: random.Random, words: list[str]) -> Query:
    kind = chance.choice(["word", "phrase", "prefix"])
    if kind == "phrase" and len(words) > 1:
        both = f"{words.pop()} {words.pop()}"
        return f'"{both}"', f'"{both}"'
    if kind == "prefix":
        start = words.pop()[:3]
        return f'"{start}*"', f"{start} *"
    word = words.pop()
    return f'"{word}"', f'"{word}"'


def window(chance: random.Random) -> Query:
    words = chance.sample(WORDS, 6)  # all different: FTS5 lets one place stand for two items
    parts = [leaf(chance, words) for _ in range(chance.randint(2, 3))]
    within = chance.randint(0, 6)
    return (
        f"{{near: {{within: {within}, all: [{', '.join(y for y, _ in parts)}]}}}}",
        f"NEAR({' '.join(f for _, f in parts)}, {within})",
    )


def query(chance: random.Random, depth: int = 2) -> Query:
    kind = chance.choice(["leaf", "window", "all", "any", "not"] if depth else ["leaf", "window"])
    if kind == "leaf":
        return leaf(chance, chance.sample(WORDS, 2))
    if kind == "window":
        return window(chance)
    (left_yaml, left), (right_yaml, right) = query(chance, depth - 1), query(chance, depth - 1)
    if kind == "not":
        return f"{{all: [{left_yaml}], none: [{right_yaml}]}}", f"(({left}) NOT ({right}))"
    joined = "AND" if kind == "all" else "OR"
    return f"{{{kind}: [{left_yaml}, {right_yaml}]}}", f"(({left}) {joined} ({right}))"


def judged(texts: list[str]) -> Callable[[str], set[int]]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(body)")
    connection.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", list(enumerate(texts)))

    def answer(question: str) -> set[int]:
        rows = connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (question,))
        return {row[0] for row in rows}

    return answer


def test_every_answer_is_the_judges() -> None:
    chance = random.Random(20260227)
    texts = [text(chance) for _ in range(40)]
    answer = judged(texts)
    queries = [query(chance) for _ in range(many(400, 20_000))]
    files = [f"id: r{number}\nmatch: {yaml}" for number, (yaml, _) in enumerate(queries)]
    rules = [rule for name in files for rule in loaded(name).rules]
    assert len(rules) == len(queries)
    book = RuleBook(rules)
    found: dict[str, set[int]] = {rule.id: set() for rule in rules}
    for number, body in enumerate(texts):
        for match in book.match(Article(str(number), "", "", body)):
            found[match.rule_id].add(number)
    for rule, (yaml, question) in zip(rules, queries, strict=True):
        assert found[rule.id] == answer(question), yaml
    assert any(found.values())


def test_the_index_hides_no_rule_that_would_match() -> None:
    chance = random.Random(7)
    files = [f"id: r{number}\nmatch: {query(chance)[0]}" for number in range(many(200, 5_000))]
    rules = [rule for name in files for rule in loaded(name).rules]
    together = RuleBook(rules)
    for number in range(20):
        article = Article(str(number), "", "", text(chance))
        alone = [rule.id for rule in rules if RuleBook([rule]).match(article)]
        forced = [rule.id for rule in rules if _without_index(rule, article)]
        assert [match.rule_id for match in together.match(article)] == alone == forced


def _without_index(rule: object, article: Article) -> bool:
    from monitor.rules.evaluate import Evaluation
    from monitor.rules.fields import ArticleFields

    return Evaluation(ArticleFields(article)).matches(rule.match)  # type: ignore[attr-defined]  # a Rule


def test_most_rules_are_not_even_tried() -> None:
    files = [f"id: r{number}\nmatch: [rareword{number}, deal]" for number in range(500)]
    book = RuleBook([rule for name in files for rule in loaded(name).rules])
    tried = book.candidates(Article("1", "", "", "a deal with rareword7 and rareword9"))
    assert [rule.id for rule in tried] == ["r7", "r9"]
