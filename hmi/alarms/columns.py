"""The columns of the alarm list, and the texts of one row. Pure, GUI thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from alarms.snapshot import AlarmRow
from hmi.alarms.words import age_text, kind_word, limit_text, state_word, time_text, value_text, whose_text
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import Message, message

Cells = tuple[str, ...]
CHECK: Final = 0
GLYPH: Final = 1
TIME: Final = 2
AGE: Final = 3
AREA: Final = 4
TEXT: Final = 6
CONDITION: Final = 7
VALUE: Final = 8
LIMIT: Final = 9
COUNT: Final = 11
PADDING: Final = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A title, a width in px (0: what is left), and whether it holds numbers, which stand at the right."""

    title: Message
    width: int
    is_number: bool = False
    is_quiet: bool = False
    is_condensed: bool = False

    def heading(self, role: int) -> str | int | None:
        """Return what Qt asks for the head of the column."""
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.title)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None


COLUMNS: Final = (
    Column(message(""), 40),
    Column(message(""), 40),
    Column(message("Time"), 84),
    Column(message("Age"), 90, is_quiet=True),
    Column(message("Area"), 150),
    Column(message("Tag"), 150, is_condensed=True),
    Column(message("Description"), 0),
    Column(message("Cond."), 72),
    Column(message("Value"), 116, is_number=True),
    Column(message("Limit"), 72, is_number=True),
    Column(message("State"), 172),
    Column(message("×"), 40, is_number=True),
)


DROPPED: Final = (AREA, AGE, LIMIT, CONDITION, COUNT, VALUE, TIME)
"""Columns in the order in which they give their room to the description. The tag names the area too, and the details
have all."""
LEAST_TEXT: Final = 174
"""What a description needs before another column is shown (px)."""
_LEAST_OF_ALL: Final = 120


def widths_within(room: int) -> dict[int, int]:
    """Return the columns that `room` (px) is enough for, with their widths; the description takes what is left."""
    kept = {at: column.width for at, column in enumerate(COLUMNS)}
    for at in DROPPED:
        if room - sum(kept.values()) >= LEAST_TEXT:
            break
        del kept[at]
    kept[TEXT] = max(_LEAST_OF_ALL, room - sum(kept.values()))
    return kept


def cells_of(context: Context, row: AlarmRow) -> Cells:
    """Return the texts of an alarm in order of the columns."""
    now_us = context.clock.wall_us()
    state = tr("Acknowledgement sent") if context.alarms.is_pending(row) else state_word(row)
    return (
        "",
        "",
        time_text(context, row.active_us, now_us),
        age_text(row.active_us, now_us),
        context.area_title(row.area),
        whose_text(row),
        tr(row.text),
        kind_word(row.kind),
        value_text(context, row),
        limit_text(context, row),
        state,
        str(row.count) if row.count > 1 else "",
    )
