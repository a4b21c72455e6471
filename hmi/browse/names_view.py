"""The list of the tags to be made, whose names are edited in place. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from hmi.browse.names import NAME, NODE, NamesModel
from hmi.drawing.text import TextStyle
from hmi.i18n import tr
from hmi.table_view import draw_fitting, draw_ground, set_up_table

_PADDING: Final = 8
_NODE_SHARE: Final = 0.38
_NAME: Final = TextStyle(weight=500, condensed=True)
_PLAIN: Final = TextStyle(role="text2")
_WRONG: Final = TextStyle(weight=600)


class NamesView(QTableView):
    """A double click, F2 or a key edits a name; Delete takes the chosen rows out (`removed` carries their numbers)."""

    removed = Signal(object)

    def __init__(self, model: NamesModel) -> None:
        super().__init__()
        trigger = QAbstractItemView.EditTrigger
        self.setModel(model)
        self._delegate = _NamesDelegate(model)
        self.setItemDelegate(self._delegate)
        set_up_table(self, tr("New tags"), has_many=True)
        self.setEditTriggers(trigger.DoubleClicked | trigger.EditKeyPressed | trigger.AnyKeyPressed)
        head = self.horizontalHeader()
        head.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setColumnWidth(NODE, round(_NODE_SHARE * event.size().width()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.removed.emit(sorted({index.row() for index in self.selectedIndexes()}))
        else:
            super().keyPressEvent(event)


class _NamesDelegate(QStyledItemDelegate):
    """What is wrong with a name stands in place of its node, and is heavier."""

    def __init__(self, model: NamesModel) -> None:
        super().__init__()
        self._model = model

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRectF(option.rect)
        painter.save()
        draw_ground(painter, option)
        wrong = _WRONG if self._model.problem(index.row()) else _PLAIN
        style = _NAME if index.column() == NAME else wrong
        draw_fitting(painter, rect.adjusted(_PADDING, 0, -_PADDING, -1), index.data(), style)
        painter.restore()
