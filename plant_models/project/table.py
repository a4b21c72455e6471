"""A CSV file of the plant folder: its header, rows and comments, read cheaply and written in one canonical form.

Read: separator `,` or `;`, with or without byte order mark, as Excel saves it. Written: UTF-8, `,`, "\\n", all
columns in their fixed order, quotes only where needed. Lines that begin with `#` are comments; they and empty lines
stay. Any thread.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from plant_models.project.finding import Finding, suggest
from plant_models.project.records import Record, split_records, start_of_cell

MAX_CELL: Final = 32_767
"""Characters in a cell: what Excel can hold. One limit for a whole row keeps a broken quote from eating the file."""

T = TypeVar("T")


@dataclass(slots=True)
class Table:
    """`rows[i]` holds the cells of `records[i]`, one for each name of `header`.

    `comments[i]` are the comment and empty lines before row i (-1: before the header; len(rows): at the end).
    `bad_rows` have a finding of their own already, so later checks leave them alone.
    """

    name: str
    columns: tuple[str, ...]
    separator: str = ","
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    comments: dict[int, list[str]] = field(default_factory=dict)
    bad_rows: set[int] = field(default_factory=set)

    def finding(self, row: int, column: str, problem: str, remedy: str) -> Finding:
        """Return a finding at a cell; at the row's beginning if the file doesn't have the column."""
        record = self.records[row]
        place = self.header.index(column) if column in self.header else 0
        line, position = start_of_cell(record.text, self.separator, place)
        return Finding(self.name, record.line + line, position, problem, remedy)

    def parse(
        self, column: str, cells: Sequence[str], convert: Callable[[str], T], findings: list[Finding]
    ) -> list[T | None]:
        """Return the cells of one column converted, None for an empty or bad one; each distinct text is converted once.

        `convert` raises ValueError("problem; remedy").
        """
        values: dict[str, T | None] = {}
        bad: dict[str, str] = {}
        for cell in set(cells):
            stripped = cell.strip()
            try:
                values[cell] = convert(stripped) if stripped else None
            except ValueError as error:
                values[cell] = None
                bad[cell] = str(error)
        if bad:
            for row, cell in enumerate(cells):
                if cell in bad:
                    problem, _, remedy = bad[cell].partition("; ")
                    findings.append(self.finding(row, column, f"{column}: {problem}", remedy))
                    self.bad_rows.add(row)
        return [values[cell] for cell in cells]

    def complete_header(self) -> None:
        """Let all columns be there; those that the file doesn't have are empty."""
        missing = [column for column in self.columns if column not in self.header]
        self.header += missing
        for row in self.rows:
            row += [""] * len(missing)

    def render(self) -> str:
        """Return the canonical text."""
        lines = list(self.comments.get(-1, ()))
        lines.append(",".join(self.columns))
        order = [self.header.index(column) if column in self.header else None for column in self.columns]
        is_canonical = order == list(range(len(self.header)))
        for number, row in enumerate(self.rows):
            lines.extend(self.comments.get(number, ()))
            cells = row if is_canonical else ["" if place is None else row[place] for place in order]
            lines.append(_join(cells))
        lines.extend(self.comments.get(len(self.rows), ()))
        return "\n".join(lines) + "\n"


def parse_table(
    text: str, name: str, columns: tuple[str, ...], numbers: Iterable[str], findings: list[Finding]
) -> Table | None:
    """Return the table of a CSV text; `numbers` are the columns in which a `;` file may write a decimal comma.

    None, with a finding, if the header can't be used: then nothing can be said about the rows.
    """
    table = Table(name, columns)
    told = len(findings)
    for record in split_records(text, name, MAX_CELL, findings):
        if record.is_comment:
            table.comments.setdefault(len(table.rows) if table.header else -1, []).append(record.comment)
        elif table.header:
            _read_row(table, record, findings)
        elif not _read_header(table, record, findings):
            return None
    if not table.header:
        if len(findings) == told:
            findings.append(Finding(name, 1, 1, "no header line", "begin with " + ",".join(columns)))
        return None
    if table.separator == ";":
        _use_decimal_points(table, numbers)
    return table


def _read_header(table: Table, record: Record, findings: list[Finding]) -> bool:
    """Take the names of the columns; False if the rows can't be read by them.

    A wrong column beside all the right ones does no harm; where one is missing too, it is probably misspelt, and every
    row would look wrong.
    """
    told = len(findings)
    table.separator = ";" if ";" in record.text and "," not in record.text else ","
    cells = _cells(table, record, findings)
    if cells is None:
        return False
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:
        header.pop()
    table.header = header
    for place, column in enumerate(header):
        line, position = start_of_cell(record.text, table.separator, place)
        if column not in table.columns:
            remedy = suggest(column, table.columns)
            findings.append(Finding(table.name, record.line + line, position, f"unknown column {column!r}", remedy))
        elif column in header[:place]:
            problem = f"column {column!r} stands twice"
            findings.append(Finding(table.name, record.line + line, position, problem, "remove one of them"))
    if table.columns[0] not in header:
        problem = f"no column {table.columns[0]!r}"
        findings.append(Finding(table.name, record.line, 1, problem, "begin with " + ",".join(table.columns)))
        return False
    return len(findings) == told or set(header) >= set(table.columns)


def _read_row(table: Table, record: Record, findings: list[Finding]) -> None:
    cells = _cells(table, record, findings)
    if cells is None:
        return
    width = len(table.header)
    if len(cells) != width:
        if any(cells[width:]):
            line, position = start_of_cell(record.text, table.separator, width)
            problem = f"{len(cells)} cells under {width} columns"
            remedy = "remove the cells beyond, or quote the cell that holds a separator"
            findings.append(Finding(table.name, record.line + line, position, problem, remedy))
        cells = cells[:width] + [""] * (width - len(cells))
    if any(cells):
        table.rows.append(cells)
        table.records.append(record)
    else:
        table.comments.setdefault(len(table.rows), []).append("")


def _cells(table: Table, record: Record, findings: list[Finding]) -> list[str] | None:
    """Return the cells of a record; None, with a finding, if its quotes make no sense."""
    try:
        return record.cells(table.separator)
    except csv.Error:
        problem = "a quoted cell goes on after its closing quote"
        findings.append(Finding(table.name, record.line, 1, problem, 'write a quote inside a cell as ""'))
        return None


def _use_decimal_points(table: Table, numbers: Iterable[str]) -> None:
    for column in numbers:
        if column in table.header:
            place = table.header.index(column)
            for row in table.rows:
                if row[place].count(",") == 1 and "." not in row[place]:
                    row[place] = row[place].replace(",", ".")


def _join(cells: Sequence[str]) -> str:
    return ",".join(_quote(cell) for cell in cells)


def _quote(cell: str) -> str:
    if '"' in cell or "," in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell
