"""A short list that can be gone through by mouse and keyboard: floods, bad actors, stale alarms. GUI thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from hmi.alarm_kpis.ink import screen_ink
from hmi.alarms.row_menu import RowMenu
from hmi.drawing.text import TextStyle
from hmi.table_column import Column
from hmi.table_view import draw_fitting, draw_ground, set_up_table

ROW: Final = 34
TWO_LINES: Final = 52
_HEAD: Final = 34
_LINE: Final = Qt.ItemDataRole.UserRole
_BAR: Final = 12.0
_PADDING: Final = 8
_DETAIL: Final = TextStyle(13, 400, "text2")
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Line:
    """A row: its cells, what it is about, a second line of text, and the length of a bar (0 to 1) in an empty cell."""

    cells: tuple[str, ...]
    item: object
    detail: str = ""
    bar: float = 0.0


class RowsTable(QTableView):
    """`opened` carries what the chosen row is about: by a click, or by Enter. It is as high as its rows."""

    opened = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, title: str, columns: Sequence[Column], most: int = 10) -> None:
        super().__init__()
        self._model, self._most, self._columns = _Model(columns), most, columns
        self._delegate = _Delegate(columns)
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        set_up_table(self, title, ROW)
        self.horizontalHeader().setFixedHeight(_HEAD)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setTabKeyNavigation(False)
        self.clicked.connect(self._open)
        RowMenu(self).wanted.connect(lambda index, at: self.menu_wanted.emit(index.data(_LINE).item, at))
        self.show_lines(())

    @property
    def lines(self) -> tuple[Line, ...]:
        """What is shown."""
        return self._model.lines

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these rows."""
        self._model.show_lines(lines)
        height = TWO_LINES if any(line.detail for line in lines) else ROW
        self.verticalHeader().setDefaultSectionSize(height)
        self.setFixedHeight(_HEAD + height * min(self._most, max(1, len(lines))) + 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.viewport().width() - sum(column.width for column in self._columns)
        for at, column in enumerate(self._columns):
            self.setColumnWidth(at, column.width or max(60, room))

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(index.data(_LINE).item)


class _Model(QAbstractTableModel):
    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = columns
        self.lines: tuple[Line, ...] = ()

    def show_lines(self, lines: Sequence[Line]) -> None:
        self.beginResetModel()
        self.lines = tuple(lines)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is Qt.Orientation.Vertical:
            return None
        return self._columns[section].heading(role)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == _LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.cells[index.column()]
        return line.detail if role == Qt.ItemDataRole.ToolTipRole else None


class _Delegate(QStyledItemDelegate):
    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__()
        self._columns = columns

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        draw_ground(painter, option)
        line: Line = index.data(_LINE)
        column = self._columns[index.column()]
        rect = QRectF(option.rect).adjusted(_PADDING, 0, -_PADDING, 0)
        if line.detail:
            _paint_detail(painter, option, line.detail)
            rect.setHeight(32)
        text = line.cells[index.column()]
        if not text and line.bar:
            width = max(2.0, line.bar * rect.width())
            painter.save()
            screen_ink().box(painter, QRectF(rect.left(), rect.center().y() - _BAR / 2, width, _BAR))
            painter.restore()
            return
        role = "text2" if column.is_quiet else "text"
        style = TextStyle(
            15, 500 if column.is_condensed else 400, role, "right" if column.is_number else "left", column.is_condensed
        )
        draw_fitting(painter, rect, text, style)


def _paint_detail(painter: QPainter, option: QStyleOptionViewItem, detail: str) -> None:
    """Paint what of the second line lies in a cell: it runs below all cells of a row, since it may be long."""
    view, cell = option.widget, QRectF(option.rect)
    if not isinstance(view, QTableView):
        return
    painter.save()
    painter.setClipRect(cell)
    room = QRectF(_PADDING, cell.top() + 27, view.viewport().width() - 2 * _PADDING, 20)
    draw_fitting(painter, room, detail, _DETAIL)
    painter.restore()
