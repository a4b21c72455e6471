"""Icons in the colour of the theme: SVGs of resources/icons, drawn when asked. GUI thread.

A theme change needs no new QIcon. Each file draws with `currentColor`, on a 20-grid, stroke 1.6, round.
"""

from functools import cache
from typing import Final

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hmi.theme.theme import theme
from plant_models.paths import RESOURCES

DEFAULT_SIZE: Final = 20


def icon(name: str, size: int = DEFAULT_SIZE, role: str = "text2") -> QIcon:
    """Return an icon of resources/icons that takes the colour of `role` in the theme of the moment.

    Raises:
        FileNotFoundError: there is no such icon.
    """
    _source(name)
    return QIcon(_ThemedEngine(name, size, role))


def draw_icon(painter: QPainter, name: str, rect: QRectF, colour: QColor) -> None:
    """Draw an icon into `rect`."""
    _renderer(name, colour.name()).render(painter, rect)


class _ThemedEngine(QIconEngine):
    """Draws the file in the theme's colour: `disabled` for a disabled widget."""

    def __init__(self, name: str, size: int, role: str) -> None:
        super().__init__()
        self._name, self._size, self._role = name, size, role

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        del state
        role = "disabled" if mode is QIcon.Mode.Disabled else self._role
        draw_icon(painter, self._name, QRectF(rect), theme().color(role))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        return pixmap

    def actualSize(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QSize:
        del mode, state
        return size.boundedTo(QSize(self._size, self._size))

    def clone(self) -> QIconEngine:
        return _ThemedEngine(self._name, self._size, self._role)


@cache
def _source(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))
