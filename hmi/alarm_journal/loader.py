"""Reads the journal piece by piece into the rows of the page. GUI thread; the station's workers do the reading.

What is shown is one piece of the journal without a gap. It grows at both ends as one scrolls; what was read long ago is
dropped at the other end and read again when it is wanted. Never two questions are under way at once.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from PySide6.QtCore import QObject, Signal

from alarms.journal_query import JournalCut, JournalPage, JournalQuery
from database.errors import DatabaseError
from hmi.alarm_journal.table import JournalTable
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import words_of

ROWS: Final = 200
"""Rows that are read at once."""
MOST: Final = 4_000
"""Rows that are kept while one scrolls."""
PATIENCE_S: Final = 0.15
"""How long the station searches before it shows what it has."""
FRESH_TICKS: Final = 10
"""Between two looks at what is new; what people did tells nobody that it happened."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A page that is shown: how many rows, and the cuts around it."""

    rows: int
    newer: JournalCut
    older: JournalCut


class JournalLoader(QObject):
    """`changed` says that what it knows has changed. `is_at_top` tells whether the person looks at the newest row."""

    changed = Signal()
    restarted = Signal()

    def __init__(self, context: Context, table: JournalTable, is_at_top: Callable[[], bool]) -> None:
        super().__init__()
        self._context, self._table, self._is_at_top = context, table, is_at_top
        self._query = JournalQuery()
        self._pieces: deque[_Piece] = deque()
        self._generation = 0
        self._is_reading = False
        self._wants_restart, self._wants_older, self._wants_newer, self._wants_fresh = True, False, False, False
        self._owed = 0
        self.has_read = False
        self.total, self.is_more = 0, False
        self.is_newest, self.is_oldest = True, False
        self.fresh, self.is_fresh_more = 0, False
        self.searched_us: int | None = None
        self.problem = self.missing = ""

    @property
    def is_searching(self) -> bool:
        """Whether more is being looked for than has been found."""
        return self.searched_us is not None and not self.is_oldest

    def restart(self, query: JournalQuery) -> None:
        """Begin anew with a question: at the newest row, or at its `at_us`."""
        self._generation += 1
        self._query = replace(query, limit=ROWS, patience_s=PATIENCE_S)
        self._wants_restart = True
        self._wants_older = self._wants_newer = self._wants_fresh = False
        self.has_read = False

    def want_older(self) -> None:
        """Read on below, if something is there."""
        if not self.is_oldest:
            self._wants_older = True

    def want_newer(self) -> None:
        """Read on above, if something is there: after a jump, or where rows were dropped."""
        if not self.is_newest:
            self._wants_newer = True

    def want_fresh(self) -> None:
        """Look for what has come since."""
        self._wants_fresh = True

    def start(self) -> None:
        """Ask the next question, if there is one and none is under way."""
        if self._is_reading:
            return
        if self._wants_restart:
            self._wants_restart = False
            self._run(self._query, self._on_first)
        elif not self._pieces:  # it could not be read
            if self._wants_fresh:
                self._wants_fresh = False
                self._run(self._query, self._on_first)
        elif self._wants_newer:
            self._wants_newer = False
            self._run(self._going(after=self._pieces[0].newer), self._on_newer)
        elif self._wants_older:
            self._wants_older = False
            self._run(self._going(before=self._pieces[-1].older), self._on_older)
        elif self._wants_fresh and self.is_newest:
            self._wants_fresh = False
            self._run(self._going(after=self._pieces[0].newer), self._on_fresh)

    def _going(self, before: JournalCut | None = None, after: JournalCut | None = None) -> JournalQuery:
        return replace(self._query, before=before, after=after, at_us=None, wants_total=False)

    def _run(self, query: JournalQuery, on_page: Callable[[JournalPage], None]) -> None:
        self._is_reading = True
        self._context.tasks.start(self._read(query, on_page, self._generation))

    async def _read(self, query: JournalQuery, on_page: Callable[[JournalPage], None], generation: int) -> None:
        try:
            page = await self._context.station.journal(query)
        except DatabaseError as error:
            self._fail(tr(words_of(error)))
            return
        finally:
            self._is_reading = False
        if generation == self._generation:
            self.has_read, self.problem, self.missing = True, "", tr(page.problem)
            on_page(page)
            self.changed.emit()

    def _fail(self, words: str) -> None:
        self.has_read, self.problem, self.total = True, words, 0
        self._pieces.clear()
        self._table.show_rows(())
        self.changed.emit()

    def _on_first(self, page: JournalPage) -> None:
        self._pieces = deque([_piece(page)])
        self._table.show_rows(page.rows)
        self.total, self.is_more = page.total, page.is_more
        self.is_newest, self.is_oldest = self._query.at_us is None, page.is_end
        self.fresh, self.is_fresh_more = 0, False
        self._owed = ROWS
        self._note_search(page)
        self._wants_newer = not self.is_newest
        self.restarted.emit()

    def _on_older(self, page: JournalPage) -> None:
        self._pieces.append(_piece(page))
        self._table.add_older(page.rows)
        self.is_oldest = page.is_end
        self._note_search(page)
        while len(self._table.rows) > MOST and len(self._pieces) > 1:
            self._table.drop(0, self._pieces.popleft().rows)
            self.is_newest = False

    def _on_newer(self, page: JournalPage, is_followed: bool = False) -> None:
        if page.rows:
            self._pieces.appendleft(_piece(page))
            self._table.add_newer(page.rows, is_followed)
        else:
            self._pieces[0] = replace(self._pieces[0], newer=page.newer)
        self.is_newest = page.is_end
        self._wants_newer = not page.rows and not page.is_end
        while len(self._table.rows) > MOST and len(self._pieces) > 1:
            dropped = self._pieces.pop()
            self._table.drop(len(self._table.rows) - dropped.rows, dropped.rows)
            self.is_oldest = False

    def _on_fresh(self, page: JournalPage) -> None:
        """Show what has come where the person looks at the newest row; else only say how much it is."""
        if self._is_at_top():
            self.total += len(page.rows)
            self._on_newer(page, is_followed=True)
            self._wants_newer, self.is_newest, self._wants_fresh = False, True, not page.is_end
            self.fresh, self.is_fresh_more = 0, False
        else:
            self.fresh, self.is_fresh_more = len(page.rows), not page.is_end

    def _note_search(self, page: JournalPage) -> None:
        """Go on by itself until as many rows are found as fill a page."""
        self.searched_us = page.searched_us
        self._owed = self._owed - len(page.rows) if page.searched_us is not None else ROWS
        self._wants_older = page.searched_us is not None and self._owed > 0


def _piece(page: JournalPage) -> _Piece:
    return _Piece(len(page.rows), page.newer, page.older)
