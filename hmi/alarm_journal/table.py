"""The rows that the journal page has read: a piece of the journal, newest first, growing at both ends. GUI thread."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import COLUMNS, COMMENT, TIME, cell_text, times_text
from hmi.context import Context

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The JournalRow of a row."""
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


class JournalTable(QAbstractTableModel):
    """Rows never change; what comes at an end leaves the others, and what is chosen of them, as they are."""

    shifted = Signal(int)
    """By how many places the rows that are being read stand lower now."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._rows: list[JournalRow] = []

    @property
    def rows(self) -> Sequence[JournalRow]:
        return self._rows

    def show_rows(self, rows: Sequence[JournalRow]) -> None:
        """Show other rows; the same again leave everything as it is."""
        if list(rows) != self._rows:
            self.beginResetModel()
            self._rows = list(rows)
            self.endResetModel()

    def add_newer(self, rows: Sequence[JournalRow], is_followed: bool) -> None:
        """Put rows above; one who doesn't follow goes on looking at the rows of before."""
        self._insert(0, rows)
        if not is_followed:
            self.shifted.emit(len(rows))

    def add_older(self, rows: Sequence[JournalRow]) -> None:
        """Put rows below."""
        self._insert(len(self._rows), rows)

    def drop(self, first: int, count: int) -> None:
        """Take rows away, which can be read again."""
        if count:
            self.beginRemoveRows(_NOWHERE, first, first + count - 1)
            del self._rows[first : first + count]
            self.endRemoveRows()
            if first == 0:
                self.shifted.emit(-count)

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
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == COMMENT:
            return row.comment
        return row if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section].heading(role)

    def _insert(self, at: int, rows: Sequence[JournalRow]) -> None:
        if rows:
            self.beginInsertRows(_NOWHERE, at, at + len(rows) - 1)
            self._rows[at:at] = rows
            self.endInsertRows()
