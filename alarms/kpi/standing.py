"""Alarms that stay: stale ones, and those that are put aside, as they stand at the end of a window. Pure, any thread.

Rows from before the window count as well: what stood at its start is known from the newest row of each alarm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from alarms.kpi.rows import ASIDE, STANDING, KpiRow
from alarms.kpi.window import HOUR_US, Window
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.alarm_philosophy import KpiTargets

Stood = tuple[KpiRow, int | None]
"""The first row of a time in which an alarm was active to be seen, and when that ended (None: it still is)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """An alarm that was active for everybody to see for longer than it should be.

    `since_us` is when its condition began, `until_us` when it was over, put aside or removed; None: it still stands.
    """

    alarm: str
    tag: str
    text: str
    area: str
    priority: int
    since_us: int
    until_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """An alarm that is shelved, suppressed by design or out of service (`state`), by whom, since when, until when.

    `is_overdue`: that time has passed.
    """

    alarm: str
    tag: str
    text: str
    area: str
    priority: int
    state: str
    by: str
    since_us: int
    until_us: int | None
    is_overdue: bool


def stood(rows: Sequence[KpiRow]) -> tuple[Stood, ...]:
    """Return each time in which an alarm was active for everybody to see."""
    shown: dict[str, KpiRow] = {}
    found = []
    for row in rows:
        before = shown.get(row.alarm)
        is_standing = row.to_state in STANDING and row.priority != DIAGNOSTIC
        if before is not None and row.to_state and not (is_standing and _goes_on(before, row)):
            del shown[row.alarm]
            found.append((before, row.time_us))
            before = None
        if before is None and is_standing:
            shown[row.alarm] = row
    return (*found, *((row, None) for row in shown.values()))


def stale(stays: Sequence[Stood], window: Window, targets: KpiTargets) -> tuple[Stale, ...]:
    """Return what was stale at some time of the window, those that still stand first, then the longest."""
    found = [
        _stale(row, until_us)
        for row, until_us in stays
        if _stale_from(row, window, targets) < (window.end_us if until_us is None else until_us)
    ]
    return tuple(sorted(found, key=lambda each: (each.until_us is not None, each.since_us, each.alarm)))


def stale_by_day(stays: Sequence[Stood], window: Window, targets: KpiTargets) -> tuple[int, ...]:
    """Return how many alarms were stale at some time of each day of the window."""
    days = window.day_starts()
    names: list[set[str]] = [set() for _ in days[:-1]]
    for row, until_us in stays:
        begin = _stale_from(row, window, targets)
        end = window.end_us if until_us is None else until_us
        if begin < end:
            first = int(np.searchsorted(days, begin, side="right")) - 1
            for day in names[first : int(np.searchsorted(days, end, side="left"))]:
                day.add(row.alarm)
    return tuple(map(len, names))


def aside(rows: Sequence[KpiRow], window: Window) -> tuple[Aside, ...]:
    """Return what is aside at the end of the window, overdue ones first."""
    newest = {row.alarm: row for row in rows if row.to_state}
    found = [_aside(row, window.end_us) for row in newest.values() if row.to_state in ASIDE]
    return tuple(sorted(found, key=lambda each: (not each.is_overdue, each.state, each.alarm)))


def _goes_on(before: KpiRow, row: KpiRow) -> bool:
    """Whether an alarm that stood after a row stands on after another; not if it is known now to stand for longer."""
    return row.occurrence == before.occurrence and not 0 < row.active_us < before.active_us


def _since(row: KpiRow) -> int:
    """Return since when it is active: where the journal begins in the middle, as far as that goes back."""
    return row.active_us or row.time_us


def _stale_from(row: KpiRow, window: Window, targets: KpiTargets) -> int:
    """Return from when on it counts as stale in a window."""
    return max(_since(row) + round(targets.stale_h * HOUR_US), row.time_us, window.start_us)


def _stale(row: KpiRow, until_us: int | None) -> Stale:
    return Stale(
        alarm=row.alarm,
        tag=row.tag,
        text=row.text,
        area=row.area,
        priority=row.priority,
        since_us=_since(row),
        until_us=until_us,
    )


def _aside(row: KpiRow, end_us: int) -> Aside:
    return Aside(
        alarm=row.alarm,
        tag=row.tag,
        text=row.text,
        area=row.area,
        priority=row.priority,
        state=row.to_state,
        by=row.aside_by or row.user,
        since_us=row.aside_us or row.time_us,
        until_us=row.until_us,
        is_overdue=row.until_us is not None and row.until_us < end_us,
    )
