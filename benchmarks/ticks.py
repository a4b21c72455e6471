"""The rhythm of a window's event loop: gaps between the ticks of a precise timer, on the main thread."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEventLoop, Qt, QTimer

from plant_models.clock import SystemClock

CLOCK = SystemClock()
_SPIN_NS = 200_000


def tick_gaps_ms(interval_ms: int, seconds: float, work: Callable[[], object]) -> NDArray[np.float64]:
    """Run an event loop for `seconds` with a timer that does `work`; return the gaps between its ticks, ms."""
    application = QCoreApplication.instance() or QCoreApplication([])
    loop = QEventLoop(application)
    times_ns: list[int] = []

    def tick() -> None:
        times_ns.append(CLOCK.mono_ns())
        work()

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.setInterval(interval_ms)
    timer.timeout.connect(tick)
    timer.start()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    timer.stop()
    return np.array([after - before for before, after in pairwise(times_ns)]) / 1e6


def draw_a_little() -> None:
    """Keep the thread busy for 0.2 ms, as a repaint of some values does."""
    end_ns = CLOCK.mono_ns() + _SPIN_NS
    while CLOCK.mono_ns() < end_ns:
        pass
