"""Keeps a large selection while rows change places. GUI thread.

Qt remembers each cell of a selection by itself: with everything selected that is 100,000 cells in a flood, and a
window that stands still. Small selections are left to Qt.
"""

from itertools import groupby
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QObject, QSignalBlocker
from PySide6.QtWidgets import QTableView

from hmi.alarm_list.columns import COLUMNS
from hmi.alarm_list.table import AlarmTable

FEW: Final = 50
"""Up to so many rows Qt may do it."""


class KeptSelection(QObject):
    """Takes the selection away before rows move, and selects the same alarms afterwards."""

    def __init__(self, view: QTableView, table: AlarmTable) -> None:
        super().__init__(view)
        self._view, self._table = view, table
        self._names: set[str] = set()
        table.moving.connect(self._on_moving)

    def _on_moving(self, is_moving: bool) -> None:
        if is_moving:
            self._take()
        elif self._names:
            self._give()

    def _take(self) -> None:
        chosen = self._view.selectionModel().selection()
        spans = [(span.top(), span.bottom() + 1) for span in chosen]
        if sum(end - start for start, end in spans) <= FEW:
            return
        self._names = {row.name for start, end in spans for row in self._table.alarms[start:end]}
        with QSignalBlocker(self._view.selectionModel()):
            self._view.selectionModel().clearSelection()

    def _give(self) -> None:
        rows = [at for at, row in enumerate(self._table.alarms) if row.name in self._names]
        wanted = QItemSelection()
        for _, run in groupby(enumerate(rows), lambda each: each[1] - each[0]):
            span = [at for _, at in run]
            wanted.select(self._table.index(span[0], 0), self._table.index(span[-1], len(COLUMNS) - 1))
        self._names = set()
        self._view.selectionModel().select(wanted, QItemSelectionModel.SelectionFlag.Select)
