"""Rules of files, from a cache where the files have not changed.

Layer 4. Reading a hundred thousand rules from YAML takes a minute, opening them from the cache a
second or two. The cache is one file in the data folder: per rule file its size, time of change and
hash, its text (compressed, so that its last good version outlives the file), its rules as lines of
JSON, and where the index files them. Only what changed is read anew.

Nothing in the cache is code, and nothing is trusted that does not carry the right hash; a cache
that is broken, or another version's, counts as none. Never a different answer: files with mistakes,
and files that name lists after any list changed, are read from YAML as if there were no cache.
"""

import gc
import json
import logging
import os
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Final

from monitor import __version__
from monitor.config import yamlfile
from monitor.config.rulefiles import read_rule_files
from monitor.located import Items, Problem
from monitor.located import Mapping as Located
from monitor.rulecachefile import Entry, KeptSource, Stamp, decode, encode, pack_located
from monitor.rules.book import looked_at
from monitor.rules.frequencies import SHIPPED
from monitor.rules.load import ListKey, Loaded, Source, load
from monitor.rules.needs import Known, filing_of
from monitor.rules.packed import (
    PackedFile,
    PackedRules,
    lists_named,
    open_tree,
    pack_filings,
    pack_rule,
)
from monitor.rules.rule import Rule

FORMAT: Final = 1
NAME: Final = "rules.cache"
Progress = Callable[[int, int], None]  # bytes of rule files read so far, and of all
NOTHING: Final[Mapping[str, Source]] = MappingProxyType({})

_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """What files held: sources, why some cannot be read, and the rules. ``reused``: files whose
    rules came from the cache."""

    sources: tuple[Source, ...]
    unreadable: tuple[Problem, ...]
    loaded: Loaded
    reused: int = 0


@dataclass(frozen=True, slots=True)
class _Shared:
    """A source of which only lists and filters are looked at: its rules are known."""

    shown: str
    stem: str
    node: Located
    lists_only: bool = True

    @property
    def shared(self) -> Located:
        """All there is of it."""
        return self.node


def header() -> str:
    """The cache's first line: another version's cache, or of other code, counts as none."""
    return f"news-monitor rules {FORMAT} {__version__} {_code()}"


@cache
def _code() -> str:
    """What tells this program's rule engine from another: sizes and times of its files."""
    here = Path(__file__).parent
    looks = [
        (str(path.relative_to(here)), found.st_size, found.st_mtime_ns)
        for path in sorted([*here.glob("rule*.py"), *here.glob("rules/*.py"),
                            *here.glob("text/*.py"), *here.glob("config/yaml*.py")])
        for found in [path.stat()]
    ]  # fmt: skip
    return sha256(json.dumps(looks).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class RuleCache:
    """The cache file at ``path``, and the frequencies by which rules are filed."""

    path: Path
    frequencies: Mapping[str, int] = field(default_factory=lambda: SHIPPED, repr=False)

    def read(
        self,
        files: Sequence[Path],
        shown_relative_to: Path,
        progress: Progress | None = None,
        instead: Mapping[str, Source] = NOTHING,
    ) -> Read:
        """The rules of ``files``, as ``read_rule_files`` and ``load`` would give them.

        ``instead``: what to take in place of files, by their shown path.
        The cache is brought up to date; that it cannot be written is told at debug only.
        """
        with no_collecting():
            known = self._entries()
            ask = _Asked(files, shown_relative_to, instead, progress)
            fresh = _reading(ask, known)
            made = _rules_of(fresh, self.frequencies)
            if made is None:  # a mistake somewhere: all files together say which
                fresh = _reading(ask, {})
                made = _rules_of(fresh, self.frequencies)
                assert made is not None  # it is None only where rules were reused
            read, entries = made
            if [(e.stamp, e.lists, e.filed) for e in known.values()] != [
                (e.stamp, e.lists, e.filed) for e in entries.values()
            ]:
                self._write(entries)
        return read

    def _entries(self) -> dict[str, Entry]:
        """What the cache holds by the shown path, or nothing."""
        try:
            data = self.path.read_bytes()
            return decode(data, header())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, IndexError, zlib.error) as error:
            _log.debug("the rule cache is not used: %s", error or type(error).__name__)
            return {}

    def _write(self, entries: Mapping[str, Entry]) -> None:
        data = encode(entries, header())
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123  # a descriptor, for its mode
                file.write(data)
            part.replace(self.path)
        except OSError as error:
            _log.debug("the rule cache cannot be written: %s", error)
            with suppress(OSError):
                part.unlink()


def _table_digest(frequencies: Mapping[str, int]) -> str:
    return sha256(json.dumps(sorted(frequencies.items())).encode()).hexdigest()[:16]


@contextmanager
def no_collecting() -> Iterator[None]:
    """No garbage collection: millions of objects are made, none is garbage, and looking doubles
    the time."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@dataclass(frozen=True, slots=True)
class _Reading:
    """Each file either as an entry of the cache or as read now, in the order of the files."""

    files: tuple[Entry | Source, ...]
    problems: tuple[Problem, ...]
    stamps: Mapping[str, tuple[Stamp, bytes]]  # of files read now
    lists: str  # the hash of all lists


@dataclass(frozen=True, slots=True)
class _Asked:
    files: Sequence[Path]
    base: Path
    instead: Mapping[str, Source]
    progress: Progress | None


def _reading(ask: _Asked, known: Mapping[str, Entry]) -> _Reading:
    """Take known files from the cache and read the others."""
    found: list[Entry | Source] = []
    problems: list[Problem] = []
    stamps: dict[str, tuple[Stamp, bytes]] = {}
    by_path = {entry.source.shown: entry for entry in known.values()}
    sizes = [_size(path) for path in ask.files]
    done, total = 0, sum(sizes)
    for path, size in zip(ask.files, sizes, strict=True):
        shown = _shown(path, ask.base)
        if shown in ask.instead:
            found.append(ask.instead[shown])
            continue
        entry, data, stamp = _compare(path, by_path.get(shown))
        if entry is not None:
            found.append(entry)
        else:
            sources, told = read_rule_files([path], ask.base)
            problems += told
            found += sources
            if data is not None and stamp is not None and sources and not told:
                stamps[shown] = (stamp, data)
        done += size
        if ask.progress is not None:
            ask.progress(done, total)
    lists = _lists_digest(found)
    unsure = {
        each.source.shown
        for each in found
        if isinstance(each, Entry) and each.lists not in ("", lists)
    }
    if unsure:  # a list changed: what a rule that names one means may have changed too
        rest = {shown: entry for shown, entry in known.items() if shown not in unsure}
        return _reading(replace(ask, progress=None), rest)
    return _Reading(tuple(found), tuple(problems), stamps, lists)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return 0


def _shown(path: Path, base: Path) -> str:
    absolute, root = Path(os.path.abspath(path)), Path(os.path.abspath(base))  # noqa: PTH100  # resolve() would follow links
    return str(absolute.relative_to(root)) if absolute.is_relative_to(root) else str(path)


def _compare(path: Path, entry: Entry | None) -> tuple[Entry | None, bytes | None, Stamp | None]:
    """The entry if the file is as it was; else its content and stamp, as far as it can be read."""
    now = time.time_ns()
    try:
        found = path.stat()
        if entry is not None and entry.stamp.vouches(found):
            return entry, None, None
        if found.st_size > yamlfile.MAX_BYTES:
            return None, None, None
        data = path.read_bytes()
    except (OSError, ValueError):
        return None, None, None
    digest = sha256(data).hexdigest()
    stamp = Stamp(found.st_size, found.st_mtime_ns, now, digest)
    if entry is not None and entry.stamp.digest == digest:
        return replace(entry, stamp=stamp), data, stamp
    return None, data, stamp


def _lists_digest(files: Sequence[Entry | Source]) -> str:
    """Of all lists of all files, in their order."""
    lists = []
    for each in files:
        shared = each.source.shared if isinstance(each, Entry) else each.shared
        entities = shared.get("entities")
        if entities is not None:
            lists.append(pack_located(entities))
    return sha256(json.dumps(lists).encode()).hexdigest()


def _rules_of(
    reading: _Reading, frequencies: Mapping[str, int]
) -> tuple[Read, dict[str, Entry]] | None:
    """The rules of all files; None where reused ones cannot be combined with the others.

    That is: an id of theirs stands in a file read now, too, or a list that they name has a mistake.
    """
    reused = [each for each in reading.files if isinstance(each, Entry)]
    wanted = {
        key
        for entry in reused
        if entry.lists
        for line in entry.rules.lines
        if b'["@"' in line
        for key in lists_named(line)
    }
    sources: list[Source] = [
        _Shared(each.source.shown, each.source.stem, each.source.shared)
        if isinstance(each, Entry)
        else each
        for each in reading.files
    ]
    loaded = load([s for s in sources if not isinstance(s, _Shared) or s.node.pairs], wanted)
    if not wanted <= loaded.lists.keys():
        return None
    keys = {id(node): key for key, node in loaded.lists.items()}
    packed = _pack_files(reading, loaded, keys, frequencies)
    if any(not loaded.taken.isdisjoint(entry.rules.ids) for entry in reused):
        return None
    rules = PackedRules(packed, loaded.lists, loaded.filters)
    kept = _kept_problems(reading, loaded)
    entries = _new_entries(reading, loaded, packed, _table_digest(frequencies))
    final = tuple(
        each.source if isinstance(each, Entry)
        else entries[each.shown].source if each.shown in entries
        else each
        for each in reading.files
    )  # fmt: skip
    all_loaded = Loaded(rules, kept, loaded.filters, loaded.lists)
    return Read(final, reading.problems, all_loaded, len(reused)), entries


def _pack_files(
    reading: _Reading,
    loaded: Loaded,
    keys: Mapping[int, ListKey],
    frequencies: Mapping[str, int],
) -> list[PackedFile]:
    fresh: dict[str, list[Rule]] = {}
    for rule in loaded.rules:
        fresh.setdefault(rule.place.path, []).append(rule)
    known: Known = {}
    filed = _table_digest(frequencies)
    packed: list[PackedFile] = []
    for each in reading.files:
        if not isinstance(each, Entry):
            rules = fresh.get(each.shown, [])
            packed.append(_pack_file(each.shown, rules, keys, frequencies, known))
        elif each.filed == filed:
            packed.append(each.rules)
        else:
            trees = (open_tree(line, loaded.lists) for line in each.rules.lines)
            filings = pack_filings([filing_of(tree, frequencies, known) for tree in trees])
            packed.append(replace(each.rules, filings=filings))
    return packed


def _pack_file(
    shown: str,
    rules: Sequence[Rule],
    keys: Mapping[int, ListKey],
    frequencies: Mapping[str, int],
    known: Known,
) -> PackedFile:
    return PackedFile(
        shown,
        tuple(rule.id for rule in rules),
        tuple(pack_rule(rule, keys) for rule in rules),
        pack_filings([filing_of(rule.match, frequencies, known) for rule in rules]),
        looked_at([rule.match for rule in rules]),
        {at: rule.labels for at, rule in enumerate(rules) if rule.labels},
    )


def _kept_problems(reading: _Reading, loaded: Loaded) -> tuple[Problem, ...]:
    """The problems of this loading and the warnings of reused files, in the order of the files."""
    warned = [w for each in reading.files if isinstance(each, Entry) for w in each.warnings]
    order = {
        (each.source.shown if isinstance(each, Entry) else each.shown): at
        for at, each in enumerate(reading.files)
    }
    return tuple(
        sorted(
            dict.fromkeys([*loaded.problems, *warned]),
            key=lambda problem: (order.get(problem.place.path, len(order)), problem.place),
        )
    )


def _new_entries(
    reading: _Reading, loaded: Loaded, packed: Sequence[PackedFile], filed: str
) -> dict[str, Entry]:
    """What to keep: the reused files, and those read now that are without a mistake."""
    warned: dict[str, list[Problem]] = {}
    wrong = {problem.place.path for problem in loaded.problems if problem.severity == "error"}
    for problem in loaded.problems:
        warned.setdefault(problem.place.path, []).append(problem)
    entries: dict[str, Entry] = {}
    for each, rules in zip(reading.files, packed, strict=True):
        if isinstance(each, Entry):
            entries[each.source.shown] = replace(each, rules=rules, filed=filed)
        elif (each.shown in reading.stamps and each.shown not in wrong
              and not _draws_on_others(each)):  # fmt: skip
            stamp, data = reading.stamps[each.shown]
            text = zlib.compress(data, 1)
            source = KeptSource(
                each.shown, each.stem, each.lists_only, stamp.digest, text, each.shared
            )
            lists = reading.lists if b"@" in data else ""
            told = tuple(warned.get(each.shown, ()))
            entries[each.shown] = Entry(stamp, source, lists, told, rules, filed)
    return entries


def _draws_on_others(source: Source) -> bool:
    """Whether a list of the file stands in a text file, which may change by itself."""
    entities = source.shared.get("entities")
    return isinstance(entities, Located) and any(
        isinstance(value, Items) and any(item.place.path != source.shown for item in value.items)
        for _, value in entities.pairs
    )
