"""Finds rule files and reads them, with the term lists they keep in text files.

Layer 3. What the rules mean is judged elsewhere (``monitor.rules.load``); here it is only files,
YAML, and ``entities: {name: {file: names.txt}}``.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monitor.config import yamlfile
from monitor.config.secrets import is_file_reference
from monitor.located import Items, Mapping, Node, Place, Problem, Text
from monitor.rules.limits import MOST_LISTED
from monitor.rules.load import SHARED_KEYS

_ENDINGS: Final = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class RuleSource:
    """One rule file. ``lists_only``: its name begins with ``_``, so it may hold no rules."""

    shown: str  # the path as messages name it
    stem: str  # the file's name without its ending: the id of a rule that has none
    node: Mapping
    lists_only: bool = False

    @property
    def shared(self) -> Mapping:
        """Its lists and filters only."""
        pairs = tuple(pair for pair in self.node.pairs if pair[0].value in SHARED_KEYS)
        return Mapping(pairs, self.node.place)


def find(folders_or_files: Sequence[Path]) -> tuple[Path, ...]:
    """The rule files below the folders, sorted, each once; a file that is named is taken as it is.

    Subfolders are included, except hidden and ``_``-prefixed ones; hidden files (an editor's swap
    file) are left out. A path that does not exist is returned, so that reading it says so.
    """
    found: set[Path] = set()
    for path in folders_or_files:
        if path.is_dir():
            found.update(_below(path))
        else:
            found.add(path)
    return tuple(sorted(found))


def read_rule_files(
    paths: Sequence[Path], shown_relative_to: Path
) -> tuple[tuple[RuleSource, ...], tuple[Problem, ...]]:
    """Every file that could be read, and every Problem, in the order of ``paths``.

    A file with a Problem is among the sources as far as its tree is known; it is the caller's
    choice to leave it out. Paths in messages are relative to ``shown_relative_to`` where they lie
    below it.
    """
    sources: list[RuleSource] = []
    problems: list[Problem] = []
    for path in paths:
        shown = _shown(path, shown_relative_to)
        node, told = yamlfile.read(path, shown)
        problems += told
        if node is None:
            if not told:
                message = "this file is empty. Write a rule into it, or delete it."
                problems.append(Problem(Place(shown, 1, 1), message, "warning", "empty-file"))
            continue
        if not isinstance(node, Mapping):
            message = (
                "a rule file holds keys with values: one rule with its match, or rules: [...]. "
                "Begin with a key."
            )
            problems.append(Problem(node.place, message))
            continue
        filled, more = _with_lists(node, path.parent, shown_relative_to)
        problems += more
        sources.append(RuleSource(shown, path.stem, filled, path.name.startswith("_")))
    return tuple(sources), tuple(problems)


def _below(root: Path) -> Iterator[Path]:
    """Rule files below ``root``. Links are followed, each real folder once (a loop ends)."""
    seen: set[str] = set()
    for folder, subfolders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            subfolders.clear()
            continue
        seen.add(real)
        subfolders[:] = sorted(name for name in subfolders if not name.startswith((".", "_")))
        for name in files:
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                yield Path(folder) / name


def _shown(path: Path, base: Path) -> str:
    absolute, root = Path(os.path.abspath(path)), Path(os.path.abspath(base))  # noqa: PTH100  # resolve() would follow links
    return str(absolute.relative_to(root)) if absolute.is_relative_to(root) else str(path)


def _with_lists(node: Mapping, folder: Path, base: Path) -> tuple[Mapping, list[Problem]]:
    """``node`` with each ``{file: …}`` below ``entities`` replaced by that file's lines."""
    entities = node.get("entities")
    if not isinstance(entities, Mapping):
        return node, []
    problems: list[Problem] = []
    lists: list[tuple[Text, Node]] = []
    for name, value in entities.pairs:
        if isinstance(value, Mapping) and is_file_reference(value):
            lines, told = _lines(value, folder, base)
            problems += told
            lists.append((name, lines))
        else:
            lists.append((name, value))
    replaced = Mapping(tuple(lists), entities.place)
    pairs = tuple((key, replaced if value is entities else value) for key, value in node.pairs)
    return Mapping(pairs, node.place), problems


def _lines(reference: Mapping, folder: Path, base: Path) -> tuple[Items, list[Problem]]:
    """One term a line; blank lines and lines that begin with ``#`` are left out.

    Each term's place is its line in the text file. A file that cannot be read is a Problem at the
    reference; one with wrong bytes, at those.
    """
    written = reference.pairs[0][1]
    name = written.value if isinstance(written, Text) else ""
    empty = Items((), written.place)
    if not name.strip():
        return empty, [Problem(written.place, "the name of the file is missing. Write it.")]
    path = folder / name
    shown = _shown(path, base)
    data, problem = yamlfile.read_bytes(path, shown)
    if data is None:
        reason = problem.message if problem else "it cannot be read."
        return empty, [Problem(written.place, f"the list {shown}: {reason}")]
    text, problem = yamlfile.decode(data, shown)
    if problem is not None:
        return empty, [problem]
    terms: list[Node] = []
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if len(lines) > MOST_LISTED + 1:  # the last line may end in a line break
        message = f"the list {shown}: more than {MOST_LISTED:,} lines. Split it into several lists."
        return empty, [Problem(written.place, message)]
    for at, line in enumerate(lines, start=1):
        term = line.strip()
        if term and not term.startswith("#"):
            column = len(line) - len(line.lstrip()) + 1
            terms.append(Text(term, Place(shown, at, column)))
    return Items(tuple(terms), written.place), []
