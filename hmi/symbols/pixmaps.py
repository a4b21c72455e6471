"""Symbols as pixmaps, drawn once per (symbol, look, size, rotation, theme, dpr, layer) and kept. GUI thread.

Vessels with a level come in layers, so that the liquid can be painted live between them: "empty" and "full" are the
vessel's shape in two colours, "surface" is the same in the outline's, "front" is everything else.
"""

import math
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from hmi.drawing.badge import draw_badge
from hmi.drawing.hatch import hatch_brush
from hmi.live import MARK_MANUAL
from hmi.symbols.marks import badge_box, draw_cross, draw_stop_mark
from hmi.symbols.source import GRID, Restyle, SymbolSource, symbol_library, symbol_source
from hmi.symbols.style import mask, restyle_for, vessel_only, without_vessel
from hmi.theme.theme import Theme, theme

MAX_PIXMAPS: Final = 1024
_SURFACE: Final = 2.0
_BADGES: Final = {"bad": "?", "unknown": "*"}


class PixmapKey(NamedTuple):
    """What a pixmap depends on; `size` is in logical px."""

    symbol: str
    look: str
    size: float
    rotation: int
    theme: str
    dpr: float
    layer: str


@dataclass(frozen=True, slots=True)
class SymbolState:
    """What a symbol shows. `level` fills a vessel, 0 to 1; None paints no liquid. `is_manual`: somebody entered it."""

    symbol: str
    look: str
    rotation: int = 0
    level: float | None = None
    is_manual: bool = False


class SymbolPixmaps:
    """The cache; dropped when the theme or the plant's symbols change. `renders` counts what had to be drawn."""

    def __init__(self, colors: Theme) -> None:
        self._colors = colors
        self._pixmaps: dict[PixmapKey, QPixmap] = {}
        self.renders = 0
        colors.changed.connect(self._pixmaps.clear)
        symbol_library().changed.connect(self._pixmaps.clear)

    def __len__(self) -> int:
        return len(self._pixmaps)

    def pixmap(self, state: SymbolState, size: float, dpr: float, layer: str = "whole") -> QPixmap:
        """Return the pixmap of a symbol `size` logical px wide and high."""
        key = PixmapKey(state.symbol, state.look, size, state.rotation, self._colors.name, dpr, layer)
        found = self._pixmaps.get(key)
        if found is None:
            if len(self._pixmaps) >= MAX_PIXMAPS:
                self._pixmaps.clear()
            found = self._pixmaps[key] = self._render(key)
            self.renders += 1
        return found

    def _render(self, key: PixmapKey) -> QPixmap:
        pixels = max(1, round(key.size * key.dpr))
        pixmap = QPixmap(pixels, pixels)
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.scale(pixels / key.size, pixels / key.size)
            painter.save()
            painter.translate(key.size / 2, key.size / 2)
            painter.rotate(key.rotation)
            painter.translate(-key.size / 2, -key.size / 2)
            painter.scale(key.size / GRID, key.size / GRID)
            self._draw(painter, symbol_source(key.symbol), key)
            painter.restore()
            if key.look in _BADGES and key.layer == "whole":
                draw_badge(painter, badge_box(key.size), _BADGES[key.look])
        pixmap.setDevicePixelRatio(pixels / key.size)
        return pixmap

    def _draw(self, painter: QPainter, source: SymbolSource, key: PixmapKey) -> None:
        """Draw a layer in grid units."""
        color = self._colors.color
        plain_vessel = {"empty": "track", "full": "vessel", "surface": "outline"}.get(key.layer)
        if plain_vessel is not None:
            _render_svg(painter, source, vessel_only(color(plain_vessel)))
            return
        restyle = restyle_for(key.look, source.stop, color, has_level=source.is_vessel)
        if key.layer == "front":
            restyle = without_vessel(restyle)
        if key.look == "bad":
            _draw_hatch(painter, source, key)
        _render_svg(painter, source, restyle)
        if key.look == "stopped":
            draw_stop_mark(painter, source)
        elif key.look == "fault":
            draw_cross(painter, source)


@cache
def symbol_pixmaps() -> SymbolPixmaps:
    """Return the application's cache."""
    return SymbolPixmaps(theme())


def draw_symbol(painter: QPainter, rect: QRectF, state: SymbolState) -> None:
    """Draw a symbol into the square in the middle of `rect`, sharp at whatever scale the painter has."""
    _draw_body(painter, rect, state)
    if state.is_manual and state.look not in _BADGES:
        size = min(rect.width(), rect.height())
        corner = QPointF(rect.center().x() - size / 2, rect.center().y() - size / 2)
        draw_badge(painter, badge_box(size).translated(corner), MARK_MANUAL)


def _draw_body(painter: QPainter, rect: QRectF, state: SymbolState) -> None:
    to_device = painter.deviceTransform()
    density = math.hypot(to_device.m11(), to_device.m12())
    size = min(rect.width(), rect.height())
    corner = QPointF(rect.center().x() - size / 2, rect.center().y() - size / 2)
    pixmaps = symbol_pixmaps()
    source = symbol_source(state.symbol)
    if not source.is_vessel or state.level is None or state.look != "running":
        painter.drawPixmap(corner, pixmaps.pixmap(state, size, density))
        return
    top, bottom = (edge / GRID * size for edge in (source.vessel_top, source.vessel_bottom))
    surface = bottom - (bottom - top) * min(1.0, max(0.0, state.level))
    painter.drawPixmap(corner, pixmaps.pixmap(state, size, density, "empty"))
    for layer, start, end in (("full", surface, size), ("surface", surface, min(bottom, surface + _SURFACE))):
        painter.save()
        painter.setClipRect(
            QRectF(corner.x(), corner.y() + start, size, max(0.0, end - start)), Qt.ClipOperation.IntersectClip
        )
        painter.drawPixmap(corner, pixmaps.pixmap(state, size, density, layer))
        painter.restore()
    painter.drawPixmap(corner, pixmaps.pixmap(state, size, density, "front"))


def _draw_hatch(painter: QPainter, source: SymbolSource, key: PixmapKey) -> None:
    """Hatch bodies and vessels: lines everywhere, then cut to their shape."""
    pixels = max(1, round(key.size * key.dpr))
    layer = QPixmap(pixels, pixels)
    layer.fill(Qt.GlobalColor.transparent)
    with QPainter(layer) as cutter:
        cutter.setRenderHint(QPainter.RenderHint.Antialiasing)
        cutter.scale(pixels / GRID, pixels / GRID)
        _render_svg(cutter, source, mask)
        cutter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        cutter.resetTransform()
        cutter.scale(pixels / key.size, pixels / key.size)
        cutter.fillRect(QRectF(0, 0, key.size, key.size), hatch_brush(theme().color("stale")))
    painter.drawPixmap(QRectF(0, 0, GRID, GRID), layer, QRectF(layer.rect()))


def _render_svg(painter: QPainter, source: SymbolSource, restyle: Restyle) -> None:
    QSvgRenderer(QByteArray(source.restyled(restyle))).render(painter, QRectF(0, 0, GRID, GRID))
