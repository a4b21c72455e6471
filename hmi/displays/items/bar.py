"""An analog indicator on a display. GUI thread."""

import math
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.bar import OVERHANG, POINTER_LENGTH, SETPOINT_LENGTH, BarMarks, BarScale, bar_scale, draw_bar
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.drawing.value import draw_value
from hmi.live import Live
from hmi.numbers import DASH
from plant_models.display import Item
from plant_models.display_options import BarOptions

_LABEL: Final = TextStyle(15, 400, "text2")
_LINE: Final = 24.0
_REACH: Final = 2.0
_GAP: Final = 6.0


class BarItem(DisplayItem):
    """A bar, level or upright, with an optional line above it: label at the left, value at the right."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self._options = BarOptions.of(item)
        self._scale = _narrowed(self._tag_scale(), self._options.scale)
        self._is_vertical = self._options.orientation == "v"
        rows = (live.row(tag) for tag in (self._options.setpoint_tag, *(self._options.target_tags or ())))
        self.rows += tuple(row for row in rows if row is not None)
        self._track = self._place_track()
        self.rect = self._live_rect()
        self._reading = live.reading(item.tag)
        self._alarm = 0
        self._marks = self._read()

    def refresh(self) -> bool:
        before = self._seen()
        self._reading = self.live.reading(self.item.tag)
        self._marks = self._read()
        return self._seen() != before

    def show_alarm(self, priority: int) -> bool:
        """Colour the zone under the pointer for an alarm of a priority, 0 for none; return whether that is new."""
        is_new = priority != self._alarm
        self._alarm = priority
        self._marks = self._read()
        return is_new

    def draw_static(self, painter: QPainter) -> None:
        if self._options.label:
            draw_text(painter, self._line(), self._options.label, _LABEL)

    def draw(self, painter: QPainter) -> None:
        if self._options.show_value:
            taken = text_width(self._options.label, _LABEL) + _GAP if self._options.label else 0.0
            # What isn't "measured" is written as a figure.
            shown = replace(self._reading, is_measured=False) if self._options.role == "text" else self._reading
            draw_value(painter, self._line().adjusted(taken, 0, 0, 0), shown, self._options.size)
        if self._scale is not None:
            draw_bar(painter, self._track, self._scale, self._marks, self._is_vertical)

    def _spoken(self) -> tuple[str, ...]:
        return (self._reading.spoken,)

    def _tag_scale(self) -> BarScale | None:
        """Return the range of the tag with its limits, or with those of the tag that lends its own."""
        plant, lender = self.live.station.plant, self._options.limits_tag
        scale, lent = bar_scale(plant, self.item.tag), bar_scale(plant, lender) if lender else None
        if scale is None or lent is None:
            return scale
        return replace(lent, low=scale.low, high=scale.high)

    def _line(self) -> QRectF:
        return QRectF(self.box.left(), self.box.top(), self.box.width(), _LINE)

    def _place_track(self) -> QRectF:
        thickness = self._options.thickness or (32.0 if self._is_vertical else 12.0)
        above = _LINE if self._options.label or self._options.show_value else 0.0
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
        return marks.united(self._line()) if self._options.show_value else marks

    def _read(self) -> BarMarks:
        """Return the marks; a setpoint or target that isn't known isn't drawn."""
        setpoint_tag = self._options.setpoint_tag
        setpoint = self._usable(setpoint_tag)
        start, end = (self._usable(tag) for tag in self._options.target_tags or ("", ""))
        target = None if start is None or end is None else (start, end)
        return BarMarks(
            self._reading.value,
            self._reading.is_usable,
            setpoint,
            target=target,
            alarm=self._alarm,
            is_manual=self._reading.is_manual and not self._options.show_value,
            is_setpoint_manual=bool(setpoint_tag) and self.live.reading(setpoint_tag).is_manual,
        )

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
        text = (reading.text, reading.unit) if self._options.show_value else reading.text == DASH
        return text, reading.mark, reading.is_usable, pixel, marks.setpoint, marks.is_setpoint_manual, marks.target


def _narrowed(scale: BarScale | None, ends: tuple[float, float] | None) -> BarScale | None:
    """Return the scale between other ends; a limit beyond them has no place on the track."""
    if scale is None or ends is None:
        return scale
    low, high = ends
    limits = (scale.low_low, scale.low_limit, scale.high_limit, scale.high_high)
    kept = (limit if limit is not None and low < limit < high else None for limit in limits)
    return BarScale(low, high, *kept)
