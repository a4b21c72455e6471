"""The text of a cell, measured once: a list that is drawn again and again shows mostly the same. GUI thread."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from hmi.drawing.text import TextStyle, text_width
from hmi.theme.theme import theme

_REMEMBERED: Final = 8192
_SLACK: Final = {"left": 0.0, "right": 1.0, "centre": 0.5}


@dataclass(frozen=True, slots=True)
class _Fitted:
    """A text that fits: its font, and where it begins, from the left and from the middle of its cell (px)."""

    text: str
    font: QFont
    left: float
    rise: float


def draw_cell(painter: QPainter, rect: QRectF, text: str, style: TextStyle) -> None:
    """Draw the text of a cell; what would be cut is condensed, then ends in an ellipsis. Changes pen and font."""
    found = _fitted(text, style, rect.width())
    painter.setFont(found.font)
    painter.setPen(theme().color(style.role))
    painter.drawText(QPointF(rect.x() + found.left, rect.y() + rect.height() / 2 + found.rise), found.text)


@lru_cache(maxsize=_REMEMBERED)
def _fitted(text: str, style: TextStyle, room: float) -> _Fitted:
    is_cut = text_width(text, style) > room
    used = replace(style, condensed=True).font if is_cut else style.font
    metrics = QFontMetricsF(used)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room) if is_cut else text
    left = (room - metrics.horizontalAdvance(shown)) * _SLACK[style.align]
    return _Fitted(shown, used, max(0.0, left), metrics.capHeight() / 2)
