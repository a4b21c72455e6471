"""Tags that aren't what another one commands: a valve that doesn't open, a pump that doesn't start. Station thread.

A command that changes starts the on-delay anew: each one has its full time to be carried out.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.verdicts import Flags
from alarms.watchers.inputs import Look
from alarms.watchers.watching import Finding
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Values


class Discrepancies:
    """The alarms of this kind."""

    is_by_readings = False

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
        self.numbers = [number for number in numbers if alarms[number].definition.kind is AlarmKind.DISCREPANCY]
        mine = [alarms[number] for number in self.numbers]
        self.inputs = [(each.row, each.row_of(each.definition.reference)) for each in mine]
        self._command = np.full(len(mine), np.nan)

    def judge(self, look: Look) -> Finding:
        """Compare."""
        value, command = look.values.T
        before = self._command[look.which]
        self._command[look.which] = command
        return compared(value, command, before, look.is_known)


def compared(value: Values, command: Values, before: Values, is_known: Flags) -> Finding:
    """Say where values differ from commands, and where these are others than `before`."""
    is_anew = command != before  # also where it isn't known: that stops delays anyway
    is_same = value == command
    return Finding(~is_same, is_same, ~is_known, is_anew=is_anew)
