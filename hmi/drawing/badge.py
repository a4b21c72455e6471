"""Marks on what has no number that could carry them: a badge, or the letter M alone.

Pure functions on a QPainter, GUI thread.
"""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.live import MARK_MANUAL
from hmi.theme.fonts import font
from hmi.theme.theme import theme

BADGE_SIDE: Final = 14.0
"""The smallest badge, in px."""
LETTER_SIZE: Final = 13.0
LETTER_WIDTH: Final = 12.0
"""Room for the letter, in px."""


def draw_badge(painter: QPainter, box: QRectF, mark: str) -> None:
    """Draw a badge with a quality mark into a square, upright."""
    inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("edge"), 1))
    painter.setBrush(theme().color("raised"))
    painter.drawRoundedRect(inner, 4, 4)
    painter.setPen(theme().color("manual" if mark == MARK_MANUAL else "text"))
    painter.setFont(font(box.width() * 0.76, 700))
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, mark)
    painter.restore()


def draw_manual_letter(painter: QPainter, left: float, baseline: float) -> None:
    """Draw the mark of a manual value as a letter that stands at a point."""
    painter.save()
    painter.setPen(theme().color("manual"))
    painter.setFont(font(LETTER_SIZE, 700))
    painter.drawText(QPointF(left, baseline), MARK_MANUAL)
    painter.restore()
