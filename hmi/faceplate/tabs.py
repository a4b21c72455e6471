"""The tabs of a faceplate: word, a count in a chip, and a line of 3 px under the chosen one. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QTabBar, QWidget

from hmi.theme.fonts import font
from hmi.theme.theme import theme

HEIGHT: Final = 40
_LINE: Final = 3
_PADDING: Final = 10
_GAP: Final = 8
_CHIP: Final = 22
_CHIP_PADDING: Final = 7
_PX: Final = 15
_CHIP_PX: Final = 13
_NEXT: Final = (Qt.Key.Key_Tab, Qt.Key.Key_PageDown)
_PREVIOUS: Final = (Qt.Key.Key_Backtab, Qt.Key.Key_PageUp)


class Tabs(QTabBar):
    """Left and right arrow switch; `switch_by` lets its owner do so with Ctrl+Tab. A count of 0 shows no chip."""

    def __init__(self, titles: tuple[str, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._counts = [0] * len(titles)
        self.setExpanding(False)
        self.setDrawBase(False)
        self.setUsesScrollButtons(False)
        self.setFixedHeight(HEIGHT)
        for title in titles:
            self.addTab(title)

    def show_count(self, index: int, count: int, spoken: str) -> None:
        """Show how many there are behind a tab; `spoken` is what is read aloud for it."""
        if count != self._counts[index]:
            self._counts[index] = count
            self.setTabText(index, self.tabText(index))  # the tab is laid out anew
            self.update()
        self.setAccessibleTabName(index, spoken)

    def count_of(self, index: int) -> int:
        """Return the number in the chip of a tab."""
        return self._counts[index]

    def switch_by(self, event: QKeyEvent) -> bool:
        """Go to the next or previous tab if a key asks for it: Ctrl+Tab, Ctrl+Shift+Tab, Ctrl+Page Up and Down."""
        step = 1 if event.key() in _NEXT else -1 if event.key() in _PREVIOUS else 0
        if not step or not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        self.setCurrentIndex((self.currentIndex() + step) % self.count())
        return True

    def tabSizeHint(self, index: int) -> QSize:
        width = _PADDING * 2 + QFontMetricsF(font(_PX, 600)).horizontalAdvance(self.tabText(index))
        if self._counts[index]:
            width += _GAP + self._chip_width(index)
        return QSize(round(width + 0.5), HEIGHT)

    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for index in range(self.count()):
                self._draw(painter, index, QRectF(self.tabRect(index)))

    def _draw(self, painter: QPainter, index: int, tab: QRectF) -> None:
        is_chosen = index == self.currentIndex()
        used = font(_PX, 600 if is_chosen else 400)
        metrics = QFontMetricsF(used)
        painter.setFont(used)
        painter.setPen(theme().color("text" if is_chosen else "text2"))
        base = tab.center().y() + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(tab.left() + _PADDING, base), self.tabText(index))
        if self._counts[index]:
            width = self._chip_width(index)
            self._draw_chip(painter, index, QRectF(tab.right() - _PADDING - width, 0, width, _CHIP))
        if is_chosen:
            painter.fillRect(QRectF(tab.left(), HEIGHT - _LINE, tab.width(), _LINE), theme().color("text"))

    def _draw_chip(self, painter: QPainter, index: int, chip: QRectF) -> None:
        chip.moveTop((HEIGHT - _CHIP) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme().color("canvas"))
        painter.drawRoundedRect(chip, _CHIP / 2, _CHIP / 2)
        painter.setFont(font(_CHIP_PX, 600))
        painter.setPen(theme().color("text"))
        painter.drawText(chip, int(Qt.AlignmentFlag.AlignCenter), str(self._counts[index]))

    def _chip_width(self, index: int) -> float:
        text = QFontMetricsF(font(_CHIP_PX, 600)).horizontalAdvance(str(self._counts[index]))
        return max(float(_CHIP), text + 2 * _CHIP_PADDING)
