"""The value of a tag, with its label. GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.text import TextStyle, draw_text
from hmi.drawing.value import draw_value
from hmi.live import Live
from plant_models.display import Item

_LABEL: Final = TextStyle(15, 400, "text2")


class ValueItem(DisplayItem):
    """Quality mark, number and unit; the label at the left end of the box."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self._label = str(self.option("label", ""))
        self._size = float(self.option("size", 20))
        self._align = str(self.option("align", "right" if self._label else "left"))
        self._shows_unit = bool(self.option("show_unit", True))
        self.reading = live.reading(item.tag)

    def refresh(self) -> bool:
        before = self.reading
        self.reading = self.live.reading(self.item.tag)
        shown, was = self.reading, before
        return (shown.text, shown.mark, shown.is_usable) != (was.text, was.mark, was.is_usable)

    def draw_static(self, painter: QPainter) -> None:
        if self._label:
            draw_text(painter, self.box, self._label, _LABEL)

    def draw(self, painter: QPainter) -> None:
        shown = self.reading if self._shows_unit else replace(self.reading, unit="")
        draw_value(painter, self.box, shown, self._size, self._align)
