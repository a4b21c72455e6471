"""A chart as a widget: drawn by a function, as high as it needs, and kept until something changes. GUI thread."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.alarm_kpis.ink import Ink, screen_ink
from hmi.theme.theme import theme

Draw = Callable[[QPainter, Ink, QRectF], None]


class Chart(QWidget):
    """Empty until it is told what to draw; `spoken` says the same in words, for who can't see it."""

    def __init__(self) -> None:
        super().__init__()
        self._draw: Draw = _draw_nothing
        self._picture: QPixmap | None = None
        self._height = 0
        theme().changed.connect(self._forget)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_picture(self, draw: Draw, height: float, spoken: str) -> None:
        """Draw this from now on, so many px high."""
        self._draw, self._height = draw, round(height)
        self.setAccessibleName(spoken)
        self.updateGeometry()
        self._forget()

    def sizeHint(self) -> QSize:
        return QSize(480, self._height)

    def minimumSizeHint(self) -> QSize:
        return QSize(320, self._height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture = None

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._picture is None:
            self._picture = self._drawn()
        with QPainter(self) as painter:
            painter.drawPixmap(0, 0, self._picture)

    def _drawn(self) -> QPixmap:
        picture = QPixmap(self.size() * self.devicePixelRatio())
        picture.setDevicePixelRatio(self.devicePixelRatio())
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter, screen_ink(), QRectF(self.rect()).adjusted(0.5, 0, -1, -1))
        return picture

    def _forget(self) -> None:
        self._picture = None
        self.update()


def _draw_nothing(painter: QPainter, ink: Ink, box: QRectF) -> None:
    del painter, ink, box
