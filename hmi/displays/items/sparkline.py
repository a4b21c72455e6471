"""How a tag went in the last hour: a line without axes that ends in the present value. GUI thread."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.displays.past import HOUR_US, Past
from hmi.drawing.badge import LETTER_SIZE, LETTER_WIDTH, draw_manual_letter
from hmi.drawing.bar import bar_scale
from hmi.drawing.sparkline import draw_band, draw_base, draw_dot, draw_line, span_of
from hmi.i18n import tr
from hmi.live import Live
from plant_models.display import Item

_INSET: Final = 4.0
_REST: Final = 2.0
_EMPTY: Final = np.empty(0)


class SparklineItem(DisplayItem):
    """The past comes once a minute; the dot at the end follows the live value."""

    span_us = HOUR_US

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self.past_tags = (item.tag,)
        self._scale = bar_scale(live.station.plant, item.tag)
        self._inside = self.box.adjusted(_INSET / 2, _INSET, -_INSET, -_INSET)
        self._past: NDArray[np.float64] = _EMPTY
        self._reading = live.reading(item.tag)

    def refresh(self) -> bool:
        before = self._reading
        self._reading = self.live.reading(self.item.tag)
        shown = self._reading
        return (shown.value, shown.is_usable, shown.mark) != (before.value, before.is_usable, before.mark)

    def show_past(self, past: Past) -> None:
        series = past.series.get(self.item.tag)
        self._past = _EMPTY if series is None else series.mean

    def draw_static(self, painter: QPainter) -> None:
        draw_base(painter, self.box)

    def draw(self, painter: QPainter) -> None:
        present = self._reading.value if self._reading.is_usable else np.nan
        values = np.append(self._past, present)
        span = None if self._scale is None else span_of(values, self._scale)
        if span is None or self._scale is None:
            return
        draw_band(painter, self._inside, span, self._scale)
        draw_line(painter, self._inside, values, span)
        if self._reading.is_usable:
            draw_dot(painter, self._inside, present, span)
        if self._reading.is_manual:  # in the corner that the dot leaves free
            is_high = span.y(present, self._inside) < self._inside.center().y()
            baseline = self.box.bottom() - _REST if is_high else self.box.top() + LETTER_SIZE
            draw_manual_letter(painter, self.box.right() - LETTER_WIDTH, baseline)

    def _spoken(self) -> tuple[str, ...]:
        return (tr("the last hour"), self._reading.spoken)
