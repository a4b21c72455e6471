"""The table of the alarm list: selection, keys, and the blink of the glyphs on screen. GUI thread."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from alarms.snapshot import AlarmRow
from hmi.alarms.columns import AREA, CHECK, COLUMNS, GLYPH
from hmi.alarms.delegate import AlarmDelegate
from hmi.alarms.looks import glyph_of
from hmi.alarms.table import ROW_ROLE, AlarmTable
from hmi.context import Context
from hmi.i18n import tr
from hmi.table_view import ROW_HEIGHT, set_up_table

_TOGGLE: Final = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
_WIDE: Final = 1200
"""Below this the area, which the tag names too, gives its room to the description."""
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class AlarmView(QTableView):
    """Space selects, Enter opens the display, Ctrl+A selects all; a click into the box selects one more."""

    opened = Signal(AlarmRow)
    current_changed = Signal(object)

    def __init__(self, context: Context, table: AlarmTable) -> None:
        super().__init__()
        self._table = table
        self._delegate = AlarmDelegate(context.ticker)
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        set_up_table(self, tr("Alarms"), has_many=True)
        context.ticker.blink.connect(self._on_blink)

    def chosen(self) -> list[AlarmRow]:
        """Return the selected alarms."""
        return [index.data(ROW_ROLE) for index in self.selectionModel().selectedRows()]

    def on_screen(self) -> list[AlarmRow]:
        """Return the alarms whose rows can be seen now, in part at least."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return []
        return list(self._table.alarms[first : (len(self._table.alarms) if last < 0 else last + 1)])

    def current_alarm(self) -> AlarmRow | None:
        """Return the alarm on which the keyboard stands."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.current_changed.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in _OPENING and index.isValid():
            self.opened.emit(index.data(ROW_ROLE))
        elif event.key() == Qt.Key.Key_Space and index.isValid():
            self.selectionModel().select(index, _TOGGLE)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and index.column() == CHECK:
            self.selectionModel().setCurrentIndex(index, _TOGGLE)
        else:
            super().mousePressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = self.viewport().width() >= _WIDE
        self.setColumnHidden(AREA, not is_wide)
        taken = sum(column.width for at, column in enumerate(COLUMNS) if is_wide or at != AREA)
        for at, column in enumerate(COLUMNS):
            self.setColumnWidth(at, column.width or max(160, self.viewport().width() - taken))

    def _on_blink(self) -> None:
        """Repaint the glyphs that blink and can be seen, nothing else."""
        if not self.isVisible():
            return
        left, width = self.columnViewportPosition(GLYPH), self.columnWidth(GLYPH)
        first = self.rowAt(0)
        for at, alarm in enumerate(self.on_screen(), max(0, first)):
            if glyph_of(alarm).look.blinks:
                self.viewport().update(left, self.rowViewportPosition(at), width, ROW_HEIGHT)
