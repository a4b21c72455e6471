"""Looking back: a year of eight tags, a sample each second, in month files; any zoom, cold and warm.

Cold means that the pages were taken out of the system's cache and every file is opened anew. The baseline is the usual
SQL: a row for each sample and GROUP BY over the same year.
"""

import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Final

import numpy as np

from benchmarks.figure import Figure
from benchmarks.history_ingest import HOLD_US, SetClock
from benchmarks.signals import START_US, group_values
from history.chunks.cells import HOUR_US, MINUTE_US, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples
from history.memory import Memory
from history.packer import Packer
from history.query import HistoryReader
from history.series import HistoryQuery
from history.store.archive import Archive
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import PackedHour, write_hours
from history.store.segments import Segments

DAYS: Final = 365
PENS: Final = 8
PIXELS: Final = 1_920
SECOND_US: Final = 1_000_000
DAY_US: Final = 24 * HOUR_US
SPANS_S: Final = (600, 3_600, 6 * 3_600, 86_400, 7 * 86_400, 30 * 86_400, 90 * 86_400, DAYS * 86_400)
ROUNDS: Final = 5
NAMES: Final = tuple(f"T{number}" for number in range(PENS))
DAYS_MADE: Final = 8
"""So many different days follow each other again and again."""


class Year:
    """A folder with the year, and readers that start cold or warm."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.end_us = START_US + DAYS * DAY_US
        self._clock = SetClock()
        self._clock.now_us = self.end_us
        self._fill()
        self.open()

    def open(self) -> None:
        """Begin with nothing open."""
        self._frames, self._months = FrameStore(self._folder, NAMES), Months(self._folder)
        self._frames.open(self.end_us)
        archive = Archive(self._frames, self._months)
        rows = {name: row for row, name in enumerate(NAMES)}
        holds = np.full(PENS, HOLD_US)
        self._reader = HistoryReader(rows, holds, Memory(), archive, self._clock)

    def close(self) -> None:
        self._frames.close()
        self._months.close()

    def forget(self) -> None:
        """Close everything and take the files out of the system's cache."""
        self.close()
        for path in self._folder.iterdir():
            forget(path)
        self.open()

    def ask_ms(self, pens: int, span_s: int, back_us: int = 0) -> float:
        """Return how long pens take over a span that ends so long before the end."""
        end_us = self.end_us - back_us
        query = HistoryQuery(NAMES[:pens], end_us - span_s * SECOND_US, end_us, PIXELS)
        start = time.perf_counter()
        self._reader.answer(query)
        return (time.perf_counter() - start) * 1e3

    def _fill(self) -> None:
        frames, months = FrameStore(self._folder, NAMES), Months(self._folder)
        frames.open(START_US)
        ids = frames.place().ids.tolist()
        values = group_values(0, DAYS_MADE * 86_400)[40]
        for hour in range(DAYS * 24):
            start_us = START_US + hour * HOUR_US
            first = hour * 3_600 % (DAYS_MADE * 86_400)
            packed = list(_hours(ids, start_us, values[first : first + 3_600]))
            with months.writing(start_us) as connection:
                write_hours(connection, start_us, packed)
        packer = Packer(Segments(frames), months, lambda _: Rule(False, HOLD_US), HOLD_US, self._clock)
        while packer.step():
            pass
        frames.close()
        months.close()


def run() -> list[Figure]:
    """Return a year of one pen and of eight, any zoom, and how many times faster than GROUP BY that is."""
    with tempfile.TemporaryDirectory() as name:
        year = Year(Path(name) / "year")
        cold = statistics.median(_cold_ms(year, 1) for _ in range(ROUNDS))
        eight = statistics.median(_cold_ms(year, PENS) for _ in range(ROUNDS))
        zooms = [year.ask_ms(1, span, back) for span in SPANS_S for back in _places(span)]
        year.close()
        rows_ms = _group_by_ms(Path(name) / "rows.sqlite")
    return [
        Figure("year_zoom_ms_cold", cold, "ms", "<= 50"),
        Figure("year_zoom_cold_vs_sql_group_by", cold, "ms", "<= 0.001", baseline=rows_ms),
        Figure("eight_pens_year_ms", eight, "ms", "<= 200"),
        Figure("any_zoom_p95_ms", float(np.percentile(zooms, 95)), "ms", "<= 50"),
    ]


def forget(path: Path) -> None:
    """Take a file out of the system's cache."""
    handle = os.open(path, os.O_RDONLY)
    os.fsync(handle)
    os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(handle)


def _hours(ids: Sequence[int], start_us: int, values: np.ndarray) -> list[PackedHour]:
    """Return an hour of all pens: the same values, since only the first one's are looked at closely."""
    times = start_us + np.arange(3_600, dtype=np.int64) * SECOND_US
    samples = Samples(times, values, np.zeros(3_600, np.uint16))
    minutes = make_cells(samples, Rule(False, HOLD_US), MINUTE_US, start_us, start_us + HOUR_US)
    header = coarsen(minutes, HOUR_US)
    return [PackedHour(Chunk(tag, header, samples), minutes) for tag in ids]


def _cold_ms(year: Year, pens: int) -> float:
    year.forget()
    return year.ask_ms(pens, DAYS * 86_400)


def _places(span_s: int) -> list[int]:
    """Return how far back in the year spans end, in µs: seven times somewhere else."""
    room = (DAYS * 86_400 - span_s) * SECOND_US
    return [room * step // 7 for step in range(7)]


def _group_by_ms(path: Path) -> float:
    """Return a year of one tag by GROUP BY from a row table with the key (tag, time), cold."""
    values = group_values(0, DAYS_MADE * 86_400)[40]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE sample (tag INTEGER, time_us INTEGER, value REAL, quality INTEGER,"
            " PRIMARY KEY (tag, time_us)) WITHOUT ROWID"
        )
        for day in range(DAYS):
            first = day % DAYS_MADE * 86_400
            times = range(START_US + day * DAY_US, START_US + (day + 1) * DAY_US, SECOND_US)
            part = values[first : first + 86_400].tolist()
            rows = ((1, at, value, 0) for at, value in zip(times, part, strict=True))
            connection.executemany("INSERT INTO sample VALUES (?, ?, ?, ?)", rows)
            connection.commit()
    forget(path)
    width = DAYS * DAY_US // PIXELS
    with closing(sqlite3.connect(path)) as connection:
        start = time.perf_counter()
        found = connection.execute(
            "SELECT (time_us - ?) / ?, min(value), max(value), avg(value) FROM sample"
            " WHERE tag = 1 AND time_us >= ? AND time_us < ? GROUP BY 1",
            (START_US, width, START_US, START_US + DAYS * DAY_US),
        ).fetchall()
        spent_ms = (time.perf_counter() - start) * 1e3
    assert len(found) in (PIXELS, PIXELS + 1)
    return spent_ms
