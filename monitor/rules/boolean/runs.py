"""Cut a string of a dialect in which words in a row are a phrase (Lexis, Factiva).

Layer 1, pure.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.rules.boolean.grammar import Token
from monitor.rules.boolean.query import Unreadable


@dataclass(frozen=True, slots=True)
class Cutter:
    """How a dialect cuts: ``pattern`` finds the next piece, a group ``space`` is passed over.

    ``word``: the words of a piece, None for anything else. ``phrase``: the operand of words in a
    row with their offset. ``token``: any other piece, and the offset after it.
    """

    pattern: re.Pattern[str]
    word: Callable[[re.Match[str]], str | None]
    phrase: Callable[[int, str], Token]
    token: Callable[[re.Match[str]], tuple[Token, int]]

    def cut(self, text: str) -> list[Token]:
        """The tokens of a string.

        Raises:
            Unreadable: a piece has no meaning.
        """
        tokens: list[Token] = []
        run: list[str] = []
        began = at = 0
        while at < len(text):
            found = self.pattern.match(text, at)
            if found is None:
                raise Unreadable(at, text[at : at + 5], "this means nothing here. Remove it")
            start, at = at, found.end()
            if found.group("space"):
                continue
            word = self.word(found)
            if word is not None:
                began = began if run else start
                run.append(word)
                continue
            if run:
                tokens.append(self.phrase(began, " ".join(run)))
                run = []
            token, at = self.token(found)
            tokens.append(token)
        if run:
            tokens.append(self.phrase(began, " ".join(run)))
        return tokens
