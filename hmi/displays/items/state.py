"""The state of a piece of equipment in words. GUI thread."""

from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.state_text import draw_state
from hmi.live import Condition, Live
from plant_models.display import Item
from plant_models.display_options import StateOptions


class StateItem(DisplayItem):
    """Two lines: the state word, then mode and duty."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._options = StateOptions.of(item)
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

    def _spoken(self) -> tuple[str, ...]:
        return self._condition.word, self._condition.detail

    def draw(self, painter: QPainter) -> None:
        draw_state(painter, self.box, self._condition, self._options.align, self._options.size)
