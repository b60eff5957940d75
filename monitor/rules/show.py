"""A rule's tree for people and for programs: what a rule stands for once lists are written out.

Layer 1, pure.
"""

from dataclasses import fields

from monitor.rules.conditions import SourceConditions
from monitor.rules.fields import DEFAULT_SCOPE
from monitor.rules.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    MinMentions,
    Node,
    NoneOf,
    Regex,
    SameUnit,
    Term,
    UnlessNear,
    Window,
)


def as_lines(node: Node, depth: int = 0) -> list[str]:
    """The tree as indented lines."""
    pad = "  " * depth
    match node:
        case Term(written=written, scope=scope):
            where = "" if scope == DEFAULT_SCOPE else f"   in {', '.join(scope)}"
            return [f"{pad}- {written}{where}"]
        case Regex(written=written, scope=scope):
            where = "" if scope == DEFAULT_SCOPE else f"   in {', '.join(scope)}"
            return [f"{pad}- pattern {written}{where}"]
        case AtLeast(count=count, children=children):
            return [f"{pad}at least {count} of", *_below(children, depth)]
        case AnyOf(children=children):
            return [f"{pad}any of", *_below(children, depth)]
        case AllOf(children=children):
            return [f"{pad}all of", *_below(children, depth)]
        case NoneOf(children=children):
            return [f"{pad}none of", *_below(children, depth)]
        case Window(kind=kind, within=within, children=children):
            order = ", in this order" if kind == "then" else ""
            return [f"{pad}within {within} words{order}", *_below(children, depth)]
        case SameUnit(unit=unit, children=children):
            return [f"{pad}in one {unit}", *_below(children, depth)]
        case UnlessNear(node=inner, within=within, exclusions=exclusions):
            lines = as_lines(inner, depth)
            return [
                *lines,
                f"{pad}  but not within {within} words of",
                *_below(exclusions, depth + 1),
            ]
        case MinMentions(node=inner, count=count):
            return [f"{pad}at least {count} mentions of", *as_lines(inner, depth + 1)]


def _below(children: tuple[Node, ...], depth: int) -> list[str]:
    return [line for child in children for line in as_lines(child, depth + 1)]


def as_json_tree(node: Node) -> object:
    """The tree in the shape of the rule language, lists written out."""
    match node:
        case Term(written=written, scope=scope):
            return written if scope == DEFAULT_SCOPE else {"any": [written], "in": list(scope)}
        case Regex(written=written, scope=scope):
            return {"regex": written, **({} if scope == DEFAULT_SCOPE else {"in": list(scope)})}
        case AtLeast(count=count, children=children):
            return {"at_least": count, "of": [as_json_tree(child) for child in children]}
        case AnyOf(children=children):
            return {"any": [as_json_tree(child) for child in children]}
        case AllOf(children=children):
            return {"all": [as_json_tree(child) for child in children]}
        case NoneOf(children=children):
            return {"none": [as_json_tree(child) for child in children]}
        case Window(kind=kind, within=within, children=children):
            return {kind: {"within": within, "all": [as_json_tree(child) for child in children]}}
        case SameUnit(unit=unit, children=children):
            return {"same": {"unit": unit, "all": [as_json_tree(child) for child in children]}}
        case UnlessNear(node=inner, within=within, exclusions=exclusions):
            near = {"within": within, "any": [as_json_tree(child) for child in exclusions]}
            return {**as_json_mapping(inner), "unless_near": near}
        case MinMentions(node=inner, count=count):
            return {**as_json_mapping(inner), "min_mentions": count}


def as_json_mapping(node: Node) -> dict[str, object]:
    """The tree as a mapping, so that more can stand beside its key."""
    shown = as_json_tree(node)
    return shown if isinstance(shown, dict) else {"any": [shown]}


def source_lines(asked: SourceConditions) -> list[str]:
    """What a rule asks of an article's source, a line each."""
    lines = [
        f"only {what}: {', '.join(values)}"
        for what, values in (
            ("in these languages", asked.languages),
            ("from these feeds", asked.feeds),
            ("from feeds tagged", asked.tags),
        )
        if values
    ]
    if asked.max_age is not None:
        lines.append(f"only articles published in the last {_hours(asked.max_age)}")
    if asked.min_words is not None:
        lines.append(f"only texts of at least {asked.min_words} words")
    return lines


def source_json(asked: SourceConditions) -> dict[str, object]:
    """The same for programs; ``max_age`` in seconds. What is not asked for is left out."""
    given = {each.name: getattr(asked, each.name) for each in fields(asked)}
    return {name: list(value) if isinstance(value, tuple) else value
            for name, value in given.items() if value not in ((), None)}  # fmt: skip


def _hours(seconds: float) -> str:
    hours = seconds / 3600
    return f"{hours:g} hours" if hours < 72 else f"{hours / 24:g} days"
