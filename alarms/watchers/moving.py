"""Limits that move: HH, H, L and LL with a limit that a tag holds, and deviations from another tag. Station thread.

They are compared again whenever the value, the limit or the reference changes. The deadband goes with the limit.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from alarms.definitions import Alarm
from alarms.watchers.inputs import Look
from alarms.watchers.watching import Finding
from plant_models.alarm_definition import LIMIT_KINDS, AlarmKind
from plant_models.batch import Values

HIGH: Final = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH)


class MovingLimits:
    """The alarms of these kinds; those with a fixed limit and no reference are left to `FixedLimits`."""

    is_by_readings = False

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
        self.numbers = [
            number
            for number in numbers
            if alarms[number].definition.kind is AlarmKind.DEVIATION
            or (alarms[number].definition.kind in LIMIT_KINDS and alarms[number].definition.limit_tag)
        ]
        mine = [alarms[number] for number in self.numbers]
        self.inputs = [(each.row, each.row_of(each.definition.reference), limit_row(each)) for each in mine]
        self._is_deviation = np.array([each.definition.kind is AlarmKind.DEVIATION for each in mine], np.bool_)
        self._sign = np.array([1.0 if each.definition.kind in (*HIGH, AlarmKind.DEVIATION) else -1.0 for each in mine])
        self._limit = fixed_limits(mine)
        self._deadband = np.array([each.definition.deadband for each in mine], np.float64)

    def judge(self, look: Look) -> Finding:
        """Compare."""
        value, reference, held = look.values.T
        limit = np.where(np.isnan(self._limit[look.which]), held, self._limit[look.which])
        sign = self._sign[look.which]
        is_deviation = self._is_deviation[look.which]
        measured = np.where(is_deviation, value - reference, value)
        signed = np.where(is_deviation, np.abs(measured), value * sign)
        bound = limit * sign
        is_clear = signed < bound - self._deadband[look.which]
        return Finding(signed > bound, is_clear, ~look.is_known, limit, measured=measured)


def limit_row(alarm: Alarm) -> int:
    """Return the row of the tag that holds the limit, -1 if it is fixed."""
    return alarm.row_of(alarm.definition.limit_tag)


def fixed_limits(alarms: Sequence[Alarm]) -> Values:
    """Return the limits, NaN where a tag holds them or there is none; shape (n,)."""
    return np.array(
        [
            np.nan if each.definition.limit is None or each.definition.limit_tag else each.definition.limit
            for each in alarms
        ],
        np.float64,
    )
