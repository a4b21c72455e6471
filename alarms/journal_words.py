"""What is typed to search the journal: words that all must be there. Pure; one object for each search.

`low level` finds rows with both words, wherever in a row each of them stands; `"low level"` what stands like that. In a
word `*` stands for anything and `?` for one character; between quotes they are themselves. No letter's case matters.
"""

import re
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r'"([^"]*)"?|(\S+)')


class Words:
    """Knows texts that it has looked at: in a journal most come again and again."""

    def __init__(self, text: str) -> None:
        found = [(quoted, False) if quoted else (word, True) for quoted, word in _WORD.findall(text)]
        self._patterns = [_Pattern(word.casefold(), has_signs) for word, has_signs in found if word.strip("*")]
        self._all = (1 << len(self._patterns)) - 1
        self._known: dict[str, int] = {"": 0}

    @property
    def is_any(self) -> bool:
        """Whether nothing is looked for."""
        return not self._patterns

    def are_in(self, texts: Iterable[str | None]) -> bool:
        """Tell whether each word stands in one of the texts of a row."""
        found = 0
        for text in texts:
            if text:
                known = self._known.get(text)
                found |= self._look(text) if known is None else known
        return found == self._all

    def may_be_in(self, folded: str) -> bool:
        """Tell whether all words may stand in texts that were joined and case-folded; False is sure."""
        return all(part in folded for pattern in self._patterns for part in pattern.parts)

    def _look(self, text: str) -> int:
        folded = text.casefold()
        found = sum(1 << at for at, pattern in enumerate(self._patterns) if pattern.is_in(folded))
        self._known[text] = found
        return found


class _Pattern:
    """A word, case-folded. `parts` are what of it stands there in any case."""

    def __init__(self, word: str, has_signs: bool) -> None:
        self.parts: Final = [part for part in re.split(r"[*?]+", word) if part] if has_signs else [word]
        self._regex: re.Pattern[str] | None = None
        if self.parts != [word]:
            pieces = (".*" if sign == "*" else "." if sign == "?" else re.escape(sign) for sign in word)
            self._regex = re.compile("".join(pieces), re.DOTALL)

    def is_in(self, folded: str) -> bool:
        return self.parts[0] in folded if self._regex is None else self._regex.search(folded) is not None
