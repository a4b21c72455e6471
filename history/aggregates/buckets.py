"""Hours, days, weeks and months as people at a site count them: edges in its time zone, as µs UTC. Pure, any thread.

A day may have 23 or 25 hours, and a time of day may come twice: then the first of the two is meant. One that is left
out is counted on the clock from before, so 02:30 in the night that jumps from 02:00 to 03:00 is 03:30.
"""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from history.aggregates.samples import Times

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
_MICROSECOND: Final = timedelta(microseconds=1)
HOUR_US: Final = 3_600_000_000
MIDNIGHT: Final = time(0)


class Period(StrEnum):
    """What a bucket is; a week begins on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


def buckets(start_us: int, end_us: int, period: Period, zone: ZoneInfo, day_starts: time = MIDNIGHT) -> Times:
    """Return the edges from the last at or before the start to the first at or after the end; at least two, rising.

    `day_starts` is the local time at which days, and so weeks and months, begin (06:00 is usual for water balances);
    hours begin on the hour.

    Raises:
        ValueError: the end isn't after the start.
        OverflowError: a time lies outside the years 1 to 9999.
    """
    if end_us <= start_us:
        raise ValueError(f"buckets from {start_us} to {end_us} µs; the end must be later")
    if period is Period.HOUR:
        edges = _hours(start_us, end_us, zone)
    else:
        edges = _days(start_us, end_us, period, zone, day_starts)
    first = int(np.searchsorted(edges, start_us, "right")) - 1
    return edges[first : int(np.searchsorted(edges, end_us)) + 1]


def _days(start_us: int, end_us: int, period: Period, zone: ZoneInfo, day_starts: time) -> Times:
    """Return the edges around the span, and a few more."""
    day = _local_day(start_us, zone) - 2 * _DAY
    if period is Period.WEEK:
        day -= day.weekday() * _DAY
    elif period is Period.MONTH:
        day = day.replace(day=1)
    edges = [_instant(day, day_starts, zone)]
    while edges[-1] < end_us:
        day = _next(day, period)
        edges.append(_instant(day, day_starts, zone))
    return np.array(edges, np.int64)


def _next(day: date, period: Period) -> date:
    if period is Period.MONTH:
        return (day.replace(day=28) + 4 * _DAY).replace(day=1)
    return day + (7 * _DAY if period is Period.WEEK else _DAY)


def _hours(start_us: int, end_us: int, zone: ZoneInfo) -> Times:
    """Return the edges of all hours of the local days around the span.

    Between two midnights hours follow each other evenly, but where a clock is moved by part of an hour.
    """
    day = _local_day(start_us, zone) - _DAY
    parts = []
    midnight = _instant(day, MIDNIGHT, zone)
    while midnight < end_us + HOUR_US:
        day += _DAY
        following = _instant(day, MIDNIGHT, zone)
        if (following - midnight) % HOUR_US:
            parts.append(_uneven_hours(day - _DAY, midnight, following, zone))
        else:
            parts.append(np.arange(midnight, following, HOUR_US, dtype=np.int64))
        midnight = following
    return np.concatenate([*parts, np.array([midnight], np.int64)])


def _uneven_hours(day: date, midnight: int, following: int, zone: ZoneInfo) -> Times:
    """Return the full hours on the local clock, those that come twice included."""
    hours = {_instant(day, time(hour, fold=fold), zone) for hour in range(24) for fold in (0, 1)}
    return np.array(sorted(hour for hour in hours if midnight <= hour < following), np.int64)


def _instant(day: date, at: time, zone: ZoneInfo) -> int:
    """Return a local time of a day as µs UTC."""
    return (datetime.combine(day, at, zone).astimezone(UTC) - _EPOCH) // _MICROSECOND


def _local_day(at_us: int, zone: ZoneInfo) -> date:
    return (_EPOCH + timedelta(microseconds=at_us)).astimezone(zone).date()
