"""A junction on a map: a dot. GUI thread."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.badge import BADGE_SIDE, draw_badge
from hmi.drawing.node import draw_node
from hmi.live import MARK_MANUAL, Condition, Live
from plant_models.display import Item


class NodeItem(DisplayItem):
    """A dot that says no more than its equipment's look; the hover card and the faceplate have the numbers."""

    is_tab_stop = True

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._condition = Condition("", "unknown", "")
        self._badge = QRectF(self.box.center().x(), self.box.center().y() - BADGE_SIDE, BADGE_SIDE, BADGE_SIDE)
        self.rect = self.box.united(self._badge)
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
        if self._condition.is_manual:
            draw_badge(painter, self._badge, MARK_MANUAL)

    def _spoken(self) -> tuple[str, ...]:
        return (self._condition.word,)
