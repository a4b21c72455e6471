"""Rows of the journal as columns, for what is counted over all of them at once. Pure, any thread.

How long something took is measured on the monotonic clock as long as both rows are of one run of the station: no
clock that is set makes an alarm fleeting, or an acknowledgement slow. From one run to the next only wall time is left.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.kpi.rows import KpiRow, annunciations
from alarms.kpi.window import Window
from alarms.states import AlarmEvent

Indices = NDArray[np.intp]
_ALM: Final = AlarmEvent.ALM.value
_RTN: Final = AlarmEvent.RTN.value


@dataclass(frozen=True, slots=True)
class Columns:
    """`rows` in the order of the journal; `alarm` are numbers of `names`. All columns have the shape (rows,).

    `comes` and `goes` tell where a condition came or went, `condensed` how often it came and went in all where one row
    stands for many (else 0). `calls` are the indices of the annunciations in the window, in order; an index stands
    there as often as its row tells of one.
    """

    rows: Sequence[KpiRow]
    names: tuple[str, ...]
    alarm: Indices
    time_us: NDArray[np.int64]
    mono_ns: NDArray[np.int64]
    epoch: NDArray[np.int64]
    comes: NDArray[np.bool_]
    goes: NDArray[np.bool_]
    condensed: NDArray[np.int64]
    calls: Indices

    def seconds(self, first: Indices, last: Indices) -> NDArray[np.float64]:
        """Return how long it was from rows to others, never less than nothing."""
        is_one_run = self.epoch[first] == self.epoch[last]
        steady = (self.mono_ns[last] - self.mono_ns[first]) / 1e9
        by_wall = (self.time_us[last] - self.time_us[first]) / 1e6
        return np.maximum(np.where(is_one_run, steady, by_wall), 0.0)

    @property
    def raised(self) -> Indices:
        """The annunciations because a condition came."""
        return self.calls[(self.comes | (self.condensed > 0))[self.calls]]


def columns_of(rows: Sequence[KpiRow], window: Window) -> Columns:
    """Return the columns of rows, which stand in the order of the journal."""
    numbers: dict[str, int] = {}
    alarm = np.array([numbers.setdefault(row.alarm, len(numbers)) for row in rows], np.intp)
    time_us = np.array([row.time_us for row in rows], np.int64)
    counts = np.array([annunciations(row) for row in rows], np.int64) * window.has(time_us)
    return Columns(
        rows=rows,
        names=tuple(numbers),
        alarm=alarm,
        time_us=time_us,
        mono_ns=np.array([row.mono_ns for row in rows], np.int64),
        epoch=np.array([row.epoch for row in rows], np.int64),
        comes=np.array([row.event == _ALM for row in rows], np.bool_),
        goes=np.array([row.event == _RTN for row in rows], np.bool_),
        condensed=np.array([row.condensed or 0 for row in rows], np.int64),
        calls=np.repeat(np.arange(len(rows)), counts),
    )
