"""The corner marks around what is selected. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from hmi.theme.theme import theme

REACH: Final = 3.0
"""How far outside the selected rectangle the marks end."""
_LENGTH: Final = 10.0
_GAP: Final = 1.0


def draw_corners(painter: QPainter, rect: QRectF) -> None:
    """Draw four corners around `rect`."""
    frame = rect.adjusted(-_GAP, -_GAP, _GAP, _GAP)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("text"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for corner, right, down in (
        (frame.topLeft(), 1, 1),
        (frame.topRight(), -1, 1),
        (frame.bottomLeft(), 1, -1),
        (frame.bottomRight(), -1, -1),
    ):
        across, along = QPointF(right * _LENGTH, 0), QPointF(0, down * _LENGTH)
        painter.drawPolyline(QPolygonF([corner + across, corner, corner + along]))
    painter.restore()
