"""How many of a thousand articles hold a word: what makes a word rare enough to file a rule under.

Layer 1, pure. Frequencies decide how fast candidates are found and never what matches: any table is
right, a good one is quick. ``SHIPPED`` serves until enough articles have been stored; ``learned``
makes a table from their words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

ENOUGH: Final = 200  # articles; fewer say too little about a thousand
MOST_READ: Final = 5_000  # articles that ``learned`` looks at
_KEPT_FROM: Final = 2  # of a thousand; a word not in the table counts as 1
_MOST_KEPT: Final = 20_000  # words

SHIPPED: Final[Mapping[str, int]] = {
    word: weight
    for weight, words in (
        (900, "the a an of to in and on for is was with that at by from it as be this has will "
              "de la le les el los der die das und en et un une il"),
        (600, "are have been were said its their not but they he his who which had more after "
              "also would about when one or than des du que est dans pour par sur qui se del por "
              "con una para no su al ist mit von den im für auf dem di che per non si van het een"),
        (300, "new year years time people company government market million billion percent day "
              "week says report first last more than us eu uk ai two some other over into out up "
              "all could there can what she her we our you i if so only now just most many"),
        (120, "world country state city police minister head chief group public work part three "
              "including because while during against before between under since until still "
              "monday tuesday wednesday thursday friday saturday sunday month months today"),
        (60, "microsoft google apple amazon meta europe european commission union china chinese "
             "america american russia russian germany france british president bank law court "
             "deal business tech technology software data plan plans share shares price prices "
             "sales growth companies industry financial economy economic trade political party "
             "election news statement health million january february march april june july "
             "august september october november december"),
    )
    for word in words.split()
}  # fmt: skip


def learned(articles: Iterable[Iterable[str]]) -> Mapping[str, int]:
    """The table of a stream: ``articles`` are the folded words of each, repeats allowed.

    Looks at the first ``MOST_READ``; fewer than ``ENOUGH`` give the shipped table.
    """
    held: Counter[str] = Counter()
    count = 0
    for words in islice(articles, MOST_READ):
        held.update(set(words))
        count += 1
    if count < ENOUGH:
        return SHIPPED
    return {
        word: thousandth
        for word, articles_with in sorted(held.items(), key=lambda each: (-each[1], each[0]))[
            :_MOST_KEPT
        ]
        if (thousandth := round(1000 * articles_with / count)) >= _KEPT_FROM
    }
