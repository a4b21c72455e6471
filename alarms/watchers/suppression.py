"""Which alarms are suppressed by design: formulas over tags that describe when an alarm means nothing. Station thread.

A formula that is true suppresses its alarms. One that can't be worked out, because a tag is bad or stale or there is no
result, doesn't: an alarm too many is better than one too few. Until every tag of a formula has been heard of since the
start, for a minute at most, it leaves its alarms as the journal left them.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alarms.definitions import Alarm
from alarms.named_tags import formula
from alarms.verdicts import Flags, Indices, told, usable
from plant_models.batch import Batch, TagIndices
from plant_models.expression import Expression

PATIENCE_NS: Final = 60_000_000_000
"""How long after the start tags may say nothing before their formulas count as unknown."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A formula, the rows of its tags in the order of its inputs, and the alarms that it suppresses."""

    expression: Expression
    rows: TagIndices
    alarms: Indices


class Suppression:
    """The rules of all alarms that have one and are enabled, on a plant of `n_tags` tags.

    `is_suppressed`, shape (number of alarms,), is the present answer, all False to begin with; set it to how alarms
    stand before the first batch.
    """

    def __init__(self, alarms: Sequence[Alarm], n_tags: int) -> None:
        self.is_suppressed = np.zeros(len(alarms), np.bool_)
        self._values = np.full(n_tags, np.nan)
        self._is_usable = np.zeros(n_tags, np.bool_)
        self._is_heard = np.zeros(n_tags, np.bool_)
        self._rules: list[_Rule] = []
        self._of_tags: dict[int, list[int]] = {}
        self._is_input = np.zeros(n_tags, np.bool_)
        self._waiting: set[int] = set()  # those to be worked out with the next batch, whatever it brings
        self._begun_ns: int | None = None
        self._is_patient = True
        self._add_rules(alarms)

    def evaluate(self, batch: Batch) -> tuple[Indices, Flags]:
        """Take changed samples; return the alarms that begin or end to be suppressed, and which of it.

        Raises:
            ValueError: the batch brings no values or qualities; the table gives none such.
        """
        if batch.values is None or batch.qualities is None:
            raise ValueError("only samples can be judged")
        seen = np.flatnonzero(self._is_input[batch.tags])
        tags, values = batch.tags[seen], batch.values[seen]
        self._values[tags] = values  # of several samples of a tag numpy keeps the last
        self._is_usable[tags] = usable(values, batch.qualities[seen])
        self._is_heard[tags[told(batch.qualities[seen])]] = True
        due, self._waiting = self._waiting, set()
        for tag in np.unique(tags).tolist():
            due.update(self._of_tags[tag])
        turned = [self._turned(self._rules[number]) for number in sorted(due)]
        alarms = np.unique(np.concatenate([np.empty(0, np.intp), *turned]))
        return alarms, self.is_suppressed[alarms]

    def pass_time(self, now_ns: int) -> tuple[Indices, Flags]:
        """Wait no longer than PATIENCE_NS for tags that say nothing; return as `evaluate`."""
        if self._begun_ns is None:
            self._begun_ns = now_ns
        if not self._is_patient or now_ns - self._begun_ns < PATIENCE_NS:
            return np.empty(0, np.intp), np.empty(0, np.bool_)
        self._is_patient = False
        late = [rule for rule in self._rules if not self._is_heard[rule.rows].all()]
        self._is_heard[:] = True  # as far as they are concerned: a tag that says nothing is not usable
        alarms = np.unique(np.concatenate([np.empty(0, np.intp), *map(self._turned, late)]))
        return alarms, self.is_suppressed[alarms]

    def _add_rules(self, alarms: Sequence[Alarm]) -> None:
        of_rules: dict[str, list[int]] = {}
        for number, alarm in enumerate(alarms):
            if alarm.definition.enabled and alarm.definition.suppress_when:
                of_rules.setdefault(alarm.definition.suppress_when, []).append(number)
        for place, (text, numbers) in enumerate(of_rules.items()):
            expression = formula(text)
            rows = np.array([alarms[numbers[0]].row_of(name) for name in expression.inputs], np.intp)
            self._rules.append(_Rule(expression, rows, np.array(numbers, np.intp)))
            self._is_input[rows] = True
            for row in rows.tolist():
                self._of_tags.setdefault(row, []).append(place)
            if not len(rows):
                self._waiting.add(place)

    def _turned(self, rule: _Rule) -> Indices:
        """Work out a rule; return the alarms for which it gives another answer."""
        if not self._is_heard[rule.rows].all():
            return rule.alarms[:0]
        is_true = False
        if self._is_usable[rule.rows].all():
            result = rule.expression.evaluate(self._values[rule.rows].tolist())
            is_true = not math.isnan(result) and result != 0.0
        turned: Indices = rule.alarms[self.is_suppressed[rule.alarms] != is_true]
        self.is_suppressed[turned] = is_true
        return turned
