"""What a trend knows: its views, pens, cursors, and the values of the pens, live and from history. GUI thread.

Widgets read it and are told what changed: `view_changed` (pens, time, height), `data_changed`, `cursors_changed`.
"""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QObject, Signal

from hmi.context import Context
from hmi.looking import Looking
from hmi.trends.alarm_marks import AlarmMarks, alarm_tags
from hmi.trends.live_tail import LiveTail
from hmi.trends.loader import Loader
from hmi.trends.pens import Pen, make_pens, with_added
from hmi.trends.scale import Scale, fitted_scale, fixed_scale
from hmi.trends.trace import Statistics, Trace, Value, statistics
from hmi.trends.view import SECOND_US, View, Views
from hmi.units.choice import units

FIRST_SPAN_US: Final = 3600 * SECOND_US
_SEAM_US: Final = 5 * SECOND_US
"""Live samples are taken this long before history ends, since the newest may still be on their way to it."""
_KEPT_UNWATCHED_US: Final = 60 * SECOND_US


class TrendModel(QObject):
    """One trend; it follows the plant from its making on."""

    view_changed = Signal()
    data_changed = Signal()
    cursors_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.views = Views(View(FIRST_SPAN_US))
        self.cursors: tuple[int | None, int | None] = (None, None)
        self.chosen = ""
        self.pens: tuple[Pen, ...] = ()
        self.pixels = 1000
        self.loader = Loader(context, self._on_loaded)
        self.marks = AlarmMarks(context, self.data_changed.emit)
        self.now_us = context.clock.wall_us()
        self._tails: dict[str, LiveTail] = {}
        self._sequence = 0
        self._alarm_tags: frozenset[str] = frozenset()
        self._is_watched = True
        self._looking = Looking(context.station)
        self._traces: dict[str, Trace] = {}
        context.ticker.tick.connect(self._on_tick)
        units().changed.connect(self.data_changed)

    @property
    def view(self) -> View:
        return self.views.present

    @property
    def window(self) -> tuple[int, int]:
        """Start and end of what is shown now."""
        return self.view.window(self.now_us)

    def pen(self, name: str) -> Pen | None:
        return next((pen for pen in self.pens if pen.tag.name == name), None)

    def shown(self, is_strip: bool) -> tuple[Pen, ...]:
        """Return the visible curves, or the visible strips."""
        return tuple(pen for pen in self.pens if pen.is_visible and pen.is_strip is is_strip)

    def trace(self, name: str) -> Trace:
        """Return the values of a pen, history and live as one."""
        if name not in self._traces:
            history = self.loader.trace(name)
            tail = self._tails[name]
            joint = tail.begins_us or 0
            if len(history):
                joint = max(joint, history.end_us - _SEAM_US)
            pixel_us = self.view.span_us / self.pixels
            self._traces[name] = history.followed_by(tail.trace(joint, self.now_us, pixel_us))
        return self._traces[name]

    def statistics(self, name: str) -> Statistics:
        return statistics(self.trace(name), *self.window)

    def value_at(self, name: str, cursor: int) -> Value | None:
        """Return the value of a pen at a cursor (0 or 1), None without that cursor."""
        at_us = self.cursors[cursor]
        return None if at_us is None else self.trace(name).at(at_us)

    def scale(self, pen: Pen) -> Scale:
        """Return the scale of a curve: the tag's range, or what fits the values on screen."""
        fixed = None if self.view.is_fitted else fixed_scale(pen.tag)
        if fixed is not None:
            return fixed
        found = self.statistics(pen.tag.name)
        return fitted_scale(found.low, found.high, pen.tag)

    def change(self, make: Callable[[View], View], kind: str = "") -> None:
        """Go on to another view; it can be undone."""
        self.now_us = self.context.clock.wall_us()
        self.views.change(make(self.view), kind)
        self._on_view()

    def undo(self) -> None:
        self.views.undo()
        self._on_view()

    def redo(self) -> None:
        self.views.redo()
        self._on_view()

    def add(self, names: Sequence[str]) -> None:
        """Add pens by tag name; a full trend loses its oldest ones (undo brings them back)."""
        self.change(lambda view: view.with_pens(with_added(self.context.station.table, view.pens, tuple(names))))
        if names and self.pen(names[0]) is not None:
            self.choose(names[0])

    def remove(self, name: str) -> None:
        self.change(lambda view: view.with_pens(tuple(each for each in view.pens if each != name)))

    def choose(self, name: str) -> None:
        """Choose the pen whose axis and limits stand out."""
        if name != self.chosen:
            self.chosen = name
            self.data_changed.emit()

    def set_cursor(self, cursor: int, at_us: int | None) -> None:
        """Place a cursor (0 or 1), or take it away."""
        first, second = self.cursors
        self.cursors = (at_us, second) if cursor == 0 else (first, at_us)
        self.cursors_changed.emit()

    def watch(self, is_watched: bool) -> None:
        """Say whether anybody looks: history and journal are asked only then, live values are always kept."""
        self._is_watched = is_watched
        self._looking.begin()
        self._ask()

    def set_pixels(self, pixels: int) -> None:
        """Say how wide the window in time is on screen."""
        self.pixels = max(1, pixels)
        self._ask()

    def _on_view(self) -> None:
        view = self.view
        self.pens = make_pens(self.context.station.table, view.pens, view.hidden)
        self._tails = {pen.tag.name: self._tails.get(pen.tag.name) or self._new_tail(pen) for pen in self.pens}
        if self.pen(self.chosen) is None:
            self.chosen = self.pens[0].tag.name if self.pens else ""
        self._traces.clear()
        self._alarm_tags = alarm_tags(self.context, self.pens)
        self._ask()
        self.view_changed.emit()

    def _new_tail(self, pen: Pen) -> LiveTail:
        tail = LiveTail(pen.row)
        tail.read(self.context.station.table, self.now_us)
        return tail

    def _ask(self) -> None:
        if self.pens and self._is_watched:
            self.loader.ask(tuple(pen.tag.name for pen in self.pens), self.window, self.pixels, self.now_us)
            self._ask_marks()

    def _ask_marks(self) -> None:
        if self._is_watched:
            self.marks.ask(self._alarm_tags, self.window, self.now_us)

    def _on_loaded(self) -> None:
        for name, tail in self._tails.items():
            tail.forget(self.loader.trace(name).end_us - _SEAM_US)
        self._traces.clear()
        self.data_changed.emit()

    def _on_tick(self) -> None:
        self.now_us = self.context.clock.wall_us()
        self._traces.clear()
        table, tails = self.context.station.table, self._tails
        if not tails:
            return
        sequence = table.sequence
        by_row = {tail.row: tail for tail in tails.values()}
        rows = np.array(list(by_row), np.intp)
        if self._is_watched:
            self._looking.at(rows)
        for row in table.changed_since(self._sequence, rows).tolist():
            by_row[row].read(table, self.now_us)
        self._sequence = sequence
        if not self._is_watched:  # what is older will be asked from history when somebody looks again
            for tail in tails.values():
                tail.forget(self.now_us - _KEPT_UNWATCHED_US)
        self._ask()
