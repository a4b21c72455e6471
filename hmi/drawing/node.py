"""The dot of a junction on a map. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.theme.theme import theme

_BODIES: Final = {"running": "run", "stopped": "stop", "fault": "stop"}


def draw_node(painter: QPainter, rect: QRectF, look: str) -> None:
    """Draw a dot: light, dark, or hollow and dashed where the look isn't known."""
    body = _BODIES.get(look)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(theme().color("outline" if body else "stale"), 2)
    if body is None:
        pen.setDashPattern([2, 1.5])
    painter.setPen(pen)
    painter.setBrush(theme().color(body or "canvas"))
    painter.drawEllipse(rect.adjusted(1, 1, -1, -1))
    if look == "fault":
        painter.setPen(QPen(theme().color("mark_on_stop"), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        inner = rect.adjusted(4, 4, -4, -4)
        painter.drawLine(inner.topLeft(), inner.bottomRight())
        painter.drawLine(inner.topRight(), inner.bottomLeft())
    painter.restore()
