"""What the menu and the trend of a row of alarms or events are about, and when it was. GUI thread."""

from dataclasses import replace

from alarms.journal_query import JournalRow
from alarms.snapshot import AlarmRow
from hmi.actions import Target
from hmi.context import Context
from hmi.trends.pens import target_of


def target_of_alarm(context: Context, row: AlarmRow) -> Target:
    """Return what an alarm is about, at the time at which it was raised."""
    return _target(context, row.tag, row.active_us)


def target_of_event(context: Context, row: JournalRow) -> Target:
    """Return what an event is about, at the time at which it happened; nothing if the plant has no such tag now."""
    return _target(context, row.tag, row.at_us)


def _target(context: Context, name: str, at_us: int) -> Target:
    tag, plant = context.tag(name), context.plant
    if tag is None:
        return Target("", "", ())
    equipment = tag.equipment if tag.equipment in plant.equipment else ""
    return replace(target_of(plant, context.station.table, equipment, name), at_us=at_us)
