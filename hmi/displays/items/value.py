"""The value of a tag, with its label. GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.drawing.value import draw_direction, draw_value
from hmi.live import Live, Reading
from plant_models.display import Item
from plant_models.display_options import ValueOptions

_LABEL: Final = TextStyle(15, 400, "text2")
_GAP: Final = 6.0


class ValueItem(DisplayItem):
    """Quality mark, number and unit; the label at the left end of the box.

    A number without a unit stays in the plant's unit: a text of the display may name that one beside it.
    """

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        self._bind_tag()
        self._options = ValueOptions.of(item)
        self._align = self._options.align or ("right" if self._options.label else "left")
        taken = text_width(self._options.label, _LABEL) + _GAP if self._options.label else 0.0
        self._number = self.box.adjusted(taken, 0, 0, 0)
        self.reading = self._read()

    @property
    def is_left(self) -> bool:
        """Whether the number begins at the left, so that the right end of the box is free."""
        return self._align == "left"

    def refresh(self) -> bool:
        before = self.reading
        self.reading = self._read()
        shown, was = self.reading, before
        return (shown.text, shown.unit, shown.mark, shown.is_usable) != (was.text, was.unit, was.mark, was.is_usable)

    def _read(self) -> Reading:
        return self.live.reading(self.item.tag) if self._options.show_unit else self.live.plant_reading(self.item.tag)

    def draw_static(self, painter: QPainter) -> None:
        if self._options.label:
            draw_text(painter, self.box, self._options.label, _LABEL)

    def _spoken(self) -> tuple[str, ...]:
        return (self.reading.spoken,)

    def draw(self, painter: QPainter) -> None:
        shown = self.reading if self._options.show_unit else replace(self.reading, unit="")
        if self._options.role == "text":
            shown = replace(shown, is_measured=False)
        if self._options.direction:
            draw_direction(painter, self._number, shown, self._options.size)
        else:
            draw_value(painter, self._number, shown, self._options.size, self._align)
