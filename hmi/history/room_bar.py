"""How full the room for what waits is, as a bar with a mark at which people are told. GUI thread."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.drawing.text import TextStyle, draw_text
from hmi.history.words import ALARM_SHARE
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.theme.theme import theme

_HEIGHT: Final = 40
_BAR: Final = 14
_TOP: Final = 4
_WIDTH: Final = 72
_MARK: Final = TextStyle(13, role="text2", align="centre")


class RoomBar(QWidget):
    """A share from 0 to 1; above 1 the bar is full."""

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def show_share(self, share: float) -> None:
        """Show how much is taken."""
        if share != self._share:
            self._share = share
            words = tr("{percent} % taken").format(percent=number_text(share * 100, 0))
            self.setToolTip(words)
            self.setAccessibleName(words)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        track = QRectF(0.5, _TOP + 0.5, self.width() - 1.0, _BAR)
        mark = track.left() + ALARM_SHARE * track.width()
        with QPainter(self) as painter:
            painter.fillRect(track, theme().color("track"))
            taken = QRectF(track)
            taken.setWidth(min(1.0, max(0.0, self._share)) * track.width())
            painter.fillRect(taken, theme().color("text" if self._share >= ALARM_SHARE else "outline"))
            painter.setPen(QPen(theme().color("outline"), 1))
            painter.drawRect(track)
            painter.setPen(QPen(theme().color("text"), 2))
            painter.drawLine(QPointF(mark, 0), QPointF(mark, track.bottom() + _TOP))
            words = QRectF(mark - _WIDTH / 2, track.bottom() + _TOP, _WIDTH, 18)
            draw_text(painter, words, f"{ALARM_SHARE * 100:.0f} %", _MARK)
