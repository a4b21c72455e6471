"""The rows of the journal page: one page of what was recorded, newest first. GUI thread."""

import math
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from alarms.journal_query import JournalRow
from alarms.states import AlarmEvent
from hmi.alarms.columns import Column
from hmi.context import Context
from hmi.devices.of_alarm import device_in_name
from hmi.i18n import tr
from hmi.numbers import DASH, amount_text, figure_text, local_time, moment_text, number_text
from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.message import message

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The JournalRow of a row."""
TIME: Final = 0
SIGN: Final = 2
COMMENT: Final = 8
APART_US: Final = 2_000_000
"""How far the two times of a row may lie apart before that is said: rows follow when they were recorded."""
COLUMNS: Final = (
    Column(message("Time"), 228),
    Column(message("Event"), 156),
    Column(message(""), 44),
    Column(message("Tag"), 150, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Value"), 132, is_number=True),
    Column(message("Limit"), 72, is_number=True),
    Column(message("Operator"), 140),
    Column(message("Comment"), 160, is_quiet=True),
)
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
    "BADQ": message("Input bad"),
    "GOODQ": message("Input good again"),
    "REMOVED": message("No longer configured"),
    "LOST": message("Events lost"),
    "DAMAGE": message("Rows missing or changed"),
    "ROOM": message("Room for history"),
}
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class JournalTable(QAbstractTableModel):
    """Replaced as a whole: a page of the journal never changes."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: Sequence[JournalRow] = ()

    @property
    def rows(self) -> Sequence[JournalRow]:
        return self._rows

    def show_rows(self, rows: Sequence[JournalRow]) -> None:
        """Show another page; the same one again leaves everything as it is."""
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(self._context, row, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == TIME:
            return times_text(self._context, row)
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section].heading(role)


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


def event_word(event: str) -> str:
    """Return an event in words; one that has none stays as it was recorded."""
    return tr(EVENTS[event]) if event in EVENTS else event


def cell_text(context: Context, row: JournalRow, column: int) -> str:
    """Return the text of one cell."""
    texts = (
        lambda: f"{local_time(row.at_us, context.zone):%Y-%m-%d %H:%M:%S}.{row.at_us // 1000 % 1000:03d}",
        lambda: event_word(row.event),
        lambda: "",
        lambda: row.tag or device_in_name(row.kind, row.alarm),
        lambda: tr(row.text or row.comment),
        lambda: _amount(context, row, row.value, has_unit=True),
        lambda: _amount(context, row, row.limit, has_unit=False),
        lambda: row.user or DASH,
        lambda: row.comment,
    )
    return texts[column]()


def _amount(context: Context, row: JournalRow, value: float | None, has_unit: bool) -> str:
    is_number = value is not None and math.isfinite(value) and row.kind != AlarmKind.COMMUNICATION
    if value is None or not is_number or not (has_unit or row.kind in LIMIT_KINDS):
        return DASH
    tag = context.tag(row.tag)
    if tag is not None and tag.unit == row.unit:
        return amount_text(value, tag) if has_unit else figure_text(value, tag)
    # The tag is gone, or has another unit since then: only the row knows what its number means.
    words = number_text(value, 1 if tag is None else tag.decimals)
    return f"{words}\u00a0{row.unit}".rstrip() if has_unit else words
