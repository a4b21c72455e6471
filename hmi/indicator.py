"""An analog indicator as a widget, level, for faceplates and dialogs. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.drawing.bar import OVERHANG, BarMarks, BarScale, draw_bar

_TRACK: Final = 9
_ABOVE: Final = 11
_BELOW: Final = 12


class Indicator(QWidget):
    """The track with its band, limits, pointer and setpoints; repainted only when a mark moves."""

    def __init__(self, scale: BarScale, track: int = _TRACK, has_setpoint: bool = False) -> None:
        super().__init__()
        self._scale, self._track = scale, track
        self._marks = BarMarks(float("nan"), is_usable=False)
        self.setFixedHeight(_ABOVE + track + (_BELOW if has_setpoint else 4))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_marks(self, marks: BarMarks) -> None:
        if repr(marks) != repr(self._marks):  # by text, since NaN isn't equal to itself
            self._marks = marks
            self.update()

    def track_rect(self) -> QRectF:
        """Return where the track lies, so that words can be put beside its marks."""
        return QRectF(OVERHANG, _ABOVE, self.width() - 2 * OVERHANG, self._track)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            draw_bar(painter, self.track_rect(), self._scale, self._marks)
