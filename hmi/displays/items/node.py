"""A junction on a map: a dot. GUI thread."""

from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.node import draw_node
from hmi.live import Condition, Live
from plant_models.display import Item


class NodeItem(DisplayItem):
    """A dot that says no more than its equipment's look; the hover card and the faceplate have the numbers."""

    is_tab_stop = True

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
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
        draw_node(painter, self.box, self._condition.look)

    def _spoken(self) -> tuple[str, ...]:
        return (self._condition.word,)
