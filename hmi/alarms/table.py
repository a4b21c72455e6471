"""The rows of the alarm list: the shared model, filtered, as Qt's views want it. GUI thread.

However many alarms change, a change becomes at most four signals: one permutation, one removal, one insertion and one
permutation, then `dataChanged` for the rows that look otherwise. Persistent indexes are moved along, so selection,
current row and scroll position stay with their alarms. There is no proxy: a dynamic one costs a hundred times more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from alarms.snapshot import AlarmRow
from hmi.alarms.columns import COLUMNS, Cells, cells_of
from hmi.alarms.filter import AlarmFilter
from hmi.alarms.model import AlarmModel
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import moment_text

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The AlarmRow of a row."""
_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(slots=True)
class _Entry:
    """An alarm, whether its acknowledgement is on its way, and its texts once somebody has looked at it."""

    alarm: AlarmRow
    is_pending: bool
    cells: Cells | None = None


class AlarmTable(QAbstractTableModel):
    """One row per alarm; the key of a row is the name of its alarm."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._model: AlarmModel = context.alarms
        self._filter = AlarmFilter()
        self._entries: list[_Entry] = []
        self.outside = 0
        """How many rows are shown only because of their priority."""
        self._model.changed.connect(self.follow)
        self.follow()

    @property
    def alarms(self) -> Sequence[AlarmRow]:
        """What is shown, in order."""
        return [entry.alarm for entry in self._entries]

    def set_filter(self, wanted: AlarmFilter) -> None:
        """Show what passes another filter."""
        self._filter = wanted
        self.follow()

    def follow(self) -> None:
        """Take over the present alarms."""
        area_title, chosen = self._context.area_title, self._filter
        wanted = [row for row in self._model.rows if chosen.passes(row, area_title(row.area))]
        self.outside = sum(not chosen.wants(row, area_title(row.area)) for row in wanted) if chosen.is_on else 0
        names = {row.name for row in wanted}
        gone = [entry.alarm.name not in names for entry in self._entries]
        if any(gone):
            kept = len(gone) - sum(gone)
            self._permute(sorted(range(len(gone)), key=lambda at: gone[at]))
            self.beginRemoveRows(_NOWHERE, kept, len(gone) - 1)
            del self._entries[kept:]
            self.endRemoveRows()
        self._append(wanted)
        place = {entry.alarm.name: at for at, entry in enumerate(self._entries)}
        self._permute([place[row.name] for row in wanted])
        self._show(wanted)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._cells(self._entries[index.row()])[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(self._context, self._entries[index.row()].alarm)
        return self._entries[index.row()].alarm if role == ROW_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section].heading(role)

    def refresh_ages(self) -> None:
        """Write the texts anew: times and ages change without anything having happened."""
        for entry in self._entries:
            entry.cells = None
        if self._entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._entries) - 1, len(COLUMNS) - 1))

    def _cells(self, entry: _Entry) -> Cells:
        """Return the texts of a row; only what is looked at is ever written."""
        if entry.cells is None:
            entry.cells = cells_of(self._context, entry.alarm)
        return entry.cells

    def _append(self, wanted: Sequence[AlarmRow]) -> None:
        known = {entry.alarm.name for entry in self._entries}
        new = [row for row in wanted if row.name not in known]
        if new:
            self.beginInsertRows(_NOWHERE, len(self._entries), len(self._entries) + len(new) - 1)
            self._entries += [_Entry(row, self._model.is_pending(row)) for row in new]
            self.endInsertRows()

    def _permute(self, order: list[int]) -> None:
        """Move rows so that the row at `order[n]` comes to stand at n."""
        if order == list(range(len(order))):
            return
        self.layoutAboutToBeChanged.emit()
        moved = {old: new for new, old in enumerate(order)}
        before = self.persistentIndexList()
        self._entries = [self._entries[old] for old in order]
        after = [self.index(moved[each.row()], each.column()) for each in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _show(self, wanted: Sequence[AlarmRow]) -> None:
        """Take over rows that stand where they belong, and tell which of them look otherwise."""
        changed = []
        for at, row in enumerate(wanted):
            entry, is_pending = self._entries[at], self._model.is_pending(row)
            if row != entry.alarm or is_pending != entry.is_pending:
                self._entries[at] = _Entry(row, is_pending)
                changed.append(at)
        last = len(COLUMNS) - 1
        for _, run in groupby(enumerate(changed), key=lambda each: each[1] - each[0]):
            span = [at for _, at in run]
            self.dataChanged.emit(self.index(span[0], 0), self.index(span[-1], last))


def _tool_tip(context: Context, row: AlarmRow) -> str:
    """Return what the columns may have no room for."""
    words = (row.description, tr(row.text), moment_text(row.active_us, context.clock.wall_us(), context.zone))
    return "\n".join(word for word in words if word)
