"""Keeps the keyboard at its place in the list when the alarm there goes away with the acknowledgement. GUI thread.

Else who works through a list by keyboard would be carried along to where the acknowledged alarms are, or to the end.
"""

from itertools import chain
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QObject
from PySide6.QtWidgets import QTableView

from alarms.snapshot import AlarmRow
from hmi.alarm_list.table import ROW_ROLE, AlarmTable
from hmi.alarms.model import AlarmModel

_CURRENT: Final = QItemSelectionModel.SelectionFlag.NoUpdate
_CHOSEN: Final = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows


class KeptPlace(QObject):
    """After an acknowledgement the next alarm that waits for one is current, and chosen if only the last one was.

    An alarm that leaves by itself leaves the keyboard where it stood, with nothing chosen in its stead.
    """

    def __init__(self, view: QTableView, table: AlarmTable, model: AlarmModel) -> None:
        super().__init__(view)
        self._view, self._table, self._model = view, table, model
        self._at = -1
        self._alarm: AlarmRow | None = None
        self._sent: AlarmRow | None = None  # the last one of those here whose acknowledgement was on its way
        self._following = ""
        self._is_only_chosen = False
        table.following.connect(self._on_following)

    def _on_following(self, is_following: bool) -> None:
        if is_following:
            self._note()
        else:
            self._keep()

    def _note(self) -> None:
        """Note where the keyboard stands, before anything changes."""
        index = self._view.currentIndex()
        self._at = index.row()
        self._alarm = index.data(ROW_ROLE) if index.isValid() else None
        if self._alarm is not None and self._model.is_pending(self._alarm):
            self._sent = self._alarm
            self._following = self._next_waiting()
        spans = list(self._view.selectionModel().selection())
        self._is_only_chosen = len(spans) == 1 and spans[0].top() == spans[0].bottom() == self._at

    def _keep(self) -> None:
        alarm = self._alarm
        if alarm is None:
            return
        index = self._view.currentIndex()
        now: AlarmRow | None = index.data(ROW_ROLE) if index.isValid() else None
        is_here = now is not None and now.name == alarm.name
        was_sent = self._sent is not None and _is_same(self._sent, alarm) and alarm.state.is_unacknowledged
        if was_sent and not (is_here and now is not None and now.state.is_unacknowledged):
            self._sent = None
            following = self._table.index_of(self._following)
            self._go(following.row() if following.isValid() else self._at, self._is_only_chosen)
        elif not is_here:
            self._go(self._at, False)

    def _next_waiting(self) -> str:
        """Return which alarm waits and isn't on its way, the next from here on, else from the top; "" for none."""
        alarms, pending = self._table.alarms, self._model.pending
        rows = (alarms[at] for at in chain(range(self._at, len(alarms)), range(self._at)))
        return next((row.name for row in rows if row.state.is_unacknowledged and row.name not in pending), "")

    def _go(self, at: int, is_chosen: bool) -> None:
        if not self._table.alarms:
            return
        index = self._table.index(max(0, min(at, len(self._table.alarms) - 1)), 0)
        self._view.selectionModel().setCurrentIndex(index, _CHOSEN if is_chosen else _CURRENT)
        self._view.scrollTo(index)


def _is_same(one: AlarmRow, other: AlarmRow) -> bool:
    return (one.name, one.occurrence) == (other.name, other.occurrence)
