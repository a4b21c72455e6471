"""An analog indicator on a display. GUI thread."""

import math
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.bar import OVERHANG, POINTER_LENGTH, SETPOINT_LENGTH, BarMarks, bar_scale, draw_bar
from hmi.drawing.text import TextStyle, draw_text
from hmi.drawing.value import draw_value
from hmi.live import Live
from hmi.numbers import DASH
from plant_models.display import Item

_LABEL: Final = TextStyle(15, 400, "text2")
_LINE: Final = 24.0
_REACH: Final = 2.0


class BarItem(DisplayItem):
    """A bar, level or upright, with an optional line above it: label at the left, value at the right."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self._scale = bar_scale(live.station.plant, item.tag)
        self._is_vertical = self.option("orientation", "h") == "v"
        self._setpoint_tag = str(self.option("setpoint_tag", ""))
        self._target_tags = tuple(str(tag) for tag in self.option("target_tags", ()))
        rows = (live.row(tag) for tag in (self._setpoint_tag, *self._target_tags))
        self.rows += tuple(row for row in rows if row is not None)
        self._label = str(self.option("label", ""))
        self._shows_value = bool(self.option("show_value", False))
        self._track = self._place_track()
        self.rect = self._live_rect()
        self._reading = live.reading(item.tag)
        self._marks = self._read()

    def refresh(self) -> bool:
        before = self._seen()
        self._reading = self.live.reading(self.item.tag)
        self._marks = self._read()
        return self._seen() != before

    def draw_static(self, painter: QPainter) -> None:
        if self._label:
            draw_text(painter, self._line(), self._label, _LABEL)

    def draw(self, painter: QPainter) -> None:
        if self._shows_value:
            draw_value(painter, self._line(), self._reading, float(self.option("size", 20)))
        if self._scale is not None:
            draw_bar(painter, self._track, self._scale, self._marks, self._is_vertical)

    def _line(self) -> QRectF:
        return QRectF(self.box.left(), self.box.top(), self.box.width(), _LINE)

    def _place_track(self) -> QRectF:
        thickness = float(self.option("thickness", 32 if self._is_vertical else 12))
        above = _LINE if self._label or self._shows_value else 0.0
        if self._is_vertical:
            left = self.box.center().x() - thickness / 2
            return QRectF(left, self.box.top() + above, thickness, self.box.height() - above)
        below_line = self.box.top() + above + POINTER_LENGTH - _REACH
        top = below_line if above else self.box.center().y() - thickness / 2
        return QRectF(self.box.left(), top, self.box.width(), thickness)

    def _live_rect(self) -> QRectF:
        """Return what the marks can reach; the value's line belongs to it."""
        side, end = max(POINTER_LENGTH, SETPOINT_LENGTH) + _REACH, OVERHANG + _REACH
        if self._is_vertical:
            marks = self._track.adjusted(-side, -end, side, end)
        else:
            marks = self._track.adjusted(-end, -side, end, side)
        return marks.united(self._line()) if self._shows_value else marks

    def _read(self) -> BarMarks:
        """Return the marks; a setpoint or target that isn't known isn't drawn."""
        setpoint = self._usable(self._setpoint_tag)
        ends = [self._usable(tag) for tag in self._target_tags]
        target = (ends[0], ends[1]) if len(ends) == 2 and ends[0] is not None and ends[1] is not None else None
        return BarMarks(self._reading.value, self._reading.is_usable, setpoint, target=target)

    def _usable(self, tag: str) -> float | None:
        reading = self.live.reading(tag) if tag else None
        return reading.value if reading is not None and reading.is_usable else None

    def _seen(self) -> tuple[object, ...]:
        """Return what of the present reading can be seen: the pointer moves in whole pixels."""
        reading, marks = self._reading, self._marks
        pixel = 0
        if self._scale is not None and not math.isnan(reading.value):
            length = self._track.height() if self._is_vertical else self._track.width()
            pixel = round(self._scale.position(reading.value) * length)
        text = reading.text if self._shows_value else reading.text == DASH
        return text, reading.mark, reading.is_usable, pixel, marks.setpoint, marks.target
