"""What an alarm compares with its limit, for a page of samples: the same for every kind. Pure, any thread.

Each kind comes down to one number, `excess`, that raises the alarm above `raise_above` and clears it a deadband below:
a value (H, HH), its negative (L, LL), a distance (dev). These are the comparisons of `alarms/`; the tests hold the two
together. What a watcher of `alarms/` says itself is 1 where the condition holds, -1 where it is clear and 0 where
neither. A sample that isn't usable (bad, stale, no number) freezes the alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.watchers.watching import Finding
from analytics.pages import Column, Page
from analytics.testable import judged_tags
from history.series import NO_DATA
from history.usable import usable_mask
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Times, Values

Flags = NDArray[np.bool_]
_LOW: Final = (AlarmKind.LOW, AlarmKind.LOW_LOW)


@dataclass(frozen=True, slots=True)
class Judged:
    """n moments at which the alarm is judged. `is_unknown` says of those that aren't usable that nothing was recorded.

    `raise_above` is a number, or one for each moment. Where `is_anew`, what the condition is about has changed, and a
    delay before its alarm begins again.
    """

    times_us: Times
    excess: Values
    raise_above: Values | float
    is_usable: Flags
    is_unknown: Flags
    is_anew: Flags | None = None

    def holds(self, *, is_state: bool) -> Flags:
        """Return when the condition holds."""
        above = self.excess == self.raise_above if is_state else self.excess > self.raise_above
        return np.asarray(above & self.is_usable, np.bool_)

    def is_clear(self, deadband: float, *, is_state: bool) -> Flags:
        """Return when it is over."""
        below = self.excess != self.raise_above if is_state else self.excess < self.raise_above - deadband
        return np.asarray(below & self.is_usable, np.bool_)


class Judge:
    """Judges a limit, a deviation or a state, page after page in their order.

    `sign` takes `excess` back to what people read: -1 where a small value is the bad one.
    """

    def __init__(self, definition: AlarmDefinition) -> None:
        self.sign = -1.0 if definition.kind in _LOW else 1.0
        self._is_deviation = definition.kind is AlarmKind.DEVIATION
        self._is_held = bool(definition.limit_tag) and definition.kind is not AlarmKind.STATE
        self._raise_above = (np.nan if definition.limit is None else definition.limit) * self.sign
        self._tags = judged_tags(definition)

    @np.errstate(invalid="ignore")
    def judge(self, page: Page) -> Judged:
        """Return what the alarm sees in a page."""
        times, columns = together([page[tag] for tag in self._tags])
        own = columns[0].values
        excess = np.abs(own - columns[1].values) if self._is_deviation else own * self.sign
        is_usable, is_unknown = known(columns)
        raise_above = columns[-1].values * self.sign if self._is_held else self._raise_above
        return Judged(times, excess, raise_above, is_usable, is_unknown)


def together(columns: list[Column]) -> tuple[Times, list[Column]]:
    """Return tags at all times at which one of them has a sample; a value holds until the next."""
    if len(columns) == 1:
        return columns[0].times_us, columns
    times = np.unique(np.concatenate([column.times_us for column in columns]))
    return times, [at(column, times) for column in columns]


def known(columns: Sequence[Column]) -> tuple[Flags, Flags]:
    """Return at which of their common times all tags are usable, and at which nothing was recorded of one."""
    is_usable = usable_mask(columns[0].values, columns[0].qualities)
    is_unknown = columns[0].qualities == NO_DATA
    for column in columns[1:]:
        is_usable &= usable_mask(column.values, column.qualities)
        is_unknown |= column.qualities == NO_DATA
    return is_usable, is_unknown


def from_finding(times_us: Times, finding: Finding, is_unknown: Flags) -> Judged:
    """Return what a watcher of `alarms/` found at some times."""
    excess = finding.raises.astype(np.float64) - finding.clears.astype(np.float64)
    return Judged(times_us, excess, 0.0, ~finding.is_frozen, is_unknown, finding.is_anew)


def at(column: Column, times_us: Times) -> Column:
    """Return what a tag showed at some times."""
    rows = np.searchsorted(column.times_us, times_us, "right")
    values = np.append(column.value_before, column.values)[rows]
    qualities = np.append(np.uint16(column.quality_before), column.qualities)[rows]
    return Column(times_us, values, qualities)
