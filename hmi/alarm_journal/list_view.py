"""The list of the journal: what is read stays where it is, whatever comes above it. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QTableView

from hmi.alarm_journal.delegate import JournalDelegate
from hmi.alarm_journal.table import JournalTable
from hmi.i18n import tr
from hmi.table_view import ROW_HEIGHT, set_up_table

_NEAR: Final = 40 * ROW_HEIGHT
"""So far from an end more is read (px)."""


class JournalList(QTableView):
    """`opened` carries a row that is to be shown as a whole; `end_near` and `start_near` say that more is wanted."""

    opened = Signal(QModelIndex)
    start_near = Signal()
    end_near = Signal()

    def __init__(self, table: JournalTable) -> None:
        super().__init__()
        self.setModel(table)
        self._delegate = JournalDelegate()
        self.setItemDelegate(self._delegate)
        set_up_table(self, tr("Journal"))
        self.setHorizontalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        table.shifted.connect(self._move_by)
        self.verticalScrollBar().valueChanged.connect(self._look_for_ends)

    @property
    def is_at_top(self) -> bool:
        """Whether new rows may push the others down: nobody has scrolled, and no row is chosen."""
        return self.verticalScrollBar().value() == 0 and not self.selectionModel().hasSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        chosen = self.selectionModel().selectedRows()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and chosen:
            self.opened.emit(chosen[0])
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() is Qt.MouseButton.LeftButton:
            self.opened.emit(index)

    def _move_by(self, rows: int) -> None:
        bar = self.verticalScrollBar()
        wanted = bar.value() + rows * ROW_HEIGHT
        self.updateGeometries()
        bar.setValue(wanted)

    def _look_for_ends(self, value: int) -> None:
        if value < _NEAR:
            self.start_near.emit()
        if self.verticalScrollBar().maximum() - value < _NEAR:
            self.end_near.emit()
