"""Since when equipment is in its state, and since when a value can't be trusted: only what the station saw. GUI thread.

The live table knows the newest change of each tag. The state is as old as the newest change among the tags that decide
it, provided that another state held before. What began before the start or before a gap is known from its alarm, which
outlives both; anything else is not known and not said.
"""

import math
from typing import Final

from alarms.states import AlarmState
from hmi.alarms.words import age_text, time_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.live import Reading, capitalised, parsed
from plant_models.alarm_definition import AlarmKind
from plant_models.equipment import Equipment
from plant_models.expression import Expression
from plant_models.newest_change import Change
from plant_models.quality import Quality, is_good
from plant_models.tag import DataType, Tag

_UNKNOWN: Final = -1
_ACTIVE: Final = (AlarmState.UNACK, AlarmState.ACKED)


def state_since(context: Context, equipment: Equipment) -> int | None:
    """Return when (µs UTC) equipment came into its present state, None if nobody saw it.

    Only states that are decided by words and bits have such a moment; a tank fills and empties by turns.
    """
    rules = [parsed(equipment.expand(rule.expression)) for rule in context.type_of(equipment).states]
    values: dict[str, float] = {}
    held = _holding(rules, values, context)
    names = {name for rule in rules[: held + 1] for name in rule.inputs}
    tags = [context.tag(name) for name in sorted(names)]
    if held == _UNKNOWN or not all(tag is not None and _is_discrete(tag) for tag in tags):
        return None
    changes = {name: context.station.table.change(name) for name in names}
    newest_us = max(change.at_us for change in changes.values())
    before = values | {name: change.before for name, change in changes.items() if change.at_us == newest_us}
    if newest_us == 0 or any(math.isnan(before[name]) for name in names):
        return _alarmed_since(context, rules[held], newest_us)
    return None if _first(rules[: held + 1], before) == held else newest_us


def since_text(context: Context, at_us: int) -> str:
    """Return a moment and how long ago it was: "14:38:51 · 47 s ago"."""
    now_us = context.clock.wall_us()
    words = {"time": time_text(context, at_us, now_us), "age": age_text(at_us, now_us)}
    return tr("{time} · {age} ago").format(**words)


def trouble_text(context: Context, tag: Tag, reading: Reading) -> str:
    """Return why a value can't be trusted: "Sensor fault since 14:38:52, last good value"; "" if it can."""
    if reading.is_usable:
        return ""
    change = context.station.table.change(tag.name) if tag.name in context.station.table.index else Change()
    word = capitalised(reading.word)
    if not (change.is_seen and context.live.is_evaluated) or is_good(reading.quality):
        return word
    time = time_text(context, change.at_us, context.clock.wall_us())
    if reading.quality == Quality.UNCERTAIN_LAST_USABLE:
        return tr("No new value since {time}").format(time=time)
    words = (
        tr("{reason} since {time}, last good value") if reading.value == change.before else tr("{reason} since {time}")
    )
    return words.format(reason=word, time=time)


def _alarmed_since(context: Context, rule: Expression, known_us: int) -> int | None:
    """Return since when an active alarm tells the same as a rule, if that is longer than the tags themselves tell."""
    rows = (row for row in context.alarms.rows if row.kind is AlarmKind.STATE and row.tag in rule.inputs)
    since = (row.active_us for row in rows if row.state in _ACTIVE and not row.is_frozen)
    return min((at_us for at_us in since if at_us < known_us), default=None)


def _holding(rules: list[Expression], values: dict[str, float], context: Context) -> int:
    """Return which rule holds now, and collect the values that say so; nothing is known if one of them isn't good."""
    for at, rule in enumerate(rules):
        readings = {name: context.live.reading(name) for name in rule.inputs}
        if not all(reading.is_usable for reading in readings.values()):
            return _UNKNOWN
        values.update({name: reading.value for name, reading in readings.items()})
        if _is_true(rule, values):
            return at
    return _UNKNOWN


def _first(rules: list[Expression], values: dict[str, float]) -> int:
    return next((at for at, rule in enumerate(rules) if _is_true(rule, values)), _UNKNOWN)


def _is_true(rule: Expression, values: dict[str, float]) -> bool:
    result = rule.evaluate([values[name] for name in rule.inputs])
    return bool(result) and not math.isnan(result)


def _is_discrete(tag: Tag) -> bool:
    return not tag.is_calculated and (bool(tag.states) or tag.type is DataType.BOOL)
