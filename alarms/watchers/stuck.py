"""Tags that don't move although they are read: a sensor that hangs, a signal that is only repeated. Station thread.

One is stuck when all readings of a whole window lie closer together than the limit; without a limit, or with 0, when
they are all the same. Its deadband is how much further it must move to clear.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.watchers.inputs import Look
from alarms.watchers.moving import limit_row
from alarms.watchers.watching import Finding
from alarms.watchers.windows import Windows
from plant_models.alarm_definition import AlarmKind


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
        is_moved = (past.moved > 0) & (past.moved >= limit)
        is_clear = (past.moved > 0) & (past.moved >= limit + self._deadband[look.which])
        return Finding(
            past.is_whole & ~is_moved,
            is_clear,
            ~look.is_known,
            np.where(self._is_held[look.which], limit, np.nan),
            measured=np.where(past.is_whole | is_clear, past.moved, np.nan),
        )
