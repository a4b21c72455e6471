"""Alarms and journal rows of the demo plant, made in a line each."""

from collections.abc import Sequence
from typing import Any

from alarms.journal_query import JournalRow
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.plant import Plant


def alarm(plant: Plant, name: str, **settings: Any) -> AlarmRow:
    """Return the row of an alarm of the plant, "RPS.P1.FLT.state"; not acknowledged unless `settings` say otherwise."""
    definition = next(each for each in plant.alarms if each.name == name)
    return AlarmRow(**{**_facts(plant, definition), "state": AlarmState.UNACK, "occurrence": 1, "count": 1, **settings})


def many_alarms(plant: Plant, count: int, state: AlarmState = AlarmState.UNACK, now_us: int = 0) -> list[AlarmRow]:
    """Return `count` alarms under names of their own, one raised a second after the other."""
    made = []
    for at in range(count):
        definition = plant.alarms[at % len(plant.alarms)]
        facts = {**_facts(plant, definition), "name": f"{definition.name}#{at}"}
        made.append(AlarmRow(**{**facts, "state": state, "occurrence": 1, "active_us": now_us + at * 1_000_000}))
    return made


def journal(rows: Sequence[AlarmRow], event: str = "ALM", user: str = "") -> list[JournalRow]:
    """Return one journal row for each alarm, the last one newest and first."""
    return [
        JournalRow(
            seq=seq, at_us=row.active_us, recorded_us=row.active_us, event=event, alarm=row.name, tag=row.tag,
            kind=str(row.kind), priority=row.priority, from_state="NORM", to_state=str(row.state),
            occurrence=row.occurrence, value=row.trip_value, limit=row.limit, unit=row.unit, quality=0, text=row.text,
            area=row.area, user=user, seat="", comment="",
        )
        for seq, row in reversed(list(enumerate(rows, 1)))
    ]  # fmt: skip


def _facts(plant: Plant, definition: AlarmDefinition) -> dict[str, Any]:
    tag = next(tag for tag in plant.tags if tag.name == definition.tag)
    equipment = plant.equipment.get(tag.equipment)
    shown = next((name for name, each in plant.displays.items() if _shows(each.layout.items, tag.equipment)), "")
    is_state = definition.kind is AlarmKind.STATE
    return {
        "name": definition.name, "tag": tag.name, "kind": definition.kind, "priority": definition.priority,
        "trip_value": definition.limit if is_state or definition.limit is None else definition.limit + 1.0,
        "limit": definition.limit, "unit": tag.unit, "text": definition.text, "description": tag.description,
        "area": equipment.area if equipment else tag.area, "equipment": tag.equipment, "display": shown,
        "consequence": definition.consequence, "action": definition.action, "respond_min": definition.respond_min,
        "active_us": 1_700_000_000_000_000,
    }  # fmt: skip


def _shows(items: Sequence[Any], equipment: str) -> bool:
    return bool(equipment) and any(item.equipment == equipment for item in items)
