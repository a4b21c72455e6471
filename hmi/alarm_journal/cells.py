"""The columns of the journal page, and the texts of one row. Pure, GUI thread."""

import math
from typing import Final

from alarms.definitions import unit_of
from alarms.journal_query import Category, JournalRow, Source
from alarms.states import AlarmEvent
from hmi.alarms.distances import distance_text
from hmi.context import Context
from hmi.devices.of_alarm import device_in_name
from hmi.i18n import tr
from hmi.numbers import DASH, amount_text, difference_text, figure_text, local_time, moment_text, number_text
from hmi.table_column import Column
from plant_models.alarm_definition import DISTANCE_KINDS, LIMIT_KINDS, AlarmKind
from plant_models.message import message
from plant_models.tag import Tag
from station.chain import LOGGED_ON, NO_LOG_ON
from station.seat_note import SeatAct

TIME: Final = 0
EVENT: Final = 1
SIGN: Final = 2
AREA: Final = 3
TAG: Final = 4
TEXT: Final = 5
VALUE: Final = 6
OPERATOR: Final = 7
WORKSTATION: Final = 8
COMMENT: Final = 9
APART_US: Final = 2_000_000
"""How far the two times of a row may lie apart before that is said: rows follow when they were recorded."""
LEAST_TEXT: Final = 220
"""What the text needs before another column is shown (px)."""
COLUMNS: Final = (
    Column(message("Time"), 228),
    Column(message("Event"), 156),
    Column(message(""), 44),
    Column(message("Area"), 150),
    Column(message("Tag"), 150, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Value"), 120, is_number=True),
    Column(message("Operator"), 120),
    Column(message("Workstation"), 120, is_quiet=True),
    Column(message("Comment"), 180, is_quiet=True),
)
DROPPED: Final = (WORKSTATION, AREA, COMMENT, VALUE)
"""Columns in the order in which they give their room to the text; the details have all."""
EVENTS: Final = {
    AlarmEvent.ALM: message("Raised"),
    AlarmEvent.RTN: message("Returned"),
    AlarmEvent.ESC: message("More severe"),
    AlarmEvent.REALM: message("Raised again"),
    AlarmEvent.ACK: message("Acknowledged"),
    AlarmEvent.RESET: message("Reset"),
    AlarmEvent.SHELVE: message("Shelved"),
    AlarmEvent.UNSHELVE: message("Off the shelf"),
    AlarmEvent.SUPPRESS: message("Suppressed"),
    AlarmEvent.UNSUPPRESS: message("No longer suppressed"),
    AlarmEvent.OUT_OF_SERVICE: message("Out of service"),
    AlarmEvent.RETURN_TO_SERVICE: message("Back in service"),
    "COMMENT": message("Comment"),
    "BADQ": message("Input bad"),
    "GOODQ": message("Input good again"),
    "CONFIG": message("Definition changed"),
    "REMOVED": message("No longer configured"),
    "UNREAD": message("Not known at the start"),
    "RECALL": message("Known again"),
    "CLOCK": message("Clock set"),
    "LOST": message("Events lost"),
    "DAMAGE": message("Rows missing or changed"),
    "ROOM": message("Room for history"),
    "command": message("Command"),
    "manual": message("Manual value"),
    "device": message("Device service"),
    "test write": message("Test write"),
    "acknowledge": message("Ack refused"),
    SeatAct.SILENCE: message("Sound silenced"),
    SeatAct.MUTE: message("Sound muted"),
    SeatAct.UNMUTE: message("Sound on again"),
    SeatAct.OPEN: message("Window opened"),
    SeatAct.CLOSE: message("Window closed"),
    "log on": message("Logged on"),
    "log off": message("Logged off"),
    "log on refused": message("Log-on refused"),
    "tags": message("Tags added"),
    "certificate": message("Certificate"),
    "alarms": message("Alarms changed"),
    "start": message("Station started"),
    "stop": message("Station stopped"),
    "damage": message("Audit damaged"),
    "gap": message("Audit gap closed"),
    "history": message("History"),
}
"""Of the journal, then kinds of rows of the audit. One that has no words stays as it was recorded."""
STATES: Final = {
    "pending": message("asked for"),
    "sent": message("sent"),
    "verified": message("done"),
    "mismatch": message("read back otherwise"),
    "unknown": message("outcome unknown"),
    "rejected": message("refused"),
    "not sent": message("not sent"),
}
"""How something went that a person did."""
LOG_ONS: Final = {LOGGED_ON: message("logged on"), NO_LOG_ON: message("no log-on")}
"""The states of rows that say who was there."""
CATEGORIES: Final = {
    Category.ALARM: message("Alarms"),
    Category.OPERATOR: message("Operator actions"),
    Category.ACCESS: message("Log-ons and windows"),
    Category.CONFIGURATION: message("Configuration"),
    Category.SYSTEM: message("System"),
}


def widths_within(room: int) -> dict[int, int]:
    """Return the columns that `room` (px) is enough for, with their widths; the text takes what is left."""
    kept = {at: column.width for at, column in enumerate(COLUMNS)}
    for at in DROPPED:
        if room - sum(kept.values()) >= LEAST_TEXT:
            break
        del kept[at]
    kept[TEXT] = max(LEAST_TEXT, room - sum(kept.values()))
    return kept


def is_apart(row: JournalRow) -> bool:
    """Tell whether an event stands elsewhere than its time says: its source has a clock of its own, or it waited."""
    return abs(row.recorded_us - row.at_us) > APART_US


def times_text(context: Context, row: JournalRow) -> str:
    """Return both times of a row where they differ, else nothing."""
    if not is_apart(row):
        return ""
    now_us = context.clock.wall_us()
    recorded, source = (moment_text(at_us, now_us, context.zone) for at_us in (row.recorded_us, row.at_us))
    return tr("recorded {recorded}, source time {source}").format(recorded=recorded, source=source)


def full_time(context: Context, at_us: int) -> str:
    """Return a time with its date and milliseconds, as it stands in the first column."""
    return f"{local_time(at_us, context.zone):%Y-%m-%d %H:%M:%S}.{at_us // 1000 % 1000:03d}"


def event_word(event: str) -> str:
    """Return an event in words; one that has none stays as it was recorded."""
    return tr(EVENTS[event]) if event in EVENTS else event


def state_word(state: str) -> str:
    """Return how something that a person did went, or whether they were logged on, in words."""
    words = STATES.get(state) or LOG_ONS.get(state)
    return tr(words) if words else state


def row_text(row: JournalRow) -> str:
    """Return what a row says in a sentence: of the audit what was asked for, how it went and what was said of it."""
    if row.source is Source.ALARMS:
        return tr(row.text or row.comment)
    return " · ".join(filter(None, (tr(row.title), state_word(row.state), tr(row.text))))


def cell_text(context: Context, row: JournalRow, column: int) -> str:
    """Return the text of one cell."""
    texts = (
        lambda: full_time(context, row.at_us),
        lambda: event_word(row.event),
        lambda: "",
        lambda: context.area_title(row.area),
        lambda: row.tag or device_in_name(row.kind, row.alarm),
        lambda: row_text(row),
        lambda: value_text(context, row, row.value),
        lambda: row.user or DASH,
        lambda: row.seat or DASH,
        lambda: row.comment,
    )
    return texts[column]()


def value_text(context: Context, row: JournalRow, value: float | None) -> str:
    """Return a value of a row with its unit, a dash for what has none."""
    if value is None or not math.isfinite(value) or row.kind == AlarmKind.COMMUNICATION:
        return DASH
    tag = context.tag(row.tag)
    if tag is not None and _is_distance(row, tag):
        return distance_text(value, AlarmKind(row.kind), tag)
    if tag is not None and tag.unit == row.unit:
        return amount_text(value, tag)
    # The tag is gone, or has another unit since then: only the row knows what its number means.
    return f"{number_text(value, 1 if tag is None else tag.decimals)}\u00a0{row.unit}".rstrip()


def limit_text(context: Context, row: JournalRow) -> str:
    """Return the limit of a row without its unit, a dash where the condition has none."""
    tag = context.tag(row.tag)
    if row.limit is None or row.kind not in (*LIMIT_KINDS, *DISTANCE_KINDS):
        return DASH
    if tag is not None and _is_distance(row, tag):
        return difference_text(row.limit, tag)
    if tag is not None and tag.unit == row.unit:
        return figure_text(row.limit, tag)
    return number_text(row.limit, 1 if tag is None else tag.decimals)


def _is_distance(row: JournalRow, tag: Tag) -> bool:
    """Tell whether value and limit of a row are a rate, a deviation or a way in a unit that its tag has now."""
    return row.kind in DISTANCE_KINDS and row.unit == unit_of(AlarmKind(row.kind), tag)
