"""The columns of the alarm list, and the texts of one row. Pure, GUI thread."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.tabs import Tab
from hmi.alarms.distances import live_reading
from hmi.alarms.formula_words import formula_words
from hmi.alarms.words import (
    age_text,
    kind_word,
    limit_text,
    span_text,
    state_word,
    time_text,
    until_text,
    value_text,
    whose_text,
)
from hmi.context import Context
from hmi.i18n import tr
from hmi.live import Reading
from hmi.table_column import Column
from plant_models.message import message

CHECK: Final = 0
GLYPH: Final = 1
FIRST_OUT: Final = 2
TIME: Final = 3
AGE: Final = 4
AREA: Final = 5
TAG: Final = 6
TEXT: Final = 7
CONDITION: Final = 8
TRIP: Final = 9
VALUE: Final = 10
LIMIT: Final = 11
CONSEQUENCE: Final = 12
STATE: Final = 13
ACKED_BY: Final = 14
ACKED: Final = 15
UNTIL: Final = 16
WHY: Final = 17
COUNT: Final = 18
NOTE: Final = 19
PADDING: Final = 6


COLUMNS: Final = (
    Column(message(""), 38, 34, full=message("Selected")),
    Column(message(""), 40, 36, full=message("Priority and state")),
    Column(message("1st"), 40, 34, name="first", full=message("First of its group")),
    Column(message("Time"), 84, 76, name="time", full=message("Time active")),
    Column(message("Age"), 94, 85, is_quiet=True, name="age", full=message("Age")),
    Column(message("Area"), 144, 132, name="area", full=message("Area")),
    Column(message("Tag"), 150, 138, is_condensed=True, full=message("Tag")),
    Column(message("Description"), 0, 184, full=message("Description")),
    Column(message("Cond."), 98, 90, name="condition", full=message("Condition")),
    Column(message("At trip"), 112, 104, is_number=True, name="trip", full=message("Value when raised")),
    Column(message("Value"), 112, 103, is_number=True, name="value", full=message("Value now")),
    Column(message("Limit"), 72, 66, is_number=True, name="limit", full=message("Limit")),
    Column(message("Time left"), 98, 86, is_number=True, name="consequence", full=message("Time to consequence")),
    Column(message("State"), 180, 164, full=message("State")),
    Column(message("Acked by"), 120, 100, name="acked_by", full=message("Acknowledged by")),
    Column(message("Acked"), 84, 76, name="acked", full=message("Acknowledged at")),
    Column(message("Until"), 100, 92, name="until", full=message("Put aside until")),
    Column(message("Why"), 200, 200, name="why", full=message("Put aside because")),
    Column(message("×"), 40, 40, is_number=True, name="count", full=message("How often raised")),
    Column(message(""), 34, 32, name="note", full=message("Comment")),
)
OPTIONAL: Final = tuple(at for at, column in enumerate(COLUMNS) if column.name)
"""What a person may leave out; the others are always there."""
USUAL: Final = tuple(
    COLUMNS[at].name for at in (FIRST_OUT, TIME, AGE, AREA, CONDITION, VALUE, LIMIT, CONSEQUENCE, COUNT, NOTE)
)
IMPORTANCE: Final = (
    TIME, VALUE, CONSEQUENCE, AGE, CONDITION, LIMIT, COUNT, AREA, NOTE, FIRST_OUT, TRIP, UNTIL, ACKED, ACKED_BY, WHY
)  # fmt: skip
"""Columns in the order in which they get the room there is. The tag and the tiles name the area too, the sign which
came first; the details have all."""
_OF_ASIDE: Final = (WHY, UNTIL)
_WIDE_WHY: Final = 300
"""What a reason takes on the tabs of what is put aside, before other columns are shown (px)."""
_WHY_SHARE: Final = 0.6
"""Of what is more than the description needs, on these tabs."""
VOLATILE: Final = frozenset({AGE, VALUE, CONSEQUENCE, STATE})
"""What changes without anything having happened to the alarm: it is written each time it is looked at.

Times of day change with the day only.
"""
LEAST_TEXT: Final = COLUMNS[TEXT].least
"""What a description needs before another column is shown (px)."""
_LEAST_OF_ALL: Final = 120
_TIED: Final = 2
_USUAL_SIZE: Final = 15
_FIXED: Final = frozenset({CHECK, GLYPH, NOTE})


def names_on(tab: Tab, chosen: Collection[str]) -> frozenset[str]:
    """Return the columns that a tab shows: those `chosen`, but of what is put aside until when and why.

    What is suppressed by design has no end that is known.
    """
    if not tab.is_aside:
        return frozenset(chosen)
    told = {"why"} if tab is Tab.SUPPRESSED else {"why", "until"}
    return frozenset(chosen) - {"consequence", "count", "until"} | told


def widths_within(
    room: int, wanted: Collection[str] = USUAL, size: int = _USUAL_SIZE, is_aside: bool = False
) -> dict[int, int]:
    """Return the columns among those `wanted` that `room` (px) is enough for, with their widths in a font of `size` px.

    Where room is short each is as narrow as its words allow, so that more of them can be read. The description takes
    what is left; where nothing but what `is_aside` stands, the reason shares it, and is left out last.
    """
    scale = size / _USUAL_SIZE
    least = {at: column.least * (1 if at in _FIXED else scale) for at, column in enumerate(COLUMNS)}
    kept = {at: least[at] for at, column in enumerate(COLUMNS) if not column.name}
    named = [at for at in IMPORTANCE if COLUMNS[at].name in wanted]
    if is_aside:
        _take(kept, [at for at in _OF_ASIDE if at in named], least, room)
        room_for_why = (_WIDE_WHY - COLUMNS[WHY].least) * scale if WHY in kept else 0.0
        _take(kept, [at for at in named if at not in _OF_ASIDE], least, room - room_for_why)
    else:
        _take(kept, named, least, room)
    spare = room - sum(kept.values())
    if WHY in kept and is_aside:
        kept[WHY] += max(min(spare, room_for_why), spare * _WHY_SHARE)
    else:
        _widen(kept, scale, spare)
    widths = {at: int(kept[at]) for at in sorted(kept)}
    widths[TEXT] = max(_LEAST_OF_ALL, widths[TEXT] + room - sum(widths.values()))
    return widths


def _take(kept: dict[int, float], columns: Iterable[int], least: Mapping[int, float], room: float) -> None:
    """Take over each of these columns for which there still is room (px), the first of them first."""
    for at in columns:
        if sum(kept.values()) + least[at] <= room:
            kept[at] = least[at]


def _widen(kept: dict[int, float], scale: float, spare: float) -> None:
    """Let all columns but the description grow towards their usual width, by as much as there is to spare (px)."""
    more = {at: COLUMNS[at].width * (1 if at in _FIXED else scale) - width for at, width in kept.items() if at != TEXT}
    share = max(0.0, min(1.0, spare / max(1.0, sum(more.values()))))
    for at, each in more.items():
        kept[at] += each * share


def cell_of(context: Context, row: AlarmRow, column: int) -> str:
    """Return the text of one cell; what time it is to a consequence isn't known here."""
    writer = _WRITERS.get(column)
    return "" if writer is None else writer(context, row)


def consequence_text(seconds: int | None) -> str:
    """Return in what time a consequence comes, below a head that says so; "" if nobody knows."""
    if seconds is None:
        return ""
    return span_text(seconds) if seconds > 0 else tr("now")


def live_text(reading: Reading) -> str:
    """Return the value of this moment with its mark and unit, which are not to be torn apart."""
    return "\u00a0".join(part for part in (reading.mark, reading.text, reading.unit) if part)


def _text(row: AlarmRow) -> str:
    words = tr(row.text)
    return tr("{text} · chatters").format(text=words) if row.is_chattering else words


def _state(context: Context, row: AlarmRow) -> str:
    if context.alarms.is_pending(row):
        return tr("Acknowledgement sent")
    if row.state is AlarmState.SHLVD and row.until_us is not None:
        return tr("Shelved to {time}").format(time=_until(context, row))
    return state_word(row)


def _first_out(context: Context, row: AlarmRow) -> str:
    del context
    return "" if not row.first_out else "1 =" if row.first_out == _TIED else "1"


def _time(context: Context, row: AlarmRow) -> str:
    return time_text(context, row.active_us, context.clock.wall_us()) if row.active_us else ""


def _age(context: Context, row: AlarmRow) -> str:
    return age_text(row.active_us, context.clock.wall_us()) if row.active_us else ""


def _value(context: Context, row: AlarmRow) -> str:
    reading = live_reading(context, row)
    return "" if reading is None else live_text(reading)


def _acked(context: Context, row: AlarmRow) -> str:
    return "" if row.acked_us is None else time_text(context, row.acked_us, context.clock.wall_us())


def _until(context: Context, row: AlarmRow) -> str:
    return "" if row.until_us is None else until_text(context, row.until_us, context.clock.wall_us())


def _why(context: Context, row: AlarmRow) -> str:
    """Return who put an alarm aside and why, or what suppresses it."""
    if row.aside_by:
        return tr("{user}: {reason}").format(user=row.aside_by, reason=row.aside_why)
    return formula_words(context, row.rule)


_WRITERS: Final[Mapping[int, Callable[[Context, AlarmRow], str]]] = {
    FIRST_OUT: _first_out,
    TIME: _time,
    AGE: _age,
    AREA: lambda context, row: context.area_title(row.area),
    TAG: lambda _, row: whose_text(row),
    TEXT: lambda _, row: _text(row),
    CONDITION: lambda _, row: kind_word(row.kind),
    TRIP: value_text,
    VALUE: _value,
    LIMIT: limit_text,
    STATE: _state,
    ACKED_BY: lambda _, row: row.acked_by,
    ACKED: _acked,
    UNTIL: _until,
    WHY: _why,
    COUNT: lambda _, row: str(row.count) if row.count > 1 else "",
}


def tip_of(context: Context, row: AlarmRow, column: int) -> str:
    """Return what a cell has no room for: the whole time, who acknowledged, the comment, else what it is about."""
    if column == NOTE:
        return row.note
    if column == FIRST_OUT and row.first_out:
        return tr("The first of its group, with others") if row.first_out == _TIED else tr("The first of its group")
    moment = f"{datetime.fromtimestamp(row.active_us / 1e6, UTC).astimezone(context.zone):%Y-%m-%d %H:%M:%S.%f}"[:-3]
    words = (row.description, tr(row.text), moment if row.active_us else "", _why(context, row), row.note)
    return "\n".join(word for word in words if word)
