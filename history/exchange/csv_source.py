"""Reading a CSV file that is to be imported: our own, or one of another program. Main thread.

Every cell is checked; what is wrong is told with its line and column.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path
from typing import Final

import numpy as np

from history.exchange.errors import ExchangeError
from history.exchange.layout import Layout
from history.exchange.pieces import ROWS, TEXT_COLUMN, Mistake, ReadPiece, never_good, no_texts
from history.exchange.times import EPOCH, us_of, utc_text
from history.series import NO_DATA
from plant_models.message import message
from plant_models.quality import Quality
from plant_models.spreadsheet import plain

_WORDS: Final = {"": 0, "good": 0, "uncertain": int(Quality.UNCERTAIN), "bad": int(Quality.BAD)}
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?|[+-]?inf|nan")


@dataclass(frozen=True, slots=True)
class _Columns:
    time: int
    tag: int
    quality: int
    values: tuple[tuple[int, str], ...]
    """Where values stand and, in a wide file, of which tag."""
    width: int
    text: int = -1


class _Rows:
    """Collects rows for a piece."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.lines: list[int] = []
        self.rows: list[tuple[int, int, float, int]] = []
        self.mistakes: list[Mistake] = []

    def add(self, line: int, tag: str, at_us: int, value: float, quality: int) -> None:
        if tag not in self.codes:
            self.codes[tag] = len(self.codes)
            self.lines.append(line)
        self.rows.append((self.codes[tag], at_us, value, quality))

    def piece(self) -> ReadPiece:
        codes, times, values, qualities = zip(*self.rows, strict=True) if self.rows else ((), (), (), ())
        numbers = np.array(values, np.float64)
        found = never_good(numbers, np.array(qualities, np.uint16))
        tags, mistakes = tuple(self.codes), tuple(self.mistakes)
        ids = np.array(codes, np.int64)
        return ReadPiece(tags, tuple(self.lines), ids, np.array(times, np.int64), numbers, found, mistakes)


class CsvSource:
    """A CSV file in a layout. Times without an offset are local times in `zone`; none may be later than `until_us`."""

    def __init__(self, path: Path, layout: Layout, zone: tzinfo, until_us: int) -> None:
        self._path, self._layout, self._zone, self._until_us = path, layout, zone, until_us

    def __iter__(self) -> Iterator[ReadPiece]:
        """Yield the file from its beginning.

        Raises:
            ExchangeError: the columns aren't there, or it is no text in UTF-8.
            OSError: it can't be read.
        """
        try:
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                yield from self._pieces(file)
        except UnicodeDecodeError:
            raise ExchangeError(message("{file} isn't in UTF-8; save it as CSV UTF-8", file=str(self._path))) from None
        except csv.Error as error:
            raise ExchangeError(message("{file} is no CSV: {cause}", file=str(self._path), cause=str(error))) from None

    def _pieces(self, file: io.TextIOWrapper) -> Iterator[ReadPiece]:
        first = file.readline()
        separator = self._layout.separator or max(",;\t", key=first.count)
        has_comma = self._layout.has_decimal_comma or separator == ";"
        head = next(csv.reader([first], delimiter=separator), [])
        columns = self._columns([plain(name.strip()) for name in head])
        reader, found = csv.reader(file, delimiter=separator), _Rows()
        for row in reader:
            if any(row):
                self._read(found, reader.line_num + 1, row, columns, has_comma)
            if len(found.rows) >= ROWS or len(found.mistakes) >= ROWS:
                yield found.piece()
                found = _Rows()
        yield found.piece()

    def _columns(self, head: Sequence[str]) -> _Columns:
        layout = self._layout
        time = self._at(head, layout.time)
        double = sorted({name for name in head if head.count(name) > 1})
        if double:
            raise ExchangeError(message("{names} stand twice in the first line", names=", ".join(double)))
        if layout.is_wide:
            values = tuple((at, self._renamed(name)) for at, name in enumerate(head) if at != time and name)
            return _Columns(time, -1, -1, values, len(head))
        quality = head.index(layout.quality) if layout.quality in head else -1
        value = self._at(head, layout.value)
        text = head.index(TEXT_COLUMN) if TEXT_COLUMN in head else -1
        return _Columns(time, self._at(head, layout.tag), quality, ((value, ""),), len(head), text)

    def _at(self, head: Sequence[str], name: str) -> int:
        if name not in head:
            there = ", ".join(head) or "nothing"
            raise ExchangeError(
                message("there is no column {name} in the first line, but {there}", name=name, there=there)
            )
        return head.index(name)

    def _renamed(self, name: str) -> str:
        return self._layout.renamed.get(name, name)

    def _read(self, found: _Rows, line: int, row: list[str], columns: _Columns, has_comma: bool) -> None:
        if len(row) != columns.width:
            problem = message("{n} cells instead of {width}", n=len(row), width=columns.width)
            found.mistakes.append(Mistake(line, len(row), problem, message("a value with a comma needs quotes")))
            return
        column = columns.time
        try:
            at_us = self._time(row[column])
            column = columns.text
            if column >= 0 and (row[column] or not row[columns.values[0][0]].strip()):
                raise ValueError(*no_texts())
            column = columns.quality
            quality = _quality(row[column]) if column >= 0 else 0
            read = []
            for column, wide_tag in columns.values:
                if columns.tag < 0 and not row[column].strip():
                    continue
                read.append((wide_tag, _number(row[column], has_comma)))
            column = columns.tag
            for wide_tag, value in read:
                is_known = value is not None
                tag = wide_tag or self._tag(row[column])
                number, code = (value, quality) if is_known else (np.nan, quality or NO_DATA)
                found.add(line, tag, at_us, number if number is not None else np.nan, code)
        except ValueError as error:
            problem, remedy = error.args
            found.mistakes.append(Mistake(line, column + 1, problem, remedy))

    def _tag(self, cell: str) -> str:
        name = self._renamed(plain(cell.strip()))
        if not name:
            raise ValueError(message("no tag"), message("write its name"))
        return name

    def _time(self, cell: str) -> int:
        try:
            at_us = us_of(cell, self._zone)
        except ValueError as error:
            raise ValueError(error.args[0], message("write it as 2026-11-29T06:47:00+00:00")) from None
        if at_us < 0:
            raise ValueError(
                message("{text} is too early", text=cell), message("history begins in {year}", year=EPOCH.year)
            )
        if at_us > self._until_us:
            until = utc_text(self._until_us)
            raise ValueError(message("{text} is in the future", text=cell), message("{now} at most", now=until))
        return at_us


def _quality(cell: str) -> int:
    text = cell.strip().lower()
    if text in _WORDS:
        return _WORDS[text]
    try:
        number = int(text, 0)
    except ValueError:
        number = -1
    if not 0 <= number < 2**16:
        raise ValueError(
            message("{text} is no quality", text=repr(cell)), message("good, uncertain, bad, or a number up to 65535")
        )
    return number


def _number(cell: str, has_comma: bool) -> float | None:
    """Return a number, None for an empty cell."""
    text = cell.strip()
    if not text:
        return None
    mark = "," if has_comma else "."
    if _NUMBER.fullmatch(text.replace(",", ".")) and ({",", "."} - {mark}).isdisjoint(text):
        return float(text.replace(",", "."))
    remedy = message("digits with a decimal {mark}, without separators of thousands", mark=repr(mark))
    raise ValueError(message("{text} is no number", text=repr(cell)), remedy)
