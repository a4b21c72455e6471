"""The table of configured alarms: its columns fit its width, Enter and a double click open an alarm. GUI thread."""

from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTableView

from alarms.definitions import Alarm
from hmi.alarm_editor.columns import COLUMNS, widths_within
from hmi.alarm_editor.table import ALARM_ROLE, ConfiguredTable
from hmi.drawing.text import TextStyle
from hmi.i18n import tr
from hmi.table_view import ROW_HEIGHT, draw_fitting, draw_ground, set_up_table

_PADDING: Final = 8
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_Index = QModelIndex | QPersistentModelIndex


class ConfiguredView(QTableView):
    """`opened` carries an alarm, `chosen_changed` tells that others are chosen."""

    opened = Signal(object)
    chosen_changed = Signal()

    def __init__(self, table: ConfiguredTable) -> None:
        super().__init__()
        self._table = table
        self._delegate = _Delegate()
        set_up_table(self, tr("Configured alarms"), has_many=True)  # first: with 100,000 rows it takes many seconds
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        self._unselected = QItemSelectionModel(table, self)
        for head in (self.horizontalHeader(), self.verticalHeader()):
            head.setSelectionModel(self._unselected)  # else each paint asks every chosen row for every column
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        table.modelReset.connect(self.chosen_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ALARM_ROLE)))

    def count_chosen(self) -> int:
        """Return how many alarms are chosen."""
        return sum(len(rows) for rows in self._ranges())

    def chosen(self) -> list[Alarm]:
        """Return the chosen alarms in the order of the list."""
        return [self._table.shown[at] for rows in self._ranges() for at in rows]

    def _ranges(self) -> list[range]:
        """Return the chosen rows; Qt would ask every single row of a hundred thousand."""
        found = {(each.top(), each.bottom()) for each in self.selectionModel().selection()}
        return [range(top, bottom + 1) for top, bottom in sorted(found)]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().data(ALARM_ROLE))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        kept = widths_within(self.viewport().width())
        for at in range(len(COLUMNS)):
            self.setColumnHidden(at, at not in kept)
            if at in kept:
                self.setColumnWidth(at, kept[at])


class _Delegate(QStyledItemDelegate):
    """An alarm that isn't evaluated is quiet."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option
        return QSize(COLUMNS[index.column()].width, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        column, alarm = COLUMNS[index.column()], index.data(ALARM_ROLE)
        painter.save()
        draw_ground(painter, option)
        style = TextStyle(
            weight=500 if column.is_condensed else 400,
            role="text2" if column.is_quiet or not alarm.definition.enabled else "text",
            align="right" if column.is_number else "left",
            condensed=column.is_condensed,
        )
        draw_fitting(painter, QRectF(option.rect).adjusted(_PADDING, 0, -_PADDING, -1), index.data(), style)
        painter.restore()
