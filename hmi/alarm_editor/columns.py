"""The columns of the list of configured alarms, and the texts of one row. Pure, GUI thread."""

from collections.abc import Callable
from typing import Final

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow
from hmi.alarm_editor.words import missing_parts
from hmi.alarms.rights import class_word
from hmi.alarms.words import kind_word, state_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, difference_text, figure_text, number_text
from hmi.table_column import Column
from hmi.units.choice import shown_as
from plant_models.alarm_definition import DIAGNOSTIC, LIMIT_KINDS, AlarmKind
from plant_models.message import message
from plant_models.tag import Tag

TAG: Final = 0
TEXT: Final = 2
STATE: Final = 9
COLUMNS: Final = (
    Column(message("Tag"), 176, is_condensed=True),
    Column(message("Kind"), 92),
    Column(message("Text"), 0),
    Column(message("Limit"), 116, is_number=True),
    Column(message("Deadband"), 92, is_number=True),
    Column(message("Delays"), 92, is_number=True),
    Column(message("Priority"), 76, is_number=True),
    Column(message("Class"), 120),
    Column(message("Area"), 150),
    Column(message("State now"), 176),
    Column(message("Enabled"), 80),
    Column(message("Latching"), 80),
    Column(message("Missing"), 190, is_quiet=True),
)
_DROPPED: Final = (8, 11, 4, 7, 5, 10, 12)
"""Columns in the order in which they give their room to the text; the dialog of an alarm has all."""
_LEAST_TEXT: Final = 200
_LEAST_OF_ALL: Final = 120


def widths_within(room: int) -> dict[int, int]:
    """Return the columns that `room` (px) is enough for, with their widths; the text takes what is left."""
    kept = {at: column.width for at, column in enumerate(COLUMNS)}
    for at in _DROPPED:
        if room - sum(kept.values()) >= _LEAST_TEXT:
            break
        del kept[at]
    kept[TEXT] = max(_LEAST_OF_ALL, room - sum(kept.values()))
    return kept


def cell_text(context: Context, alarm: Alarm, now: AlarmRow | None, column: int) -> str:
    """Return the text of one cell; `now` is the alarm as it stands, None while it is normal."""
    return _TEXTS[column](context, alarm, now)


def limit_text(context: Context, alarm: Alarm) -> str:
    """Return what the value is compared with: a number with its unit, a tag, a state; a dash where there is none."""
    definition, tag = alarm.definition, context.tag(alarm.definition.tag)
    if definition.limit_tag:
        return definition.limit_tag
    if definition.limit is None:
        return DASH
    if definition.kind is AlarmKind.STATE:
        return _state(definition.limit, tag)
    if tag is None:
        return number_text(definition.limit, 1)
    is_level = definition.kind in LIMIT_KINDS
    words = figure_text(definition.limit, tag) if is_level else difference_text(definition.limit, tag)
    unit = shown_as(tag).unit
    if definition.kind is AlarmKind.RATE:
        unit = tr("{unit}/min").format(unit=unit)
    return f"{words}\u00a0{unit}".rstrip()


def _state(limit: float, tag: Tag | None) -> str:
    known = tag is not None and tag.states and 0 <= limit < len(tag.states)
    return tr(tag.states[int(limit)]) if known and tag is not None else number_text(limit, 0)


def _deadband(context: Context, alarm: Alarm, _now: AlarmRow | None) -> str:
    tag = context.tag(alarm.definition.tag)
    if not alarm.definition.deadband:
        return ""
    return number_text(alarm.definition.deadband, 1) if tag is None else difference_text(alarm.definition.deadband, tag)


def _delays(_context: Context, alarm: Alarm, _now: AlarmRow | None) -> str:
    on_s, off_s = alarm.definition.on_delay_s, alarm.definition.off_delay_s
    return tr("{on} / {off} s").format(on=f"{on_s:g}", off=f"{off_s:g}") if on_s or off_s else ""


def _priority(_context: Context, alarm: Alarm, _now: AlarmRow | None) -> str:
    priority = alarm.definition.priority
    return tr("Diag.") if priority == DIAGNOSTIC else str(priority)


def _state_now(_context: Context, alarm: Alarm, now: AlarmRow | None) -> str:
    if now is not None:
        return state_word(now)
    return tr("Normal") if alarm.definition.enabled else DASH


_TEXTS: Final[tuple[Callable[[Context, Alarm, AlarmRow | None], str], ...]] = (
    lambda _, alarm, __: alarm.definition.tag or alarm.device or alarm.name,
    lambda _, alarm, __: kind_word(alarm.definition.kind),
    lambda _, alarm, __: tr(alarm.definition.text),
    lambda context, alarm, _: limit_text(context, alarm),
    _deadband,
    _delays,
    _priority,
    lambda _, alarm, __: class_word(alarm.definition.alarm_class),
    lambda context, alarm, _: context.area_title(alarm.area),
    _state_now,
    lambda _, alarm, __: tr("Yes") if alarm.definition.enabled else tr("No"),
    lambda _, alarm, __: tr("Yes") if alarm.definition.latching else "",
    lambda _, alarm, __: ", ".join(missing_parts(alarm.definition)),
)
