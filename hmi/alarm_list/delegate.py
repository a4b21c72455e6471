"""How a row of the alarm list is painted: its looks follow the state of the alarm. GUI thread.

Not acknowledged: raised, 600, a bar of 5 px in the colour of the priority beside a line of 1 px. Put aside: quiet.
"""

from functools import cache
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.cell_text import draw_cell
from hmi.alarm_list.columns import CHECK, COLUMNS, GLYPH, NOTE, PADDING, TEXT, VALUE
from hmi.alarm_list.groups import Place
from hmi.alarm_list.table import AlarmTable
from hmi.alarm_list.tabs import PUT_ASIDE
from hmi.alarms.glyph import draw_glyph, glyph_box
from hmi.alarms.looks import glyph_of
from hmi.drawing.text import TextStyle, text_width
from hmi.live import Reading
from hmi.preferences.list_look import ListLook
from hmi.table_column import Column
from hmi.table_view import ROW_HEIGHT
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.ticker import Ticker

INDENT: Final = 22
"""How far a row stands in below its cause, and what the sign that folds and unfolds takes (px)."""
_SIDE: Final = 22
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_SIGNS: Final = frozenset({CHECK, GLYPH, NOTE})
_BAR: Final = 5
_CHECK: Final = 16.0
_ICON: Final = 18.0
_USUAL_SIZE: Final = 15
_TALL: Final = 46
_RAISED: Final = frozenset({AlarmState.UNACK, AlarmState.LATUN})
_SECOND: Final = 13 / 15
"""Size of the second line of a tall row, to that of the first."""


class AlarmDelegate(QStyledItemDelegate):
    """Paints every cell itself; the view only asks. `marks_notes`: the sign of a comment stands at the end of the
    description, because its column has no room."""

    def __init__(self, ticker: Ticker, table: AlarmTable) -> None:
        super().__init__()
        self._ticker, self._table = ticker, table
        self.look = ListLook()
        self.marks_notes = False

    @property
    def height(self) -> int:
        """The height of a row, px."""
        return round((_TALL if self.look.is_tall else ROW_HEIGHT) * max(1.0, self.look.size / _USUAL_SIZE))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        column, table = index.column(), self._table
        alarm, rect = table.alarms[index.row()], QRectF(option.rect)
        is_selected = bool(option.state.value & _SELECTED)
        _paint_ground(painter, option.rect, alarm, is_selected)
        if column in _SIGNS:
            painter.save()
            self._paint_sign(painter, rect, column, alarm, is_selected)
            painter.restore()
            return
        inside = rect.adjusted(PADDING, 0, -PADDING, -1)
        if column == TEXT:
            self._paint_text(painter, inside, alarm)
        elif text := table.text(alarm, column):
            style = cell_style(COLUMNS[column], alarm, self.look.size)
            if column == VALUE:
                style = live_style(table.reading(alarm), alarm, self.look.size)
            draw_cell(painter, inside, text, style)

    def _paint_sign(self, painter: QPainter, rect: QRectF, column: int, alarm: AlarmRow, is_selected: bool) -> None:
        if column == CHECK:
            _paint_check(painter, rect, alarm, is_selected)
        elif column == GLYPH:
            draw_glyph(painter, _middle(rect, glyph_box(_SIDE)), glyph_of(alarm), self._ticker.is_lit)
        elif alarm.note:
            draw_icon(painter, "comment", _middle(rect, _ICON), theme().color("text2"))

    def _paint_text(self, painter: QPainter, inside: QRectF, alarm: AlarmRow) -> None:
        """Paint the description below its cause, with the sign that folds, and the second line of a tall row."""
        place, look = self._table.place(alarm), self.look
        inside = inside.adjusted(place.depth * INDENT, 0, 0, 0)
        if place.below:
            is_open = self._table.is_open(alarm.name)
            _paint_fold(painter, QRectF(inside.left(), inside.center().y() - _ICON / 2, _ICON, _ICON), is_open)
            inside = inside.adjusted(INDENT, 0, 0, 0)
        if place.folded:
            words, quiet = f"+{place.folded}", TextStyle(look.size, 600, "text2", "right")
            draw_cell(painter, inside, words, quiet)
            inside = inside.adjusted(0, 0, -text_width(words, quiet) - PADDING, 0)
        if self.marks_notes and alarm.note:
            box = QRectF(inside.right() - _ICON, inside.center().y() - _ICON / 2, _ICON, _ICON)
            draw_icon(painter, "comment", box, theme().color("text2"))
            inside = inside.adjusted(0, 0, -_ICON - PADDING, 0)
        if look.is_tall and alarm.description:
            half = inside.height() / 2
            second = TextStyle(look.size * _SECOND, 400, "text2")
            draw_cell(painter, inside.adjusted(0, half - 1, 0, -3), alarm.description, second)
            inside = inside.adjusted(0, 3, 0, -half + 1)
        draw_cell(painter, inside, self._table.text(alarm, TEXT), cell_style(COLUMNS[TEXT], alarm, look.size))


def fold_box(inside_left: float, place: Place) -> tuple[float, float]:
    """Return from where to where (px) the sign stands that folds and unfolds, in a cell that begins at a place."""
    left = inside_left + PADDING + place.depth * INDENT
    return left - PADDING / 2, left + INDENT


def _middle(rect: QRectF, side: float) -> QRectF:
    return QRectF(rect.center().x() - side / 2, rect.center().y() - side / 2, side, side)


def _paint_fold(painter: QPainter, box: QRectF, is_open: bool) -> None:
    """Paint the chevron: to the right where alarms are folded away, downwards where they are shown."""
    painter.save()
    painter.translate(box.center())
    painter.rotate(90 if is_open else 0)
    draw_icon(painter, "chevron", QRectF(-_ICON / 2, -_ICON / 2, _ICON, _ICON), theme().color("text"))
    painter.restore()


def _paint_ground(painter: QPainter, rect: QRect, alarm: AlarmRow, is_selected: bool) -> None:
    if is_selected or alarm.state in _RAISED:
        painter.fillRect(rect, theme().color("selection" if is_selected else "raised"))
    painter.fillRect(rect.x(), rect.y() + rect.height() - 1, rect.width(), 1, theme().color("line"))


def _is_raised(alarm: AlarmRow) -> bool:
    """Tell whether a row stands out: nobody has acknowledged what is active or latched."""
    return alarm.state in _RAISED


def _paint_check(painter: QPainter, rect: QRectF, alarm: AlarmRow, is_selected: bool) -> None:
    """Paint the priority bar of what nobody has acknowledged, and the box that shows the selection."""
    if _is_raised(alarm):
        painter.fillRect(QRectF(rect.left(), rect.top(), _BAR, rect.height() - 1), theme().color(f"p{alarm.priority}"))
        painter.fillRect(QRectF(rect.left() + _BAR, rect.top(), 1, rect.height() - 1), theme().color("text"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(rect.right() - _CHECK - 8.5, rect.center().y() - _CHECK / 2, _CHECK, _CHECK)
    painter.setPen(QPen(theme().color("primary" if is_selected else "edge"), 1))
    painter.setBrush(theme().color("primary" if is_selected else "field"))
    painter.drawRoundedRect(box, 4, 4)
    if is_selected:
        draw_icon(painter, "check", box, theme().color("primary_text"))


def cell_style(column: Column, alarm: AlarmRow, size: int = _USUAL_SIZE) -> TextStyle:
    """Return how the text of a cell looks."""
    return _style(column, alarm.state, size)


@cache
def _style(column: Column, state: AlarmState, size: int) -> TextStyle:
    is_aside = state in PUT_ASIDE
    is_strong = state in _RAISED and not column.is_quiet
    return TextStyle(
        size=size,
        weight=600 if is_strong else 500 if column.is_condensed else 400,
        role="text2" if is_aside or column.is_quiet else "text",
        align="right" if column.is_number else "left",
        condensed=column.is_condensed,
    )


def live_style(reading: Reading | None, alarm: AlarmRow, size: int = _USUAL_SIZE) -> TextStyle:
    """Return how the value of this moment looks: what can't be trusted never looks as if it could."""
    is_usable = reading is not None and reading.is_usable
    role = "stale" if not is_usable else "text2" if alarm.state in PUT_ASIDE else "value"
    return TextStyle(size=size, weight=600 if role == "value" else 400, role=role, align="right")
