"""The alarms that something is about to be done with, each with what stands against it. GUI thread.

A list of a hundred is as quick as one of three: rows are painted, never made into widgets.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from alarms.snapshot import AlarmRow
from hmi.alarms.glyph import draw_glyph, glyph_box
from hmi.alarms.looks import glyph_of
from hmi.alarms.words import whose_text
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.theme.theme import theme

_LINE: Final = 32
_WITH_NOTE: Final = 50
_MOST_HEIGHT: Final = 5 * _LINE + _LINE // 2
_SIDE: Final = 18
_GAP: Final = 8
_TAG_SHARE: Final = 0.42
_TAG: Final = TextStyle(weight=500, condensed=True)
_TEXT: Final = TextStyle()
_QUIET: Final = TextStyle(role="text2")
_NOTE: Final = TextStyle(size=13, weight=500)
_ROW: Final = Qt.ItemDataRole.UserRole
_NOTE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class AlarmRowsList(QListView):
    """Glyph, tag and text of each alarm, and below it a note, if there is one."""

    def __init__(self, rows: Sequence[AlarmRow]) -> None:
        super().__init__()
        self._rows = _Rows(rows)
        self._delegate = _Delegate()
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(tr("Alarms"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._fit()

    def show_notes(self, notes: Mapping[str, str]) -> None:
        """Show what stands against the alarms of these names."""
        self._rows.show_notes(notes)
        self._fit()

    def notes(self) -> Mapping[str, str]:
        """Return the notes that are shown, by alarm."""
        return self._rows.notes

    def _fit(self) -> None:
        """Be as high as the rows, up to a height from which they are scrolled."""
        self.setFixedHeight(min(self._rows.height, _MOST_HEIGHT) + 4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if self._rows.height > _MOST_HEIGHT else Qt.FocusPolicy.NoFocus)
        self.scheduleDelayedItemsLayout()


class _Rows(QAbstractListModel):
    """Fixed rows; only their notes change."""

    def __init__(self, rows: Sequence[AlarmRow]) -> None:
        super().__init__()
        self._alarms = rows
        self.notes: Mapping[str, str] = {}

    @property
    def height(self) -> int:
        return sum(_WITH_NOTE if self.notes.get(row.name) else _LINE for row in self._alarms)

    def show_notes(self, notes: Mapping[str, str]) -> None:
        self.beginResetModel()
        self.notes = notes
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._alarms)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._alarms[index.row()]
        note = self.notes.get(row.name, "")
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(filter(None, (whose_text(row), tr(row.text), note)))
        return {_ROW: row, _NOTE_ROLE: note}.get(role)


class _Delegate(QStyledItemDelegate):
    """Paints a row; one with a note is quiet, since nothing will be done with it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        del option
        return QSize(0, _WITH_NOTE if index.data(_NOTE_ROLE) else _LINE)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row, note, rect = index.data(_ROW), index.data(_NOTE_ROLE), QRectF(option.rect)
        painter.save()
        painter.setPen(QPen(theme().color("line"), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        side = glyph_box(_SIDE)
        line = QRectF(rect.left(), rect.top(), rect.width(), _LINE)
        draw_glyph(painter, QRectF(line.left() + _GAP, line.center().y() - side / 2, side, side), glyph_of(row))
        line.setLeft(line.left() + _GAP + side + _GAP)
        line.setRight(line.right() - _GAP)
        name = whose_text(row)
        width = min(text_width(name, _TAG), _TAG_SHARE * line.width())
        draw_text(painter, QRectF(line.left(), line.top(), width + 1, line.height()), name, _TAG)
        text = line.adjusted(width + 2 * _GAP, 0, 0, 0)
        draw_text(painter, text, tr(row.text), _QUIET if note else _TEXT)
        if note:
            draw_text(painter, line.translated(0, _LINE - 12).adjusted(0, 6, 0, -4), note, _NOTE)
        painter.restore()
