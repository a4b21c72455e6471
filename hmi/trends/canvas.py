"""The drawing of a trend: plot, axes, strips, cursors; and what mouse and keyboard do to it. GUI thread.

Everything but the cursors lies in one pixmap. It is drawn anew when the view changed, when history came, when time went
on by a pixel, and twice a second for live values.
"""

from typing import Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from hmi.drawing.text import TextStyle, draw_text
from hmi.i18n import tr
from hmi.theme.theme import theme
from hmi.trends.draw_cursors import draw_cursors
from hmi.trends.draw_curves import draw_curves, draw_limits
from hmi.trends.draw_ground import axis_width, draw_axes, draw_gaps, draw_ground, draw_loading, draw_times
from hmi.trends.draw_labels import draw_now
from hmi.trends.draw_marks import cluster_at, cluster_text, draw_marks
from hmi.trends.draw_strips import draw_strips
from hmi.trends.frame import Frame, make_frame
from hmi.trends.model import TrendModel

_TICKS_PER_DRAWING: Final = 5
_CLICK: Final = 4
_NEAR: Final = 6.0
_NOTCH: Final = 120
_WHEEL: Final = 0.8
_EMPTY: Final = TextStyle(17, 500, role="text2", align="centre")


class Canvas(QWidget):
    """Wheel zooms time, with Ctrl the height; a drawn box zooms both; Shift, middle or right button pans; a click
    places the nearer cursor. Plus, minus and the arrows work too."""

    def __init__(self, model: TrendModel) -> None:
        super().__init__()
        self._model = model
        self._layer: QPixmap | None = None
        self._axes: tuple[float, ...] = ()
        self._drawn_us = 0
        self._ticks = 0
        self._is_loading = False
        self.renders = 0
        self._press: QPoint | None = None
        self._pan_from = 0
        self._grabbed: int | None = None
        self._box: QRectF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Trend"))
        model.view_changed.connect(self.redraw)
        model.data_changed.connect(self.redraw)
        model.cursors_changed.connect(self.update)
        model.context.ticker.tick.connect(self._on_tick)
        theme().changed.connect(self.redraw)

    def minimumSizeHint(self) -> QSize:
        return QSize(560, 260)

    @property
    def frame(self) -> Frame:
        """Where everything stands now."""
        model = self._model
        strips, view = len(model.shown(is_strip=True)), model.view
        return make_frame((self.width(), self.height()), self._axes, strips, model.window, (view.bottom, view.top))

    def redraw(self) -> None:
        """Draw everything anew at the next paint."""
        self._layer = None
        self._measure_axes()
        self._model.set_pixels(int(self.frame.plot.width()))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.redraw()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._model.pens and self._layer is None:
            self._layer = self._draw_layer()
        with QPainter(self) as painter:
            if self._layer is None or not self._model.pens:
                words = tr("No pens yet. Add them with “Add pens”, or choose Trend on a value or faceplate.")
                draw_text(painter, QRectF(self.rect()).adjusted(24, 0, -24, 0), words, _EMPTY)
            else:
                painter.drawPixmap(0, 0, self._layer)
                draw_cursors(painter, self._model, self.frame)
                if self._is_loading:
                    draw_loading(painter, self.frame)
                self._draw_box(painter)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            alarms = cluster_at(self._model, self.frame, QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), cluster_text(self._model, alarms) if alarms else "", self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._press = event.position().toPoint()
        self._grabbed = self._cursor_near(event.position())
        self._pan_from = self._model.window[1]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._press is None:
            near = self._cursor_near(event.position()) is not None
            self.setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.CrossCursor)
        elif self._grabbed is not None:
            self._model.set_cursor(self._grabbed, self._time_at(event.position()))
        elif self._is_pan(event):
            self._pan(event.position().x() - self._press.x())
        elif (event.position().toPoint() - self._press).manhattanLength() > _CLICK:
            self._box = QRectF(QPointF(self._press), event.position()).normalized() & self.frame.plot
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        box, press, grabbed = self._box, self._press, self._grabbed
        self._box = self._press = self._grabbed = None
        frame = self.frame
        is_click = press is not None and (event.position().toPoint() - press).manhattanLength() <= _CLICK
        if box is not None:
            if box.width() > _CLICK and box.height() > _CLICK:
                edges = frame.time_at(box.left()), frame.time_at(box.right())
                heights = frame.fraction_at(box.bottom()), frame.fraction_at(box.top())
                self._model.change(lambda view: view.boxed(*edges, *heights))
            self.update()
        elif grabbed is None and event.button() == Qt.MouseButton.LeftButton and is_click:
            self._click(event.position(), frame)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Is nothing of its own: the first click has placed the cursor."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() / _NOTCH
        frame, at = self.frame, event.position()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            height = frame.fraction_at(at.y())
            self._model.change(lambda view: view.stretched(_WHEEL**notches, height), "height")
        else:
            self.zoom(_WHEEL**notches, frame.time_at(at.x()))
        event.accept()

    def zoom(self, factor: float, at_us: int | None = None) -> None:
        """Show `factor` times as much time; `at_us` (the middle if None) keeps its place."""
        model = self._model
        start, end = model.window
        centre = (start + end) // 2 if at_us is None else min(max(at_us, start), end)
        model.change(lambda view: view.zoomed(factor, centre, model.now_us), "time")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Plus and minus zoom; left and right move the last placed cursor, with Shift by ten pixels."""
        key = event.key()
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_WHEEL)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _WHEEL)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            pixels = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            self._nudge(pixels if key == Qt.Key.Key_Right else -pixels)
        else:
            super().keyPressEvent(event)

    def _nudge(self, pixels: int) -> None:
        frame, cursors = self.frame, self._model.cursors
        cursor = 1 if cursors[1] is not None else 0
        at_us = cursors[cursor]
        if at_us is None:
            at_us = (frame.start_us + frame.end_us) // 2
        per_pixel = (frame.end_us - frame.start_us) / frame.plot.width()
        self._model.set_cursor(cursor, min(max(at_us + round(pixels * per_pixel), frame.start_us), frame.end_us))

    def _click(self, at: QPointF, frame: Frame) -> None:
        """Place a cursor, on an alarm's sign at its time, or choose the pen whose axis is there."""
        alarms = cluster_at(self._model, frame, at)
        if alarms is not None:
            self._place_cursor(alarms.marks[0].at_us)
        elif frame.plot.left() <= at.x() <= frame.plot.right() and self._model.pens:
            self._place_cursor(self._time_at(at))
        for pen, axis in zip(self._model.shown(is_strip=False), frame.axes, strict=True):
            if axis.contains(at):
                self._model.choose(pen.tag.name)

    def _place_cursor(self, at_us: int) -> None:
        """Move the cursor that is nearer; without any, place the first."""
        cursors = self._model.cursors
        placed = [(abs(at_us - time), cursor) for cursor, time in enumerate(cursors) if time is not None]
        self._model.set_cursor(min(placed)[1] if placed else 0, at_us)

    def _cursor_near(self, at: QPointF) -> int | None:
        frame = self.frame
        near = (
            cursor
            for cursor, time in enumerate(self._model.cursors)
            if time is not None and abs(frame.x_of(time) - at.x()) <= _NEAR
        )
        return next(near, None)

    def _time_at(self, at: QPointF) -> int:
        frame = self.frame
        return min(max(frame.time_at(at.x()), frame.start_us), frame.end_us)

    def _is_pan(self, event: QMouseEvent) -> bool:
        is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        return is_shifted or bool(event.buttons() & (Qt.MouseButton.RightButton | Qt.MouseButton.MiddleButton))

    def _pan(self, pixels: float) -> None:
        frame, model = self.frame, self._model
        shift = round(pixels / frame.plot.width() * (frame.end_us - frame.start_us))
        wanted = self._pan_from - shift
        model.change(lambda view: view.panned(wanted - model.window[1], model.now_us), "pan")

    def _on_tick(self) -> None:
        """Follow live values twice a second, or as soon as time has gone on by a pixel."""
        self._ticks += 1
        model = self._model
        if not self.isVisible() or not model.pens:
            return
        if model.loader.is_slow is not self._is_loading:
            self._is_loading = not self._is_loading
            self.update()
        moved = (model.window[1] - self._drawn_us) * model.pixels / model.view.span_us
        if moved >= 1.0 or self._ticks % _TICKS_PER_DRAWING == 0:
            self._layer = None
            self.update()

    def _measure_axes(self) -> None:
        self._axes = tuple(axis_width(self._model, pen) for pen in self._model.shown(is_strip=False))

    def _draw_layer(self) -> QPixmap:
        dpr = self.devicePixelRatio()
        layer = QPixmap(self.size() * dpr)
        layer.setDevicePixelRatio(dpr)
        layer.fill(theme().color("canvas"))
        self._measure_axes()  # live values may have moved the scales
        model, frame = self._model, self.frame
        with QPainter(layer) as painter:
            for draw in (draw_ground, draw_limits, draw_curves, draw_gaps, draw_marks, draw_strips, draw_axes):
                draw(painter, model, frame)
            draw_times(painter, frame, model.context.zone)
            draw_now(painter, model, frame)
        self._drawn_us = frame.end_us
        self.renders += 1
        return layer

    def _draw_box(self, painter: QPainter) -> None:
        if self._box is not None:
            painter.setPen(QPen(theme().color("text"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._box)
