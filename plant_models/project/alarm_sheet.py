"""Alarms as the rows of alarms.csv: only what differs from a default is written, comments stay. Pure, any thread."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from plant_models.alarm_definition import DIAGNOSTIC, AlarmDefinition, AlarmKind
from plant_models.project.alarm_defaults import AlarmKey, Fields
from plant_models.project.alarm_list import key_of
from plant_models.project.alarm_rows import COLUMNS, NOTHING
from plant_models.project.alarm_section import CLASS
from plant_models.project.cells import DIAGNOSTIC_WORD
from plant_models.project.table import Table

_KEY: Final = ("tag", "kind", "id")
_FIELDS: Final = {column: "alarm_class" if column == CLASS else column for column in COLUMNS}
_USUAL: Final = AlarmDefinition(tag="", kind=AlarmKind.HIGH)


def alarm_cells(alarm: AlarmDefinition, default: Fields | None = None) -> dict[str, str]:
    """Return the cells that make an alarm, by column: its key, and what its type's default doesn't say already."""
    cells = {}
    for column, field in _FIELDS.items():
        value = getattr(alarm, field)
        usual = getattr(_USUAL, field) if default is None else default[field]
        if column in _KEY or value != usual:
            cells[column] = cell_of(column, value)
    return cells


def cell_of(column: str, value: Any) -> str:
    """Return the text of a cell; nothing is a dash, since an empty one leaves it to the type, but an id is empty."""
    if value in (None, ""):
        return "" if column == "id" else NOTHING
    if column == "priority" and value == DIAGNOSTIC:
        return DIAGNOSTIC_WORD
    match value:
        case bool():
            return "true" if value else "false"
        case float():
            return repr(value).removesuffix(".0")
        case StrEnum():
            return value.value
    return str(value)


def put_alarms(
    table: Table,
    rows: Mapping[AlarmKey, int],
    present: Iterable[AlarmDefinition],
    wanted: Sequence[AlarmDefinition],
    defaults: Mapping[AlarmKey, Fields],
) -> None:
    """Let a table of alarms.csv, whose `present` alarms stand in `rows`, say what is `wanted`.

    Rows that say so already stay as they are, others stay in their place, new ones follow at the end. A default that is
    wanted as it is has no row unless it has one already.
    """
    table.complete_header()
    before = {key_of(alarm): alarm for alarm in present}
    after = {key_of(alarm): alarm for alarm in wanted}
    kept: dict[int, list[str]] = {}
    for key, number in rows.items():
        if key in after:
            is_same = after[key] == before.get(key)
            kept[number] = table.rows[number] if is_same else _row(table, after[key], defaults)
    fresh = [_row(table, after[key], defaults) for key in _without_row(after, rows, defaults)]
    _replace_rows(table, kept, fresh)


def _without_row(
    wanted: Mapping[AlarmKey, AlarmDefinition], rows: Mapping[AlarmKey, int], defaults: Mapping[AlarmKey, Fields]
) -> Iterator[AlarmKey]:
    for key, alarm in wanted.items():
        if key not in rows and (key not in defaults or alarm != AlarmDefinition(**defaults[key])):
            yield key


def _row(table: Table, alarm: AlarmDefinition, defaults: Mapping[AlarmKey, Fields]) -> list[str]:
    cells = alarm_cells(alarm, defaults.get(key_of(alarm)))
    return [cells.get(column, "") for column in table.header]


def _replace_rows(table: Table, kept: Mapping[int, list[str]], fresh: list[list[str]]) -> None:
    """Put rows in place of all; the comments before a row that goes come before the next one."""
    comments: dict[int, list[str]] = {}
    rows: list[list[str]] = []
    for number in range(-1, len(table.rows) + 1):
        place = number if number < 0 else len(rows)
        if number in table.comments:
            comments.setdefault(place, []).extend(table.comments[number])
        if number in kept:
            rows.append(kept[number])
    table.comments = comments
    table.rows = [*rows, *fresh]
