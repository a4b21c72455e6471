"""A long stretch of the chosen pen below the trend, with the window in it: see where you are, drag to go elsewhere.

GUI thread.
"""

from dataclasses import replace
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QHideEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from hmi.drawing.text import TextStyle, draw_text
from hmi.i18n import tr
from hmi.numbers import clock_text, moment_text
from hmi.theme.theme import theme
from hmi.trends.canvas import Canvas
from hmi.trends.loader import Loader
from hmi.trends.model import TrendModel
from hmi.trends.view import SHORTEST_US, View

HEIGHT: Final = 44
_STRIP: Final = 30.0
_BAR: Final = 4.0
_HANDLE: Final = 8.0
_GRAB: Final = 8.0
_LIVE_PX: Final = 3.0
_HOUR_US: Final = 3_600_000_000
_DAY_US: Final = 24 * _HOUR_US
_LENGTHS: Final = ((8 * _HOUR_US, _DAY_US), (2 * _DAY_US, 7 * _DAY_US), (10 * _DAY_US, 30 * _DAY_US))
_LONGEST_US: Final = 400 * _DAY_US
_NAME: Final = TextStyle(15, role="text2", align="right")
_NOW: Final = TextStyle(15, 500)


class Overview(QWidget):
    """As wide as the plot of `canvas`. Drag the window to pan, its ends to change its length; click to go elsewhere."""

    def __init__(self, model: TrendModel, canvas: Canvas) -> None:
        super().__init__()
        self._model, self._canvas = model, canvas
        self.loader = Loader(model.context, self.update)
        self._grip = ""
        self._grip_from = (0.0, 0, 0)
        self._ticks = 0
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Overview of the time around"))
        model.view_changed.connect(self._on_view)
        model.data_changed.connect(self._on_view)
        model.context.ticker.tick.connect(self._on_tick)
        theme().changed.connect(self.update)

    @property
    def range(self) -> tuple[int, int]:
        """From when to when it reaches (µs UTC): up to the present, or around a window that lies further back."""
        start, end = self._model.window
        length = overview_length(end - start)
        now_us = self._model.now_us
        if start >= now_us - length:
            return now_us - length, now_us
        last = min(now_us, (start + end + length) // 2)
        return last - length, last

    def sizeHint(self) -> QSize:
        return QSize(600, HEIGHT)

    def x_of(self, at_us: int) -> float:
        start, end = self.range
        strip = self._strip()
        return strip.left() + (at_us - start) / (end - start) * strip.width()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._grip = ""

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        strip, (start, end) = self._strip(), self.range
        with QPainter(self) as painter:
            painter.fillRect(strip, theme().color("track"))
            box = self._window_box()
            painter.fillRect(box, theme().color("selection"))
            self._draw_bars(painter, strip)
            _draw_window(painter, box)
            days = round((end - start) / _DAY_US)
            name = tr("24 h") if days == 1 else tr("{days} d").format(days=days)
            draw_text(painter, QRectF(0, strip.top(), strip.left() - 8, strip.height()), name, _NAME)
            right = QRectF(strip.right() + 12, strip.top(), self.width() - strip.right() - 14, strip.height())
            draw_text(painter, right, self._end_text(end), _NOW)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._model.pens:
            return
        x, box = event.position().x(), self._window_box()
        start, end = self._model.window
        self._grip = _grip_at(x, box)
        if not self._grip:
            shift = self._time_at(x) - (start + end) // 2
            self._model.change(lambda view: view.panned(shift, self._model.now_us))
            self._grip = "window"
        self._grip_from = (x, *self._model.window)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        x = event.position().x()
        if not self._grip:
            self.setCursor(_cursor_of(_grip_at(x, self._window_box())))
            return
        begin, start, end = self._grip_from
        low, high = self.range
        shift = round((x - begin) / self._strip().width() * (high - low))
        now_us = self._model.now_us
        is_live = self.x_of(now_us) - self.x_of(end + shift) < _LIVE_PX
        if self._grip == "start":
            self._model.change(lambda view: _between(view, min(start + shift, end - SHORTEST_US), end), "overview")
        elif self._grip == "end":
            last = min(max(end + shift, start + SHORTEST_US), now_us)
            self._model.change(lambda view: _between(view, start, last), "overview")
        else:
            last = min(end + shift, now_us)
            self._model.change(lambda view: replace(view, end_us=None if is_live else last), "overview")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        del event
        self._grip = ""

    def _draw_bars(self, painter: QPainter, strip: QRectF) -> None:
        """Draw the greatest value of every few pixels as a bar from the least that is shown; gaps are left empty."""
        pen = self._model.pen(self._model.chosen)
        if pen is None:
            return
        part = self.loader.trace(pen.tag.name).part(*self.range)
        shown = part.is_shown
        if not shown.any():
            return
        low, high = float(part.low[shown].min()), float(part.high[shown].max())
        height = strip.height() - 4
        shares = (part.high[shown] - low) / (high - low) if high > low else np.full(int(shown.sum()), 0.5)
        painter.setPen(QPen(theme().color("outline"), 2))
        tops = strip.bottom() - 1 - np.maximum(shares, 0.06) * height
        for at_us, top in zip(part.t_us[shown].tolist(), tops.tolist(), strict=True):
            x = round(self.x_of(at_us)) + 1
            if x < strip.right():
                painter.drawLine(QPointF(x, strip.bottom() - 1), QPointF(x, top))

    def _strip(self) -> QRectF:
        plot = self._canvas.frame.plot
        return QRectF(plot.left(), (HEIGHT - _STRIP) / 2, plot.width(), _STRIP)

    def _window_box(self) -> QRectF:
        start, end = self._model.window
        strip = self._strip()
        left, right = (min(max(self.x_of(at_us), strip.left()), strip.right()) for at_us in (start, end))
        return QRectF(min(left, right - 6), strip.top(), max(6.0, right - left), strip.height())

    def _time_at(self, x: float) -> int:
        start, end = self.range
        strip = self._strip()
        return start + round((x - strip.left()) / strip.width() * (end - start))

    def _end_text(self, end_us: int) -> str:
        zone, now_us = self._model.context.zone, self._model.now_us
        if end_us == now_us:
            return tr("Now {time}").format(time=clock_text(now_us, zone))
        return moment_text(end_us, now_us, zone)

    def _ask(self) -> None:
        model = self._model
        if model.pens and self.isVisible():
            bars = max(1, int(self._strip().width() / _BAR))
            self.loader.ask((model.chosen,), self.range, bars, model.now_us)

    def _on_view(self) -> None:
        self._ask()
        self.update()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % 10 == 0 and self.isVisible():
            self._ask()
            self.update()


def overview_length(span_us: int) -> int:
    """Return how much time stands around a window of `span_us`: a day, a week, 30 days, or all there may be."""
    return next((length for most, length in _LENGTHS if span_us <= most), _LONGEST_US)


def _between(view: View, start_us: int, end_us: int) -> View:
    return replace(view.with_span(end_us - start_us), end_us=end_us)


def _grip_at(x: float, box: QRectF) -> str:
    """Return what the mouse takes hold of: an end of the window, the window, or nothing."""
    ends = {"start": abs(x - box.left()), "end": abs(x - box.right())}
    nearest = min(ends, key=lambda end: ends[end])
    if ends[nearest] <= min(_GRAB, max(2.0, box.width() / 4)):
        return nearest
    return "window" if box.left() < x < box.right() else ""


def _cursor_of(grip: str) -> Qt.CursorShape:
    if grip in ("start", "end"):
        return Qt.CursorShape.SizeHorCursor
    return Qt.CursorShape.OpenHandCursor if grip else Qt.CursorShape.PointingHandCursor


def _draw_window(painter: QPainter, box: QRectF) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("text"), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0, -1, 0, 1), 4, 4)
    painter.setBrush(theme().color("field"))
    for x in (box.left(), box.right()):
        painter.drawRoundedRect(QRectF(x - _HANDLE / 2, box.center().y() - 9, _HANDLE, 18), 2, 2)
    painter.restore()
