"""Discrepancies and formulas in history: found by the rules of `alarms/watchers/`, for a page of samples. Pure.

Any thread. Both are of several tags: they are judged whenever one of these has a sample, and the others hold.
"""

import math
from typing import Final

import numpy as np

from alarms.named_tags import formula
from alarms.watchers import discrepancies, formulas
from analytics.judging import Judged, from_finding, known, together
from analytics.pages import Page
from analytics.testable import judged_tags
from history.queries.limits import Patience
from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import message

MOST_RESULTS: Final = 300_000
"""Different sets of values that a formula is worked out for; some seconds of a worker."""
_AT_ONCE: Final = 10_000


class DiscrepancyJudge:
    """Judges one alarm, page after page in their order; it has no worst value, so `sign` is NaN."""

    sign = math.nan

    def __init__(self, definition: AlarmDefinition) -> None:
        self._tags = judged_tags(definition)
        self._command = math.nan

    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page."""
        times, (own, reference) = together([page[tag] for tag in self._tags])
        is_usable, is_unknown = known((own, reference))
        commands = np.append(self._command, reference.values)
        self._command = float(commands[-1])
        finding = discrepancies.compared(own.values, commands[1:], commands[:-1], is_usable)
        return from_finding(times, finding, is_unknown)


class FormulaJudge:
    """Judges one alarm, page after page; a formula is worked out once for what its tags said together."""

    sign = math.nan

    def __init__(self, definition: AlarmDefinition, patience: Patience) -> None:
        self._name, self._formula, self._patience = definition.name, formula(definition.expression), patience
        self._results: dict[tuple[float, ...], float] = {}

    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page.

        Raises:
            ValueError: the formula would have to be worked out too often; the words are for people.
            AbandonedError: nobody waits any more.
        """
        times, columns = together([page[tag] for tag in self._formula.inputs])
        is_usable, is_unknown = known(columns)
        where = np.flatnonzero(is_usable)
        rows = list(zip(*(column.values[where].tolist() for column in columns), strict=True))
        self._work_out([row for row in dict.fromkeys(rows) if row not in self._results])
        results = np.full(len(times), np.nan)
        results[where] = [self._results[row] for row in rows]
        return from_finding(times, formulas.told(results), is_unknown)

    def _work_out(self, rows: list[tuple[float, ...]]) -> None:
        if len(self._results) + len(rows) > MOST_RESULTS:
            words = message(
                "The formula of {alarm} would have to be worked out for more than {n} sets of values; choose a shorter "
                "time",
                alarm=self._name,
                n=MOST_RESULTS,
            )
            raise ValueError(words)
        for first in range(0, len(rows), _AT_ONCE):
            self._patience.check()
            part = rows[first : first + _AT_ONCE]
            self._results.update(zip(part, self._formula.evaluate_each(part), strict=True))
