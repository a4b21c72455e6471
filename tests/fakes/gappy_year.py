"""A year of three tags with outages, recorded and packed as a station does, and all of its samples beside it.

A is a flow with everything that can be wrong with one, B a counter of three digits that rolls over, is set back and
loses its link, C a pump's flow that is steady and always good while it is recorded. The nights in which the clock is
moved in Berlin and on Lord Howe (by half an hour) are there as a whole. The last hour is in minutes, in
frames, and its last two minutes in memory alone; some samples of spring came late.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from history.aggregates.samples import TagSamples
from history.chunks.cells import HOUR_US
from history.columns import Columns
from history.memory import Memory
from history.queries.site import Site
from history.query import HistoryReader
from plant_models.quality import Quality
from plant_models.tag import Tag
from tests.fakes.packing_bench import HOLD_US, Bench
from tests.fakes.samples import columns

MINUTE_US = 60_000_000
TAGS = ("A", "B", "C")
MODULUS = 1000.0


def utc(*date: int) -> int:
    """Return a time in UTC as µs."""
    return int(datetime(*date, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[misc,arg-type]


BEGIN_US, END_US = utc(2023, 1, 1, 1), utc(2024, 1, 1, 0, 40)
RECORDED = (
    (BEGIN_US, 3),
    (utc(2023, 1, 31, 22), 4),
    (utc(2023, 3, 25, 22), 30),
    (utc(2023, 4, 1, 8), 30),
    (utc(2023, 10, 28, 21), 30),
    (utc(2023, 12, 31, 20), 4),
)
"""When the station ran, and for how many hours."""
_LATE_US = utc(2023, 3, 26, 5, 10)
_QUALITIES = (Quality.BAD_NO_COMMUNICATION, Quality.UNCERTAIN, Quality.UNCERTAIN_LAST_USABLE)


class GappyYear:
    """`reader(zone, day_starts)` asks it; `samples(tag)` are all that was recorded of a tag, without any store."""

    def __init__(self, folder: Path) -> None:
        self.bench = Bench(folder, start_us=END_US - 2 * HOUR_US)
        self._memory = Memory()
        self._memory.start_after(2**62)  # all frames are older than what it has
        self._random = np.random.default_rng(11)
        self._count = 0.0
        for start_us, hours in RECORDED:
            for hour_us in range(start_us, start_us + hours * HOUR_US, HOUR_US):
                self._record(self._hour(hour_us, 60))
        last = self._hour(utc(2024, 1, 1), 40)
        self._record([row for row in last if row[1] < END_US - 20 * MINUTE_US])  # they become minutes
        self._record([(0, END_US - 2 * HOUR_US, 1.0, 0)])  # the newest frame is never packed
        self.bench.clock.advance(2 * HOUR_US / 1e6)
        self.bench.pack()
        self._record([(0, _LATE_US + n * 20_000_000, 7.0 + n, 0) for n in range(9)])
        self._record([(1, _LATE_US + MINUTE_US, 500.0, int(Quality.UNCERTAIN)), (2, _LATE_US + 5, 3.0, 0)])
        self._record([row for row in last if -20 * MINUTE_US <= row[1] - END_US < -2 * MINUTE_US])
        self._remember([row for row in last if row[1] >= END_US - 2 * MINUTE_US])

    def close(self) -> None:
        """Release the files."""
        self.bench.close()

    def reader(self, zone: str = "UTC", day_starts: time = time(0)) -> HistoryReader:
        """Return who answers, at a site with these days."""
        tags = (Tag(name="A", unit="m³/h"), Tag(name="B", unit="m³", modulus=MODULUS), Tag(name="C", unit="l/s"))
        site = Site(zone=ZoneInfo(zone), day_starts=day_starts, tags={tag.name: tag for tag in tags})
        bench = self.bench
        holds, rows = np.full(3, HOLD_US), {name: row for row, name in enumerate(TAGS)}
        return HistoryReader(rows, holds, self._memory, bench.archive, bench.clock, site)

    def samples(self, tag: str, hold_us: int | None = HOLD_US) -> TagSamples:
        """Return everything that was recorded of a tag."""
        times, rows = self.rows(tag)
        values, qualities = (np.array(column) for column in zip(*rows, strict=True))
        now_us = self.bench.clock.wall_us()
        return TagSamples(
            np.array(times, np.int64), values.astype(np.float64), qualities.astype(np.uint16), True, now_us, hold_us
        )

    def rows(self, tag: str) -> tuple[list[int], list[tuple[float, int]]]:
        """Return the times of all samples of a tag, and value and quality of each."""
        mine = sorted((at, row) for (number, at), row in self.bench.expected.items() if number == TAGS.index(tag))
        return [at for at, _ in mine], [row for _, row in mine]

    def columns(self, tag: str) -> Columns:
        """Return everything that was recorded of a tag, as it comes from a store."""
        times, rows = self.rows(tag)
        values, qualities = zip(*rows, strict=True)
        return columns([TAGS.index(tag)] * len(times), values, times, qualities)

    def _hour(self, hour_us: int, minutes: int) -> list[tuple[int, int, float, int]]:
        """Return what an hour brings: a sample of each tag a minute, and now and then something else."""
        random, rows = self._random, list[tuple[int, int, float, int]]()
        silent = random.integers(0, 60, 2) if random.random() < 0.2 else (60, 60)
        quality = int(random.choice(_QUALITIES)) if random.random() < 0.15 else 0
        for minute in range(minutes):
            at_us = hour_us + minute * MINUTE_US + int(random.integers(0, 5_000)) * 1_000
            rows.append((2, at_us, float(hour_us // HOUR_US % 5) + (minute % 7 == 3), 0))
            if min(silent) <= minute < max(silent):
                continue
            value = float(random.normal(100, 10)) if random.random() < 0.995 else np.nan
            rows.append((0, at_us, round(value, 2), quality if minute % 9 < 6 else 0))
            self._count = 0.0 if random.random() < 0.002 else (self._count + random.integers(0, 9)) % MODULUS
            rows.append((1, at_us, self._count, quality if quality >= 0x8000 else 0))
        return rows

    def _record(self, rows: list[tuple[int, int, float, int]]) -> None:
        self.bench.record(*rows)

    def _remember(self, rows: list[tuple[int, int, float, int]]) -> None:
        ids, times, values, qualities = zip(*rows, strict=True)
        self._memory.add(columns(ids, values, times, qualities))
        self.bench.expected |= {(tag, at): (value, quality) for tag, at, value, quality in rows}


@contextmanager
def gappy_year(folder: Path) -> Iterator[GappyYear]:
    """Give the year; the files are released at the end."""
    year = GappyYear(folder)
    try:
        yield year
    finally:
        year.close()
