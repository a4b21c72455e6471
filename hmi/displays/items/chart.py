"""How one or two tags went in the last day, with axes: the present is at the right. GUI thread."""

from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from history.series import NO_DATA
from hmi.displays.items.base import DisplayItem
from hmi.displays.past import DAY_US, Past
from hmi.drawing.chart import (
    GRID,
    ChartFrame,
    draw_absence,
    draw_grid,
    draw_legend,
    draw_now,
    draw_numbers,
    draw_steps,
    draw_time,
)
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.i18n import tr
from hmi.live import Live, capitalised
from hmi.numbers import number_text
from hmi.trends.from_history import trace_of
from hmi.trends.gaps import NamedGap, named_gaps
from hmi.trends.scale import Scale, fitted_scale, fixed_scale
from hmi.trends.time_axis import time_marks
from hmi.trends.trace import Trace, trace_of_samples
from hmi.units.choice import shown_as
from plant_models.display import Item
from plant_models.display_options import ChartOptions
from plant_models.quality import describe
from plant_models.tag import Tag

_ROW: Final = 32.0
_AXES: Final = 56.0
_BELOW: Final = 28.0
_ABOVE: Final = 12.0
_MARKS: Final = 5


@dataclass(frozen=True, slots=True)
class _Curve:
    """A tag, what it is called here, and the ends of its scale in the plant's unit, None for its range."""

    tag: Tag
    label: str
    ends: tuple[float, float] | None

    @property
    def name(self) -> str:
        """The label with the unit that is shown now."""
        unit = shown_as(self.tag).unit
        return f"{self.label}, {unit}" if unit else self.label

    def scale(self) -> Scale:
        """Return the scale in the unit that is shown now."""
        if self.ends is None:
            return fixed_scale(self.tag) or Scale(0.0, 1.0)
        return Scale(*self.ends) if shown_as(self.tag).is_plant else fitted_scale(*self.ends, self.tag)


class ChartItem(DisplayItem):
    """The past comes every few minutes, in which the curves move by little more than a pixel; nothing in it is live."""

    span_us = DAY_US

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self.rows = ()
        self._options = options = ChartOptions.of(item)
        self._curves = (
            *self._curve(item.tag, options.label, options.scale),
            *self._curve(options.other_tag, options.other_label, options.other_scale),
        )
        self.past_tags = tuple(curve.tag.name for curve in self._curves)
        right = _AXES if len(self._curves) > 1 else _ROW
        self._plot = self.box.adjusted(_AXES, _ROW + _ABOVE, -right, -_BELOW)
        self._zone = ZoneInfo(live.station.plant.time_zone)
        self._past: Past | None = None
        self._traces: tuple[Trace, ...] = ()

    def show_past(self, past: Past) -> None:
        self._past = past
        self._traces = tuple(_trace(past, curve.tag.name) for curve in self._curves)

    def draw_static(self, painter: QPainter) -> None:
        style = TextStyle(self._options.size, 600)
        draw_text(painter, self._row(), self._options.title, style)
        draw_grid(painter, self._plot)

    def draw(self, painter: QPainter) -> None:
        taken = text_width(self._options.title, TextStyle(self._options.size, 600)) + _ROW
        draw_legend(painter, self._row().adjusted(taken, 0, 0, 0), tuple(curve.name for curve in self._curves))
        for number, curve in enumerate(self._curves):
            draw_numbers(painter, self._plot, _numbers(curve), is_right=number > 0)
        if self._past is None:
            return
        frame = ChartFrame(self._plot, self._past.start_us, self._past.end_us)
        end = draw_now(painter, frame, tr("now"))
        for mark in time_marks(frame.start_us, frame.end_us, _MARKS, self._zone):
            draw_time(painter, frame, mark.at_us, mark.text, end)
        if self._past.is_readable:
            self._draw_curves(painter, frame)
        else:
            draw_absence(painter, frame, (frame.start_us, frame.end_us), tr("History can't be read"), is_hatched=True)

    def _draw_curves(self, painter: QPainter, frame: ChartFrame) -> None:
        self._draw_gaps(painter, frame)
        painter.save()
        painter.setClipRect(self._plot.adjusted(0, -1, 0, 1))
        for number, (curve, trace) in enumerate(zip(self._curves, self._traces, strict=True)):
            starts, ends = frame.x(trace.t_us), frame.x(trace.ends_us)
            ys = frame.y(curve.scale().fraction(trace.mean))
            for run in trace.runs():
                draw_steps(painter, number, starts[run], ends[run], ys[run])
        painter.restore()

    def _draw_gaps(self, painter: QPainter, frame: ChartFrame) -> None:
        """Hatch what is missing; not what lies before the first record, which begins within a pixel for all curves."""
        begun_us, pixel_us = frame.start_us, (frame.end_us - frame.start_us) / frame.plot.width()
        for gap in self._gaps(frame):
            is_whole = len(gap.names) == len(self._curves)
            is_early = gap.start_us == begun_us and gap.quality == NO_DATA
            if is_early and not is_whole and gap.end_us - gap.start_us < pixel_us:
                continue
            if is_early and is_whole:
                begun_us = gap.end_us
            is_hatched = not (is_early and is_whole)
            draw_absence(painter, frame, (gap.start_us, gap.end_us), self._reason(gap), is_hatched)

    def _gaps(self, frame: ChartFrame) -> tuple[NamedGap, ...]:
        """Return the times in which a curve has no value; a name is its number."""
        pairs = ((str(number), gap) for number, trace in enumerate(self._traces) for gap in trace.gaps())
        return named_gaps(pairs, frame.start_us, frame.end_us)

    def _reason(self, gap: NamedGap) -> str:
        """Return why there is no value, and of which curve if not of all."""
        reason = tr(describe(gap.quality))
        if len(gap.names) == len(self._curves):
            return capitalised(reason)
        return f"{self._curves[int(gap.names[0])].label}: {reason}"

    def _curve(self, name: str, label: str, ends: tuple[float, float] | None) -> tuple[_Curve, ...]:
        """Return the curve of a tag, none if the plant hasn't got it."""
        row = self.live.row(name)
        if row is None:
            return ()
        tag = self.live.station.table.tags[row]
        return (_Curve(tag, label or tag.description or tag.name, ends),)

    def _row(self) -> QRectF:
        return QRectF(self.box.left(), self.box.top(), self.box.width(), _ROW)

    def _name(self) -> str:
        return self._options.title or super()._name()

    def _spoken(self) -> tuple[str, ...]:
        readings = (f"{curve.label} {self.live.reading(curve.tag.name).spoken}" for curve in self._curves)
        return (tr("the last 24 hours"), *readings)


def _trace(past: Past, tag: str) -> Trace:
    """Return the day of a tag; what history doesn't know was never recorded."""
    series = past.series.get(tag)
    if series is not None:
        return trace_of(series, past.end_us)
    return trace_of_samples(
        np.array([past.start_us], np.int64), np.array([np.nan]), np.array([NO_DATA], np.uint16), past.end_us
    )


def _numbers(curve: _Curve) -> tuple[str, ...]:
    scale = curve.scale()
    return tuple(number_text(scale.value(share), scale.decimals(0.5)) for share in GRID)
