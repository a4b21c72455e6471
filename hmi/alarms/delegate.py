"""How a row of the alarm list is painted: its looks follow the state of the alarm. GUI thread.

Not acknowledged: raised, 600, a bar of 5 px in the colour of the priority beside a line of 1 px. Put aside: quiet.
"""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alarms.snapshot import AlarmRow
from hmi.alarms.columns import CHECK, COLUMNS, GLYPH, PADDING, Column
from hmi.alarms.glyph import GlyphLook, draw_glyph, glyph_box
from hmi.alarms.looks import glyph_of
from hmi.alarms.table import ROW_ROLE
from hmi.drawing.text import TextStyle
from hmi.table_view import ROW_HEIGHT, draw_fitting
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.ticker import Ticker

_SIDE: Final = 20
_BAR: Final = 5
_CHECK: Final = 16.0


class AlarmDelegate(QStyledItemDelegate):
    """Paints every cell itself; the view only asks."""

    def __init__(self, ticker: Ticker) -> None:
        super().__init__()
        self._ticker = ticker

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        return QSize(COLUMNS[index.column()].width, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        alarm: AlarmRow = index.data(ROW_ROLE)
        rect = QRectF(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        self._paint_ground(painter, rect, alarm, is_selected)
        if index.column() == CHECK:
            _paint_check(painter, rect, alarm, is_selected)
        elif index.column() == GLYPH:
            side = glyph_box(_SIDE)
            box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
            draw_glyph(painter, box, glyph_of(alarm), self._ticker.is_lit)
        else:
            inside = rect.adjusted(PADDING, 0, -PADDING, -1)
            draw_fitting(painter, inside, index.data(), cell_style(COLUMNS[index.column()], alarm))
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, alarm: AlarmRow, is_selected: bool) -> None:
        if is_selected:
            painter.fillRect(rect, theme().color("selection"))
        elif _is_raised(alarm):
            painter.fillRect(rect, theme().color("raised"))
        painter.setPen(QPen(theme().color("line"), 1))
        below = rect.bottom() - 0.5
        painter.drawLine(rect.bottomLeft().x(), below, rect.right(), below)


def _is_raised(alarm: AlarmRow) -> bool:
    """Tell whether a row stands out: nobody has acknowledged what is active or latched."""
    return glyph_of(alarm).look is GlyphLook.UNACKNOWLEDGED


def _paint_check(painter: QPainter, rect: QRectF, alarm: AlarmRow, is_selected: bool) -> None:
    """Paint the priority bar of what nobody has acknowledged, and the box that shows the selection."""
    if _is_raised(alarm):
        painter.fillRect(QRectF(rect.left(), rect.top(), _BAR, rect.height() - 1), theme().color(f"p{alarm.priority}"))
        painter.fillRect(QRectF(rect.left() + _BAR, rect.top(), 1, rect.height() - 1), theme().color("text"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(rect.right() - _CHECK - 9.5, rect.center().y() - _CHECK / 2, _CHECK, _CHECK)
    painter.setPen(QPen(theme().color("primary" if is_selected else "edge"), 1))
    painter.setBrush(theme().color("primary" if is_selected else "field"))
    painter.drawRoundedRect(box, 4, 4)
    if is_selected:
        draw_icon(painter, "check", box, theme().color("primary_text"))


def cell_style(column: Column, alarm: AlarmRow) -> TextStyle:
    """Return how the text of a cell looks."""
    is_aside = glyph_of(alarm).look.is_grey
    is_strong = _is_raised(alarm) and not column.is_quiet
    return TextStyle(
        size=15,
        weight=600 if is_strong else 500 if column.is_condensed else 400,
        role="text2" if is_aside or column.is_quiet else "text",
        align="right" if column.is_number else "left",
        condensed=column.is_condensed,
    )
