"""How a line of a trace is painted: each byte and each character in a place of its own, so that columns stay columns.

The bundled font has no monospaced sister; its digits are of one width, its letters aren't. GUI thread.
"""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from drivers.frames import Frame
from hmi.devices.frame_lines import ASCII, BYTES, HEX, LINE_ROLE, TIME, WAY, FrameLine, ascii_text
from hmi.drawing.text import TextStyle, baseline, draw_text
from hmi.i18n import tr
from hmi.theme.fonts import font
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

_PADDING: Final = 8
_PX: Final = 13
_PAIR: Final = 20
_DIGIT: Final = 8
_GROUP: Final = 6
_LETTER: Final = 9
_ARROW: Final = 16
_QUIET: Final = TextStyle(_PX, role="text2")
_PLAIN: Final = TextStyle(_PX)


class FrameDelegate(QStyledItemDelegate):
    """A hairline only above the first line of a frame; where the driver names a frame, the name stands for its text."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = index.data(LINE_ROLE)
        rect = QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme().color("selection"))
        if line.is_first:
            painter.setPen(QPen(theme().color("line"), 1))
            painter.drawLine(rect.topLeft(), rect.topRight())
        self._paint_cell(painter, rect.adjusted(_PADDING, 0, -_PADDING, 0), line, index)
        painter.restore()

    def _paint_cell(
        self, painter: QPainter, inside: QRectF, line: FrameLine, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        column = index.column()
        if column == HEX:
            self._paint_bytes(painter, inside, line.data)
        elif column == ASCII:
            self._paint_text(painter, inside, line)
        elif column == TIME:
            draw_text(painter, inside, str(index.data()), _QUIET)
        elif column == WAY and line.is_first:
            self._paint_way(painter, inside, line.frame)

    @staticmethod
    def _paint_way(painter: QPainter, inside: QRectF, frame: Frame) -> None:
        box = QRectF(inside.left(), inside.center().y() - _ARROW / 2, _ARROW, _ARROW)
        draw_icon(painter, "forward" if frame.is_sent else "back", box, theme().color("text2"))

    @staticmethod
    def _paint_bytes(painter: QPainter, inside: QRectF, data: bytes) -> None:
        for at, byte in enumerate(data):
            left = inside.left() + at * _PAIR + (at // (BYTES // 2)) * _GROUP
            for digit, text in enumerate(f"{byte:02x}"):
                _draw_centred(painter, QRectF(left + digit * _DIGIT, inside.top(), _DIGIT, inside.height()), text)

    @staticmethod
    def _paint_text(painter: QPainter, inside: QRectF, line: FrameLine) -> None:
        if line.is_first and line.frame.text:
            draw_text(painter, inside, tr(line.frame.text), _PLAIN)
            return
        for at, character in enumerate(ascii_text(line.data)):
            place = QRectF(inside.left() + at * _LETTER, inside.top(), _LETTER, inside.height())
            _draw_centred(painter, place, character, "text2")


def _draw_centred(painter: QPainter, place: QRectF, text: str, role: str = "text") -> None:
    """Draw a character in the middle of its place; unlike a line of text it is never shortened."""
    used = font(_PX)
    metrics = QFontMetricsF(used)
    painter.setFont(used)
    painter.setPen(theme().color(role))
    left = place.center().x() - metrics.horizontalAdvance(text) / 2
    painter.drawText(QPointF(left, baseline(metrics, place)), text)
