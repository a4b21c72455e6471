"""The tags of one device as rows: value, quality, raw address, scan class, age. GUI thread."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from hmi.context import Context
from hmi.i18n import tr
from hmi.live import capitalised
from hmi.numbers import DASH, number_text
from hmi.table_column import Column
from plant_models.message import message
from plant_models.quality import describe
from plant_models.tag import Tag

COLUMNS: Final = (
    Column(message("Tag"), 160, is_condensed=True),
    Column(message("Description"), 0),
    Column(message("Value"), 112, is_number=True),
    Column(message("Quality"), 150),
    Column(message("Address"), 184),
    Column(message("Scan"), 68),
    Column(message("Age"), 68, is_number=True),
)
DESCRIPTION: Final = 1
ADDRESS: Final = 4
SCAN: Final = 5
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_MINUTE_S: Final = 60


class DeviceTags(QAbstractTableModel):
    """Read anew as a whole once a second while it is seen; only what is on screen becomes text."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tags: tuple[Tag, ...] = ()
        self._received: NDArray[np.int64] = np.zeros(0, np.int64)
        self._rows: NDArray[np.intp] = np.zeros(0, np.intp)

    @property
    def tags(self) -> Sequence[Tag]:
        return self._tags

    def show_device(self, name: str) -> None:
        """Show the tags of another device."""
        table = self._context.station.table
        self.beginResetModel()
        self._rows = np.array([row for row, tag in enumerate(table.tags) if tag.device == name], np.intp)
        self._tags = tuple(table.tags[row] for row in self._rows)
        self._received = table.read(self._rows).received_ns
        self.endResetModel()

    def refresh(self) -> None:
        """Show what holds now."""
        if self._tags:
            self._context.station.lease(self._rows)
            self._received = self._context.station.table.read(self._rows).received_ns
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._tags) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._tags)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return COLUMNS[index.column()].heading(role)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() in (DESCRIPTION, ADDRESS):
            return tr(self._text(index.row(), index.column()))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return COLUMNS[section].heading(role) if orientation is Qt.Orientation.Horizontal else None

    def _text(self, at: int, column: int) -> str:
        tag = self._tags[at]
        if column in (DESCRIPTION, ADDRESS, SCAN):
            return {DESCRIPTION: tag.description, ADDRESS: tag.address, SCAN: tag.scan}[column]
        if column == 0:
            return tag.name
        if column == len(COLUMNS) - 1:
            return self._age(at)
        reading = self._context.live.reading(tag.name)
        if column == 2:
            return " ".join(part for part in (reading.mark, reading.text, reading.unit) if part)
        return capitalised(tr(describe(reading.quality)) if reading.is_usable else reading.word)

    def _age(self, at: int) -> str:
        if not self._received[at]:
            return DASH
        age_s = max(0.0, (self._context.clock.mono_ns() - int(self._received[at])) / 1e9)
        if age_s < _MINUTE_S:
            return tr("{seconds} s").format(seconds=number_text(age_s, 1))
        return tr("{minutes} min").format(minutes=number_text(age_s / _MINUTE_S, 0))
