"""A value with its mark and unit, as text on a widget of its own: faceplates and dialogs. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.drawing.value import unit_size
from hmi.live import Reading
from hmi.theme.fonts import font
from hmi.theme.theme import theme

_GAP: Final = 0.2  # em, between number and unit


class Amount(QWidget):
    """Draws "? 6.32 bar": the mark first, then the number, then the unit on the same base line."""

    def __init__(self, px: int = 20, role: str = "value", is_right: bool = True) -> None:
        super().__init__()
        self._role = role
        self._is_right = is_right
        self._fonts = font(px, 600), font(unit_size(px))
        self._gap = px * _GAP
        self._height = round(px * 1.3)
        self._text, self._unit, self._is_usable = "", "", True
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_reading(self, reading: Reading) -> None:
        """Show a reading; one that can't be trusted is drawn as stale, with its reason as the tool tip."""
        self.show_text(f"{reading.mark} {reading.text}".lstrip(), reading.unit, is_usable=reading.is_usable)
        self.setToolTip("" if reading.is_usable else reading.word)

    def show_text(self, text: str, unit: str, is_usable: bool = True) -> None:
        """Show a number as text."""
        shown = (text, unit, is_usable)
        if shown == (self._text, self._unit, self._is_usable):
            return
        has_grown = (text, unit) != (self._text, self._unit)
        self._text, self._unit, self._is_usable = shown
        self.setAccessibleName(f"{text} {unit}".rstrip())
        if has_grown:
            self.updateGeometry()
        self.update()

    def shown_texts(self) -> tuple[str, ...]:
        """Return what is painted, for whoever reads the screen."""
        return self._text, self._unit

    def sizeHint(self) -> QSize:
        return QSize(round(sum(self._widths())) + 2, self._height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        number, unit = self._fonts
        widths = self._widths()
        x = self.width() - sum(widths) - 1 if self._is_right else 0.0
        metrics = QFontMetricsF(number)
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2
        with QPainter(self) as painter:
            painter.setFont(number)
            painter.setPen(theme().color(self._role if self._is_usable else "stale"))
            painter.drawText(QPointF(x, base), self._text)
            painter.setFont(unit)
            painter.setPen(theme().color("text2"))
            painter.drawText(QPointF(x + widths[0] + widths[1], base), self._unit)

    def _widths(self) -> tuple[float, float, float]:
        """Return the widths of number, gap and unit."""
        number, unit = (QFontMetricsF(each) for each in self._fonts)
        gap = self._gap if self._unit else 0.0
        return number.horizontalAdvance(self._text), gap, unit.horizontalAdvance(self._unit)
