"""Which branch alone decides a rule on an article: change its answer, and the rule's changes.

Layer 1, pure. Worked out from the answers of an explanation. Every branch that is named does
decide. Below a window that fails none is named: whether its words would then stand close enough is
not for answers to say.
"""

from collections.abc import Iterator

from monitor.rules.explain import Branch, Explanation

Path = tuple[int, ...]  # from the tree's root: the number of each child on the way


def decisive(found: Explanation) -> frozenset[Path]:
    """The paths of all branches of the rule's own tree that alone decide its answer.

    None where the article's source or a filter keeps the rule silent whatever its tree says.
    """
    if found.source is not None or not all(each.holds for each in found.filters):
        return frozenset()
    return frozenset(_deciding(found.tree, ()))


def last_word(found: Explanation) -> Path | None:
    """Of a rule that is silent by one branch only: that branch, as far down as it can be said.

    None where the rule fires, and where several branches would have to change.
    """
    if found.fires:
        return None
    deciding = decisive(found)
    path: Path = ()
    branch = found.tree
    while True:
        below = [n for n in range(len(branch.children)) if (*path, n) in deciding]
        if len(below) != 1:
            return path or None
        path = (*path, below[0])
        branch = branch.children[below[0]]


def _deciding(branch: Branch, path: Path) -> Iterator[Path]:
    yield path
    for number, child in enumerate(branch.children):
        if _flips(branch, number):
            yield from _deciding(child, (*path, number))


def _flips(branch: Branch, number: int) -> bool:
    """Whether another answer of this child alone gives the branch another answer."""
    child = branch.children[number]
    held = sum(each.holds for each in branch.children)
    alone = (held == 1 and child.holds) or (held == len(branch.children) - 1 and not child.holds)
    match branch.key:
        case "all":
            return branch.holds or (alone and not child.holds)
        case "any":
            return not branch.holds or (alone and child.holds)
        case "none":
            return branch.holds or (alone and child.holds)
        case "at_least":
            needed = held if branch.holds else held + 1
            return child.holds == branch.holds and needed == branch.needed
        case "near" | "then" | "same":
            return branch.holds
        case "unless_near" | "min_mentions":
            return branch.holds and number == 0
        case _:
            return False
