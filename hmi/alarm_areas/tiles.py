"""A tile for each area above the list of alarms; a click on one narrows the list to it. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.alarm_areas.tally import AreaTally
from hmi.alarm_areas.tile import ABOVE_LIST, ONE_LINE, AreaTile
from hmi.alarm_areas.tree import AreaTree
from hmi.context import Context

_GAPS: Final = {ABOVE_LIST: 12, ONE_LINE: 8}


class AreaTiles(QWidget):
    """`area_wanted` names the area whose tile was pressed, "" when the chosen one was pressed again.

    `AreaTree(plant).holds(name, row.area)` tells which alarms belong to it. The tiles fill as many rows as they need;
    where the window is low they are one line each.
    """

    area_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._alarms = context.alarms
        tree = AreaTree(context.plant)
        self._tally = AreaTally(tree)
        self._chosen = ""
        self._size = ABOVE_LIST
        self.tiles = {name: AreaTile(name, tree.title(name), ABOVE_LIST, context.ticker) for name in tree.tops}
        for name, tile in self.tiles.items():
            tile.setParent(self)
            tile.setCheckable(True)
            tile.clicked.connect(lambda _checked=False, name=name: self._choose(name))
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        context.alarms.changed.connect(self._on_changed)
        self.refresh()

    @property
    def chosen(self) -> str:
        """The area whose tile is marked, "" for none."""
        return self._chosen

    def set_chosen(self, name: str) -> None:
        """Mark the tile of an area, "" for none; nobody is told."""
        self._chosen = name if name in self.tiles else ""
        for each, tile in self.tiles.items():
            tile.setChecked(each == self._chosen)

    def set_low(self, is_low: bool) -> None:
        """Show each area in one line, or with its alarms by priority."""
        size = ONE_LINE if is_low else ABOVE_LIST
        if size is not self._size:
            self._size = size
            for tile in self.tiles.values():
                tile.set_size(size)
            self._place()
            self.updateGeometry()

    def refresh(self) -> None:
        """Follow the alarms."""
        self._tally.take(self._alarms.rows)
        for name, tile in self.tiles.items():
            tile.show_state(self._tally.state(name), self._alarms.is_evaluated)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self.tiles) // self._columns(width))
        return rows * (self._size.height + self._gap) - self._gap

    def sizeHint(self) -> QSize:
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._size.least_width, self._size.height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @property
    def _gap(self) -> int:
        return _GAPS[self._size]

    def _place(self) -> None:
        columns, gap, height = self._columns(self.width()), self._gap, self._size.height
        step = (self.width() + gap) / columns
        for at, tile in enumerate(self.tiles.values()):
            left, right = round(at % columns * step), round((at % columns + 1) * step) - gap
            tile.setGeometry(left, at // columns * (height + gap), right - left, height)

    def _columns(self, width: int) -> int:
        """Return how many tiles stand beside each other: as evenly as their rows allow."""
        most = max(1, (width + self._gap) // (self._size.least_width + self._gap))
        rows = -(-len(self.tiles) // most)
        return -(-len(self.tiles) // rows)

    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _choose(self, name: str) -> None:
        self.set_chosen("" if name == self._chosen else name)
        self.area_wanted.emit(self._chosen)
