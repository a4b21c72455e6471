"""Store and forward: how fast frames that waited reach a server, beside rows that are sent as well as rows can be."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg

from benchmarks.figure import Figure
from benchmarks.history_ingest import TAGS, seconds
from benchmarks.signals import START_US
from history.forward.forwarder import Forwarder
from history.forward.spool import Spool
from history.memory import Memory
from history.run_marks import RunMarks
from history.stamping import Stamper
from history.store.frames import FrameStore
from history.store.spooled import FrameRow, read_frames
from plant_models.batch import Batch
from plant_models.clock import SystemClock
from plant_models.tag import Tag
from tests.fakes.postgresql import made_database, postgresql

SECONDS, ROUND_S = 600, 150
ROW_SECONDS = 40
_TABLE = "(tag int, time_us bigint, value double precision, quality smallint"


class _Account:
    """The account of a recorder that has written everything already."""

    def __init__(self) -> None:
        self.run_marks = RunMarks()

    def lose(self, frames: range, rows: int, lost: int, reason: str) -> None:
        raise AssertionError(f"{lost} of {rows} rows in frames {frames} are lost: {reason}")


def run() -> list[Figure]:
    """Return samples/s of draining beside rows and beside live ones, and what was lost or doubled."""
    batches = list(seconds(SECONDS))
    with tempfile.TemporaryDirectory() as name, postgresql(_made(Path(name) / "pg")) as server:
        with made_database(server) as address:
            frames, lost, doubled = _frames(Path(name) / "spool", address, batches)
        with made_database(server) as address:
            rows = _rows(address, batches[:ROW_SECONDS])
    return [
        Figure("forward_frames_vs_row_upsert", frames, "samples/s", ">= 50", baseline=rows),
        Figure("forward_lost", lost, "samples", "<= 0"),
        Figure("forward_duplicated", doubled, "samples", "<= 0"),
        Figure("forward_drain_vs_live", frames, "samples/s", ">= 5", baseline=TAGS),
    ]


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _frames(folder: Path, address: str, batches: Sequence[Batch]) -> tuple[float, int, int]:
    """Return samples/s from the spool to the server, and samples that were lost and doubled.

    The frames of some minutes wait each time; the first time, which connects and makes the tables, isn't counted.
    """
    tags, clock, account = [Tag(name=f"T{number}") for number in range(TAGS)], SystemClock(), _Account()
    store, stamper, memory = FrameStore(folder, [tag.name for tag in tags]), Stamper(tags), Memory()
    store.open(START_US)
    account.run_marks.start_after(0)
    spool = Spool(store, memory, account, clock)
    forwarder = Forwarder(address, spool, [], clock)
    rates = []
    for start in range(0, SECONDS, ROUND_S):
        part = batches[start : start + ROUND_S]
        for second, batch in enumerate(part, start):
            at_us = START_US + (second + 1) * 1_000_000
            first, last = store.append(stamper.stamp(batch, at_us), at_us)
            account.run_marks.note(first, last, 0)
        spool.measure()
        rates.append(TAGS * len(part) / _time_s(lambda: _drain(forwarder)))
    forwarder.close()
    store.close()
    with psycopg.connect(address, options="-c search_path=clearwell") as connection:
        rows = [FrameRow(*row) for row in connection.execute("SELECT * FROM hist_frame ORDER BY seq")]
    there = [sample for row in rows for sample in _samples(row)]
    return statistics.median(rates[1:]), TAGS * SECONDS - len(set(there)), len(there) - len(set(there))


def _samples(row: FrameRow) -> Iterator[tuple[int, int]]:
    """Give tag and time of each sample of a frame."""
    found = read_frames([row])
    yield from zip(found.ids.tolist(), found.time_us.tolist(), strict=True)


def _drain(forwarder: Forwarder) -> None:
    while forwarder.step():
        pass


def _rows(address: str, batches: Sequence[Batch]) -> float:
    """Return samples/s of rows: COPY into a temporary table, from there into one with the key (tag, time), and a note
    of how far it came; a transaction for each second."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE sample {_TABLE}, PRIMARY KEY (tag, time_us))")
        connection.execute("CREATE TABLE noted (last_us bigint)")
        connection.execute(f"CREATE TEMP TABLE fresh {_TABLE}) ON COMMIT DELETE ROWS")
        times = [_time_s(lambda batch=batch: _upsert(connection, batch)) for batch in batches]  # type: ignore[misc]
    return TAGS / statistics.median(times)


def _upsert(connection: psycopg.Connection, batch: Batch) -> None:
    assert batch.values is not None
    rows = zip(batch.tags.tolist(), batch.source_us.tolist(), batch.values.tolist(), strict=True)
    with connection.transaction(), connection.cursor() as cursor:
        with cursor.copy("COPY fresh FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["int4", "int8", "float8", "int2"])
            for row in rows:
                copy.write_row((*row, 0))
        cursor.execute("INSERT INTO sample SELECT * FROM fresh ON CONFLICT (tag, time_us) DO NOTHING")
        cursor.execute("INSERT INTO noted VALUES (1)")


def _time_s(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
