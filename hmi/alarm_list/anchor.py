"""Keeps what is read where it stands while rows come and go above it, and counts what came there. GUI thread."""

from PySide6.QtCore import QObject, QPersistentModelIndex, Signal
from PySide6.QtWidgets import QTableView

from hmi.alarm_list.table import AlarmTable


class Anchor(QObject):
    """At the top of the list the newest rows are always seen; elsewhere `news` says how many came above."""

    news = Signal(int)

    def __init__(self, view: QTableView, table: AlarmTable) -> None:
        super().__init__(view)
        self._view, self._table = view, table
        self._top = QPersistentModelIndex()
        self._offset = 0
        self._known: dict[str, int] = {}
        self._count = 0
        self._is_away = False

    def remember(self) -> None:
        """Note which row is the first on screen."""
        was_away, self._is_away = self._is_away, self._view.verticalScrollBar().value() > 0
        if self._is_away and not was_away:
            self._known = {row.name: row.occurrence for row in self._table.alarms}
        if not self._is_away:
            self._top, self._known = QPersistentModelIndex(), {}
            self._tell(0)
            return
        at = max(0, self._view.rowAt(0))
        self._top = QPersistentModelIndex(self._table.index(at, 0))
        self._offset = self._view.rowViewportPosition(at)

    def restore(self) -> None:
        """Bring the remembered row back to where it stood, and tell how many came above it."""
        if not self._top.isValid():
            return
        at, bar = self._top.row(), self._view.verticalScrollBar()
        bar.setValue(at * self._view.verticalHeader().defaultSectionSize() - self._offset)
        known = self._known
        self._tell(sum(known.get(row.name) != row.occurrence for row in self._table.alarms[:at]))

    def go_to_top(self) -> None:
        """Show the newest rows."""
        self._view.verticalScrollBar().setValue(0)

    def _tell(self, count: int) -> None:
        if count != self._count:
            self._count = count
            self.news.emit(count)
