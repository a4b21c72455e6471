"""The symbol of a piece of equipment, or of a tag. GUI thread."""

import math
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.displays.items.base import DisplayItem
from hmi.drawing.text import TextStyle, draw_text
from hmi.live import MARK_NONE, Condition, Live
from hmi.symbols.pixmaps import SymbolState, draw_symbol
from hmi.symbols.source import symbol_source
from plant_models.display import Item
from plant_models.display_options import SymbolOptions
from plant_models.tag import DataType

_LABEL: Final = TextStyle(15, 500, "text2", "centre", condensed=True)
_LABEL_HEIGHT: Final = 20.0
_LABEL_REACH: Final = 40.0
_PLAIN: Final = Condition("", "plain", "")


class SymbolItem(DisplayItem):
    """A symbol whose look follows its equipment's state rules, its tag, or nothing."""

    def __init__(self, item: Item, live: Live) -> None:
        super().__init__(item, live)
        plant = live.station.plant
        equipment = plant.equipment.get(item.equipment)
        kind = plant.types[equipment.type] if equipment else None
        self._options = SymbolOptions.of(item)
        self._symbol = self._options.symbol or (kind.symbol if kind else "")
        self._level_tag = equipment.tag_name(kind.level) if equipment and kind and kind.level else ""
        self._condition = _PLAIN
        self._level: float | None = None
        self._is_level_manual = False
        if equipment:
            self.opens = equipment.name
            self.is_tab_stop = True
            self.rows = live.rows(equipment.name)
        else:
            self._bind_tag()
        self.refresh()

    def refresh(self) -> bool:
        before = self._condition, self._level, self._is_level_manual
        self._condition, self._level = self._read(), self._read_level()
        if self._level_tag and self._level is None and self._condition.look == "running":
            # A vessel without its liquid would look empty.
            self._condition = replace(self._condition, look="bad")
        return (self._condition, self._level, self._is_level_manual) != before

    def draw_static(self, painter: QPainter) -> None:
        if self._options.label:
            reach = _LABEL_REACH
            above = QRectF(
                self.box.left() - reach, self.box.top() - _LABEL_HEIGHT, self.box.width() + 2 * reach, _LABEL_HEIGHT
            )
            draw_text(painter, above, self._options.label, _LABEL)

    def draw(self, painter: QPainter) -> None:
        if not self._symbol:  # a type may have none
            return
        look = self._condition.look
        if look == "stopped" and symbol_source(self._symbol).is_vessel:
            look = "running"  # a vessel doesn't stop
        is_manual = self._condition.is_manual or self._is_level_manual
        state = SymbolState(self._symbol, look, self._options.rotation, self._level, is_manual)
        draw_symbol(painter, self.box, state)

    def _spoken(self) -> tuple[str, ...]:
        return self._condition.word, self._condition.detail

    def _read(self) -> Condition:
        if self.item.equipment:
            return self.live.condition(self.item.equipment) if self.opens else Condition("", "unknown", "")
        if not self.item.tag:
            return _PLAIN
        reading = self.live.reading(self.item.tag)
        if not reading.is_usable:
            return Condition(reading.word, "unknown" if reading.mark == MARK_NONE else "bad", "")
        tag = self.live.station.table.tags[self.rows[0]]
        is_off = tag.type is DataType.BOOL and reading.value == 0
        word = f"{reading.mark} {reading.text}".lstrip()
        return Condition(word, "stopped" if is_off else "running", "", reading.is_manual)

    def _read_level(self) -> float | None:
        """Return how full the vessel is, 0 to 1 in steps of half a percent; None if that isn't known."""
        if not self._level_tag:
            return None
        reading = self.live.reading(self._level_tag)
        self._is_level_manual = reading.is_manual
        if not reading.is_usable or math.isnan(reading.value):
            return None
        return round(reading.value * 2) / 200
