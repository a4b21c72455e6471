"""One of several equal units as a small tile with its number: a filter of a bank. GUI thread."""

from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.tile import draw_tile
from hmi.live import Condition, Live
from plant_models.display import Item
from plant_models.display_options import TileOptions


class TileItem(DisplayItem):
    """Light while it works, dark while it stands, crossed when it has failed, hatched when that isn't known."""

    is_tab_stop = True

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._options = TileOptions.of(item)
        self._condition = Condition("", "unknown", "")
        if item.equipment in live.station.plant.equipment:
            self.opens = item.equipment
            self.rows = live.rows(item.equipment)
        self.refresh()

    def refresh(self) -> bool:
        before = self._condition
        if self.opens:
            self._condition = self.live.condition(self.opens)
        return self._condition != before

    def draw(self, painter: QPainter) -> None:
        draw_tile(painter, self.box, self._options.text, self._condition.look, self._options.size)

    def _spoken(self) -> tuple[str, ...]:
        return self._condition.word, self._condition.detail
