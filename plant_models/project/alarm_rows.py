"""`alarms.csv` and the default alarms of all equipment, made into the alarms of the plant. Any thread.

First the rows of alarms.csv in file order, then the defaults that it doesn't name, in the order of their tags.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.equipment import AlarmTemplate
from plant_models.project import cells
from plant_models.project.finding import Finding, suggest
from plant_models.project.frame import Frame
from plant_models.project.limits import check_limits
from plant_models.project.rows import Row, read_rows
from plant_models.project.table import Table
from plant_models.project.tag_rows import TagList
from plant_models.project.units import conversion
from plant_models.tag import Tag

COLUMNS: Final[Mapping[str, Callable[[str], Any]]] = {
    "tag": cells.text,
    "kind": cells.alarm_kind,
    "limit": cells.number,
    "deadband": cells.not_negative,
    "on_delay_s": cells.not_negative,
    "off_delay_s": cells.not_negative,
    "priority": cells.priority,
    "text": cells.text,
    "consequence": cells.text,
    "action": cells.text,
    "respond_min": cells.not_negative,
}
NUMBERS: Final = ("limit", "deadband", "on_delay_s", "off_delay_s", "respond_min")

_Key = tuple[str, AlarmKind]
_OWN: Final = tuple(field.name for field in fields(AlarmTemplate) if field.name != "member")


def read_alarms(table: Table, tags: TagList, frame: Frame, findings: list[Finding]) -> list[AlarmDefinition]:
    """Return every alarm of the plant."""
    rows = read_rows(table, COLUMNS, findings)
    defaults = _defaults(tags, frame)
    alarms: list[AlarmDefinition] = []
    origins: list[int | None] = []
    taken: dict[_Key, int] = {}
    for number, row in enumerate(rows):
        key = _key(table, number, row, tags, findings)
        if key is None:
            continue
        if taken.setdefault(key, number) != number:
            problem = f"duplicate alarm {key[0]} {key[1]} (first in line {table.records[taken[key]].line})"
            findings.append(table.finding(number, "kind", problem, "keep one of them"))
            continue
        alarms.append(AlarmDefinition(**(defaults.get(key, {}) | row)))
        origins.append(number)
    for key, default in defaults.items():
        if key not in taken:
            alarms.append(AlarmDefinition(**default))
            origins.append(None)
    _check(table, alarms, origins, tags, findings)
    return alarms


def _key(table: Table, number: int, row: Row, tags: TagList, findings: list[Finding]) -> _Key | None:
    """Return tag and kind of a row; None, with a finding, if one is missing or the tag doesn't exist."""
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
    return row["tag"], row["kind"]


def _defaults(tags: TagList, frame: Frame) -> dict[_Key, Row]:
    defaults: dict[_Key, Row] = {}
    for tag in tags.tags:
        if not tag.equipment:
            continue
        made = frame.types.by_name[tags.instances.by_name[tag.equipment].type]
        for template in made.alarms:
            if template.member == tag.member:
                defaults[tag.name, template.kind] = _default(template, tag, made.member(tag.member))
    return defaults


def _default(template: AlarmTemplate, tag: Tag, member: Any) -> Row:
    values = {"tag": tag.name} | {key: getattr(template, key) for key in _OWN}
    turn = conversion(member.unit, tag.unit)
    if turn and template.kind not in (AlarmKind.STATE, AlarmKind.COMMUNICATION):
        values["deadband"] = template.deadband * abs(turn.factor)
        if template.limit is not None:
            values["limit"] = template.limit * turn.factor + turn.shift
    return values


def _check(
    table: Table, alarms: list[AlarmDefinition], origins: list[int | None], tags: TagList, findings: list[Finding]
) -> None:
    def report(position: int, problem: str, remedy: str) -> None:
        alarm, origin = alarms[position], origins[position]
        problem = f"{alarm.tag}: {problem}"
        if origin is None:
            if not tags.is_bad(tags.index[alarm.tag]):
                findings.append(tags.finding(tags.index[alarm.tag], "name", problem, remedy))
        elif origin not in table.bad_rows:
            findings.append(table.finding(origin, "limit", problem, remedy))

    watched = {alarm.tag: tags.tags[tags.index[alarm.tag]] for alarm in alarms}
    for mistake in check_limits([(alarm.tag, alarm.kind, alarm.limit) for alarm in alarms], watched):
        report(mistake.position, mistake.problem, mistake.remedy)
    for position, alarm in enumerate(alarms):
        if alarm.kind is not AlarmKind.COMMUNICATION and tags.tags[tags.index[alarm.tag]].is_text:
            report(position, f"a {alarm.kind} alarm on a text", "only comm alarms watch texts")
