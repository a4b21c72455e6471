"""How a row of the journal is painted. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from alarms.journal_query import Category, JournalRow
from alarms.snapshot import ALL_PRIORITIES
from alarms.states import AlarmEvent
from hmi.alarm_journal.cells import COLUMNS, SIGN, TIME, is_apart
from hmi.alarm_journal.table import ROW_ROLE
from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.drawing.text import TextStyle
from hmi.table_view import ROW_HEIGHT, draw_fitting, draw_ground
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

_SIDE: Final = 18
_PADDING: Final = 8
_CLOCK: Final = 16
_ICON: Final = 18
_ICONS: Final = {
    Category.OPERATOR: "user",
    Category.ACCESS: "lock",
    Category.CONFIGURATION: "preferences",
    Category.SYSTEM: "history",
}


class JournalDelegate(QStyledItemDelegate):
    """What was raised has a filled glyph, other events of alarms a hollow one; what people did, and the rest, an icon.

    A clock marks a time that isn't that of the recording.
    """

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        del option
        return QSize(COLUMNS[index.column()].width, ROW_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect = QRectF(option.rect)
        painter.save()
        draw_ground(painter, option)
        if index.column() == SIGN:
            _paint_sign(painter, rect, index.data(ROW_ROLE))
        else:
            inside = rect.adjusted(_PADDING, 0, -_PADDING, -1)
            draw_fitting(painter, inside, index.data(), journal_style(index.column()))
        if index.column() == TIME and is_apart(index.data(ROW_ROLE)):
            box = QRectF(rect.right() - _PADDING - _CLOCK, rect.center().y() - _CLOCK / 2, _CLOCK, _CLOCK)
            draw_icon(painter, "clock", box, theme().color("text2"))
        painter.restore()


def _paint_sign(painter: QPainter, rect: QRectF, row: JournalRow) -> None:
    if row.priority not in ALL_PRIORITIES:  # what isn't about one alarm
        if row.category in _ICONS:
            box = QRectF(rect.center().x() - _ICON / 2, rect.center().y() - _ICON / 2, _ICON, _ICON)
            draw_icon(painter, _ICONS[row.category], box, theme().color("text2"))
        return
    is_raised = row.event in (AlarmEvent.ALM, AlarmEvent.ESC, AlarmEvent.REALM)
    side = glyph_box(_SIDE)
    box = QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)
    draw_glyph(painter, box, Glyph(row.priority, GlyphLook.ACKNOWLEDGED if is_raised else GlyphLook.NONE))


def journal_style(at: int) -> TextStyle:
    """Return how the text of a column looks."""
    column = COLUMNS[at]
    return TextStyle(
        weight=500 if column.is_condensed else 400,
        role="text2" if column.is_quiet else "text",
        align="right" if column.is_number else "left",
        condensed=column.is_condensed,
    )
