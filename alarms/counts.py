"""Conditions that come again and again, each time for less than their delay: alarms that count them. Station thread.

A condition has come when it holds after it was clear, so that noise within the deadband isn't counted. The alarm is
raised when it came `count` times within `count_s`, whatever the delay; it then stands until the condition has been over
for `count_s` or for its off-delay, whichever is longer.
"""

from collections.abc import Sequence

import numpy as np

from alarms.verdicts import LONG_AGO, Flags, Indices, Times, Verdicts
from plant_models.alarm_definition import AlarmSettings


class Counts:
    """The comings of those of `definitions` that count them.

    `holds`, shape (n,): which of these conditions hold, whatever their alarms do; False for those that don't count.
    """

    def __init__(self, definitions: Sequence[AlarmSettings]) -> None:
        n = len(definitions)
        counting = [number for number, each in enumerate(definitions) if each.count > 0]
        self.is_used = bool(counting)
        self.holds = np.zeros(n, np.bool_)
        self._slot = np.full(n, -1, np.intp)
        self._slot[counting] = np.arange(len(counting))
        self._count = np.array([definitions[number].count for number in counting], np.intp)
        self._window_ns = np.array([round(definitions[number].count_s * 1e9) for number in counting], np.int64)
        self._came_ns = np.full((len(counting), int(self._count.max(initial=1))), LONG_AGO, np.int64)
        self._newest = np.zeros(len(counting), np.intp)
        self._is_by_count = np.zeros(n, np.bool_)

    def note(self, verdicts: Verdicts) -> Flags:
        """Take what holds and what is clear; return which conditions have now come often enough."""
        came = verdicts.raises & ~self.holds[verdicts.alarms] & (self._slot[verdicts.alarms] >= 0)
        places = np.flatnonzero(came)
        counting = self._slot[verdicts.alarms] >= 0
        self.holds[verdicts.alarms[counting & verdicts.raises]] = True
        self.holds[verdicts.alarms[counting & verdicts.clears]] = False
        is_enough = np.zeros(len(verdicts.alarms), np.bool_)
        slots, at_ns = self._slot[verdicts.alarms[places]], verdicts.at_ns[places]
        self._newest[slots] = (self._newest[slots] + 1) % self._count[slots]
        self._came_ns[slots, self._newest[slots]] = at_ns
        first_ns = self._came_ns[slots, (self._newest[slots] + 1) % self._count[slots]]
        is_enough[places] = at_ns - first_ns <= self._window_ns[slots]
        return is_enough

    def raised(self, alarms: Indices) -> None:
        """Tell which alarms were raised because their conditions came often enough."""
        self._is_by_count[alarms] = True

    def least_ns(self, alarms: Indices) -> Times:
        """Return for how long conditions must be over, in ns, if nothing else asks for more; 0 for the others."""
        return np.where(self._is_by_count[alarms], self._window_ns[self._slot[alarms]], 0)

    def cleared(self, alarms: Indices) -> None:
        """Tell which alarms were cleared."""
        self._is_by_count[alarms] = False
