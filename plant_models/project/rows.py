"""Rows of a table as dictionaries of their filled cells, and references checked per column. Any thread."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from plant_models.project.finding import Finding, suggest
from plant_models.project.table import Table

Row = dict[str, Any]


def read_rows(table: Table, converters: Mapping[str, Callable[[str], Any]], findings: list[Finding]) -> list[Row]:
    """Return the filled cells of each row, converted, by column name."""
    used = {
        name: table.parse(name, cells, converters[name], findings)
        for name, cells in zip(table.header, zip(*table.rows, strict=True), strict=False)
        if name in converters and any(cells)
    }
    if not used:
        return [{} for _ in table.rows]
    names = tuple(used)
    return [
        {name: value for name, value in zip(names, row, strict=True) if value is not None}
        for row in zip(*used.values(), strict=True)
    ]


def check_references(
    table: Table, rows: Sequence[Row], column: str, known: Collection[str] | None, findings: list[Finding]
) -> None:
    """Add a finding for each name (or name of a list) in `column` that isn't in `known`; None knows everything."""
    if known is None:
        return
    for number, row in enumerate(rows):
        value = row.get(column)
        if value is None or value in known:
            continue
        for name in (value,) if isinstance(value, str) else value:
            if name not in known:
                problem = f"{column}: unknown {name!r}"
                findings.append(table.finding(number, column, problem, suggest(name, known)))


def first_rows(table: Table, rows: Sequence[Row], column: str, what: str, findings: list[Finding]) -> dict[str, int]:
    """Return the row in which each name of the key column stands first; findings for repeated and missing names."""
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        name = row.get(column)
        if name is None:
            if number not in table.bad_rows:
                findings.append(table.finding(number, column, f"{what} without a {column}", f"give it a {column}"))
        elif first.setdefault(name, number) != number:
            problem = f"duplicate {what} {name} (first in line {table.records[first[name]].line})"
            findings.append(table.finding(number, column, problem, "give it a name of its own"))
    return first
