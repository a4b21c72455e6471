"""`equipment.csv`: the instances, and whether the topology that they spell holds together. Any thread."""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from plant_models.equipment import Equipment
from plant_models.project import cells
from plant_models.project.cycles import find_cycles
from plant_models.project.finding import Finding
from plant_models.project.frame import Frame
from plant_models.project.members import is_base
from plant_models.project.rows import Row, check_references, first_rows, read_rows
from plant_models.project.table import Table

COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = {
    "name": cells.name,
    "type": cells.text,
    "description": cells.text,
    "area": cells.text,
    "parent": cells.text,
    "connects_to": cells.names,
    "fed_by": cells.names,
    "zone": cells.text,
    "elevation": cells.number,
    "x": cells.number,
    "y": cells.number,
    "device": cells.text,
    "address": cells.text,
    "powered_by": cells.text,
}
NUMBERS: Final = ("elevation", "x", "y")


@dataclass(frozen=True, slots=True)
class Instances:
    """The equipment by name in file order, and the row of each in `table`.

    `unresolved` are the names whose type can't be read: nothing can be said about their members.
    """

    table: Table
    by_name: Mapping[str, Equipment]
    row_of: Mapping[str, int]
    unresolved: Set[str]


def read_equipment(table: Table, frame: Frame, findings: list[Finding]) -> Instances:
    """Return the instances; one whose type is unknown is left out, with a finding."""
    rows = read_rows(table, COLUMNS, findings)
    row_of = first_rows(table, rows, "name", "equipment", findings)
    for number, row in enumerate(rows):
        if "type" not in row and "name" in row:
            findings.append(table.finding(number, "type", f"{row['name']} has no type", "give it a type"))
    check_references(table, rows, "type", frame.types.by_name.keys() | frame.types.broken, findings)
    check_references(table, rows, "area", frame.areas, findings)
    check_references(table, rows, "device", frame.devices.names, findings)
    for column in ("parent", "connects_to", "fed_by", "zone", "powered_by"):
        check_references(table, rows, column, row_of, findings)
    made = {
        name: Equipment(**rows[number])
        for name, number in row_of.items()
        if rows[number].get("type") in frame.types.by_name
    }
    instances = Instances(table, made, row_of, row_of.keys() - made.keys())
    _check_parents(table, rows, row_of, findings)
    for equipment in made.values():
        _check_type_rules(instances, equipment, frame, findings)
        _check_address(instances, equipment, frame, findings)
    return instances


def _check_parents(table: Table, rows: list[Row], row_of: Mapping[str, int], findings: list[Finding]) -> None:
    """Find what is part of, or powered by, itself: grouping alarms by their cause follows both ways up."""
    parents = {name: rows[number].get("parent", "") for name, number in row_of.items()}
    needs = {
        name: [each for each in (parents[name], rows[number].get("powered_by", "")) if each]
        for name, number in row_of.items()
    }
    for cycle in find_cycles(needs):
        way = " -> ".join(cycle)
        if all(parents[name] == above for name, above in pairwise(cycle)):
            column, problem, remedy = "parent", f"parents in a circle: {way}", "give one of them another parent"
        else:
            column, problem = "powered_by", f"parent and powered_by in a circle: {way}"
            remedy = "let nothing be powered by its own part"
        findings.append(table.finding(row_of[cycle[0]], column, problem, remedy))


def _check_type_rules(instances: Instances, equipment: Equipment, frame: Frame, findings: list[Finding]) -> None:
    table, row = instances.table, instances.row_of[equipment.name]
    checks = frame.types.by_name[equipment.type].checks
    for column in checks.columns:
        if getattr(equipment, column, None) in ("", None, ()):
            problem = f"{equipment.name} has no {column}, which every {equipment.type} needs"
            findings.append(table.finding(row, column, problem, f"fill in {column}"))
    parent = instances.by_name.get(equipment.parent)
    if checks.parent_types and parent and parent.type not in checks.parent_types:
        problem = f"{equipment.name} ({equipment.type}) can't be part of {parent.name} ({parent.type})"
        remedy = "choose a parent of type " + " or ".join(checks.parent_types)
        findings.append(table.finding(row, "parent", problem, remedy))


def _check_address(instances: Instances, equipment: Equipment, frame: Frame, findings: list[Finding]) -> None:
    table, row = instances.table, instances.row_of[equipment.name]
    device = frame.devices.by_name.get(equipment.device)
    if equipment.address and not equipment.device:
        problem = f"{equipment.name} has an address but no device"
        findings.append(table.finding(row, "device", problem, "name its device"))
    elif equipment.address and device and not is_base(equipment.address, device.protocol):
        problem = f"{equipment.address!r} is no base address for {device.protocol}"
        remedy = {"modbus": "write hr:200", "mqtt": "write TOPIC#"}.get(device.protocol, "write ns=2;s=NAME")
        findings.append(table.finding(row, "address", problem, remedy))
        table.bad_rows.add(row)
