"""The page of trends: toolbar, drawing, table of pens. It lives as long as the window and keeps its pens.

GUI thread.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from database.errors import DatabaseError
from history.series import MAX_PIXELS, HistoryQuery
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from hmi.trends.canvas import Canvas
from hmi.trends.export import write_csv
from hmi.trends.export_sheet import ExportSheet
from hmi.trends.from_history import trace_of
from hmi.trends.model import TrendModel
from hmi.trends.overview import Overview
from hmi.trends.picker import Picker
from hmi.trends.range_sheet import RangeSheet
from hmi.trends.table import HEADER, ROW, PenTable
from hmi.trends.toolbar import Toolbar
from hmi.trends.view import SECOND_US
from hmi.widgets import column, set_text, wrapped
from plant_models.message import words_of

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_MOST_ROWS: Final = 6
_LOW: Final = 700
_MOST_ROWS_LOW: Final = 3
_EXPORT_CELL_US: Final = SECOND_US


class TrendPage(QWidget):
    """Pens are added from elsewhere by `show_tags`, here by the picker. `sheet_wanted` carries a dialog to open.

    `file_told` carries why a file couldn't be written, "" once that is tried again.
    """

    sheet_wanted = Signal(Sheet)
    file_told = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.model = TrendModel(context)
        self.toolbar = Toolbar(self.model)
        self.canvas = Canvas(self.model)
        self.table = PenTable(self.model)
        self._problem = wrapped(role="problem")
        self._problem.setContentsMargins(0, 8, 0, 0)
        self._problem.hide()
        self._exported = ""
        self._layout = column(self, spacing=0)
        self._layout.addWidget(self.toolbar)
        self._layout.addWidget(self.canvas, 1)
        self.overview = Overview(self.model, self.canvas)
        self._layout.addWidget(self.overview)
        self._layout.addSpacing(8)
        self._layout.addWidget(self.table)
        self._layout.addWidget(self._problem)
        self.picker = Picker(context, self)
        self.picker.picked.connect(lambda name: self.model.add((name,)))
        self.toolbar.add_wanted.connect(self._open_picker)
        self.toolbar.export_wanted.connect(self._ask_for_file)
        self.toolbar.range_wanted.connect(self._ask_for_range)
        self.toolbar.zoom_wanted.connect(self.canvas.zoom)
        live = QShortcut(QKeySequence("Ctrl+Space"), self)
        live.activated.connect(self.toolbar.live_button.click)
        self.model.view_changed.connect(self._on_view)
        self.model.data_changed.connect(self._on_changed)
        self._on_changed()

    @property
    def problem(self) -> str:
        """What is shown to have failed, "" if nothing is."""
        return self._problem.text() if self._problem.isVisibleTo(self) else ""

    def minimumSizeHint(self) -> QSize:
        return QSize(640, 420)

    def show_tags(self, names: Sequence[str], at_us: int | None = None) -> None:
        """Add pens; with `at_us` (µs UTC) go to that time and put the first cursor on it."""
        self.model.add(names)
        if at_us is not None:
            now_us = self._context.clock.wall_us()
            start, end = self.model.window
            if not start <= at_us <= end:
                self.model.change(lambda view: view.panned(at_us + view.span_us // 2 - end, now_us))
            self.model.set_cursor(0, at_us)

    async def export(self, path: Path) -> None:
        """Write the visible range of the visible pens, a cell per second or as fine as history allows.

        What became of it stands there until the next view or export; a failure until somebody closes it.
        """
        self.file_told.emit("")
        model = self.model
        start, end = model.window
        pens = [pen for pen in model.pens if pen.is_visible]
        cells = min(max(1, (end - start) // _EXPORT_CELL_US), MAX_PIXELS)
        query = HistoryQuery(tuple(pen.tag.name for pen in pens), start, end, cells)
        try:
            found = await self._context.station.history(query)
            tags = {pen.tag.name: pen.tag for pen in pens}
            traces = [(tags[series.tag], trace_of(series, end)) for series in found]
            rows = await asyncio.to_thread(write_csv, path, traces, self._context.zone)
        except OSError as error:
            self._tell_failure(f"{path}: {error.strerror or error}")
            return
        except DatabaseError as error:
            self._tell_failure(tr(words_of(error)))
            return
        self._exported = tr("{rows} rows in {file}").format(rows=number_text(rows, 0), file=path.name)
        self._on_changed()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.watch(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_compact = event.size().width() < _WIDE
        side = _COMPACT_MARGIN if is_compact else _MARGIN
        self._layout.setContentsMargins(side, 0, side, side)
        self.toolbar.set_compact(is_compact)
        self.table.set_compact(is_compact)
        self._fit_table()

    def _on_view(self) -> None:
        self._exported = ""
        self._on_changed()

    def _tell_failure(self, reason: str) -> None:
        self.file_told.emit(tr("Nothing was exported: {reason}").format(reason=reason))

    def _on_changed(self) -> None:
        self._fit_table()
        self._say(self.model.loader.problem or self.model.marks.problem)
        if self._exported:
            self.toolbar.show_state(self._exported)
            return
        seconds = self.model.view.span_us / SECOND_US / self.model.pixels
        width = number_text(seconds, 0 if seconds >= 10 else 1)
        words = tr("Smallest to greatest value, {seconds} s per pixel").format(seconds=width)
        left_out = self.model.marks.left_out
        if left_out:
            words = f"{words}; {tr('{count} older alarms are not marked').format(count=number_text(left_out, 0))}"
        self.toolbar.show_state(words)

    def _fit_table(self) -> None:
        most = _MOST_ROWS_LOW if self.height() < _LOW else _MOST_ROWS
        rows = min(max(1, len(self.model.pens)), most)
        self.table.setFixedHeight(HEADER + rows * ROW + 4)
        self.table.setVisible(bool(self.model.pens))
        self.overview.setVisible(bool(self.model.pens) and self.height() >= _LOW)

    def _say(self, problem: str) -> None:
        set_text(self._problem, problem)
        self._problem.setVisible(bool(problem))

    def _open_picker(self) -> None:
        left = self._layout.contentsMargins().left()
        self.picker.move(left, self.toolbar.height() - 4)
        self.picker.setFixedHeight(min(420, self.height() - self.toolbar.height() - 16))
        self.picker.open()

    def _ask_for_range(self) -> None:
        sheet = RangeSheet(self.model.window, self._context.clock.wall_us(), self._context.zone)
        sheet.chosen.connect(self._show_range)
        self.sheet_wanted.emit(sheet)

    def _show_range(self, start_us: int, end_us: int) -> None:
        self.model.change(lambda view: replace(view.with_span(end_us - start_us), end_us=end_us))

    def _ask_for_file(self) -> None:
        start = local_time(self.model.window[0], self._context.zone)
        what = tr("The visible pens over the time that is shown")
        sheet = ExportSheet(f"trend-{start:%Y%m%d-%H%M}.csv", what)
        sheet.chosen.connect(lambda path: self._context.tasks.start(self.export(path)))
        self.sheet_wanted.emit(sheet)
