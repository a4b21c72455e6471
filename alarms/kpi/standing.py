"""Alarms that stay: stale ones, and those that are put aside, as they stand at the end of a window. Pure, any thread.

Rows from before the window count as well: what stood at its start is known from the newest row of each alarm.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from alarms.kpi.rows import ASIDE, STANDING, KpiRow
from alarms.kpi.window import HOUR_US, Window
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.alarm_philosophy import KpiTargets

_OPEN: Final = None


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


def stale(rows: Sequence[KpiRow], window: Window, targets: KpiTargets) -> tuple[Stale, ...]:
    """Return what was stale at some time of the window, those that still stand first, then the longest."""
    found = []
    for row, shown_us, until_us in _standing(rows):
        since_us = row.active_us or shown_us
        stale_us = _stale_from(since_us, shown_us, targets)
        end_us = window.end_us if until_us is None else until_us
        if stale_us < end_us and end_us > window.start_us:
            found.append(_stale(row, since_us, until_us))
    return tuple(sorted(found, key=lambda each: (each.until_us is not None, each.since_us, each.alarm)))


def stale_by_day(rows: Sequence[KpiRow], window: Window, targets: KpiTargets) -> tuple[int, ...]:
    """Return how many alarms were stale at some time of each day of the window."""
    days = window.day_starts()
    names: list[set[str]] = [set() for _ in days[:-1]]
    for row, shown_us, until_us in _standing(rows):
        begin = max(window.start_us, _stale_from(row.active_us or shown_us, shown_us, targets))
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


def _standing(rows: Sequence[KpiRow]) -> Iterator[tuple[KpiRow, int, int | None]]:
    """Yield each time in which an alarm was active to be seen: its first row, when that was, and its end or None."""
    shown: dict[str, KpiRow] = {}
    for row in rows:
        if not row.to_state or row.priority == DIAGNOSTIC:
            continue
        before = shown.get(row.alarm)
        is_standing = row.to_state in STANDING
        if before is not None and not (is_standing and row.occurrence == before.occurrence):
            del shown[row.alarm]
            yield before, before.time_us, row.time_us
            before = None
        if before is None and is_standing:
            shown[row.alarm] = row
    for row in shown.values():
        yield row, row.time_us, _OPEN


def _stale_from(since_us: int, shown_us: int, targets: KpiTargets) -> int:
    return max(since_us + round(targets.stale_h * HOUR_US), shown_us)


def _stale(row: KpiRow, since_us: int, until_us: int | None) -> Stale:
    return Stale(
        alarm=row.alarm,
        tag=row.tag,
        text=row.text,
        area=row.area,
        priority=row.priority,
        since_us=since_us,
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
