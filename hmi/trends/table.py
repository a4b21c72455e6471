"""The table of pens below a trend: what each is, at the cursors, now, and over the window. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from hmi.i18n import tr
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.trends.draw_ground import draw_chip
from hmi.trends.model import TrendModel
from hmi.trends.pen_rows import DELTA, FIRST, LETTER, SCALE, SECOND, TEXT, VISIBLE, Index, PenRows
from hmi.trends.pens import Pen

ROW: Final = 36
HEADER: Final = 34
_WIDTHS: Final = (44, 52, 210, 0, 108, 108, 92, 108, 88, 150, 92, 92, 92, 132)
_COMPACT_WIDTHS: Final = (40, 44, 170, 0, 92, 92, 76, 92, 76, 104, 76, 76, 76, 0)
"""0 for the description, which takes what is left, and for what has no room."""
_TICKS_PER_REFRESH: Final = 5
_BOX: Final = 18


class PenTable(QTableView):
    """One row per pen. Space or a click on the box shows or hides a pen, Delete removes it."""

    def __init__(self, model: TrendModel) -> None:
        super().__init__()
        self._trend = model
        self.rows = PenRows(model)
        self.setModel(self.rows)
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.setTabKeyNavigation(False)
        self.setAccessibleName(tr("Pens"))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setFixedHeight(HEADER)
        self.horizontalHeader().setSectionResizeMode(TEXT, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._on_clicked)
        self.selectionModel().currentRowChanged.connect(self._on_row)
        model.view_changed.connect(self._on_view)
        model.cursors_changed.connect(self._on_cursors)
        model.data_changed.connect(self._on_data)
        model.context.ticker.tick.connect(self._on_tick)
        self._ticks = 0
        self._on_cursors()

    def sizeHint(self) -> QSize:
        return QSize(800, HEADER + ROW * max(1, len(self._trend.pens)) + 4)

    def set_compact(self, is_compact: bool) -> None:
        """Choose the widths of columns for the room there is."""
        for column, width in enumerate(_COMPACT_WIDTHS if is_compact else _WIDTHS):
            if width:
                self.setColumnWidth(column, width)
        self.setColumnHidden(SCALE, is_compact)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pen = self.rows.pen(self.currentIndex())
        if pen is not None and event.key() == Qt.Key.Key_Space:
            self._switch(pen)
        elif pen is not None and event.key() == Qt.Key.Key_Delete:
            self._trend.remove(pen.tag.name)
        else:
            super().keyPressEvent(event)

    def _on_clicked(self, index: QModelIndex) -> None:
        pen = self.rows.pen(index)
        if pen is not None and index.column() == VISIBLE:
            self._switch(pen)

    def _switch(self, pen: Pen) -> None:
        self._trend.change(lambda view: view.with_hidden(pen.tag.name, pen.is_visible))

    def _on_row(self, index: QModelIndex) -> None:
        pen = self.rows.pen(index)
        if pen is not None:
            self._trend.choose(pen.tag.name)

    def _on_view(self) -> None:
        self.rows.renew()
        self._select()
        self.updateGeometry()

    def _select(self) -> None:
        names = [pen.tag.name for pen in self._trend.pens]
        chosen = self._trend.chosen
        if chosen in names and self.currentIndex().row() != names.index(chosen):
            self.selectRow(names.index(chosen))

    def _on_data(self) -> None:
        self.rows.refresh()
        self._select()

    def _on_cursors(self) -> None:
        first, second = (at_us is not None for at_us in self._trend.cursors)
        self.setColumnHidden(FIRST, not first)
        self.setColumnHidden(SECOND, not second)
        self.setColumnHidden(DELTA, not (first and second))
        self.rows.refresh()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self.isVisible() and self._ticks % _TICKS_PER_REFRESH == 0:
            self.rows.refresh()


class _Cells(QStyledItemDelegate):
    """Draws the box and the letter; leaves the rest to the style."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows = index.model()
        pen = rows.pen(index) if isinstance(rows, PenRows) else None
        if pen is None or index.column() not in (VISIBLE, LETTER):
            super().paint(painter, option, index)
            return
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, theme().color("selection"))
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        box = QRectF(option.rect.left() + 12, option.rect.center().y() - _BOX / 2, _BOX, _BOX)
        if index.column() == VISIBLE:
            _draw_box(painter, box, pen.is_visible)
        elif pen.letter:
            draw_chip(painter, box.adjusted(-2, -2, 2, 2), pen)


def _draw_box(painter: QPainter, box: QRectF, is_checked: bool) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("edge"), 1))
    painter.setBrush(theme().color("primary" if is_checked else "field"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.restore()
    if is_checked:
        draw_icon(painter, "check", box.adjusted(1, 1, -1, -1), theme().color("primary_text"))
