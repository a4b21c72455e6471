"""Which device an alarm or a tag is about. Pure, GUI thread."""

from alarms.snapshot import AlarmRow
from hmi.context import Context
from plant_models.alarm_definition import AlarmKind


def device_of_tag(context: Context, name: str) -> str:
    """Return the device a tag is read from, "" for none."""
    tag = context.tag(name)
    return tag.device if tag is not None and tag.device in context.plant.devices else ""


def device_in_name(kind: str | None, name: str) -> str:
    """Return the device that an alarm without a tag is named by, "" for other alarms."""
    if kind == AlarmKind.DEVICE:
        return name.partition(":")[0]
    return name.removesuffix(f".{AlarmKind.COMMUNICATION}") if kind == AlarmKind.COMMUNICATION else ""


def device_of_alarm(context: Context, row: AlarmRow) -> str:
    """Return the device that a communication alarm is about, or that raised the alarm; "" for all other alarms."""
    named = device_in_name(row.kind, row.name)
    if not named or named in context.plant.devices:
        return named
    return device_of_tag(context, row.tag)
