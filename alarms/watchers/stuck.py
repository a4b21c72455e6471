"""Tags that don't move although they are read: a sensor that hangs, a signal that is only repeated. Station thread.

One is stuck when all readings of a whole window lie closer together than the limit; without a limit, or with 0, when
they are all the same. Its deadband is how much further it must move to clear.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.verdicts import Flags
from alarms.watchers.inputs import Look
from alarms.watchers.moving import limit_row
from alarms.watchers.watching import Finding
from alarms.watchers.windows import Windows
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Values


class Stuck:
    """The alarms of this kind."""

    is_by_readings = True

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
        self.numbers = [number for number in numbers if alarms[number].definition.kind is AlarmKind.STUCK]
        mine = [alarms[number] for number in self.numbers]
        self.inputs = [(each.row, limit_row(each)) for each in mine]
        self._is_held = np.array([bool(each.definition.limit_tag) for each in mine], np.bool_)
        self._limit = np.array([each.definition.limit or 0.0 for each in mine], np.float64)
        self._deadband = np.array([each.definition.deadband for each in mine], np.float64)
        self._windows = Windows(np.array([each.definition.window_s for each in mine], np.float64))

    def judge(self, look: Look) -> Finding:
        """Take the readings and compare."""
        is_read = look.is_usable[:, 0]
        self._windows.forget(look.which[~is_read])
        self._windows.add(look.which[is_read], look.values[is_read, 0], look.read_ns[is_read])
        past = self._windows.past(look.which, look.read_ns)
        limit = np.where(self._is_held[look.which], look.values[:, 1], self._limit[look.which])
        raises, clears = compared(past.moved, limit, self._deadband[look.which])
        return Finding(
            past.is_whole & raises,
            clears,
            ~look.is_known,
            np.where(self._is_held[look.which], limit, np.nan),
            measured=np.where(past.is_whole | clears, past.moved, np.nan),
        )


def compared(moved: Values, limit: Values | float, deadband: Values | float) -> tuple[Flags, Flags]:
    """Return which tags moved too little within their window, and which enough to clear."""
    is_moved = (moved > 0) & (moved >= limit)
    return ~is_moved, (moved > 0) & (moved >= limit + deadband)
