"""Rules and articles for the comparison with peers: rules as people write them, the same every run.

An article is made-up text of some 600 words among which stands the news of a few firms. A rule asks
for a firm's names beside topics: groups of alternatives, phrases, words near each other, a number
of several, beginnings of words, exclusions. The first rules are about firms that are in the news,
so many in number whatever the size; all others wait for firms that never come, as most rules do on
most days. So more rules bring no more hits. Every function depends on its arguments only.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, islice
from typing import Final

from benchmarks.made_up import article, lexicon, take
from monitor.model import Article

IN_THE_NEWS: Final = 400  # rules about firms that the articles are about
_FIRMS: Final = 160  # that the articles are about
_STARTS: Final = "alv erk ild ox ulm ang ibr orz elt umb".split()  # of their names only
_SYLLABLES: Final = (
    "bra cle dri fro gla ker lum mon nex ost pry quo rin sal tev urb vex wyn yor zel".split()
)
_SECOND: Final = "group holdings bank partners energy systems".split()
_TOPICS: Final = (
    # words of which the program's own table knows how frequent they are, and words that it does not
    "deal business market court law sales growth industry economy trade election health software "
    "data shares price statement technology financial political party government companies bank "
    "merger antitrust takeover stake probe fine lawsuit regulator acquisition investment funding "
    "bid contract supply factory workers strike layoffs profit revenue debt bond rating default "
    "bankruptcy recall breach hackers sanctions tariff export licence patent ruling appeal "
    "settlement chairman resignation dividend buyback pipeline battery chip reactor grid drilling "
    "vaccine trial approval safety crash outage"
).split()
_BEGINNINGS: Final = (
    "acqui invest regulat sanction bankrupt settle resign approv merg licen".split()
)
_BEYOND: Final = 0.03  # share of rules that ask for what no peer has words for


@dataclass(frozen=True, slots=True)
class Window:
    """One of ``first`` and one of ``second``, in any order, at most ``within`` words between."""

    within: int
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """One rule before it is put into anybody's language; all its conditions must hold.

    A term is words in a row; ``word*`` is the beginning of a word. ``beyond``: one more condition
    in YAML that no peer can express, and its name.
    """

    groups: tuple[tuple[str, ...], ...] = ()  # of each, one term at least
    window: Window | None = None
    at_least: tuple[int, tuple[str, ...]] | None = None
    none: tuple[str, ...] = ()
    beyond: tuple[str, str] | None = None

    def yaml(self, number: int) -> str:
        """The rule in a rule file, in a list of ``rules:``."""
        lines = [f"  - id: made-up-{number}", "    match:", "      all:"]
        lines += [f"        - any: {_flow(group)}" for group in self.groups]
        if self.window is not None:
            sides = ", ".join(
                f"{{any: {_flow(side)}}}" for side in (self.window.first, self.window.second)
            )
            lines.append(f"        - near: {{within: {self.window.within}, all: [{sides}]}}")
        if self.at_least is not None:
            lines.append(
                f"        - {{at_least: {self.at_least[0]}, of: {_flow(self.at_least[1])}}}"
            )
        if self.beyond is not None:
            lines.append(f"        - {self.beyond[1]}")
        if self.none:
            lines.append(f"      none: {_flow(self.none)}")
        return "\n".join(lines)


def _flow(terms: Sequence[str]) -> str:
    return json.dumps(list(terms))


def number_of(rule_id: str) -> int:
    """The number of a rule by its id in the rule file."""
    return int(rule_id.rpartition("-")[2])


def rules(count: int, in_the_news: int = IN_THE_NEWS) -> Iterator[Asked]:
    """``count`` rules; a longer list begins with the shorter one."""
    known = random.Random(23)
    for number in range(min(count, in_the_news)):
        about = number % _FIRMS
        others = [firms()[at] for at in known.sample(range(_FIRMS // 4), 3)]
        yield _rule(known, firms()[about], others)
    absent = random.Random(29)
    for _ in range(count - in_the_news):
        if absent.random() < 0.02:
            yield _without_names(absent)
        else:
            yield _rule(absent, _firm(absent), [_firm(absent) for _ in range(3)])


def rule_files(count: int, in_the_news: int = IN_THE_NEWS, per_file: int = 10_000) -> Iterator[str]:
    """The same rules as YAML, so many in each file."""
    numbered = enumerate(rules(count, in_the_news))
    while part := list(islice(numbered, per_file)):
        yield "rules:\n" + "\n".join(rule.yaml(number) for number, rule in part) + "\n"


@cache
def firms() -> tuple[tuple[str, ...], ...]:
    """The names of each firm in the news; the first are in the news most often."""
    chance = random.Random(31)
    return tuple(_firm(chance, _STARTS) for _ in range(_FIRMS))


def _firm(chance: random.Random, starts: Sequence[str] = _SYLLABLES) -> tuple[str, ...]:
    """The names of one firm: the short one, and perhaps a long one and the name of a product."""
    name = _coined(chance, starts)
    kind = chance.random()
    if kind < 0.4:
        return (name,)
    long = f"{name} {chance.choice(_SECOND)}"
    return (
        (long,) if kind < 0.5 else (name, long) if kind < 0.8 else (name, _coined(chance, starts))
    )


def _coined(chance: random.Random, starts: Sequence[str]) -> str:
    middle = "".join(chance.choices(_SYLLABLES, k=chance.randint(1, 3)))
    return chance.choice(starts) + middle + chance.choice("aeiou")


def _rule(chance: random.Random, names: tuple[str, ...], others: list[tuple[str, ...]]) -> Asked:
    """One rule about a firm."""
    topics = tuple(chance.sample(_TOPICS, chance.randint(2, 6)))
    kind = chance.choices(
        ("topic", "near", "two", "some", "phrase", "start"), (31, 26, 10, 10, 15, 8)
    )
    match kind[0]:
        case "topic":
            rule = Asked(groups=(names, topics))
        case "near":
            rule = Asked(window=Window(chance.choice((5, 10, 20, 30)), names, topics))
        case "two":
            rule = Asked(groups=(names, tuple(dict.fromkeys(sum(others, ())))))
        case "some":
            of = tuple(dict.fromkeys([names[0], *(each[0] for each in others), *topics[:1]]))
            rule = Asked(at_least=(2, of))
        case "phrase":
            topic = chance.choice(_TOPICS)
            said = (f"{names[0]} {topic}", f"{topic} {names[0]}", f"{topic} of {names[0]}")
            rule = Asked(groups=(said,))
        case _:
            starts = [f"{start}*" for start in chance.sample(_BEGINNINGS, 2)]
            rule = Asked(groups=(names, (*starts, *topics[:2])))
    if chance.random() < 0.4:
        rule = replace(rule, none=_exclusion(chance))
    return replace(rule, beyond=_beyond(chance, names)) if chance.random() < _BEYOND else rule


def _exclusion(chance: random.Random) -> tuple[str, ...]:
    words = lexicon()[0]
    if chance.random() < 0.5:
        return tuple(dict.fromkeys(chance.choice(words[500:8000]) for _ in range(2)))
    return (f"{chance.choice(_TOPICS)} {chance.choice(_TOPICS)}", _coined(chance, _SYLLABLES))


def _without_names(chance: random.Random) -> Asked:
    """A rule of words that stand in many articles, but seldom as it wants them."""
    words = [chance.choice(lexicon()[0][400:3000]) for _ in range(5)]
    return Asked(
        groups=((f"{words[0]} {words[1]}", f"{words[1]} {words[2]}"),),
        window=Window(5, (words[3],), (words[4],)),
    )


def _beyond(chance: random.Random, names: tuple[str, ...]) -> tuple[str, str]:
    listed, topic = _flow(names), chance.choice(_TOPICS)
    return chance.choice((
        ("stems", f'"~{topic}"'),
        ("masks", f"{{any: {listed}, unless_near: {{within: 0, any: [{topic}]}}}}"),
        ("counting", f"{{any: {listed}, min_mentions: 2}}"),
        ("sentences", f"{{same: {{unit: sentence, all: [{{any: {listed}}}, {topic}]}}}}"),
        ("capitals", f'{{any: ["={names[0].capitalize()}"]}}'),
    ))  # fmt: skip


def report(number: int, words: int = 600) -> Article:
    """An article of about ``words`` words, a fifth of them news about a few firms."""
    chance = random.Random(f"report {number}")
    told = article(5 * number + 1, words * 3 // 4)
    weights = list(accumulate(1 / (at + 4) for at in range(_FIRMS)))
    named = chance.choices(firms(), cum_weights=weights, k=4)
    topics = chance.sample(_TOPICS, 11)
    paragraphs = told.text.split("\n\n")
    for _ in range(5):
        at = chance.randint(0, len(paragraphs))
        paragraphs.insert(at, f"{_news(chance, named, topics)} {_news(chance, named, topics)}")
    title = f"{told.title} {_shown(chance.choice(named))} {chance.choice(topics)}"
    return replace(told, title=title, text="\n\n".join(paragraphs))


def _news(chance: random.Random, named: Sequence[tuple[str, ...]], topics: Sequence[str]) -> str:
    """One sentence in which a firm and some topics stand."""
    words = take(chance, chance.randint(6, 11))
    for topic in chance.sample(topics, 2):
        words.insert(chance.randint(0, len(words)), topic)
    at = chance.randint(0, len(words) - 1)
    words[at:at] = [_shown(chance.choice(named)), *chance.choices(topics, k=chance.randint(0, 1))]
    words[0] = words[0][0].upper() + words[0][1:]
    return " ".join(words) + "."


def _shown(names: Sequence[str]) -> str:
    return names[-1].title()
