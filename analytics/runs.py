"""Runs: times in which a condition holds, or is over, without interruption. Pure, any thread.

All that delays are about is how long a run is. So 2.6 million samples come down to a few runs, and other delays can be
tried on these without the samples.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from analytics.judging import Flags, Judged
from plant_models.batch import Times, Values

_NEITHER: Final = 0
_HOLDS: Final = 1
_CLEAR: Final = 2


@dataclass(frozen=True, slots=True)
class Runs:
    """n runs in the order of time. `holds` tells those in which the condition holds from those in which it is over.

    A run ends with the first sample that isn't of it: in the deadband, unusable, or of the other kind; one in which the
    condition holds also where what it is about changes. `peak` is the greatest excess in it. The last one may go on
    beyond `end_us`.
    """

    holds: Flags
    start_us: Times
    end_us: Times
    peak: Values


class RunCollector:
    """Collects the runs of an alarm, page after page, for one deadband."""

    def __init__(self, deadband: float, *, is_state: bool) -> None:
        self._deadband, self._is_state = deadband, is_state
        self._kinds: list[NDArray[np.int8]] = []
        self._starts: list[Times] = []
        self._ends: list[Times] = []
        self._peaks: list[Values] = []
        self._open = _NEITHER, 0, -np.inf

    def add(self, judged: Judged) -> None:
        """Take the next page."""
        if not len(judged.times_us):
            return
        kinds = judged.holds(is_state=self._is_state).astype(np.int8)
        kinds += judged.is_clear(self._deadband, is_state=self._is_state).view(np.int8) * np.int8(_CLEAR)
        is_other = kinds[1:] != kinds[:-1]
        is_anew = False
        if judged.is_anew is not None:
            anew = judged.is_anew & (kinds == _HOLDS)
            is_other, is_anew = is_other | anew[1:], bool(anew[0])
        begins = np.append(0, np.flatnonzero(is_other) + 1)
        peaks = np.maximum.reduceat(np.where(judged.is_usable, judged.excess, -np.inf), begins)
        kinds, starts = kinds[begins], judged.times_us[begins]
        kind, since_us, peak = self._open
        if kind == kinds[0] and not is_anew:
            starts[0], peaks[0] = since_us, max(peak, float(peaks[0]))
        else:
            self._keep(np.array([kind], np.int8), np.array([since_us]), starts[:1], np.array([peak]))
        self._keep(kinds[:-1], starts[:-1], starts[1:], peaks[:-1])
        self._open = int(kinds[-1]), int(starts[-1]), float(peaks[-1])

    def finish(self, end_us: int) -> Runs:
        """Return all runs; the last one is known until `end_us`."""
        kind, since_us, peak = self._open
        self._keep(np.array([kind], np.int8), np.array([since_us]), np.array([end_us]), np.array([peak]))
        return Runs(
            np.concatenate(self._kinds) == _HOLDS,
            np.concatenate(self._starts),
            np.concatenate(self._ends),
            np.concatenate(self._peaks),
        )

    def _keep(self, kinds: NDArray[np.int8], starts: Times, ends: Times, peaks: Values) -> None:
        is_run = kinds != _NEITHER
        self._kinds.append(kinds[is_run])
        self._starts.append(starts[is_run])
        self._ends.append(ends[is_run])
        self._peaks.append(peaks[is_run])
