"""What alarms compare with a limit that is no value of their tag: a rate, a deviation, how far it moves. GUI thread.

It is converted as a difference of two values, without the shift of a unit, and a rate names its minute.
"""

import math
from dataclasses import replace

from alarms.snapshot import AlarmRow
from hmi.context import Context
from hmi.i18n import tr
from hmi.live import Reading, make_reading
from hmi.numbers import number_text
from hmi.units.choice import shown_as
from hmi.units.shown import Shown
from plant_models.alarm_definition import DISTANCE_KINDS, AlarmKind
from plant_models.quality import Quality, is_good
from plant_models.tag import Tag


def distance_shown(kind: AlarmKind | None, tag: Tag) -> Shown:
    """Return how distances between values of a tag are shown, for a rate those of a minute."""
    shown = shown_as(tag)
    unit = tr("{unit}/min").format(unit=shown.unit) if kind is AlarmKind.RATE else shown.unit
    return Shown(unit, shown.decimals, shown.factor)


def distance_text(distance: float, kind: AlarmKind | None, tag: Tag) -> str:
    """Return value or limit of one of DISTANCE_KINDS with its unit, "0.5 m", that of a rate "0.5 m/min"."""
    shown = distance_shown(kind, tag)
    return f"{number_text(shown.to(distance), shown.decimals)}\u00a0{shown.unit}".rstrip()


def live_reading(context: Context, row: AlarmRow) -> Reading | None:
    """Return what an alarm compares with its limit at this moment: the value of its tag, or the distance it goes by.

    None without a tag. A distance that nobody knows is no value, whatever is known of the tag.
    """
    tag = context.tag(row.tag)
    if tag is None:
        return None
    if row.kind not in DISTANCE_KINDS:
        return context.live.reading(row.tag)
    sample, measured = context.station.table.sample(row.tag), context.station.alarm_measures.get(row.name, math.nan)
    is_awaited = math.isnan(measured) and is_good(sample.quality)
    quality = int(Quality.BAD_WAITING_FOR_INITIAL_DATA) if is_awaited else sample.quality
    sample = replace(sample, value=measured, quality=quality)
    return make_reading(replace(tag, states=()), sample, context.live.is_evaluated, distance_shown(row.kind, tag))
