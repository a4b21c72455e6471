"""The table of the alarm list: selection, keys, and the blink of the glyphs on screen. GUI thread."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QTableView

from alarms.snapshot import AlarmRow
from hmi.alarms.columns import CHECK, COLUMNS, GLYPH, widths_within
from hmi.alarms.delegate import AlarmDelegate
from hmi.alarms.looks import glyph_of
from hmi.alarms.seen_rows import SeenRows
from hmi.alarms.table import ROW_ROLE, AlarmTable
from hmi.context import Context
from hmi.i18n import tr
from hmi.table_view import ROW_HEIGHT, set_up_table

_TOGGLE: Final = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
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
        self.seen = SeenRows(context.clock)
        context.ticker.tick.connect(self._look)
        context.alarms.changed.connect(self._on_alarms)
        self.verticalScrollBar().valueChanged.connect(self._look)
        context.ticker.blink.connect(self._on_blink)

    def chosen(self) -> list[AlarmRow]:
        """Return the selected alarms."""
        return [index.data(ROW_ROLE) for index in self.selectionModel().selectedRows()]

    def on_screen(self) -> list[AlarmRow]:
        """Return the alarms whose rows can be read now: half of their height is seen at least."""
        if not self.isVisible() or self.window().isMinimized():
            return []
        half = ROW_HEIGHT // 2
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        if first < 0:
            return []
        first += self.rowViewportPosition(first) < -half
        last = len(self._table.alarms) - 1 if last < 0 else last
        last -= self.rowViewportPosition(last) > self.viewport().height() - half
        return list(self._table.alarms[first : last + 1])

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
        kept = widths_within(self.viewport().width())
        for at in range(len(COLUMNS)):
            self.setColumnHidden(at, at not in kept)
            if at in kept:
                self.setColumnWidth(at, kept[at])

    def _look(self) -> None:
        self.seen.look(self.on_screen())

    def _on_alarms(self) -> None:
        """Look after the table has followed, never while it moves its rows."""
        self._look()
        self.seen.forget_others(self._table.alarms)

    def _on_blink(self) -> None:
        """Repaint the glyphs that blink and can be seen, nothing else."""
        if not self.isVisible():
            return
        left, width = self.columnViewportPosition(GLYPH), self.columnWidth(GLYPH)
        first, last = max(0, self.rowAt(0)), self.rowAt(self.viewport().height() - 1)
        alarms = self._table.alarms
        for at in range(first, len(alarms) if last < 0 else last + 1):
            if glyph_of(alarms[at]).look.blinks:
                self.viewport().update(left, self.rowViewportPosition(at), width, ROW_HEIGHT)
