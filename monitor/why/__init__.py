"""One article's whole way, for people who ask why it was alerted, or was not.

::

    gather.py    the store, else the page fetched now, and every rule asked ─▶ Answer
    page.py      a page fetched and read now, by the program's own way out
    rules.py     every rule's answer: those that fired, the nearest misses
    nearness.py  how near a rule is, without words (pure)
    misses.py    what to change in a rule that missed (pure)
    mends.py     what to do about every other kind of "no" (pure)
    situation.py the daemon's desk, asked what would become of a page; the stories near to it
    messages.py  an article's messages, and the digests that hold it
    past.py      the stored articles as a backtest takes them
    saved.py     what a saved rule file changed, and would have done
    answer.py    the values

Layer 4. Nothing is written and nothing is sent.
"""

from monitor.why.answer import Answer, Kind, RuleAnswer, Stage, Verdict
from monitor.why.gather import Question, why
from monitor.why.page import PageRead, page_reader

__all__ = [
    "Answer",
    "Kind",
    "PageRead",
    "Question",
    "RuleAnswer",
    "Stage",
    "Verdict",
    "page_reader",
    "why",
]
