"""Alarms whose condition is a formula over tags. Station thread.

A formula is worked out when one of its tags changed. Where a tag is bad or stale, or there is no result (a division by
zero), nobody knows, and the alarm is frozen.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.named_tags import formula
from alarms.watchers.inputs import Look
from alarms.watchers.watching import Finding
from plant_models.alarm_definition import AlarmKind
from plant_models.batch import Values


class Formulas:
    """The alarms of this kind."""

    is_by_readings = False

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int]) -> None:
        self.numbers = [number for number in numbers if alarms[number].definition.kind is AlarmKind.CALCULATED]
        mine = [alarms[number] for number in self.numbers]
        self._formulas = [formula(each.definition.expression) for each in mine]
        self.inputs = [
            (each.row, *(each.row_of(name) for name in expression.inputs))
            for each, expression in zip(mine, self._formulas, strict=True)
        ]

    def judge(self, look: Look) -> Finding:
        """Work out what can be worked out."""
        results = np.full(len(look.which), np.nan)
        values = look.values.tolist()
        known = np.flatnonzero(look.is_usable[:, 1:].all(axis=1))
        for at, which in zip(known.tolist(), look.which[known].tolist(), strict=True):
            expression = self._formulas[which]
            results[at] = expression.evaluate(values[at][1 : len(expression.inputs) + 1])
        return told(results)


def told(results: Values) -> Finding:
    """Say what results of formulas mean; NaN is none."""
    is_true = results != 0.0
    return Finding(is_true, ~is_true, np.isnan(results))
