"""Testing an alarm's setting against 30 days of history of a tag that is read each second, reading included.

The baseline reads the same samples from the same files and judges them one at a time, with everything looked up before;
it counts, and knows nothing else of what it finds.
"""

import statistics
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from analytics.backtest import BackTest, BackTestRequest, back_test
from analytics.ground import Ground, ground_of
from benchmarks.figure import Figure
from benchmarks.history_ingest import HOLD_US, SetClock
from benchmarks.signals import START_US
from history.chunks.cells import HOUR_US, MINUTE_US, Rule, coarsen, make_cells
from history.chunks.chunk import Chunk
from history.chunks.samples import Samples
from history.memory import Memory
from history.packer import Packer
from history.queries.samples import SampleQuery
from history.query import HistoryReader
from history.store.archive import Archive
from history.store.decoded import cells_of, chunk_of
from history.store.frames import FrameStore
from history.store.months import Months
from history.store.packed import PackedHour, write_hours
from history.store.segments import Segments
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import SystemClock
from plant_models.plant import Plant
from plant_models.tag import DataType, Tag

DAYS: Final = 30
ROUNDS: Final = 5
SECOND_US: Final = 1_000_000
END_US: Final = START_US + DAYS * 24 * HOUR_US
TAG: Final = Tag(name="LEVEL", unit="m", type=DataType.F32, low=0.0, high=10.0, device="PLC", scan="fast")
PRESENT: Final = AlarmDefinition(tag="LEVEL", kind=AlarmKind.HIGH, limit=7.8)
PROPOSED: Final = AlarmDefinition(
    tag="LEVEL", kind=AlarmKind.HIGH, limit=7.8, deadband=0.5, on_delay_s=30.0, off_delay_s=60.0
)
CLOCK: Final = SystemClock()


def run() -> list[Figure]:
    """Return how long one setting takes, and beside the present one, and how much faster than the loop it is."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _fill(folder)
        reader = _open(folder)
        ground = ground_of(_plant())
        alone, pair = [], []
        for _ in range(ROUNDS):
            alone.append(_test(reader, ground, BackTestRequest(PROPOSED, START_US, END_US))[0])
            pair.append(_test(reader, ground, BackTestRequest(PROPOSED, START_US, END_US, PRESENT))[0])
        _, found = _test(reader, ground, BackTestRequest(PROPOSED, START_US, END_US, PRESENT))
        assert found.present is not None
        loop_ms, count = _loop(reader, PROPOSED)
        assert (count, _loop(reader, PRESENT)[1]) == (found.proposed.count, found.present.count)
    return [
        Figure("backtest_30_days_ms", statistics.median(alone), "ms", "<= 1000"),
        Figure("backtest_30_days_with_present_ms", statistics.median(pair), "ms", "<= 1000"),
        Figure("backtest_30_days_vs_loop", statistics.median(alone), "ms", "<= 0.7", baseline=loop_ms),
    ]


def _fill(folder: Path) -> None:
    """Pack a level that comes near its limit each day, with noise, a sample each second."""
    frames, months, clock = FrameStore(folder, [TAG.name]), Months(folder), SetClock()
    clock.now_us = END_US
    frames.open(START_US)
    (tag,) = frames.place().ids.tolist()
    seconds = np.arange(DAYS * 86_400)
    noise = np.random.default_rng(1).normal(0.0, 0.05, len(seconds))
    level = np.round(6.0 + 2.0 * np.sin(seconds * (2 * np.pi / 86_400)) + noise, 3)
    for first in range(0, len(level), 3_600):
        hour_us = START_US + first * SECOND_US
        times = hour_us + np.arange(3_600, dtype=np.int64) * SECOND_US
        samples = Samples(times, level[first : first + 3_600], np.zeros(3_600, np.uint16))
        minutes = make_cells(samples, Rule(False, HOLD_US), MINUTE_US, hour_us, hour_us + HOUR_US)
        with months.writing(hour_us) as connection:
            write_hours(connection, hour_us, [PackedHour(Chunk(tag, coarsen(minutes, HOUR_US), samples), minutes)])
    packer = Packer(Segments(frames), months, lambda _: Rule(False, HOLD_US), HOLD_US, clock)
    while packer.step():
        pass
    frames.close()
    months.close()


def _open(folder: Path) -> HistoryReader:
    frames, clock = FrameStore(folder, [TAG.name]), SetClock()
    clock.now_us = END_US
    frames.open(END_US)
    archive = Archive(frames, Months(folder))
    return HistoryReader({TAG.name: 0}, np.array([HOLD_US]), Memory(), archive, clock)


def _plant() -> Plant:
    nothing: dict = {}
    return Plant(
        folder=Path("/nowhere"), name="", time_zone="UTC", home="", is_simulated=False, areas=(), scan_s={"fast": 1.0},
        devices=nothing, types=nothing, equipment=nothing, tags=(TAG,), alarms=(PRESENT,), displays=nothing,
    )  # fmt: skip


def _test(reader: HistoryReader, ground: Ground, request: BackTestRequest) -> tuple[float, BackTest]:
    """Return how long a test takes in ms, nothing of its history decoded before, and its answer."""
    chunk_of.cache_clear()
    cells_of.cache_clear()
    begun = CLOCK.mono_ns()
    found = back_test(request, ground, reader)
    return (CLOCK.mono_ns() - begun) / 1e6, found


def _loop(reader: HistoryReader, definition: AlarmDefinition) -> tuple[float, int]:
    """Return how long the same takes in ms one sample after the other, and how often the alarm is raised."""
    chunk_of.cache_clear()
    cells_of.cache_clear()
    begun = CLOCK.mono_ns()
    limit = definition.limit or 0.0
    clear = limit - definition.deadband
    delays_us = round(definition.off_delay_s * 1e6), round(definition.on_delay_s * 1e6)
    is_active, due_us, count = False, None, 0
    at_us: int | None = START_US
    while at_us is not None:
        (page,) = reader.samples(SampleQuery((TAG.name,), at_us, END_US, 500_000))
        at_us = page.more_from_us
        columns = page.times_us.tolist(), page.values.tolist(), page.qualities.tolist()
        for time_us, value, quality in zip(*columns, strict=True):
            if due_us is not None and due_us <= time_us:
                is_active, due_us = not is_active, None
                count += is_active
            turns = quality < 0x8000 and (value < clear if is_active else value > limit)
            if not turns:
                due_us = None
            elif due_us is None:
                if delays_us[not is_active]:
                    due_us = time_us + delays_us[not is_active]
                else:
                    is_active = not is_active
                    count += is_active
    count += due_us is not None and due_us <= END_US and not is_active
    return (CLOCK.mono_ns() - begun) / 1e6, count
