"""The columns of the alarm list, and the texts of one row. Pure, GUI thread."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt

from alarms.snapshot import AlarmRow
from hmi.alarms.words import age_text, kind_word, limit_text, state_word, time_text, value_text
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import Message, message

Cells = tuple[str, ...]
CHECK: Final = 0
GLYPH: Final = 1
AREA: Final = 4


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
    Column(message("Area"), 160),
    Column(message("Tag"), 128, is_condensed=True),
    Column(message("Description"), 0),
    Column(message("Cond."), 72),
    Column(message("Value"), 128, is_number=True),
    Column(message("Limit"), 72, is_number=True),
    Column(message("State"), 172),
    Column(message("×"), 40, is_number=True),
)


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
        row.tag,
        tr(row.text),
        kind_word(row.kind),
        value_text(context, row),
        limit_text(context, row),
        state,
        str(row.count) if row.count > 1 else "",
    )
