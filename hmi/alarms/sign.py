"""One glyph as a widget; it blinks with the one clock. GUI thread."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from hmi.alarms.glyph import Glyph, draw_glyph, glyph_box
from hmi.ticker import Ticker


class Sign(QWidget):
    """Keeps its place when it shows nothing; repainted by the blink only when its glyph blinks."""

    def __init__(self, ticker: Ticker, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ticker = ticker
        self._glyph: Glyph | None = None
        box = round(glyph_box(side))
        self.setFixedSize(box, box)
        ticker.blink.connect(self._on_blink)

    @property
    def glyph(self) -> Glyph | None:
        return self._glyph

    def show_glyph(self, glyph: Glyph | None) -> None:
        """Show a glyph, or nothing."""
        if glyph != self._glyph:
            self._glyph = glyph
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if self._glyph is None:
            return
        with QPainter(self) as painter:
            draw_glyph(painter, QRectF(self.rect()), self._glyph, self._ticker.is_lit)

    def _on_blink(self) -> None:
        if self._glyph is not None and self._glyph.blinks and self.isVisible():
            self.update()
