"""A chart as a widget: as high as its picture needs, drawn by a function. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.alarm_kpis.ink import Ink, screen_ink

Draw = Callable[[QPainter, Ink, QRectF], None]


class Chart(QWidget):
    """Empty until it is told what to draw; `spoken` says the same in words, for who can't see it."""

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw = _draw_nothing
        self._height = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, draw: Draw, height: float, spoken: str) -> None:
        """Draw this from now on, so many px high."""
        self._draw, self._height = draw, round(height)
        self.setAccessibleName(spoken)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self._height)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, screen_ink(), QRectF(self.rect()).adjusted(0.5, 0, -1, -1))


def _draw_nothing(painter: QPainter, ink: Ink, box: QRectF) -> None:
    del painter, ink, box
