"""The table of configured alarms: its columns fit its width, Enter and a double click open an alarm. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
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
        self._delegate = _Delegate()
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        set_up_table(self, tr("Configured alarms"), has_many=True)
        self.selectionModel().selectionChanged.connect(self.chosen_changed)
        table.modelReset.connect(self.chosen_changed)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.data(ALARM_ROLE)))

    def chosen(self) -> list[Alarm]:
        """Return the chosen alarms in the order of the list."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self.model().index(row, 0).data(ALARM_ROLE) for row in rows]

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
