"""Writes everything that matches the filters of the journal into a CSV file, and says how far it is. GUI thread.

Pages are read by the station's workers and written by a thread of their own, one after the other: a million rows need
the memory of one page.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from alarms.journal_query import JournalQuery
from database.errors import DatabaseError
from hmi.alarm_journal.csv_file import JournalFile
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import local_time, number_text
from hmi.trends.export_sheet import ExportSheet
from hmi.widgets import ElidedLabel, button, row, set_text
from plant_models.message import words_of

ROWS: Final = 2_000
"""Rows that are read and written at once."""


class JournalExportBar(QObject):
    """`progress` is a line below the list: hidden until there is something to say, and until it is closed again."""

    sheet_wanted = Signal(object)
    closed = Signal()

    def __init__(self, context: Context, query_of: Callable[[], JournalQuery]) -> None:
        super().__init__()
        self._context, self._query_of = context, query_of
        self._task: asyncio.Task[None] | None = None
        self.action = QAction(tr("Export everything that matches as CSV"), self)
        self.action.triggered.connect(self.ask)
        self.progress = QWidget()
        self._words = ElidedLabel(role="text2")
        self.stop = button(tr("Cancel"))
        self.stop.clicked.connect(self._leave)
        line = row(self.progress, spacing=8)
        line.setContentsMargins(14, 0, 14, 8)
        line.addWidget(self._words, 1)
        line.addWidget(self.stop)
        self.progress.hide()

    @property
    def words(self) -> str:
        """What is said of the last export."""
        return self._words.text()

    def ask(self) -> None:
        """Ask where the file goes."""
        now = local_time(self._context.clock.wall_us(), self._context.zone)
        sheet = ExportSheet(f"journal-{now:%Y%m%d-%H%M}.csv", tr("All events that pass the filter"))
        sheet.chosen.connect(self.begin)
        self.sheet_wanted.emit(sheet)

    def begin(self, path: Path) -> None:
        """Write the file, in the background."""
        self.action.setEnabled(False)
        set_text(self.stop, tr("Cancel"))
        self._say(tr("Exporting…"))
        self._task = self._context.tasks.start(self._export(path))
        self._task.add_done_callback(self._on_done)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        if task.cancelled():
            self._end(tr("The export was cancelled; there is no file"))

    async def _export(self, path: Path) -> None:
        try:
            count = await self._write(path)
        except OSError as error:
            self._end(tr("The export failed: {reason}").format(reason=f"{path}: {error.strerror or error}"))
        except DatabaseError as error:
            self._end(tr("The export failed: {reason}").format(reason=tr(words_of(error))))
        else:
            self._end(tr("{rows} rows in {file}").format(rows=number_text(count, 0), file=path.name))

    async def _write(self, path: Path) -> int:
        query = replace(self._query_of(), limit=ROWS)
        file = await asyncio.to_thread(JournalFile, path, self._context.zone)
        count, total = 0, 0
        try:
            while True:
                page = await self._context.station.journal(query)
                if page.problem:
                    raise DatabaseError(page.problem)
                await asyncio.to_thread(file.write, page.rows)
                total = max(total, page.total)
                count += len(page.rows)
                if page.is_end:
                    break
                rows, of = number_text(count, 0), number_text(max(total, count), 0)
                self._say(tr("Exporting: {rows} of {total} rows").format(rows=rows, total=of))
                query = replace(query, before=page.older, wants_total=False)
            await asyncio.to_thread(file.finish)
        except BaseException:
            file.discard()
            raise
        return count

    def _leave(self) -> None:
        """Cancel what is under way, or take the last words away."""
        if self._task is not None:
            self._task.cancel()
        else:
            self.progress.hide()
            self.closed.emit()

    def _say(self, words: str) -> None:
        set_text(self._words, words)
        self.progress.show()

    def _end(self, words: str) -> None:
        self._task = None
        self.action.setEnabled(True)
        set_text(self.stop, tr("Close"))
        self._say(words)
