"""Splitting a CSV text into records, each with the line it begins in; quoted cells may hold line breaks. Any thread."""

import csv
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from plant_models.project.finding import Finding

_CELL: Final = r'(?:"(?:[^"]++|"")*+"[^,;]*+|(?!")[^,;]*+)'
_CLOSED: Final = re.compile(rf"{_CELL}(?:[,;]{_CELL})*+")
"""A line in which every quoted cell ends; possessive, so that a long one costs no more than its length."""

MAX_LINES: Final = 500_000
"""Lines of one table: far more than any plant has, few enough to be held in memory."""


class Record(NamedTuple):
    """The text of one record, and the line in which it begins."""

    line: int
    text: str

    @property
    def is_comment(self) -> bool:
        if self.text and self.text[0].isalnum():  # nearly every row
            return False
        return self.text.startswith(("#", '"#')) or not self.text.strip('",; \t')

    @property
    def comment(self) -> str:
        """The comment without what Excel adds: quotes, and separators up to the last column."""
        text = self.text
        if text.startswith('"'):
            text = " ".join(next(csv.reader([text]))[0].split("\n"))
        return text.rstrip(",; \t")

    def cells(self, separator: str) -> list[str]:
        """Return the cells.

        Raises:
            csv.Error: text follows a closing quote.
        """
        if '"' not in self.text:
            return self.text.split(separator)
        return next(csv.reader([self.text], delimiter=separator, strict=True))


def split_records(text: str, name: str, longest: int, findings: list[Finding]) -> Iterator[Record]:
    """Yield the records of `text`; one longer than `longest` characters is left out, with a finding."""
    if text.count("\n") > MAX_LINES:
        findings.append(Finding(name, MAX_LINES, 1, f"more than {MAX_LINES} lines", "split the plant or remove rows"))
        return
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    number = 0
    is_every_quote_closed = True
    while number < len(lines):
        line = lines[number]
        taken = 1
        if '"' in line and not line.startswith("#") and not _CLOSED.fullmatch(line):
            # Once a search has come to the end of the file in vain, another would cost as much again.
            taken = _lines_to_closing_quote(lines, number) if is_every_quote_closed else 0
        if not taken:
            is_every_quote_closed = False
            problem = "a quote is opened and never closed"
            findings.append(Finding(name, number + 1, line.rfind('"') + 1, problem, "close it, or remove it"))
        elif len(line) > longest or (taken > 1 and sum(map(len, lines[number : number + taken])) > longest):
            problem = f"the row is longer than {longest} characters"
            findings.append(Finding(name, number + 1, 1, problem, "shorten its cells"))
        else:
            yield Record(number + 1, line if taken == 1 else "\n".join(lines[number : number + taken]))
        number += taken or 1


def _lines_to_closing_quote(lines: list[str], number: int) -> int:
    """Return how many lines the record takes whose first line leaves a quote open; 0 if nothing closes it."""
    for last in range(number + 1, len(lines)):
        # Inside a quoted cell quotes come in pairs, but for the one that ends it.
        if lines[last].count('"') % 2:
            return last - number + 1
    return 0


def start_of_cell(record: str, separator: str, place: int) -> tuple[int, int]:
    """Return where cell number `place` begins: lines after the record's first, and the column from 1."""
    offset = 0
    is_quoted = False
    for position, character in enumerate(record):
        if place == 0:
            break
        if character == '"':
            is_quoted = not is_quoted
        elif character == separator and not is_quoted:
            place -= 1
            offset = position + 1
    return record.count("\n", 0, offset), offset - (record.rfind("\n", 0, offset) + 1) + 1
