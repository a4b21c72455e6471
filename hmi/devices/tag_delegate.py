"""How a row of the tags of a device is painted. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from hmi.devices.tags import COLUMNS
from hmi.drawing.text import TextStyle
from hmi.table_view import draw_fitting, draw_ground

_PADDING: Final = 8


class TagDelegate(QStyledItemDelegate):
    """Texts stand exactly below the titles of their columns; names of tags are condensed, and what would be cut."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRectF(option.rect)
        painter.save()
        draw_ground(painter, option)
        inside = rect.adjusted(_PADDING, 0, -_PADDING, -1)
        draw_fitting(painter, inside, index.data(), tag_style(index.column()))
        painter.restore()


def tag_style(at: int) -> TextStyle:
    """Return how the text of a column looks."""
    column = COLUMNS[at]
    return TextStyle(
        weight=500 if column.is_condensed else 400,
        align="right" if column.is_number else "left",
        condensed=column.is_condensed,
    )
