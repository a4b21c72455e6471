"""One area within another as a line of the alarm panel: sign, name, how many alarms. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent

from hmi.alarm_areas.button import UNKNOWN, AreaButton
from hmi.theme.fonts import font
from hmi.theme.theme import theme
from hmi.ticker import Ticker

HEIGHT: Final = 44
_SIDE: Final = 24
_PX: Final = 24
_INDENT: Final = 24
_LEFT: Final = 22
_RIGHT: Final = 20
_GAP: Final = 10


class AreaLine(AreaButton):
    """`depth` says how far it is indented, from 1."""

    def __init__(self, name: str, title: str, depth: int, ticker: Ticker) -> None:
        self._depth = depth
        super().__init__(name, title, _SIDE, ticker)
        self.setFixedHeight(HEIGHT)

    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        left = float(_LEFT + _INDENT * (self._depth - 1))
        present = sum(self.state.present.values())
        count = UNKNOWN if not self.is_known else str(present)
        metrics, strong = QFontMetricsF(font(_PX)), font(_PX, 600 if present else 400)
        begin = left + self.box + _GAP
        end = self.width() - _RIGHT - QFontMetricsF(strong).horizontalAdvance(count)
        shown = metrics.elidedText(self.title, Qt.TextElideMode.ElideRight, end - begin - _GAP)
        self.setToolTip("" if shown == self.title else self.title)
        base = (self.height() + metrics.ascent() - metrics.descent()) / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw_ground(painter)
            self.draw_sign(painter, left)
            painter.setFont(font(_PX))
            painter.setPen(theme().color("text"))
            painter.drawText(QPointF(begin, base), shown)
            painter.setFont(strong)
            painter.setPen(theme().color("text" if present else "text2"))
            painter.drawText(QPointF(end, base), count)
            painter.fillRect(QRectF(left, 0, self.width() - left - _RIGHT, 1), theme().color("line"))
