"""What a thread with nothing else to do manages of a schedule on this machine at this time: the measure for workers."""

import threading
from typing import Final, Self

from drivers.schedule import Schedule
from plant_models.clock import SystemClock

_KEY: Final = "beat"


class Metronome:
    """Beats every `period_s` while the block runs, by the grid that workers go by; `beats` counts them."""

    def __init__(self, period_s: float) -> None:
        self.beats = 0
        self._period_ns = round(period_s * 1e9)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="metronome")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        clock = SystemClock()
        schedule: Schedule[str] = Schedule()
        schedule.start(_KEY, self._period_ns, clock.mono_ns())
        while not self._ending.wait(max(0.0, (schedule.next_ns() - clock.mono_ns()) / 1e9)):
            self.beats += len(schedule.take_due(clock.mono_ns()))
