"""All small changes that could silence false alarms: where an exclusion can stand, and of what.

Layer 1, pure. Nothing is judged here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from monitor.rules.draft.built import Example, Plain
from monitor.rules.draft.change import Add, Change, Path, Put, Replace, at

_MOST_SPOTS: Final = 8
_DISTANCES: Final = (0, 3, 8)
_NARROWER: Final = (50, 40, 30, 25, 20, 15, 12, 10, 8, 6, 5, 4, 3, 2, 1, 0)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for terms to exclude. ``kind``: unless_near, title or source; ``within`` of the
    first kind."""

    kind: str
    path: Path
    within: int = 0

    @property
    def price(self) -> float:
        """What an exclusion here costs, for one term."""
        if self.kind == "unless_near":
            return 1 + {0: 0.0, 3: 0.2}.get(self.within, 0.5) + 0.1 * (len(self.path) - 1)
        return 1.3 if self.kind == "title" else 2.0

    def change(self, rule: Plain, terms: Sequence[str]) -> Change:
        """The change that excludes the terms here."""
        if self.kind == "unless_near":
            return _unless_near(rule, self.path, self.within, list(terms))
        return _none(rule, {"in": self.kind, "any": list(terms)})


def spots(rule: Plain) -> list[Spot]:
    """Where terms can be excluded, the outermost first."""
    found = [Spot("title", ("match",)), Spot("source", ("match",))]
    for path in _positive(rule["match"], ("match",))[:_MOST_SPOTS]:
        value = at(rule, path)
        known = value.get("unless_near") if isinstance(value, dict) else None
        if known is None:
            found.extend(Spot("unless_near", path, within) for within in _DISTANCES)
        elif isinstance(known, dict) and str(known.get("within", "")).isdigit():
            found.append(Spot("unless_near", path, int(known["within"])))
    return found


def narrower(rule: Plain) -> Iterator[Change]:
    """Smaller distances for each window of the rule, the largest first."""
    for path in _positive(rule["match"], ("match",)):
        value = at(rule, path)
        for kind in ("near", "then"):
            window = value.get(kind) if isinstance(value, dict) else None
            if isinstance(window, dict) and str(window.get("within", "")).isdigit():
                old = int(window["within"])
                for within in _NARROWER:
                    if within < old:
                        yield Replace((*path, kind, "within"), str(within))


def languages(rule: Plain, yes: Sequence[Example], no: Sequence[Example]) -> Iterator[Change]:
    """A condition on the language, where all examples say theirs and the two sorts differ."""
    wanted = {example.article.language for example in yes}
    other = {example.article.language for example in no}
    if not wanted or None in wanted | other or not wanted.isdisjoint(other):
        return
    value = sorted(str(language) for language in wanted)
    source = rule.get("source")
    if source is None:
        yield Put((), "source", {"languages": value})
    elif isinstance(source, dict) and "languages" not in source:
        yield Put(("source",), "languages", value)


def _positive(value: Plain, path: Path) -> list[Path]:
    """The places of the tree that make it fire, by depth; single words of an any: are none."""
    found: list[Path] = []
    waiting: list[tuple[Plain, Path]] = [(value, path)]
    while waiting:
        here, where = waiting.pop(0)
        if isinstance(here, list):
            waiting.extend((child, (*where, n)) for n, child in enumerate(here))
            continue
        found.append(where)
        if not isinstance(here, dict):
            continue
        for key in ("all", "of", "any"):
            below = here.get(key)
            if isinstance(below, list):
                waiting.extend(
                    (child, (*where, key, n)) for n, child in enumerate(below)
                    if key != "any" or isinstance(child, dict)
                )  # fmt: skip
        for key in ("near", "then", "same"):
            below = here.get(key)
            if isinstance(below, dict) and isinstance(below.get("all"), list):
                waiting.append((below["all"], (*where, key, "all")))
    return found


def _unless_near(rule: Plain, path: Path, within: int, terms: list[str]) -> Change:
    value = at(rule, path)
    known = value.get("unless_near") if isinstance(value, dict) else None
    if known is None:
        return Put(path, "unless_near", {"within": str(within), "any": terms})
    listed = known.get("any")
    if isinstance(listed, list):
        return Add((*path, "unless_near", "any"), tuple(terms))
    return Replace((*path, "unless_near", "any"), [listed, *terms])


def _none(rule: Plain, excluded: Plain) -> Change:
    value = rule["match"]
    known = value.get("none") if isinstance(value, dict) else None
    if known is None:
        return Put(("match",), "none", excluded)
    if isinstance(known, list):
        return Add(("match", "none"), (excluded,))
    alike = isinstance(known, dict) and set(known) == {"in", "any"} and isinstance(
        known["any"], list
    )  # fmt: skip
    if alike and known["in"] == excluded["in"]:
        return Add(("match", "none", "any"), tuple(excluded["any"]))
    return Replace(("match", "none"), [known, excluded])
