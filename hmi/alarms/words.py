"""What the screens say about one alarm: its state, condition, value, limit and age in words. Pure, GUI thread."""

import math
from typing import Final

from PySide6.QtCore import QLocale

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.distances import distance_text
from hmi.alarms.formula_words import formula_words
from hmi.context import Context
from hmi.devices.of_alarm import device_in_name
from hmi.i18n import tr
from hmi.numbers import (
    DASH,
    amount_text,
    clock_text,
    difference_text,
    figure_text,
    local_time,
    moment_text,
    number_text,
)
from plant_models.alarm_definition import DIAGNOSTIC, DISTANCE_KINDS, LIMIT_KINDS, AlarmKind
from plant_models.message import message

STATES: Final = {
    AlarmState.UNACK: message("Unack, active"),
    AlarmState.RTNUN: message("Unack, returned"),
    AlarmState.LATUN: message("Unack, latched"),
    AlarmState.LATAK: message("Latched, reset needed"),
    AlarmState.ACKED: message("Acked, active"),
    AlarmState.SHLVD: message("Shelved"),
    AlarmState.DSUPR: message("Suppressed"),
    AlarmState.OOSRV: message("Out of service"),
}
_KINDS: Final = {
    AlarmKind.RATE: message("Rate"),
    AlarmKind.DEVIATION: message("Deviation"),
    AlarmKind.DISCREPANCY: message("Discrepancy"),
    AlarmKind.STATE: message("State"),
    AlarmKind.STUCK: message("Stuck"),
    AlarmKind.NO_UPDATE: message("Silent"),
    AlarmKind.COMMUNICATION: message("Comms"),
    AlarmKind.CALCULATED: message("Formula"),
    AlarmKind.DEVICE: message("Device"),
    AlarmKind.SYSTEM: message("Station"),
}
_PRIORITIES: Final = {
    1: message("1, urgent"),
    2: message("2, high"),
    3: message("3, medium"),
    4: message("4, low"),
    DIAGNOSTIC: message("diagnostic"),
}
_VALUELESS: Final = (AlarmKind.COMMUNICATION, AlarmKind.NO_UPDATE)
_ASIDE: Final = {
    AlarmState.SHLVD: message("Shelved by {user}: {reason}"),
    AlarmState.OOSRV: message("Out of service, by {user}: {reason}"),
}
_MINUTE_S: Final = 60
_HOUR_S: Final = 3600
_DAY_S: Final = 86_400


def whose_text(row: AlarmRow) -> str:
    """Return what an alarm is about: its tag, else the device that it comes from."""
    return row.tag or device_in_name(row.kind, row.name)


def state_word(row: AlarmRow) -> str:
    """Return the state in a word or two; of an alarm whose input is bad nobody knows whether it still is active."""
    word = tr(STATES[row.state])
    return tr("{state}, input bad").format(state=word) if row.is_frozen else word


def kind_word(kind: AlarmKind | None) -> str:
    """Return the condition: the letters of a limit, else a word; a dash for what is no condition."""
    if kind is None:
        return DASH
    return tr(_KINDS[kind]) if kind in _KINDS else kind.value


def priority_word(priority: int) -> str:
    """Return a priority as number and word."""
    return tr(_PRIORITIES[priority])


def value_text(context: Context, row: AlarmRow) -> str:
    """Return at what the alarm was raised, with its unit: the value of its tag, or the distance that it goes by.

    A dash if there was none.
    """
    tag = context.tag(row.tag)
    if row.trip_value is None or not math.isfinite(row.trip_value) or row.kind in _VALUELESS:
        return DASH
    if tag is None:
        return f"{number_text(row.trip_value, 1)}\u00a0{row.unit}".rstrip()
    is_distance = row.kind in DISTANCE_KINDS
    return distance_text(row.trip_value, row.kind, tag) if is_distance else amount_text(row.trip_value, tag)


def limit_text(context: Context, row: AlarmRow) -> str:
    """Return the limit without its unit; a dash for conditions that have none."""
    tag = context.tag(row.tag)
    if row.limit is None or not math.isfinite(row.limit) or row.kind not in (*LIMIT_KINDS, *DISTANCE_KINDS):
        return DASH
    if tag is None:
        return number_text(row.limit, 1)
    return difference_text(row.limit, tag) if row.kind in DISTANCE_KINDS else figure_text(row.limit, tag)


def figures(context: Context, row: AlarmRow) -> str:
    """Return the value and the limit, "33.6 % (limit 35.0)"; nothing for conditions that have none."""
    is_compared = row.kind in LIMIT_KINDS or (row.kind in DISTANCE_KINDS and row.limit is not None)
    if not is_compared:
        return ""
    return tr("{value} (limit {limit})").format(value=value_text(context, row), limit=limit_text(context, row))


def first_out_word(row: AlarmRow) -> str:
    """Return that an alarm was the first of its group, or one of several that were; "" if it wasn't."""
    if row.first_out > 1:
        return tr("First out, with others at once")
    return tr("First out") if row.first_out else ""


def aside_words(context: Context, row: AlarmRow) -> str:
    """Return who put an alarm aside, why and until when, or what suppresses it; "" for one that isn't aside."""
    if row.state is AlarmState.DSUPR:
        return tr("Suppressed while {rule}").format(rule=formula_words(context, row.rule)) if row.rule else ""
    if row.state not in _ASIDE:
        return ""
    words = [tr(_ASIDE[row.state]).format(user=row.aside_by, reason=row.aside_why)] if row.aside_by else []
    if row.until_us is not None:
        time = moment_text(row.until_us, context.clock.wall_us(), context.zone)
        until = tr("until {time}") if row.state is AlarmState.SHLVD else tr("review {time}")
        words.append(until.format(time=time))
    if row.is_one_shot:
        words.append(tr("ends when it returns to normal"))
    return ", ".join(words)


def time_text(context: Context, at_us: int, now_us: int) -> str:
    """Return the time of day, of an earlier day the date: "14:41:09", "20 Nov"."""
    at, now = local_time(at_us, context.zone), local_time(now_us, context.zone)
    if at.date() == now.date():
        return clock_text(at_us, context.zone)
    return f"{at.day} {QLocale().monthName(at.month, QLocale.FormatType.ShortFormat)}"


def age_text(at_us: int, now_us: int) -> str:
    """Return how long ago something was: "57 s", "29 min", "1 h 19 min", "1 d 4 h"."""
    return span_text(max(0, (now_us - at_us) // 1_000_000))


def until_text(context: Context, until_us: int, now_us: int) -> str:
    """Return until when something holds: the time of day of this day, else with the date before it."""
    until, now = local_time(until_us, context.zone), local_time(now_us, context.zone)
    if until.date() == now.date():
        return f"{until:%H:%M}"
    return f"{until.day} {QLocale().monthName(until.month, QLocale.FormatType.ShortFormat)} {until:%H:%M}"


def span_text(age_s: int) -> str:
    """Return a span of seconds in its two largest units: "57 s", "29 min", "1 h 19 min", "1 d 4 h"."""
    if age_s < _MINUTE_S:
        return tr("{seconds} s").format(seconds=age_s)
    if age_s < _HOUR_S:
        return tr("{minutes} min").format(minutes=age_s // _MINUTE_S)
    if age_s < _DAY_S:
        return tr("{hours} h {minutes} min").format(hours=age_s // _HOUR_S, minutes=age_s % _HOUR_S // _MINUTE_S)
    return tr("{days} d {hours} h").format(days=age_s // _DAY_S, hours=age_s % _DAY_S // _HOUR_S)
