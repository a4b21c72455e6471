"""A clock that moves only when a test says so."""

import threading

from plant_models.clock import SystemClock


class ManualClock:
    """Wall and monotonic time under the test's hand; `sleep` moves it."""

    def __init__(self, wall_us: int = 1_700_000_000_000_000, mono_ns: int = 1_000_000_000) -> None:
        self._lock = threading.Lock()
        self._wall_us = wall_us
        self._mono_ns = mono_ns

    def wall_us(self) -> int:
        with self._lock:
            return self._wall_us

    def mono_ns(self) -> int:
        with self._lock:
            return self._mono_ns

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Move both times forward."""
        with self._lock:
            self._wall_us += round(seconds * 1_000_000)
            self._mono_ns += round(seconds * 1_000_000_000)

    def step_wall(self, seconds: float) -> None:
        """Move only the wall time, as an operator or NTP does."""
        with self._lock:
            self._wall_us += round(seconds * 1_000_000)


class SlowStartClock(SystemClock):
    """The machine's clocks, but the wall time is `behind_s` until the test jumps: hours that nobody has to wait for."""

    def __init__(self, behind_s: float) -> None:
        self._behind_us = round(behind_s * 1_000_000)

    def wall_us(self) -> int:
        return super().wall_us() - self._behind_us

    def jump(self) -> None:
        """Show the true time from now on."""
        self._behind_us = 0
