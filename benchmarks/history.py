"""History: what recording costs beside rows of SQL, and how long a trend waits for its curve."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, Column, Double, Integer, MetaData, SmallInteger, Table, insert

from benchmarks.figure import Figure
from database.engine import open_database
from database.migrate import HISTORY
from history.chunks.cells import Rule
from history.memory import Memory
from history.packer import Packer
from history.query import HistoryReader, holds_us
from history.series import HistoryQuery
from history.stamping import Stamper
from history.store.archive import Archive
from history.store.frames import FILE_NAME, FrameStore
from history.store.months import Months
from history.store.segments import Segments
from plant_models.batch import Batch, samples
from plant_models.clock import SystemClock
from plant_models.tag import Tag

TAGS, SECONDS = 5_000, 120
ROW_SECONDS = 60
DAY_TAGS, DAY_S = 20, 86_400
PIXELS = 1_600
START_US = 1_700_000_000_000_000 // 3_600_000_000 * 3_600_000_000
SCAN_S = {"normal": 1.0}


def run() -> list[Figure]:
    """Return ingest beside row-by-row storage of the same samples, bytes on disk, and queries of ever longer times."""
    batches = list(_seconds(TAGS, SECONDS))
    with tempfile.TemporaryDirectory() as name:
        frames, frame_bytes = _frames(Path(name) / "frames", batches)
        rows, row_bytes = _rows(Path(name) / "rows", batches[:ROW_SECONDS])
        figures = [
            Figure("frame_ingest_vs_sqlalchemy_core_rows", frames, "samples/s", ">= 20", baseline=rows),
            Figure("frame_bytes_per_sample_vs_rows", frame_bytes, "B", "<= 0.5", baseline=row_bytes),
        ]
        times = _queries(Path(name) / "day")
    targets = {"10min": "<= 50", "1h": "<= 1000", "1d": "<= 10000"}
    return figures + [Figure(f"query_{span}_ms", times[span], "ms", target) for span, target in targets.items()]


def _signals(n_tags: int, seconds: int) -> NDArray[np.float64]:
    """Return a plant's mix, shape (seconds, n_tags): levels, pressures, flows, analysers, states, totals."""
    random = np.random.default_rng(1)
    kind = np.arange(n_tags) % 20
    walk = np.cumsum(random.normal(0, 0.02, (seconds, n_tags)), axis=0)
    values = np.round(50 + walk, 2)
    noisy = (kind >= 4) & (kind < 7)
    values[:, noisy] = (5 + random.normal(0, 0.05, (seconds, int(noisy.sum())))).astype(np.float32)
    flows = (kind >= 7) & (kind < 11)
    values[:, flows] = np.round(300 + 20 * walk[:, flows], 1)
    states = kind >= 13
    values[:, states] = (random.random((seconds, int(states.sum()))) < 0.01).astype(np.float64)
    totals = kind >= 18
    values[:, totals] = np.floor(1e6 + np.cumsum(np.abs(walk[:, totals]), axis=0))
    return values


def _seconds(n_tags: int, seconds: int) -> Iterator[Batch]:
    """Give a batch of all tags for each second; a block of 100 tags shares its time."""
    delay_us = np.repeat(np.random.default_rng(2).integers(0, 900_000, n_tags // 100 + 1), 100)[:n_tags]
    rows = np.arange(n_tags)
    for second, values in enumerate(_signals(n_tags, seconds)):
        yield samples(rows, values, 0, START_US + second * 1_000_000 + delay_us, 0)


def _tags(n: int) -> list[Tag]:
    return [Tag(name=f"T{number}") for number in range(n)]


def _frames(folder: Path, batches: list[Batch]) -> tuple[float, float]:
    """Return samples/s of stamping, encoding and one transaction (sync FULL) a second, and bytes of file a sample."""
    tags = _tags(TAGS)
    store, stamper = FrameStore(folder, [tag.name for tag in tags]), Stamper(tags)
    store.open(START_US)
    times = []
    for second, batch in enumerate(batches):
        now_us = START_US + (second + 1) * 1_000_000
        times.append(_time_s(lambda batch=batch, at=now_us: store.append(stamper.stamp(batch, at), at)))
    store.close()
    return TAGS / _undisturbed_s(times), (folder / FILE_NAME).stat().st_size / (TAGS * len(batches))


def _rows(folder: Path, batches: list[Batch]) -> tuple[float, float]:
    """Return the same for a table with the key (tag, time), filled by SQLAlchemy Core, on the first seconds only."""
    path = folder / "rows.sqlite"
    engine = open_database(path, HISTORY)
    table = Table(
        "sample",
        MetaData(),
        Column("tag", Integer, primary_key=True, autoincrement=False),
        Column("time_us", BigInteger, primary_key=True),
        Column("value", Double),
        Column("quality", SmallInteger),
        sqlite_with_rowid=False,
    )
    table.create(engine)

    def add(batch: Batch) -> None:
        assert batch.values is not None
        columns = (batch.tags.tolist(), batch.source_us.tolist(), batch.values.tolist())
        rows = [{"tag": t, "time_us": s, "value": v, "quality": 0} for t, s, v in zip(*columns, strict=True)]
        with engine.begin() as connection:
            connection.execute(insert(table), rows)

    times = [_time_s(lambda batch=batch: add(batch)) for batch in batches]
    engine.dispose()
    return TAGS / _undisturbed_s(times), path.stat().st_size / (TAGS * len(batches))


def _queries(folder: Path) -> dict[str, float]:
    """Return the ms of one tag to 1,600 pixels from a day of frames on disk, each of 20 tags that changed."""
    tags = _tags(DAY_TAGS)
    store, stamper, memory = FrameStore(folder, [tag.name for tag in tags]), Stamper(tags), Memory()
    store.open(START_US)
    connection = store.place().engine.raw_connection()
    connection.cursor().execute("PRAGMA synchronous = OFF")  # filling isn't what is measured
    connection.close()
    last = 0
    for second, batch in enumerate(_seconds(DAY_TAGS, DAY_S)):
        at_us = START_US + (second + 1) * 1_000_000
        _, last = store.append(stamper.stamp(batch, at_us), at_us)
    memory.start_after(last)
    index, holds = {tag.name: row for row, tag in enumerate(tags)}, holds_us(tags, SCAN_S)
    months = Months(folder)
    packer = Packer(Segments(store), months, lambda _: Rule(True, int(holds[0])), int(holds[0]), SystemClock())
    while packer.step():
        pass
    reader = HistoryReader(index, holds, memory, Archive(store, months), SystemClock())
    end_us = START_US + DAY_S * 1_000_000
    found = {}
    for name, span_s in {"10min": 600, "1h": 3_600, "1d": DAY_S}.items():
        query = HistoryQuery(("T4",), end_us - span_s * 1_000_000, end_us, PIXELS)
        found[name] = statistics.median(_time_s(lambda query=query: reader.answer(query)) for _ in range(3)) * 1e3
    months.close()
    store.close()
    return found


def _undisturbed_s(times: list[float]) -> float:
    """Return the 10th percentile: what a second costs while nobody else keeps the disk busy."""
    return float(np.percentile(times, 10))


def _time_s(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
