"""The default alarms of equipment types, made into those of the tags of instances. Pure functions, any thread.

Members become tags; limits, bands and ends are turned into the unit that the tag has in this plant.
"""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any, Final

from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.equipment import AlarmTemplate, Equipment, EquipmentType
from plant_models.project.units import conversion
from plant_models.tag import Tag

AlarmKey = tuple[str, AlarmKind, str]
"""Tag, kind and id: what tells alarms apart."""
Fields = dict[str, Any]
"""The fields of an alarm definition by name."""

_OWN: Final = tuple(field.name for field in fields(AlarmTemplate) if field.name != "member")
_LEVELS: Final = ("limit", "consequence_at")
_RATES: Final = (AlarmKind.RATE, AlarmKind.DEVIATION, AlarmKind.STUCK)


def default_alarms(
    tags: Iterable[Tag], equipment: Mapping[str, Equipment], types: Mapping[str, EquipmentType]
) -> dict[AlarmKey, Fields]:
    """Return the alarms that types bring for the tags of their instances, in the order of the tags."""
    of_member: dict[tuple[str, str], list[tuple[AlarmTemplate, Fields]]] = {}
    for made in types.values():
        for template in made.alarms:
            values = {key: getattr(template, key) for key in _OWN}
            of_member.setdefault((made.name, template.member), []).append((template, values))
    defaults: dict[AlarmKey, Fields] = {}
    for tag in tags:
        if not tag.equipment:
            continue
        instance = equipment[tag.equipment]
        for template, values in of_member.get((instance.type, tag.member), ()):
            member = types[instance.type].member(tag.member)
            own = values | {"tag": tag.name} | _names(template, instance)
            defaults[tag.name, template.kind, template.id] = own | _numbers(
                template, member.unit if member else "", tag
            )
    return defaults


def _names(template: AlarmTemplate, instance: Equipment) -> Fields:
    """Return what names members, naming tags; a first-out group is the instance's own."""
    named = {key: instance.tag_name(name) for key in ("limit_tag", "reference") if (name := getattr(template, key))}
    named |= {key: instance.expand(text) for key in ("expression", "suppress_when") if (text := getattr(template, key))}
    return named | ({"first_out": f"{instance.name}.{template.first_out}"} if template.first_out else {})


def _numbers(template: AlarmTemplate, unit: str, tag: Tag) -> Fields:
    """Return what is in the unit of the member, in that of the tag; a rate and a distance have no zero to shift."""
    turn = conversion(unit, tag.unit)
    if turn is None or unit == tag.unit or template.kind not in (*LIMIT_KINDS, *_RATES):
        return {}
    numbers: Fields = {"deadband": template.deadband * abs(turn.factor)}
    for key in _LEVELS:
        value = getattr(template, key)
        if value is not None:
            is_distance = key == "limit" and template.kind in _RATES
            numbers[key] = value * turn.factor + (0.0 if is_distance else turn.shift)
    return numbers
