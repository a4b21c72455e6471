"""The state of equipment: symbol, word, and what belongs to it. GUI thread."""

import math
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hmi.context import Context
from hmi.faceplate.part import Part
from hmi.faceplate.since import since_text, state_since
from hmi.i18n import tr
from hmi.symbols.pixmaps import SymbolState, draw_symbol
from hmi.widgets import column, row, set_text, wrapped
from plant_models.equipment import Equipment

_SYMBOL: Final = 64


class State(Part):
    """Without state rules only the symbol and the title of the type stand here."""

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._equipment = context, equipment
        self._kind = context.type_of(equipment)
        layout = row(self, spacing=16)
        self._symbol = _Symbol() if self._kind.symbol else None
        if self._symbol is not None:
            layout.addWidget(self._symbol, 0, Qt.AlignmentFlag.AlignTop)
        self._word, self._detail, self._since = wrapped(role="title"), wrapped(), wrapped(role="text2")
        words = column(spacing=2)
        words.addStretch(1)
        words.addWidget(self._word)
        words.addWidget(self._detail)
        words.addWidget(self._since)
        words.addStretch(1)
        layout.addLayout(words, 1)

    def refresh(self) -> None:
        condition = self._context.live.condition(self._equipment.name)
        set_text(self._word, condition.word or tr(self._kind.title))
        set_text(self._detail, condition.detail)
        self._detail.setVisible(bool(condition.detail))
        at_us = state_since(self._context, self._equipment) if self._context.live.is_evaluated else None
        set_text(self._since, "" if at_us is None else since_text(self._context, at_us))
        self._since.setVisible(at_us is not None)
        if self._symbol is not None:
            self._symbol.show_state(SymbolState(self._kind.symbol, condition.look, level=self._level()))

    def _level(self) -> float | None:
        if not self._kind.level:
            return None
        reading = self._context.live.reading(self._equipment.tag_name(self._kind.level))
        return reading.value / 100 if reading.is_usable and math.isfinite(reading.value) else None


class _Symbol(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._state: SymbolState | None = None
        self.setFixedSize(_SYMBOL, _SYMBOL)

    def show_state(self, state: SymbolState) -> None:
        if state != self._state:
            self._state = state
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._state is not None:
            with QPainter(self) as painter:
                draw_symbol(painter, QRectF(self.rect()), self._state)
