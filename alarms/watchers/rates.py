"""Tags that rise or fall too fast: the change since a window ago, in the tag's unit per minute. Station thread.

It is reckoned over the true time between the two readings, the newest and the newest that is at least a window old.
After a bad reading, or a gap longer than the window, nothing is judged until there is a whole window again.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from alarms.definitions import Alarm
from alarms.watchers.inputs import Look
from alarms.watchers.moving import fixed_limits, limit_row
from alarms.watchers.watching import Finding
from alarms.watchers.windows import Windows
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Values

NS_PER_MIN: Final = 60e9


class Rates:
    """The alarms of this kind. A limit above 0 is for a rise, one below for a fall."""

    is_by_readings = True

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
        self.numbers = [number for number in numbers if alarms[number].definition.kind is AlarmKind.RATE]
        mine = [alarms[number] for number in self.numbers]
        self.inputs = [(each.row, limit_row(each)) for each in mine]
        self._limit = fixed_limits(mine)
        self._deadband = np.array([each.definition.deadband for each in mine], np.float64)
        self._windows = Windows(np.array([each.definition.window_s for each in mine], np.float64))

    def judge(self, look: Look) -> Finding:
        """Take the readings and compare."""
        is_read = look.is_usable[:, 0]
        self._windows.forget(look.which[~is_read])
        self._windows.add(look.which[is_read], look.values[is_read, 0], look.read_ns[is_read])
        past = self._windows.past(look.which, look.read_ns)
        limit = np.where(np.isnan(self._limit[look.which]), look.values[:, 1], self._limit[look.which])
        minutes = np.where(past.is_whole, look.read_ns - past.at_ns, 1) / NS_PER_MIN
        rate = (look.values[:, 0] - past.values) / minutes
        signed, bound = towards(limit, rate)
        return Finding(
            past.is_whole & (signed > bound),
            past.is_whole & (signed < bound - self._deadband[look.which]),
            ~look.is_known,
            limit,
            measured=np.where(past.is_whole, rate, np.nan),
        )


def towards(limit: Values, rate: Values) -> tuple[Values, Values]:
    """Return rates in the direction of their limits, and how great they may be: a limit below 0 is for a fall."""
    return rate * np.where(limit < 0, -1.0, 1.0), np.abs(limit)
