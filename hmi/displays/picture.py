"""A display as it was last drawn: what opens, closes or dims above it costs one copy. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPixmap, QRegion

from hmi.displays.static_layer import LayerKey


class Picture:
    """One pixmap, drawn anew only where `spoil` said that it is out of date, and whole if size or theme are others."""

    def __init__(self) -> None:
        self._key: LayerKey | None = None
        self._pixmap = QPixmap()
        self._spoilt = QRegion()

    def drop(self) -> None:
        """Forget the picture."""
        self._key, self._pixmap = None, QPixmap()

    def spoil(self, region: QRegion | QRect) -> None:
        """Note that what is drawn there looks otherwise now."""
        self._spoilt += region

    def pixmap(self, key: LayerKey, draw: Callable[[QPainter, QRegion], None]) -> QPixmap:
        """Return the picture, brought up to date by `draw`; where that fails, the next call tries again."""
        if key != self._key:
            self._pixmap = QPixmap(key.size * key.dpr)
            self._pixmap.setDevicePixelRatio(key.dpr)
            self._spoilt = QRegion(QRect(0, 0, key.size.width(), key.size.height()))
            self._key = key
        if not self._spoilt.isEmpty():
            with QPainter(self._pixmap) as painter:
                painter.setClipRegion(self._spoilt)
                draw(painter, self._spoilt)
            self._spoilt = QRegion()
        return self._pixmap
