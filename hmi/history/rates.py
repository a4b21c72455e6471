"""How many samples a second were stored in the last ten minutes: noted from the start of the window on. GUI thread."""

from collections import deque
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.context import Context
from hmi.drawing.sparkline import Span, draw_base, draw_dot, draw_line
from hmi.i18n import tr

SECONDS: Final = 600
_HEIGHT: Final = 56
_MARGIN: Final = 5.0


class Rates(QObject):
    """One number a second, the newest last; none where the station didn't respond. `noted` follows each."""

    noted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._station = context.station
        self._kept: deque[float] = deque(maxlen=SECONDS)
        context.ticker.blink.connect(self._on_blink)

    @property
    def values(self) -> NDArray[np.float64]:
        """The last ten minutes, shape (600,), NaN before the first."""
        values = np.full(SECONDS, np.nan)
        if self._kept:
            values[-len(self._kept) :] = self._kept
        return values

    def _on_blink(self, is_lit: bool) -> None:
        if is_lit:
            health = self._station.health
            self._kept.append(health.history.rate if health.is_evaluated else float("nan"))
            self.noted.emit()


class RateLine(QWidget):
    """The sparkline of the last ten minutes; its height is the highest of them."""

    def __init__(self, rates: Rates) -> None:
        super().__init__()
        self._rates = rates
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip(tr("Samples stored a second, the last ten minutes"))
        self.setAccessibleName(self.toolTip())
        rates.noted.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(240, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        values = self._rates.values
        known = values[np.isfinite(values)]
        box = QRectF(self.rect()).adjusted(0, _MARGIN, -_MARGIN, -1)
        with QPainter(self) as painter:
            draw_base(painter, box)
            if known.size:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                span = Span(0.0, max(1.0, float(known.max())))
                draw_line(painter, box, values, span)
                if np.isfinite(values[-1]):
                    draw_dot(painter, box, float(values[-1]), span)
