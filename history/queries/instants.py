"""What all tags showed at one time. Worker threads of the station.

Samples of packed hours are looked at one tag after the other, so that 5,000 tags take no more memory than one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from history.aggregates.samples import Floats, Times
from history.chunks.cells import HOUR_US
from history.columns import Columns, concatenate
from history.queries.limits import LATEST_US, Patience
from history.queries.source import Source
from history.series import NO_DATA
from plant_models.quality import QualityArray

_LOOK_EACH: Final = 100
"""Tags between two questions whether anybody waits."""


@dataclass(frozen=True, slots=True)
class InstantQuery:
    """Tags by name, all of the plant if there are none, at a time (µs UTC).

    Raises:
        ValueError: the time isn't of the years 1970 to 9000.
    """

    at_us: int
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.at_us < LATEST_US:
            raise ValueError(f"history at {self.at_us} µs; ask for a time of 1970 to 9000")


@dataclass(frozen=True, slots=True)
class Instant:
    """A row for each tag of the question, in its order: the sample in force at `at_us`, as it was recorded.

    A bad or stale one may have a value; its quality says what it is worth. `times_us` is when it was sampled. Where the
    sample before is older than a sample may hold, or the time lies ahead of us, there is no value (NaN), the quality is
    Bad_NoData, and the time is when this began; 0 if there was never a sample in reach.
    """

    at_us: int
    tags: tuple[str, ...]
    values: Floats
    qualities: QualityArray
    times_us: Times


def read_instant(source: Source, query: InstantQuery, patience: Patience) -> Instant:
    """Return what each tag showed.

    Raises:
        KeyError: there is no such tag.
        DatabaseError: what is on disk can't be read.
        AbandonedError: nobody waits any more.
    """
    tags = query.tags or source.names
    rows = source.rows(tags)
    places = np.array(rows, np.intp)
    last = _last_of_each(source, sorted(set(rows)), query.at_us, patience)
    ends = np.minimum(last.time_us + source.holds_us(last.ids.tolist()), np.maximum(last.time_us, source.now_us()) + 1)
    is_silent = ends <= query.at_us
    n = int(places.max(initial=-1)) + 1
    values, qualities, times = np.full(n, np.nan), np.full(n, NO_DATA, np.uint16), np.zeros(n, np.int64)
    values[last.ids] = np.where(is_silent, np.nan, last.values)
    qualities[last.ids] = np.where(is_silent, np.uint16(NO_DATA), last.qualities)
    times[last.ids] = np.where(is_silent, ends, last.time_us)
    return Instant(query.at_us, tags, values[places], qualities[places], times[places])


def _last_of_each(source: Source, rows: Sequence[int], at_us: int, patience: Patience) -> Columns:
    """Return the last sample up to a time of each row that has one within the longest hold time."""
    holds = dict(zip(rows, source.holds_us(rows).tolist(), strict=True))
    unpacked = source.unpacked(rows, at_us - max(holds.values(), default=0), at_us + 1)
    found = _last(unpacked.take(unpacked.time_us <= at_us))
    known = dict(zip(found.ids.tolist(), found.time_us.tolist(), strict=True))
    parts, hour_us = [found], at_us // HOUR_US * HOUR_US
    missing = [row for row in rows if known.get(row, 0) < hour_us]
    while missing:
        patience.check()
        packed = _last_of_hour(source, missing, hour_us, at_us, patience)
        parts.insert(0, packed)
        is_found = set(packed.ids.tolist())
        missing = [
            row for row in missing if row not in is_found and hour_us > max(at_us - holds[row], known.get(row, 0))
        ]
        hour_us -= HOUR_US
    return _last(concatenate(parts))


def _last(recorded: Columns) -> Columns:
    """Return the latest sample of each tag; of equal times the one that was recorded last."""
    order = np.lexsort((recorded.time_us, recorded.ids))
    ids = recorded.ids[order]
    return recorded.take(order[np.append(ids[1:] != ids[:-1], True)[: len(ids)]])


def _last_of_hour(source: Source, rows: Sequence[int], hour_us: int, at_us: int, patience: Patience) -> Columns:
    found: list[tuple[int, int, float, int]] = []
    for number, (row, samples) in enumerate(source.hour(rows, hour_us)):
        if number % _LOOK_EACH == 0:
            patience.check()
        last = int(np.searchsorted(samples.times_us, at_us, "right")) - 1
        if last >= 0:
            at = samples.times_us[last], samples.values[last], samples.qualities[last]
            found.append((row, int(at[0]), float(at[1]), int(at[2])))
    ids, times, values, qualities = zip(*found, strict=True) if found else ((), (), (), ())
    at_times = np.array(times, np.int64)
    columns = np.array(ids, np.int64), np.array(values, np.float64), np.array(qualities, np.uint16)
    return Columns(*columns, at_times, at_times, at_times)
