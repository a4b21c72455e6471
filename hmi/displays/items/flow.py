"""A main whose arrow follows its flow. GUI thread."""

from itertools import pairwise
from math import hypot

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPolygonF

from hmi.displays.items.base import DisplayItem
from hmi.drawing.badge import BADGE_SIDE, draw_badge
from hmi.drawing.pipe import ARROW_LENGTH, draw_pipe
from hmi.live import MARK_MANUAL, Live
from plant_models.display import Item
from plant_models.display_options import FlowOptions

_HOT = 18.0
_REACH = 10.0
_STILL = 0.5
"""Below this flow, in the tag's unit, nothing is said about a direction."""


class FlowItem(DisplayItem):
    """A line through the item's points: an arrow with the flow, none where it stands, dashed where it isn't known."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self._weight = FlowOptions.of(item).weight
        self._points = [QPointF(x, y) for x, y in item.points]
        self.rect = QPolygonF(self._points).boundingRect().adjusted(-_REACH, -_REACH, _REACH, _REACH)
        start, end = max(pairwise(self._points), key=lambda leg: _length(*leg))
        self._has_room = _length(start, end) >= 1.5 * ARROW_LENGTH[self._weight]
        share = 0.25 if self._has_room else 0.5  # beside the arrow
        at = start + (end - start) * share - QPointF(BADGE_SIDE, BADGE_SIDE) / 2
        self._badge = QRectF(at.x(), at.y(), BADGE_SIDE, BADGE_SIDE)
        if self.box.isEmpty():  # the place to click: the middle of the longest leg
            middle = (start + end) / 2
            self.box = QRectF(middle.x() - _HOT / 2, middle.y() - _HOT / 2, _HOT, _HOT)
        self._reading = live.reading(item.tag)

    def refresh(self) -> bool:
        before = self._seen()
        self._reading = self.live.reading(self.item.tag)
        return self._seen() != before

    def draw(self, painter: QPainter) -> None:
        direction, is_known, is_manual = self._seen()
        points = self._points[::-1] if direction < 0 else self._points
        draw_pipe(painter, points, self._weight, "middle" if direction and self._has_room else "", is_known)
        if is_manual:
            draw_badge(painter, self._badge, MARK_MANUAL)

    def _spoken(self) -> tuple[str, ...]:
        return (self._reading.spoken,)

    def _seen(self) -> tuple[int, bool, bool]:
        """Return the direction along the points (1, -1, or 0 for none), whether it is known, and entered by hand."""
        if not self._reading.is_usable:
            return 0, False, False
        value = self._reading.value
        return int(value > _STILL) - int(value < -_STILL), True, self._reading.is_manual


def _length(start: QPointF, end: QPointF) -> float:
    return hypot(end.x() - start.x(), end.y() - start.y())
