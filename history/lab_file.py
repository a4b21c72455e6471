"""Laboratory values in a CSV file: read with all mistakes told, or not at all. Any thread."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from plant_models.plant import Plant
from plant_models.project import cells as rules
from plant_models.project.finding import Finding
from plant_models.project.rows import check_references, read_rows
from plant_models.project.source import read_text
from plant_models.project.table import Table, parse_table

COLUMNS: Final = (
    *("sampled_at", "parameter", "tag", "equipment", "location"),
    *("value", "unit", "qualifier", "method", "note"),
)
QUALIFIERS: Final = ("<", ">", "~")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FORM: Final = "write it as 2026-11-28T07:30, or with an offset, 2026-11-28T07:30+01:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class LabValue:
    """What a laboratory found: `parameter` is what was measured; a tag, an equipment or a place in words say where.

    `qualifier` is one of QUALIFIERS ("<": below the limit of detection `value`), or empty. Times are µs UTC.
    """

    sampled_at_us: int
    parameter: str
    value: float
    tag: str = ""
    equipment: str = ""
    location: str = ""
    unit: str = ""
    qualifier: str = ""
    method: str = ""
    note: str = ""

    @property
    def sample(self) -> tuple[str, str, str, str, int]:
        """What another value of the same sample has in common with it."""
        return self.parameter, self.equipment, self.location, self.method, self.sampled_at_us


def read_lab_file(path: Path, plant: Plant, now_us: int, findings: list[Finding]) -> list[LabValue]:
    """Return the values of a file, each sample once; there is a finding for every mistake.

    A time without an offset is local time of the site. `;` and decimal commas are understood, as in other CSV files.
    """
    text = read_text(path, path.name, findings)
    table = None if text is None else parse_table(text, path.name, COLUMNS, ("value",), findings)
    if table is None:
        return []
    rows = read_rows(table, _converters(ZoneInfo(plant.time_zone), now_us), findings)
    tags = {tag.name: tag for tag in plant.tags}
    check_references(table, rows, "tag", tags, findings)
    check_references(table, rows, "equipment", plant.equipment, findings)
    found: dict[tuple[object, ...], tuple[int, LabValue]] = {}
    for number, row in enumerate(rows):
        if number in table.bad_rows or not _is_whole(table, number, row, findings):
            continue
        tag = tags.get(row.get("tag", ""))
        row = {"parameter": row.get("tag", ""), "unit": tag.unit if tag else "", **row}
        row["sampled_at_us"] = row.pop("sampled_at")
        value = LabValue(**row)
        first, same = found.setdefault(value.sample, (number, value))
        if same != value:
            problem = f"line {table.records[first].line} has another value of this sample"
            findings.append(table.finding(number, "value", problem, "remove one of them, or tell them apart by method"))
    return [value for _, value in found.values()]


def _converters(zone: ZoneInfo, now_us: int) -> Mapping[str, Callable[[str], Any]]:
    texts = dict.fromkeys(("parameter", "tag", "equipment", "location", "unit", "method", "note"), rules.text)
    return {**texts, "sampled_at": partial(_time, zone, now_us), "value": rules.number, "qualifier": _qualifier}


def _is_whole(table: Table, number: int, row: Mapping[str, Any], findings: list[Finding]) -> bool:
    """Tell whether a row says when, what, where and how much; there is a finding for each that it doesn't."""
    wanted = (
        ("sampled_at", ("sampled_at",), "no time of the sample", _FORM),
        ("value", ("value",), "no value", "write a number; what wasn't found is its limit of detection with <"),
        ("parameter", ("parameter", "tag"), "neither parameter nor tag", "say what was measured"),
        ("location", ("tag", "equipment", "location"), "no place", "name a tag, an equipment, or a location in words"),
    )
    missing = [each for each in wanted if not any(name in row for name in each[1])]
    findings.extend(table.finding(number, column, problem, remedy) for column, _, problem, remedy in missing)
    return not missing


def _qualifier(cell: str) -> str:
    if cell not in QUALIFIERS:
        raise ValueError(f"{cell[:20]!r} is no qualifier; use {', '.join(QUALIFIERS)} or leave it empty")
    return cell


def _time(zone: ZoneInfo, now_us: int, cell: str) -> int:
    """Return a time as µs UTC."""
    try:
        at = datetime.fromisoformat(cell)
    except ValueError:
        raise ValueError(f"{cell[:40]!r} is not a time; {_FORM}") from None
    if ":" not in cell:
        raise ValueError(f"{cell[:40]!r} has no time of day; {_FORM}")
    try:
        at_us = ((_in_zone(at, zone) if at.tzinfo is None else at).astimezone(UTC) - _EPOCH) // _MICROSECOND
    except OverflowError:
        raise ValueError(f"{cell[:40]!r} is outside the calendar; {_FORM}") from None
    if at_us > now_us:
        raise ValueError(f"{cell[:40]!r} is still to come; check the date")
    if at_us < 0:
        raise ValueError(f"{cell[:40]!r} is before 1970; write the year with four digits")
    return at_us


def _in_zone(at: datetime, zone: ZoneInfo) -> datetime:
    first, second = at.replace(tzinfo=zone), at.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        is_twice = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == at
        problem = "comes twice that night" if is_twice else "was left out that night"
        raise ValueError(f"{at.isoformat()} {problem}, when clocks were moved; write it with its offset from UTC")
    return first
