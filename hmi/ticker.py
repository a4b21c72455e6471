"""The only clock of the screens: 10 Hz, with the 1 Hz blink derived from it. GUI thread."""

from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal

TICK_MS: Final = 100
_TICKS_PER_HALF_BLINK: Final = 5


class Ticker(QObject):
    """Emits `tick` ten times a second, and `blink` with True and False by turns, half a second each."""

    tick = Signal()
    blink = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ticks = 0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.advance)
        self._timer.start()

    @property
    def is_lit(self) -> bool:
        """Whether what blinks is visible now."""
        return self._ticks // _TICKS_PER_HALF_BLINK % 2 == 0

    def advance(self) -> None:
        """Do one tick; the timer calls it, and so do tests that don't wait."""
        self._ticks += 1
        self.tick.emit()
        if self._ticks % _TICKS_PER_HALF_BLINK == 0:
            self.blink.emit(self.is_lit)

    def stop(self) -> None:
        """Stop for good."""
        self._timer.stop()
