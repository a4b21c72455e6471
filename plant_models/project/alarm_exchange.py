"""All alarms of a plant as one sheet for a spreadsheet, and back. Any thread.

Every column of every alarm is filled in, those of the equipment types too, so that a sheet can be read without the
plant. Coming back, an empty cell means nothing; a column that isn't there leaves its field as it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from plant_models.alarm_definition import AlarmDefinition
from plant_models.plant import Plant
from plant_models.project.alarm_defaults import AlarmKey, default_alarms
from plant_models.project.alarm_list import key_of
from plant_models.project.alarm_rows import COLUMNS, NUMBERS, fields_of
from plant_models.project.alarm_section import CLASS
from plant_models.project.alarm_sheet import cell_of
from plant_models.project.finding import Finding, suggest
from plant_models.project.rows import Row, read_rows
from plant_models.project.table import Table, parse_table
from plant_models.spreadsheet import neutral, plain

BYTE_ORDER_MARK: Final = "\ufeff"
"""What tells a spreadsheet that a file is UTF-8."""
_FIELDS: Final = {column: "alarm_class" if column == CLASS else column for column in COLUMNS}


@dataclass(frozen=True, slots=True)
class AlarmDifference:
    """The names of alarms that one list has and another hasn't, or has otherwise."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def sheet_of(alarms: Iterable[AlarmDefinition]) -> str:
    """Return alarms as the text of a CSV file; no cell is taken for a formula."""
    table = Table("alarms.csv", tuple(COLUMNS), header=list(COLUMNS))
    table.rows = [[_full_cell(column, getattr(alarm, field)) for column, field in _FIELDS.items()] for alarm in alarms]
    return BYTE_ORDER_MARK + table.render()


def read_sheet(text: str, name: str, plant: Plant, findings: list[Finding]) -> list[AlarmDefinition]:
    """Return the alarms of a sheet for a plant; findings for what can't be read. `name` is that of the file."""
    table = parse_table(text, name, tuple(COLUMNS), NUMBERS, findings)
    if table is None:
        return []
    table.rows = [[plain(cell) for cell in line] for line in table.rows]
    rows = read_rows(table, COLUMNS, findings)
    known: dict[AlarmKey, AlarmDefinition] = {
        key: AlarmDefinition(**fields)
        for key, fields in default_alarms(plant.tags, plant.equipment, plant.types).items()
    }
    known |= {key_of(alarm): alarm for alarm in plant.alarms}
    tags = {tag.name for tag in plant.tags}
    found: dict[AlarmKey, AlarmDefinition] = {}
    for number, row in enumerate(rows):
        if _is_named(table, number, row, tags, findings):
            key = row["tag"], row["kind"], row.get("id", "")
            if key in found:
                findings.append(
                    table.finding(number, "kind", f"{' '.join(filter(None, key))} stands twice", "keep one")
                )
            found[key] = _alarm(row, table.header, known.get(key))
    return list(found.values())


def difference(before: Iterable[AlarmDefinition], after: Iterable[AlarmDefinition]) -> AlarmDifference:
    """Return what has to be done to `before` to become `after`."""
    old: Mapping[str, AlarmDefinition] = {alarm.name: alarm for alarm in before}
    new: Mapping[str, AlarmDefinition] = {alarm.name: alarm for alarm in after}
    return AlarmDifference(
        added=tuple(name for name in new if name not in old),
        changed=tuple(name for name in new if name in old and new[name] != old[name]),
        removed=tuple(name for name in old if name not in new),
    )


def _full_cell(column: str, value: object) -> str:
    text = "" if value in (None, "") else cell_of(column, value)
    return neutral(text) if isinstance(value, str) else text


def _is_named(table: Table, number: int, row: Row, tags: set[str], findings: list[Finding]) -> bool:
    for column in ("tag", "kind"):
        if column not in row:
            if number not in table.bad_rows:
                findings.append(table.finding(number, column, f"alarm without a {column}", f"give it a {column}"))
            return False
    if row["tag"] in tags:
        return True
    problem = f"alarm on the unknown tag {row['tag']!r}"
    findings.append(table.finding(number, "tag", problem, suggest(row["tag"], tags)))
    return False


def _alarm(row: Row, header: Iterable[str], known: AlarmDefinition | None) -> AlarmDefinition:
    """Return the alarm of a row; what no column says stays as it is known."""
    absent = {field for column, field in _FIELDS.items() if column not in header} if known else set()
    kept = {field: getattr(known, field) for field in absent}
    return AlarmDefinition(**(kept | fields_of(row)))
