"""News Monitor and the peers that answer the same rules, each as one would use it.

All read an article's words as News Monitor cuts them, and the cutting is part of every figure:
engines that disagree about what a word is cannot be compared. A peer gives the numbers of the rules
that match; News Monitor gives the words, their places and snippets besides.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Protocol

from benchmarks.match_filed import BETWEEN, Document, Filed, Numbered, literal
from benchmarks.match_rules import Asked, Window, number_of
from monitor.model import Article
from monitor.rulecache import RuleCache
from monitor.rules.book import RuleBook

CACHE: Final = "rules.cache"


class Engine(Protocol):
    """Rules that are ready."""

    def match(self, article: Article) -> list[int]:
        """The numbers of the rules that match, in any order."""


class NewsMonitor:
    """The program's own way: rules from the cache where there is one, else from YAML.

    ``folder`` holds the rule files (``*.yaml``) and gets the cache. ``table``: what the program
    would have learned of the frequencies of words.
    """

    def __init__(self, folder: Path, table: Mapping[str, int]) -> None:
        files, cache = sorted(folder.glob("*.yaml")), folder / CACHE
        kept = cache.exists()
        read = RuleCache(cache, table).read(files, folder)
        if read.unreadable or read.loaded.problems:
            raise RuntimeError(str((*read.unreadable, *read.loaded.problems)[0]))
        if kept and read.reused < len(files):
            raise RuntimeError("the cache was not used: did the program change meanwhile?")
        self._book = RuleBook(read.loaded.rules)

    def match(self, article: Article) -> list[int]:
        return [number_of(found.rule_id) for found in self._book.match(article)]


class PythonRe:
    """``re``: a compiled pattern per term and per window, rule after rule."""

    def __init__(self, rules: Numbered, rarity: Mapping[str, int]) -> None:  # noqa: ARG002  # one call for all
        known: dict[str, re.Pattern[str]] = {}

        def patterns(terms: Sequence[str]) -> list[re.Pattern[str]]:
            for term in terms:
                if term not in known:
                    known[term] = re.compile(re.escape(literal(term)))
            return [known[term] for term in terms]

        self._rules = []
        for number, asked in rules:
            count, some = asked.at_least or (0, ())
            needed = [patterns(group) for group in asked.groups]
            if asked.window is not None:
                needed.append([re.compile(_window_pattern(asked.window))])
            self._rules.append((number, needed, count, patterns(some), patterns(asked.none)))

    def match(self, article: Article) -> list[int]:
        text = Document(article).text
        return [
            number
            for number, needed, count, some, none in self._rules
            if all(any(each.search(text) for each in group) for group in needed)
            and (not count or sum(each.search(text) is not None for each in some) >= count)
            and not any(each.search(text) for each in none)
        ]


def _window_pattern(window: Window) -> str:
    first, second = (
        "(?:" + "|".join(re.escape(term) for term in side) + ")"
        for side in (window.first, window.second)
    )
    gap = f"(?: [^ {re.escape(BETWEEN)}]+){{0,{window.within}}}? "
    return f" (?:{first}{gap}{second}|{second}{gap}{first}) "


class AhoCorasick:
    """ahocorasick-rs: all terms in one automaton, then the rules that these leave (``Filed``)."""

    def __init__(self, rules: Numbered, rarity: Mapping[str, int]) -> None:
        library: Any = import_module("ahocorasick_rs")
        self._filed = Filed(rules, rarity)
        literals = [literal(term) for term in self._filed.terms]
        self._automaton: Any = library.AhoCorasick(literals, store_patterns=False)

    def match(self, article: Article) -> list[int]:
        document = Document(article)
        found = self._automaton.find_matches_as_indexes(document.text, overlapping=True)
        return self._filed.matching({each[0] for each in found}, document)


class Hyperscan:
    """hyperscan: all terms as one database of literals, then the rules that these leave."""

    def __init__(self, rules: Numbered, rarity: Mapping[str, int]) -> None:
        library: Any = import_module("hyperscan")
        self._filed = Filed(rules, rarity)
        literals = [literal(term).encode() for term in self._filed.terms]
        self._database: Any = library.Database(mode=library.HS_MODE_BLOCK)
        self._database.compile(
            expressions=literals,
            ids=list(range(len(literals))),
            elements=len(literals),
            literal=True,
            flags=[library.HS_FLAG_SINGLEMATCH] * len(literals),
        )

    def match(self, article: Article) -> list[int]:
        document = Document(article)
        found: set[int] = set()

        def take(term: int, start: int, end: int, flags: int, context: object) -> None:  # noqa: ARG001  # the library's signature
            found.add(term)

        self._database.scan(document.text.encode(), match_event_handler=take)
        return self._filed.matching(found, document)


class Tantivy:
    """tantivy: a search index in memory for each article, and every rule a query on it.

    It has windows of single words only, so windows are judged by ``Document.near`` behind it.
    """

    def __init__(self, rules: Numbered, rarity: Mapping[str, int]) -> None:  # noqa: ARG002  # one call for all
        self._library: Any = import_module("tantivy")
        builder = self._library.SchemaBuilder()
        builder.add_text_field(
            "words", stored=False, tokenizer_name="whitespace", index_option="position"
        )
        self._schema = builder.build()
        self._beginnings: dict[str, Any] = {}  # an automaton each, and large
        self._queries = [(n, self._query(asked), asked.window) for n, asked in rules]

    def _query(self, asked: Asked) -> Any:
        query, occur = self._library.Query, self._library.Occur
        sides = () if asked.window is None else (asked.window.first, asked.window.second)
        parts = [(occur.Must, self._any(group)) for group in (*asked.groups, *sides)]
        if asked.at_least is not None:
            count, terms = asked.at_least
            some = [(occur.Should, self._term(term)) for term in terms]
            parts.append((occur.Must, query.boolean_query(some, count)))
        parts += [(occur.MustNot, self._term(term)) for term in asked.none]
        return query.boolean_query(parts)

    def _any(self, terms: Sequence[str]) -> Any:
        if len(terms) == 1:
            return self._term(terms[0])
        should = self._library.Occur.Should
        return self._library.Query.boolean_query([(should, self._term(term)) for term in terms])

    def _term(self, term: str) -> Any:
        query, words = self._library.Query, term.split()
        if term.endswith("*"):
            if term not in self._beginnings:
                pattern = f"{re.escape(term[:-1])}.*"
                self._beginnings[term] = query.regex_query(self._schema, "words", pattern)
            return self._beginnings[term]
        if len(words) == 1:
            return query.term_query(self._schema, "words", term, "basic")
        return query.phrase_query(self._schema, "words", words)

    def match(self, article: Article) -> list[int]:
        document = Document(article)
        index = self._library.Index(self._schema)
        writer = index.writer(_TANTIVY_BYTES, 1)
        writer.add_document(self._library.Document(words=[" ".join(document.words)]))
        writer.commit()
        index.reload()
        search = index.searcher().search
        return [
            number
            for number, query, window in self._queries
            if search(query, 1, count=False).hits and (window is None or document.near(window))
        ]


_TANTIVY_BYTES: Final = 15_000_000  # the least that it takes for one thread

Make = Callable[[Numbered, Mapping[str, int]], Engine]
PEERS: Final[Mapping[str, Make]] = {
    "re": PythonRe,
    "ahocorasick-rs": AhoCorasick,
    "hyperscan": Hyperscan,
    "tantivy": Tantivy,
}
CANNOT: Final[Mapping[str, str]] = {
    "re": "stems, masks, sentences, counting",
    "ahocorasick-rs": "more than words, phrases, beginnings; the rest is Python behind it",
    "hyperscan": "more than words, phrases, beginnings; the rest is Python behind it",
    "tantivy": "windows of phrases or groups (Python behind it), masks, sentences, counting",
}
