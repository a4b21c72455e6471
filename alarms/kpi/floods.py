"""Floods, and a report of each: when an operator can't follow any more. Pure, any thread.

A report counts in fixed ten minutes from the start of its window: a flood begins with ten minutes of more than ten
annunciations, and ends with the first ten minutes of fewer than five.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.kpi.columns import Columns
from alarms.kpi.rows import KpiRow
from alarms.kpi.window import PERIOD_US, Window
from alarms.states import AlarmEvent
from plant_models.alarm_philosophy import KpiTargets

MOST: Final = 5
"""How many of the most frequent alarms the report of a flood names."""
_ACK: Final = AlarmEvent.ACK.value


@dataclass(frozen=True, slots=True)
class Called:
    """One alarm and how often it was annunciated."""

    alarm: str
    text: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Flood:
    """A flood from `start_us` to `end_us` (µs UTC; to the end of the window if `is_over` is False).

    `peak` is the most in one of its ten minutes, `calm_s` the seconds from the end of those to the end of the flood
    (None: it isn't over). `by_priority` and `acknowledged` (by user, "" for a device) are in falling order of counts.
    """

    start_us: int
    end_us: int
    is_over: bool
    count: int
    peak: int
    first: str
    first_text: str
    first_us: int
    most: tuple[Called, ...]
    by_priority: tuple[tuple[int, int], ...]
    acknowledged: tuple[tuple[str, int], ...]
    calm_s: float | None


def floods(columns: Columns, window: Window, targets: KpiTargets) -> tuple[Flood, ...]:
    """Return the floods of a window, the oldest first."""
    times = columns.time_us[columns.calls]
    counts = window.counts(times, PERIOD_US)
    acks = [row for row in columns.rows if row.event == _ACK and row.to_state]
    ack_times = np.array([row.time_us for row in acks], np.int64)
    found = []
    for first, last in _runs(counts, targets):
        start = window.start_us + first * PERIOD_US
        end = min(window.end_us, window.start_us + last * PERIOD_US)
        called = [columns.rows[at] for at in columns.calls[(times >= start) & (times < end)].tolist()]
        users = [acks[at].user for at in np.flatnonzero((ack_times >= start) & (ack_times < end)).tolist()]
        peak = first + int(np.argmax(counts[first:last]))
        calm_s = (last - peak - 1) * PERIOD_US / 1e6 if last < len(counts) else None
        found.append(_flood((start, end), called, users, int(counts[peak]), calm_s))
    return tuple(found)


def _runs(counts: NDArray[np.int64], targets: KpiTargets) -> Iterator[tuple[int, int]]:
    """Yield the first period of each flood and the first after it."""
    first: int | None = None
    for at, count in enumerate(counts.tolist()):
        if first is None and count > targets.flood_begins:
            first = at
        elif first is not None and count < targets.flood_ends:
            yield first, at
            first = None
    if first is not None:
        yield first, len(counts)


def _flood(span: tuple[int, int], called: list[KpiRow], users: list[str], peak: int, calm_s: float | None) -> Flood:
    texts = {row.alarm: row.text for row in called}
    first = min(called, key=lambda row: row.time_us)
    most = Counter(row.alarm for row in called).most_common(MOST)
    return Flood(
        start_us=span[0],
        end_us=span[1],
        is_over=calm_s is not None,
        count=len(called),
        peak=peak,
        first=first.alarm,
        first_text=first.text,
        first_us=first.time_us,
        most=tuple(Called(alarm, texts[alarm], count) for alarm, count in most),
        by_priority=tuple(Counter(row.priority for row in called).most_common()),
        acknowledged=tuple(Counter(users).most_common()),
        calm_s=calm_s,
    )
