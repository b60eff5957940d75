"""Reads the tables of this folder: chapters of clauses, each with its cases.

A case looks like a rule file with an article and an outcome beside it; docs/rules-conformance.md
explains the keys. Values are read by the program's own YAML reader, so that ``no`` is a word here
as it is in a rule.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from monitor.config.yamlfile import parse
from monitor.located import Items, Mapping, Node, Text, plain
from monitor.model import Article, Quality
from monitor.rules.load import FILE_KEYS, RULE_KEYS
from tests.conformance import marked

FOLDER = Path(__file__).parent
FIELDS = ("title", "text", "text_as_lead", "lead", "summary", "url", "source", "author")
_SHOWN = {"text": "body", "text_as_lead": "lead"}  # how evidence names the keys of an article
OUTCOMES = (
    "finds", "misses", "holds", "refused", "warned", "not_warned", "tests_say", "live", "fires",
    "is", "told",
)  # fmt: skip
DETAILS = (
    "says", "language", "rule", "files", "article", "also_written", "why", "snippets", "terms",
    "places", "kept_back", "feed", "now", "today", "page", "differs",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """An article and the places to be found in it, as (field, start, end) in the engine's order."""

    article: Article
    places: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True)
class Case:
    """One sentence with its rule and its outcomes. ``node`` is the rule file that it stands for."""

    chapter: str
    clause: str
    says: str
    language: str
    place: str
    node: Mapping | None  # None where the rule is given as text or files
    values: dict[str, Any] = field(repr=False)
    examples: dict[str, tuple[Example, ...]] = field(repr=False, default_factory=dict)
    also_written: tuple[Node, ...] = ()

    def texts(self, key: str) -> list[str]:
        """The texts of a key; a single one counts as a list of one, an absent key as none."""
        value = self.values.get(key, [])
        return [value] if isinstance(value, str) else list(value)


@cache
def cases() -> tuple[Case, ...]:
    """Every case of every table, in the order of the files."""
    return tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in _chapter(path))


def _chapter(path: Path) -> list[Case]:
    node, problems = parse(path.read_bytes(), path.name)
    assert not [each for each in problems if each.severity == "error"], problems
    assert isinstance(node, Mapping)
    chapter, clauses = node.get("chapter"), node.get("clauses")
    assert isinstance(chapter, Text), path
    assert isinstance(clauses, Items), path
    found: list[Case] = []
    for clause in clauses:
        assert isinstance(clause, Mapping), path
        said, listed = clause.get("clause"), clause.get("cases")
        assert isinstance(said, Text), clause.place
        assert isinstance(listed, Items), clause.place
        found += [_case(chapter.value, said.value, each) for each in listed]
    return found


def _case(chapter: str, clause: str, node: Node) -> Case:
    assert isinstance(node, Mapping), node.place
    unknown = set(node.keys()) - {*RULE_KEYS, *FILE_KEYS, *OUTCOMES, *DETAILS}
    assert not unknown, f"{node.place}: unknown keys {unknown}"
    assert set(node.keys()) & set(OUTCOMES), f"{node.place}: what shall come out?"
    rule = tuple(pair for pair in node.pairs if pair[0].value in (*RULE_KEYS, *FILE_KEYS))
    values = {
        key.value: plain(value)
        for key, value in node.pairs
        if key.value in (*OUTCOMES, *DETAILS)
    }  # fmt: skip
    language = values.get("language")
    assert isinstance(language, str), f"{node.place}: language: is missing"
    also = node.get("also_written")
    return Case(
        chapter, clause, str(values["says"]), language, str(node.place),
        Mapping(rule, node.place) if rule else None, values,
        {
            key: tuple(_example(each, language) for each in _listed(values.get(key)))
            for key in ("finds", "misses", "holds", "article")
        },
        () if also is None else also.items if isinstance(also, Items) else (also,),
    )  # fmt: skip


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _example(written: Any, language: str) -> Example:
    given = {"text": written} if isinstance(written, str) else dict(written)
    texts: dict[str, Any] = {}
    places: list[tuple[str, int, int]] = []
    for name in FIELDS:
        if name in given:
            texts[name], found = marked.read(given.pop(name))
            places += [(_SHOWN.get(name, name), low, high) for low, high in found]
    if "text_as_lead" in texts:
        texts["text"] = texts.pop("text_as_lead")
    own = given.pop("language", language)
    published = given.pop("published", None)
    article = Article(
        id="article", url=texts.pop("url", ""), title=texts.pop("title", ""),
        text=texts.pop("text", ""), **texts,
        language=None if own == "unknown" else own,
        published=None if published is None else moment(published),
        tags=tuple(given.pop("tags", ())),
        quality=Quality(given.pop("quality", "ok")),
    )  # fmt: skip
    assert not given, f"unknown keys of an article: {list(given)}"
    places.sort(key=lambda each: (each[0] != "title", *each))
    return Example(article, tuple(places))


def moment(text: str) -> datetime:
    """A time of the tables, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def day(text: str) -> date:
    """A day of the tables."""
    return date.fromisoformat(text)
