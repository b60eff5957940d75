"""Rules beside the live ones: they may use the live lists, and replace live files of that name.

Layer 5.
"""

from collections.abc import Container, Sequence
from pathlib import Path
from typing import Final

from monitor.config.rulefiles import RuleSource, find, read_rule_files
from monitor.errors import FilesError, UsageError
from monitor.located import Mapping, Node, Place, Problem, Text
from monitor.rules.load import Source, load
from monitor.rules.rule import Rule

QUERY: Final = "QUERY"  # what messages call the argument


def candidate_rules(
    paths: Sequence[Path], live: Sequence[Source]
) -> tuple[Sequence[Rule], tuple[Problem, ...]]:
    """The rules of files and folders, with the lists and filters of the live files around them.

    Raises:
        UsageError: a path does not exist.
    """
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError("\n".join(f"{path}: no such file or folder" for path in missing))
    sources, unreadable = read_rule_files(find(paths), Path.cwd())
    own = {source.shown for source in sources}
    lists = {name for source in sources for name in _list_names(source)}
    around = [_lists_of(each, lists) for each in live if each.shown not in own]
    loaded = load((*around, *sources))
    mine = tuple(problem for problem in loaded.problems if problem.place.path in own)
    return loaded.rules, (*unreadable, *mine)


def query_rule(query: str, live: Sequence[Source]) -> Rule:
    """A query in the rule language as a rule; ``@lists`` are those of the live files.

    Raises:
        FilesError: it cannot be understood; with the column and the mend.
    """
    place = Place(QUERY, 1, 1)
    match = Text(query, place)
    key = Text("match", place)
    asked = RuleSource(QUERY, "query", Mapping(((key, match),), place), lists_only=False)
    around = [_lists_of(each, (), filters=False) for each in live]
    loaded = load((*around, asked))
    mine = [
        problem for problem in loaded.problems
        if problem.place.path == QUERY and problem.severity == "error"
    ]  # fmt: skip
    if mine or not loaded.rules:
        raise FilesError(mine or loaded.problems)
    return loaded.rules[0]


def _lists_of(source: Source, taken: Container[str], *, filters: bool = True) -> RuleSource:
    """What of a live file others may use, without the lists that are ``taken``."""
    pairs: list[tuple[Text, Node]] = []
    for key, value in source.shared.pairs:
        if key.value == "entities" and isinstance(value, Mapping):
            kept = tuple(pair for pair in value.pairs if _name(pair[0]) not in taken)
            pairs.append((key, Mapping(kept, value.place)))
        elif key.value == "filters" and filters:
            pairs.append((key, value))
    return RuleSource(source.shown, source.stem, Mapping(tuple(pairs), source.shared.place), True)


def _list_names(source: Source) -> tuple[str, ...]:
    node = source.shared.get("entities")
    return tuple(_name(key) for key, _ in node.pairs) if isinstance(node, Mapping) else ()


def _name(key: Text) -> str:
    return key.value.removeprefix("@")
