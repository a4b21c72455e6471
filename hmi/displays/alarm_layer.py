"""The alarms on a display: a border with its glyph round symbols, a glyph beside what has no symbol, coloured zones.

GUI thread. Several alarms in one place show the most urgent: not acknowledged before active before out of service or
suppressed before shelved, then by priority. Only what is filled has a border; what has returned or was put aside keeps
its glyph, what is latched or came first its letter.
"""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from hmi.alarms.glyph import Glyph, draw_glyph, glyph_box
from hmi.alarms.model import AlarmModel
from hmi.displays.items.bar import BarItem
from hmi.displays.items.base import DisplayItem
from hmi.displays.items.value import ValueItem
from hmi.displays.scene import Scene
from hmi.theme.theme import theme
from plant_models.alarm_definition import DIAGNOSTIC

_BORDERED: Final = ("symbol", "tile", "node")
_BESIDE: Final = ("value", "bar")
OUT: Final = 6.0
COMPACT_OUT: Final = 2.0
FULL: Final = 1400
"""Layouts narrower than this are compact: their texts stand closer to the symbols."""
_RADIUS: Final = 8.0
_LINE: Final = 3.0
_EDGES: Final = 2.0
SIDE: Final = 18.0
_LINE_HEIGHT: Final = 24.0
_ASIDE: Final = 16.0
"""From the end of a value at the right to the middle of its glyph, which covers neither number nor unit."""
_QUIET_IN: Final = 4.0
"""How far the mark of what nobody is called for stands in from the right of a symbol: beside it stands its name."""


class AlarmLayer:
    """Follows the shared model; says what must be painted anew, and paints it over the items."""

    def __init__(self, alarms: AlarmModel, scene: Scene) -> None:
        self._alarms = alarms
        self._width = scene.layout.size[0]
        self._out = OUT if self._width >= FULL else COMPACT_OUT
        self._places = tuple(_places(scene))
        self._bars = tuple(item for item in scene.items if isinstance(item, BarItem))
        self._shown: dict[DisplayItem, Glyph] = {}
        self.follow()

    def follow(self) -> list[QRectF]:
        """Take over the present alarms; return the rectangles that look otherwise now, in layout units."""
        glyphs = self._alarms.glyphs
        shown = {item: glyphs[name] for item, name in self._places if name in glyphs}
        places = {*self._shown, *shown}
        changed = [
            self._rect(item, glyph)
            for item in places
            if self._shown.get(item) != shown.get(item)
            for glyph in (self._shown.get(item), shown.get(item))
            if glyph is not None
        ]
        self._shown = shown
        return changed + [bar.rect for bar in self._bars if bar.show_alarm(self._alarms.alarmed(bar.item.tag))]

    def blinking(self) -> list[QRectF]:
        """Return the rectangles of what blinks, in layout units."""
        return [self._rect(item, glyph) for item, glyph in self._shown.items() if glyph.blinks]

    def draw(self, painter: QPainter, is_lit: bool) -> None:
        """Draw all marks, in layout units."""
        for item, glyph in self._shown.items():
            if _is_bordered(item) and glyph.is_filled and (is_lit or not glyph.blinks):
                _draw_border(painter, item.box.adjusted(-self._out, -self._out, self._out, self._out), glyph)
            draw_glyph(painter, self._glyph_rect(item, glyph), glyph, is_lit)

    def _rect(self, item: DisplayItem, glyph: Glyph) -> QRectF:
        """Return everything that a mark can reach."""
        if not _is_bordered(item):
            return self._glyph_rect(item, glyph)
        reach = self._out + _LINE + _EDGES
        return item.box.adjusted(-reach, -reach, reach, reach).united(self._glyph_rect(item, glyph))

    def _glyph_rect(self, item: DisplayItem, glyph: Glyph) -> QRectF:
        side, is_quiet = glyph_box(SIDE), glyph.look.is_grey or glyph.priority == DIAGNOSTIC
        if _is_bordered(item):
            is_in = is_quiet and item.item.kind == "symbol"  # other kinds have texts within
            middle = item.box.topRight() + (QPointF(-_QUIET_IN, 0) if is_in else QPointF(self._out, -self._out))
        else:
            is_free = isinstance(item, ValueItem) and item.is_left
            x = item.box.right() + (-side / 2 if is_free else _ASIDE)
            middle = QPointF(min(x, self._width - side / 2), item.box.top() + min(_LINE_HEIGHT, item.box.height()) / 2)
        return QRectF(middle.x() - side / 2, max(0.0, middle.y() - side / 2), side, side)


def _is_bordered(item: DisplayItem) -> bool:
    return item.item.kind in _BORDERED


def _places(scene: Scene) -> Iterator[tuple[DisplayItem, str]]:
    """Yield the items that can carry a mark, with the name of what they show; each tag without a symbol once."""
    bordered = [item for item in scene.items if _is_bordered(item)]
    for item in bordered:
        yield item, item.item.equipment or item.item.tag
    covered = {item.item.equipment for item in bordered} | {item.item.tag for item in bordered}
    for item in scene.items:
        tag = item.item.tag
        if item.item.kind in _BESIDE and tag not in covered and item.opens not in covered - {""}:
            covered.add(tag)
            yield item, tag


def _draw_border(painter: QPainter, frame: QRectF, glyph: Glyph) -> None:
    """Draw 3 px of the priority's colour between two edges of 1 px."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for role, width in (("text", _LINE + _EDGES), (f"p{glyph.priority}", _LINE)):
        painter.setPen(QPen(theme().color(role), width))
        painter.drawRoundedRect(frame, _RADIUS, _RADIUS)
    painter.restore()
