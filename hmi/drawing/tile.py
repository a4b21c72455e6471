"""The tile of one of several equal units. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.drawing.hatch import hatch_brush
from hmi.drawing.text import TextStyle, draw_text
from hmi.theme.theme import theme

_RADIUS: Final = 6.0
_CROSS: Final = 7.0
_BODIES: Final = {"running": ("run", "mark_on_run"), "stopped": ("stop", "mark_on_stop"), "fault": ("stop", "")}


def draw_tile(painter: QPainter, rect: QRectF, text: str, look: str, size: float = 20) -> None:
    """Draw a tile with its number; what isn't known is dashed and hatched, and its number carries a "?"."""
    body, ink = _BODIES.get(look, ("", "text"))
    colors = theme()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    pen = QPen(colors.color("outline" if body else "stale"), 2)
    if not body:
        pen.setDashPattern([2, 1.5])
    painter.setPen(pen)
    painter.setBrush(colors.color(body) if body else hatch_brush(colors.color("stale")))
    painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
    if look == "fault":
        _draw_cross(painter, rect.center())
    painter.restore()
    if not body:
        plate = rect.adjusted(5, rect.height() / 2 - size * 0.6, -5, size * 0.6 - rect.height() / 2)
        painter.fillRect(plate, colors.color("panel"))
    if ink:
        draw_text(painter, rect, text if body else f"?{text}", TextStyle(size, 600, ink, "centre"))


def _draw_cross(painter: QPainter, centre: QPointF) -> None:
    painter.setPen(QPen(theme().color("mark_on_stop"), 3.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    for way in (QPointF(_CROSS, _CROSS), QPointF(_CROSS, -_CROSS)):
        painter.drawLine(centre - way, centre + way)
