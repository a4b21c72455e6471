"""The shadow under what floats: a nine-patch picture, painted by a widget of its own.

GUI thread.
"""

import math
from functools import cache
from typing import Final

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from hmi.theme.theme import theme

_BLUR: Final = 32  # visual-design §2, elevation: 0 12 32
_DROP: Final = 12
_CORNER: Final = 2 * _BLUR  # a corner of the picture: blur outside and blur inside the edge


class Shadow(QWidget):
    """Follows `panel`, a sibling, wherever it goes; the mouse doesn't see it."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__(panel.parentWidget())
        self._panel = panel
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        panel.installEventFilter(self)
        panel.destroyed.connect(self.deleteLater)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self._follow()
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        picture = _picture(theme().color("shadow").rgba())
        with QPainter(self) as painter:
            for target_y, source_y in _bands(self.height(), picture.height()):
                for target_x, source_x in _bands(self.width(), picture.width()):
                    target = QRect(target_x[0], target_y[0], target_x[1], target_y[1])
                    source = QRect(source_x[0], source_y[0], source_x[1], source_y[1])
                    painter.drawPixmap(target, picture, source)

    def _follow(self) -> None:
        self.setVisible(self._panel.isVisibleTo(self._panel.parentWidget()))
        self.setGeometry(self._panel.geometry().adjusted(-_BLUR, -_BLUR, _BLUR, _BLUR).translated(0, _DROP))
        self.stackUnder(self._panel)


def _bands(length: int, picture: int) -> tuple[tuple[tuple[int, int], tuple[int, int]], ...]:
    """Return (target start, size), (source start, size) of the first corner, the stretched middle, the last corner."""
    corner = min(_CORNER, length // 2)
    return (
        ((0, corner), (0, corner)),
        ((corner, length - 2 * corner), (_CORNER, picture - 2 * _CORNER)),
        ((length - corner, corner), (picture - corner, corner)),
    )


@cache
def _picture(rgba: int) -> QPixmap:
    """Return a blurred square: the product of two blurred edges, since a Gaussian blur is separable."""
    colour = QColor.fromRgba(rgba)
    size = 2 * _CORNER + 2
    sigma = _BLUR / 2
    at = np.arange(size) + 0.5
    edge = np.array([0.5 * (1 + math.erf((min(x, size - x) - _BLUR) / (sigma * math.sqrt(2)))) for x in at])
    image = np.zeros((size, size, 4), np.uint8)  # the colour of a shadow is black; only its alpha counts
    image[..., 3] = np.rint(np.outer(edge, edge) * colour.alpha())
    return QPixmap.fromImage(QImage(image.tobytes(), size, size, 4 * size, QImage.Format.Format_RGBA8888))
