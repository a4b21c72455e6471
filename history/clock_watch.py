"""Noticing that the wall clock was set: it then moved otherwise than the monotonic one. Recorder thread."""

from dataclasses import dataclass
from typing import Final

from plant_models.clock import Clock

STEP_US: Final = 1_000_000
"""A smaller difference between two looks is the clock being steered, or a busy machine."""


@dataclass(frozen=True, slots=True)
class ClockStep:
    """At `mono_ns` of the monotonic clock the wall clock said `after_us` where it would have said `before_us`."""

    before_us: int
    after_us: int
    mono_ns: int


class ClockWatch:
    """Looks at both clocks, again and again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._offset_us = self._look()[2]

    def look(self) -> ClockStep | None:
        """Return the step of the wall clock since the last look, None if there was none.

        Only the difference since the last look counts, so that a clock that is steered slowly never makes a step.
        """
        wall_us, mono_ns, offset_us = self._look()
        before_us = wall_us - offset_us + self._offset_us
        self._offset_us = offset_us
        return ClockStep(before_us, wall_us, mono_ns) if abs(wall_us - before_us) > STEP_US else None

    def _look(self) -> tuple[int, int, int]:
        wall_us, mono_ns = self._clock.wall_us(), self._clock.mono_ns()
        return wall_us, mono_ns, wall_us - mono_ns // 1_000
