"""The engine beside two independent judges on the same words: SQLite's FTS5 and tantivy.

Both count the words between as the manual does, so every answer must be the same. The texts have
punctuation, digits, capitals and accents; the judges get our words written out with blanks, each
character as four hexadecimal digits, so that they cut exactly there and prefixes stay prefixes.
Items of one window never overlap, by construction: FTS5 would let one place stand for two.
"""

import random
import sqlite3
from collections.abc import Callable

import tantivy

from monitor.model import Article
from monitor.rules.book import RuleBook
from monitor.rules.evaluate import Evaluation
from monitor.rules.fields import ArticleFields
from monitor.rules.rule import Rule
from monitor.text.words import cut
from tests.conftest import many
from tests.rules.build import loaded

WORDS = [
    "merger", "probe", "cloud", "stake", "deal", "court", "chip", "model", "fine", "bank",
    "société", "Telefónica", "straße", "naïve", "übernahme", "fusión", "AT&T", "C++", "2.1",
    "1,000", "2024", "O'Brien", "Mistral", "Microsoft", "regulator", "regulatory", "merged",
    "modelling", "courtyard", "banking", "ΑΝΤΙΤΡΑΣΤ", "сделка", "G20", "co-operate", "l'accord",
]  # fmt: skip
FOLDS = sorted({fold for word in WORDS for fold in cut(word).folds})
ENDS = ["", "", "", "", ",", ".", "!", "?", ";", " —", "”", ")", "'s", "’s", "™", "…", ":"]
STARTS = ["", "", "", "“", "(", "‘", "#", "€", "-"]


def text(chance: random.Random, longest: int = 25) -> str:
    """Words with the signs that stand around them in print, in any case."""
    shown = []
    for word in chance.choices(WORDS, k=chance.randint(3, longest)):
        case = chance.choice([str, str, str.upper, str.capitalize])
        shown.append(chance.choice(STARTS) + case(word) + chance.choice(ENDS))
    return chance.choice([" ", " ", "\n", "\n\n", "\u00a0"]).join(shown)


def written_out(words: list[str]) -> str:
    return " ".join("x" + "".join(f"{ord(char):04x}" for char in word) for word in words)


class Query:
    """One random rule in three languages: ours (YAML), FTS5's and tantivy's."""

    def __init__(self, yaml: str, fts: str, tantivy_: str) -> None:
        self.yaml = yaml
        self.fts = fts
        self.tantivy = tantivy_


def leaf(chance: random.Random, words: list[str], *, plain: bool = False) -> Query:
    kind = "word" if plain else chance.choice(["word", "phrase", "prefix"])
    if kind == "phrase" and len(words) > 1:
        both = [words.pop(), words.pop()]
        quoted = f'"{written_out(both)}"'
        return Query(f'"{" ".join(both)}"', quoted, quoted)
    word = words.pop()
    if kind == "prefix" and len(word) > 3 and word[:3].isalpha():
        start = word[:3]
        shown = written_out([start])
        return Query(f'"{start}*"', f"{shown} *", f"{shown}*")
    shown = written_out([word])
    return Query(f'"{word}"', shown, shown)


def window(chance: random.Random) -> Query:
    """Two single words: what both judges can say, in both orders."""
    words = chance.sample(FOLDS, 2)
    first, second = (leaf(chance, [word], plain=True) for word in words)
    within = chance.randint(0, 6)
    a, b = written_out(words[:1]), written_out(words[1:])
    return Query(
        f"{{near: {{within: {within}, all: [{first.yaml}, {second.yaml}]}}}}",
        f"NEAR({a} {b}, {within})",
        f'("{a} {b}"~{within} OR "{b} {a}"~{within})',
    )


def query(chance: random.Random, depth: int = 2) -> Query:
    kind = chance.choice(["leaf", "window", "all", "any", "not"] if depth else ["leaf", "window"])
    if kind == "leaf":
        return leaf(chance, chance.sample(FOLDS, 2))
    if kind == "window":
        return window(chance)
    left, right = query(chance, depth - 1), query(chance, depth - 1)
    if kind == "not":
        return Query(
            f"{{all: [{left.yaml}], none: [{right.yaml}]}}",
            f"(({left.fts}) NOT ({right.fts}))",
            f"(+({left.tantivy}) -({right.tantivy}))",
        )
    joined = "AND" if kind == "all" else "OR"
    return Query(
        f"{{{kind}: [{left.yaml}, {right.yaml}]}}",
        f"(({left.fts}) {joined} ({right.fts}))",
        f"(({left.tantivy}) {joined} ({right.tantivy}))",
    )


def fts_judge(texts: list[str]) -> Callable[[Query], set[int]]:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(body)")
    connection.executemany("INSERT INTO t (rowid, body) VALUES (?, ?)", list(enumerate(texts)))

    def answer(asked: Query) -> set[int]:
        rows = connection.execute("SELECT rowid FROM t WHERE t MATCH ?", (asked.fts,))
        return {row[0] for row in rows}

    return answer


def tantivy_judge(texts: list[str]) -> Callable[[Query], set[int]]:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", stored=False, tokenizer_name="whitespace")
    builder.add_integer_field("number", stored=True, indexed=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for number, body in enumerate(texts):
        writer.add_document(tantivy.Document(body=body, number=number))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def answer(asked: Query) -> set[int]:
        found = searcher.search(index.parse_query(_prefixes(asked.tantivy), ["body"]), len(texts))
        return {searcher.doc(address)["number"][0] for _, address in found.hits}

    return answer


def _prefixes(line: str) -> str:
    """tantivy's parser has prefixes in phrases only: one of a single word is "word"*."""
    return " ".join(_prefix(part) for part in line.split(" "))


def _prefix(part: str) -> str:
    if "*" not in part:
        return part
    core = part.strip("()+-")
    return part.replace(core, "(" + " OR ".join(_beginning(core[:-1])) + ")")


def _beginning(start: str) -> list[str]:
    return [shown for word in FOLDS if (shown := written_out([word])).startswith(start)] or [start]


def test_every_answer_is_that_of_both_judges() -> None:
    chance = random.Random(20260227)
    texts = [text(chance) for _ in range(500)]
    words = [written_out(cut(body).folds) for body in texts]
    queries = [query(chance) for _ in range(many(400, 20_000))]
    rules = [
        rule
        for start in range(0, len(queries), 500)
        for rule in loaded(
            "rules:\n"
            + "\n".join(
                f"- {{id: r{number}, match: {asked.yaml}}}"
                for number, asked in enumerate(queries[start : start + 500], start)
            )
        ).rules
    ]
    assert len(rules) == len(queries)
    book = RuleBook(rules)
    found: dict[str, set[int]] = {rule.id: set() for rule in rules}
    for number, body in enumerate(texts):
        for match in book.match(Article(str(number), "", "", body)):
            found[match.rule_id].add(number)
    judges = fts_judge(words), tantivy_judge(words)
    for rule, asked in zip(rules, queries, strict=True):
        for judge in judges:
            assert found[rule.id] == judge(asked), asked.yaml
    assert sum(map(bool, found.values())) > len(queries) / 2


def test_the_index_hides_no_rule_that_would_match() -> None:
    chance = random.Random(7)
    files = [f"id: r{number}\nmatch: {query(chance).yaml}" for number in range(many(200, 3_000))]
    rules = [rule for name in files for rule in loaded(name).rules]
    together = RuleBook(rules)
    for number in range(20):
        article = Article(str(number), "", "", text(chance))
        alone = [rule.id for rule in rules if RuleBook([rule]).match(article)]
        forced = [rule.id for rule in rules if _without_index(rule, article)]
        assert [match.rule_id for match in together.match(article)] == alone == forced


def _without_index(rule: Rule, article: Article) -> bool:
    return Evaluation(ArticleFields(article)).matches(rule.tree)


def test_most_rules_are_not_even_tried() -> None:
    files = [f"id: r{number}\nmatch: [rareword{number}, deal]" for number in range(500)]
    book = RuleBook([rule for name in files for rule in loaded(name).rules])
    tried = book.candidates(Article("1", "", "", "a deal with rareword7 and rareword9"))
    assert [rule.id for rule in tried] == ["r7", "r9"]
