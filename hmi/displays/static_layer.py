"""What never changes on a display, drawn once per (size, dpr, theme) and kept as a pixmap. GUI thread."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap

from hmi.theme.theme import theme


class LayerKey(NamedTuple):
    """What the layer depends on."""

    size: QSize
    dpr: float
    theme: str


class StaticLayer:
    """One pixmap; `renders` counts how often it had to be drawn."""

    def __init__(self) -> None:
        self._key: LayerKey | None = None
        self._pixmap = QPixmap()
        self.renders = 0

    def drop(self) -> None:
        """Forget the pixmap."""
        self._key, self._pixmap = None, QPixmap()

    def pixmap(self, key: LayerKey, draw: Callable[[QPainter], None]) -> QPixmap:
        """Return the layer, drawn by `draw` on the canvas if it isn't there yet."""
        if key != self._key:
            pixmap = QPixmap(key.size * key.dpr)
            pixmap.setDevicePixelRatio(key.dpr)
            pixmap.fill(theme().color("canvas"))
            with QPainter(pixmap) as painter:
                draw(painter)
            self._key, self._pixmap = key, pixmap
            self.renders += 1
        return self._pixmap
