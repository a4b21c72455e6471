"""Hatching: what isn't known. Pure functions, GUI thread."""

from functools import lru_cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen, QPixmap

PITCH: Final = 7
"""Distance between the lines along x, in logical px."""


def hatch_brush(colour: QColor, pitch: int = PITCH) -> QBrush:
    """Return a brush of lines at 45 degrees on nothing."""
    return QBrush(_tile(colour.rgba(), pitch))


@lru_cache(maxsize=32)
def _tile(rgba: int, pitch: int) -> QPixmap:
    scale = 4  # drawn larger, so that the lines stay smooth on dense screens
    tile = QPixmap(pitch * scale, pitch * scale)
    tile.setDevicePixelRatio(scale)
    tile.fill(Qt.GlobalColor.transparent)
    with QPainter(tile) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor.fromRgba(rgba), 1.25))
        for shift in (-pitch, 0, pitch):
            painter.drawLine(shift, pitch, shift + pitch, 0)
    return tile
