"""An explanation as lines for people and as JSON for programs.

Layer 1, pure.
"""

from collections.abc import Iterator, Set

from monitor.rules.decisive import Path, decisive, last_word
from monitor.rules.explain import Branch, Explanation


def explanation_lines(found: Explanation, *, every: bool = False) -> list[str]:
    """The explanation as indented lines: PASS or FAIL, the branch, what was found.

    Branches of a list that say nothing (terms not found in an ``any`` that holds) are counted, not
    listed, unless ``every``. Where one branch alone keeps the rule silent, its line says so.
    """
    alone = last_word(found)
    lines = [f"{found.rule_id}: {'FIRES' if found.fires else 'SILENT'}"]
    if found.source:
        lines.append(f"  FAIL  source: {found.source}")
    lines += _lines(found.tree, 1, every, alone)
    for each in found.filters:
        lines += _lines(each, 1, every)
    return lines


def _lines(branch: Branch, depth: int, every: bool, alone: Path | None = None) -> Iterator[str]:
    """``alone``: the way from here to the branch that alone keeps the rule silent."""
    mark = "PASS" if branch.holds else "FAIL"
    told = f": {branch.detail}" if branch.detail else ""
    last = "  (this alone keeps it silent)" if alone == () else ""
    yield f"{'  ' * depth}{mark}  {branch.label}{told}{last}"
    shown = [
        (number, child) for number, child in enumerate(branch.children)
        if every or _worth_telling(branch, child)
    ]  # fmt: skip
    for number, child in shown:
        further = alone[1:] if alone and alone[0] == number else None
        yield from _lines(child, depth + 1, every, further)
    hidden = len(branch.children) - len(shown)
    if hidden:
        yield f"{'  ' * (depth + 1)}      {hidden} more not found"


def _worth_telling(parent: Branch, child: Branch) -> bool:
    """Terms that were not found in a list of alternatives say little one by one."""
    if child.key != "term" or parent.key not in ("any", "none"):
        return True
    return child.holds or child.detail != "not found"


def explanation_json(found: Explanation) -> dict[str, object]:
    """The explanation for programs."""
    return {
        "rule": found.rule_id, "fires": found.fires, "source": found.source,
        "misses": found.misses, "tree": _json(found.tree, decisive(found), ()),
        "filters": [_json(each, frozenset(), ()) for each in found.filters],
    }  # fmt: skip


def _json(branch: Branch, deciding: Set[Path], path: Path) -> dict[str, object]:
    return {
        "key": branch.key, "label": branch.label, "holds": branch.holds, "detail": branch.detail,
        "decides": path in deciding,
        "spans": [
            {"field": s.field, "start": s.start, "end": s.end, "term": s.term}
            for s in branch.spans
        ],
        "children": [
            _json(child, deciding, (*path, number)) for number, child in enumerate(branch.children)
        ],
    }  # fmt: skip
