"""`tags.csv` and the members of all equipment, made into the tags of the plant, in table order. Any thread.

First the rows of tags.csv in file order, then the members that it doesn't name, in the order of equipment.csv.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from plant_models.equipment import Equipment, Member
from plant_models.expression import parse_expression
from plant_models.project import cells
from plant_models.project.equipment_rows import Instances
from plant_models.project.finding import Finding
from plant_models.project.frame import Frame
from plant_models.project.members import in_unit, member_fields
from plant_models.project.rows import Row, check_references, first_rows, read_rows
from plant_models.project.table import Table
from plant_models.tag import Tag

COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = {
    "name": cells.name,
    "description": cells.text,
    "type": cells.data_type,
    "unit": cells.text,
    "low": cells.number,
    "high": cells.number,
    "decimals": cells.decimals,
    "device": cells.text,
    "address": cells.text,
    "scan": cells.text,
    "writable": cells.flag,
    "write_low": cells.number,
    "write_high": cells.number,
    "raw_low": cells.number,
    "raw_high": cells.number,
    "deadband": cells.not_negative,
    "modulus": cells.positive,
    "as_text": cells.flag,
    "states": cells.states,
    "expression": cells.text,
    "area": cells.text,
    "pulse": cells.flag,
    "deviation": cells.not_negative,
    "history": cells.text,
}
NUMBERS: Final = ("low", "high", "write_low", "write_high", "raw_low", "raw_high", "deadband", "deviation", "modulus")

Offered = dict[str, tuple[Equipment, Member]]


@dataclass(slots=True)
class TagList:
    """Tags in table order; `origins[i]` is the row of tags.csv that tag i comes from, None if a type alone made it."""

    table: Table
    instances: Instances
    tags: list[Tag] = field(default_factory=list)
    origins: list[int | None] = field(default_factory=list)
    index: dict[str, int] = field(default_factory=dict)

    def add(self, tag: Tag, origin: int | None) -> None:
        self.index[tag.name] = len(self.tags)
        self.tags.append(tag)
        self.origins.append(origin)

    def is_bad(self, position: int) -> bool:
        """Tell whether the row that the tag comes from has a finding already."""
        origin = self.origins[position]
        if origin is None:
            return self.instances.row_of[self.tags[position].equipment] in self.instances.table.bad_rows
        return origin in self.table.bad_rows

    def knows(self, name: str) -> bool:
        """Tell whether a tag exists, or might if the type of its equipment could be read."""
        return name in self.index or name.rpartition(".")[0] in self.instances.unresolved

    def finding(self, position: int, column: str, problem: str, remedy: str) -> Finding:
        """Return a finding at the cell that says `column` of a tag, or at the equipment that brings it."""
        tag, origin = self.tags[position], self.origins[position]
        if origin is not None:
            return self.table.finding(origin, column, problem, remedy)
        equipment = self.instances.table
        return equipment.finding(self.instances.row_of[tag.equipment], column, problem, remedy)


def read_tags(table: Table, instances: Instances, frame: Frame, findings: list[Finding]) -> TagList:
    """Return every tag of the plant."""
    rows = read_rows(table, COLUMNS, findings)
    first = first_rows(table, rows, "name", "tag", findings)
    check_references(table, rows, "device", frame.devices.names, findings)
    check_references(table, rows, "scan", frame.scan_classes, findings)
    check_references(table, rows, "area", frame.areas, findings)
    check_references(table, rows, "history", frame.keeping_classes, findings)
    offered = {
        equipment.tag_name(member.name): (equipment, member)
        for equipment in instances.by_name.values()
        for member in frame.types.by_name[equipment.type].members
    }
    tags = TagList(table, instances)
    unresolved = instances.unresolved
    for name, number in first.items():
        row = rows[number]
        if name in offered:
            row = _override(table, number, row, offered[name], findings)
        elif unresolved and name.rpartition(".")[0] in unresolved:
            table.bad_rows.add(number)
        elif "device" in row and "type" not in row and number not in table.bad_rows:
            findings.append(table.finding(number, "type", f"{name} has no type", "give it one, such as f32 or bool"))
        tags.add(Tag(**row), number)
    for tag in _members(offered, first, instances, findings):
        tags.add(tag, None)
    _check_scan_classes(tags, frame, findings)
    return tags


def _check_scan_classes(tags: TagList, frame: Frame, findings: list[Finding]) -> None:
    if frame.scan_classes is None:
        return
    told = set(frame.scan_classes)
    for position, tag in enumerate(tags.tags):
        if tag.scan not in told and tags.origins[position] is None:
            told.add(tag.scan)
            problem = f"{tag.name} needs the scan class {tag.scan!r}"
            findings.append(tags.finding(position, "type", problem, "add it to [scan] in plant.toml"))


def _override(table: Table, number: int, row: Row, offer: tuple[Equipment, Member], findings: list[Finding]) -> Row:
    """Return the fields of a member with the filled cells of its row laid over them."""
    fields = member_fields(*offer)
    unit = fields["unit"]
    if unit and "unit" in row:
        converted = in_unit(fields, unit, row["unit"])
        if converted is None:
            problem = f"unit {row['unit']!r} does not convert to {unit!r}, the unit that {offer[0].type} declares"
            findings.append(table.finding(number, "unit", problem, f"use {unit!r} or a unit that converts to it"))
            table.bad_rows.add(number)
        else:
            fields = converted
    if "expression" in row:
        fields |= {"device": "", "address": ""}
    if "address" in row:
        fields |= {"expression": "", "device": offer[0].device}
    merged = fields | row
    if not merged["address"] and not merged["expression"] and number not in table.bad_rows:
        problem = f"{row['name']} has neither address nor expression"
        findings.append(table.finding(number, "address", problem, "give it one, or remove the row"))
        table.bad_rows.add(number)
    return merged


def _members(
    offered: Offered, taken: Mapping[str, int], instances: Instances, findings: list[Finding]
) -> Iterator[Tag]:
    """Yield the tags of the members that tags.csv doesn't name; a finding for one that lacks its address.

    A calculated member exists where all its inputs exist: an instance without a device has neither.
    """
    fields = {
        name: member_fields(equipment, member)
        for name, (equipment, member) in offered.items()
        if name not in taken and not member.optional
    }
    calculated = _calculable(fields, taken)
    for name, values in fields.items():
        equipment, member = offered[name]
        if values["address"] or name in calculated:
            yield Tag(**values)
        elif equipment.device and not member.expression:
            row = instances.row_of[equipment.name]
            remedy = f"give {name} an address in tags.csv, or the equipment a base address"
            findings.append(instances.table.finding(row, "address", f"{name} has no address", remedy))


def _calculable(fields: Mapping[str, Row], taken: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the calculated members whose inputs all exist, with their inputs."""
    inputs = {name: _inputs(values["expression"]) for name, values in fields.items() if values["expression"]}
    while True:
        missing = [
            name
            for name, needed in inputs.items()
            if not all(one in taken or one in inputs or fields.get(one, {}).get("address") for one in needed)
        ]
        if not missing:
            return inputs
        for name in missing:
            del inputs[name]


def _inputs(expression: str) -> tuple[str, ...]:
    try:
        return parse_expression(expression).inputs
    except ValueError:  # told where the type is checked
        return ()
