"""Fixed limits and abnormal states: one tag, one number. The many, and the fast way through them. Station thread.

Most tags are far from their limits: one comparison with the range in which none of its conditions is raised settles
such a tag, unless one of them stands, waits for its delay, or is known to hold.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.delays import Delays
from alarms.verdicts import Flags, Indices, Placed, Verdicts, rounds
from alarms.watchers.moving import HIGH
from alarms.watchers.samples import Samples
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.batch import Values


class FixedLimits:
    """Those of the alarms `numbers` that are HH, H, L, LL or state, on a plant of `n_tags` tags."""

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int], n_tags: int, delays: Delays) -> None:
        mine = [number for number in numbers if is_fixed(alarms[number].definition)]
        definitions = [alarms[number].definition for number in mine]
        chosen = np.array(mine, np.intp)
        self._delays = delays
        self._sign, self._raise_above, self._clear_below, self._limit = np.full((4, len(alarms)), np.nan)
        self._is_state = np.zeros(len(alarms), np.bool_)
        sign = np.array([_sign(definition) for definition in definitions])
        limit = np.array([np.nan if each.limit is None else each.limit for each in definitions], np.float64)
        self._sign[chosen] = sign
        self._limit[chosen] = limit
        self._raise_above[chosen] = limit * sign
        self._clear_below[chosen] = limit * sign - np.array([each.deadband for each in definitions], np.float64)
        self._is_state[chosen] = sign == 0
        rows = np.array([alarms[number].row for number in mine], np.intp)
        self._quiet_low, self._quiet_high = _quiet_ranges(sign, limit, rows, n_tags)
        self._is_busy = np.ones(n_tags, np.bool_)  # one of its conditions may stand, wait, or be known to hold
        self._of_tags = chosen[np.argsort(rows, kind="stable")]
        self._count = np.bincount(rows, minlength=n_tags)
        self._first = np.cumsum(self._count) - self._count

    @property
    def tags(self) -> Indices:
        """The rows of all tags that have one."""
        return np.flatnonzero(self._count)

    def alarms_of(self, tags: Indices) -> Indices:
        """Return the numbers of the alarms on these tags, tag by tag."""
        counts = self._count[tags]
        ends = np.cumsum(counts)
        numbers: Indices = self._of_tags[np.arange(counts.sum()) + np.repeat(self._first[tags] - ends + counts, counts)]
        return numbers

    def evaluate(self, samples: Samples) -> list[Placed]:
        """Judge samples, every one of them; return the turns."""
        turns: list[Placed] = []
        for run in rounds(samples.tags):
            turns += self._judge(run, samples)
        return turns

    def _judge(self, run: Indices, samples: Samples) -> list[Placed]:
        """Judge samples, given by their places, of tags that each occur once."""
        tags, values = samples.tags[run], samples.values[run]
        is_quiet = ~self._is_busy[tags] & (values >= self._quiet_low[tags]) & (values <= self._quiet_high[tags])
        loud = np.flatnonzero(~is_quiet)
        counts = self._count[tags[loud]]
        alarms = self.alarms_of(tags[loud])
        if not len(alarms):
            return []
        places = np.repeat(run[loud], counts)
        values = samples.values[places]
        raises, clears = self._compare(alarms, values, samples.is_usable[places])
        verdicts = Verdicts(
            alarms=alarms,
            places=places,
            raises=raises,
            clears=clears,
            values=values,
            at_us=samples.at_us[places],
            at_ns=samples.received_ns[places],
        )
        turns = self._delays.settle(verdicts)
        self._is_busy[tags[loud]] = False
        self._is_busy[samples.tags[places[self._delays.is_busy(alarms)]]] = True
        return turns

    def _compare(self, alarms: Indices, values: Values, is_usable: Flags) -> tuple[Flags, Flags]:
        """Return which conditions hold and which are clear; between limit and deadband, or frozen, neither."""
        with np.errstate(invalid="ignore"):  # an infinite value times the 0 of a state alarm
            signed = values * self._sign[alarms]
        raises = signed > self._raise_above[alarms]
        clears = signed < self._clear_below[alarms]
        is_state = self._is_state[alarms]
        if is_state.any():
            holds = values == self._limit[alarms]
            raises = np.where(is_state, holds, raises)
            clears = np.where(is_state, ~holds, clears)
        raises &= is_usable
        clears &= is_usable
        return raises, clears


def is_fixed(definition: AlarmDefinition) -> bool:
    """Tell whether an alarm compares its tag with a number."""
    return definition.kind is AlarmKind.STATE or (definition.kind in LIMIT_KINDS and not definition.limit_tag)


def _sign(definition: AlarmDefinition) -> float:
    if definition.kind is AlarmKind.STATE:
        return 0.0
    return 1.0 if definition.kind in HIGH else -1.0


def _quiet_ranges(sign: Values, limit: Values, rows: Indices, n_tags: int) -> tuple[Values, Values]:
    """Return for each tag the values that raise nothing, both ends included; a state alarm leaves none."""
    low, high = np.full(n_tags, -np.inf), np.full(n_tags, np.inf)
    np.fmin.at(high, rows[sign > 0], limit[sign > 0])
    np.fmax.at(low, rows[sign < 0], limit[sign < 0])
    low[rows[sign == 0]] = np.inf
    return low, high
