"""`alarms.csv` and the default alarms of all equipment, made into the alarms of the plant. Any thread.

First the rows of alarms.csv in file order, then the defaults that it doesn't name, in the order of their tags.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.project import cells
from plant_models.project.alarm_checks import check_alarms
from plant_models.project.alarm_defaults import AlarmKey, Fields, default_alarms
from plant_models.project.alarm_list import AlarmList
from plant_models.project.alarm_section import CLASS
from plant_models.project.finding import Finding, suggest
from plant_models.project.frame import Frame
from plant_models.project.rows import Row, read_rows
from plant_models.project.table import Table
from plant_models.project.tag_rows import TagList

NOTHING: Final = "-"
"""In a cell: nothing, though the equipment type says something there."""
_NOTHING: Final = object()


def _or_nothing(convert: Callable[[str], Any]) -> Callable[[str], Any]:
    @functools.wraps(convert)
    def read(cell: str) -> Any:
        return _NOTHING if cell == NOTHING else convert(cell)

    return read


_text, _number, _date = (_or_nothing(convert) for convert in (cells.text, cells.number, cells.iso_date))
COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = {
    "tag": cells.text,
    "kind": cells.alarm_kind,
    "limit": _number,
    "deadband": cells.not_negative,
    "on_delay_s": cells.not_negative,
    "off_delay_s": cells.not_negative,
    "priority": cells.priority,
    "text": _text,
    "consequence": _text,
    "action": _text,
    "respond_min": _or_nothing(cells.not_negative),
    "id": cells.part,
    "enabled": cells.flag,
    CLASS: cells.alarm_class,
    "severity": _or_nothing(cells.severity),
    "limit_tag": _text,
    "reference": _text,
    "window_s": cells.not_negative,
    "expression": _text,
    "count": cells.count,
    "count_s": cells.not_negative,
    "realarm_min": _or_nothing(cells.positive),
    "latching": cells.flag,
    "area": _text,
    "first_out": _text,
    "explains": cells.flag,
    "suppress_when": _text,
    "consequence_at": _number,
    "causes": _text,
    "confirmation": _text,
    "basis": _text,
    "guidance": _text,
    "display": _text,
    "procedure": _text,
    "owner": _text,
    "approved_by": _text,
    "approved_on": _date,
    "review_due": _date,
    "moc": _text,
}
NUMBERS: Final = (
    *("limit", "deadband", "on_delay_s", "off_delay_s", "respond_min"),
    *("window_s", "count_s", "realarm_min", "consequence_at"),
)
_EMPTY: Final = AlarmDefinition(tag="", kind=AlarmKind.HIGH)


def read_alarms(table: Table, tags: TagList, frame: Frame, findings: list[Finding]) -> list[AlarmDefinition]:
    """Return every alarm of the plant."""
    defaults = default_alarms(tags.tags, tags.instances.by_name, frame.types.by_name)
    found = AlarmList(table, tags, defaults)
    rows = read_rows(table, COLUMNS, findings)
    for key, number in alarm_keys(table, rows, tags, findings).items():
        found.add(AlarmDefinition(**(defaults.get(key, {}) | fields_of(rows[number]))), number)
    for key, default in defaults.items():
        if key not in found.taken:
            found.add(AlarmDefinition(**default), None)
    check_alarms(found, frame, findings)
    return found.alarms


def alarm_keys(table: Table, rows: list[Row], tags: TagList, findings: list[Finding]) -> dict[AlarmKey, int]:
    """Return the row of each alarm; a finding for a row that names none, or one that an earlier row names."""
    taken: dict[AlarmKey, int] = {}
    for number, row in enumerate(rows):
        key = _key(table, number, row, tags, findings)
        if key is not None and taken.setdefault(key, number) != number:
            problem = f"duplicate alarm {' '.join(filter(None, key))} (first in line {table.records[taken[key]].line})"
            findings.append(table.finding(number, "kind", problem, "keep one of them, or give it an id"))
    return taken


def row_keys(rows: Iterable[Row]) -> dict[AlarmKey, int]:
    """Return the row of each alarm of a table that has no mistakes."""
    return {(row["tag"], row["kind"], row.get("id", "")): number for number, row in enumerate(rows)}


def fields_of(row: Row) -> Fields:
    """Return the fields that a row says."""
    said = {("alarm_class" if key == CLASS else key): value for key, value in row.items()}
    return {key: getattr(_EMPTY, key) if value is _NOTHING else value for key, value in said.items()}


def _key(table: Table, number: int, row: Row, tags: TagList, findings: list[Finding]) -> AlarmKey | None:
    """Return tag, kind and id of a row; None, with a finding, if one is missing or the tag doesn't exist."""
    for column in ("tag", "kind"):
        if column not in row:
            if number not in table.bad_rows:
                findings.append(table.finding(number, column, f"alarm without a {column}", f"give it a {column}"))
            return None
    if row["tag"] not in tags.index:
        if not tags.knows(row["tag"]):
            problem = f"alarm on the unknown tag {row['tag']!r}"
            findings.append(table.finding(number, "tag", problem, suggest(row["tag"], tags.index)))
        return None
    return row["tag"], row["kind"], row.get("id", "")
