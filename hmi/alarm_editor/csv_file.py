"""Alarms as rows of a file like alarms.csv, written and read back. Pure; the dialogs run it beside the GUI thread."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from alarms.definitions import Alarm
from hmi.new_file import new_file
from plant_models.alarm_definition import DIAGNOSTIC, AlarmDefinition
from plant_models.project.alarm_rows import COLUMNS, NUMBERS, fields_of
from plant_models.project.alarm_section import CLASS
from plant_models.project.cells import DIAGNOSTIC_WORD
from plant_models.project.finding import Finding
from plant_models.project.rows import read_rows
from plant_models.project.table import parse_table
from plant_models.spreadsheet import neutral, plain

LARGEST: Final = 50_000_000
"""Bytes that are read at most."""
_TEXTS: Final = frozenset(each.name for each in fields(AlarmDefinition) if each.type in (str, "str"))


@dataclass(frozen=True, slots=True)
class ReadAlarms:
    """What a file means: definitions that are other ones than now, and what is wrong with its rows, in words."""

    changed: tuple[AlarmDefinition, ...] = ()
    problems: tuple[str, ...] = ()


def write_alarms(path: Path, definitions: Sequence[AlarmDefinition]) -> int:
    """Write alarms with every field; return how many. The file appears whole or not at all.

    UTF-8 with a byte order mark, so that spreadsheets read it as it is.

    Raises:
        OSError: the file can't be written, or there is one already: nothing is replaced.
    """
    with new_file(path) as beside:
        beside.write_text(alarms_text(definitions), encoding="utf-8-sig", newline="")
    return len(definitions)


def alarms_text(definitions: Sequence[AlarmDefinition]) -> str:
    """Return alarms as a CSV text with a header."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for definition in definitions:
        writer.writerow([_cell(definition, column) for column in COLUMNS])
    return file.getvalue()


def read_alarms(text: str, tags: Mapping[str, int], configured: Mapping[str, Alarm]) -> ReadAlarms:
    """Return what a file wants changed: only its filled cells count, beside what is configured now.

    Nothing is taken out: an alarm that the file doesn't name stays as it is.
    """
    found: list[Finding] = []
    table = parse_table(text.removeprefix("\ufeff"), "file", tuple(COLUMNS), NUMBERS, found)
    if table is None:
        return ReadAlarms(problems=tuple(map(_words, found)))
    for cells in table.rows:
        cells[:] = [plain(cell) for cell in cells]
    changed: dict[str, AlarmDefinition] = {}
    for number, row in enumerate(read_rows(table, COLUMNS, found)):
        said = fields_of(row)
        missing = next((column for column in ("tag", "kind") if column not in said), "")
        if missing:
            if number not in table.bad_rows:
                found.append(table.finding(number, missing, f"alarm without a {missing}", f"give it a {missing}"))
            continue
        if said["tag"] not in tags:
            found.append(table.finding(number, "tag", f"unknown tag {said['tag']!r}", "name a tag of this plant"))
            continue
        new = AlarmDefinition(**said)
        known = configured.get(new.name)
        if new.name in changed:
            found.append(table.finding(number, "kind", f"a second alarm {new.name}", "keep one of them"))
        changed[new.name] = new if known is None else replace(known.definition, **said)
    own = (each for each in changed.values() if not _is_known(each, configured))
    return ReadAlarms(tuple(own), tuple(map(_words, found)))


def _is_known(definition: AlarmDefinition, configured: Mapping[str, Alarm]) -> bool:
    known = configured.get(definition.name)
    return known is not None and known.definition == definition


def _cell(definition: AlarmDefinition, column: str) -> str:
    name = "alarm_class" if column == CLASS else column
    value: Any = getattr(definition, name)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if column == "priority" and value == DIAGNOSTIC:
        return DIAGNOSTIC_WORD
    if isinstance(value, float):
        return f"{value:.12g}"
    return neutral(value) if name in _TEXTS else str(value)


def _words(finding: Finding) -> str:
    return f"{finding.line}:{finding.column}: {finding.problem}; {finding.remedy}"
