"""Which device an alarm or a tag is about. Pure, GUI thread."""

from alarms.snapshot import AlarmRow
from hmi.context import Context
from plant_models.alarm_definition import AlarmKind


def device_of_tag(context: Context, name: str) -> str:
    """Return the device a tag is read from, "" for none."""
    tag = context.tag(name)
    return tag.device if tag is not None and tag.device in context.plant.devices else ""


def device_of_alarm(context: Context, row: AlarmRow) -> str:
    """Return the device that a communication alarm is about, "" for all other alarms."""
    if row.kind is not AlarmKind.COMMUNICATION:
        return ""
    named = row.name.removesuffix(f".{AlarmKind.COMMUNICATION.value}")
    return named if named in context.plant.devices else device_of_tag(context, row.tag)
