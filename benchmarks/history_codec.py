"""The blobs of history: how small, and how fast to make and to read.

All on the signals of `benchmarks.signals`, without a disk. Times are of the processor, so that other work counts less.
"""

import io
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pyarrow
import pyarrow.parquet
import zstandard

from benchmarks.figure import Figure
from benchmarks.signals import GROUP, START_US, group_times, group_values, stepped
from history.chunks.cells import HOUR_US, MINUTE_US, Cells, Rule, coarsen, make_cells, replace
from history.chunks.chunk import Chunk, read_chunk, write_chunk
from history.chunks.rollup import Rollup, read_rollup, write_rollup
from history.chunks.samples import Block, Samples, concatenate_samples, merge_blocks
from history.chunks.segment import TAGS, read_segment, write_segment
from history.chunks.times import write_times
from history.thinning import fan

PLANT_TAGS: Final = 5_000
HOUR_S: Final = 3_600
DAY_S: Final = 86_400
HOLD_US: Final = 90_000_000
FAN_S: Final = 200
PARQUET_TAGS: Final = 500
"""The baseline of size is measured on these tags, and so is what stands beside it."""


class Step:
    """The hour of 64 tags: 60 segments become chunks and cells of minutes."""

    def __init__(self, blocks: list[Block]) -> None:
        self.write_ms = [_cpu_ms(lambda block=block: write_segment(block)) for block in blocks]
        self.segments = [write_segment(block) for block in blocks]
        self.chunks: list[bytes]
        self.rollups: list[bytes]
        self.compact_ms = min(_cpu_ms(self._compact) for _ in range(2))  # what it costs undisturbed

    def _compact(self) -> None:
        self.chunks, self.rollups = [], []
        for tag, samples in merge_blocks([read_segment(segment) for segment in self.segments]).items():
            cells = make_cells(samples, _rule(tag), MINUTE_US, START_US, START_US + HOUR_US)
            self.chunks.append(write_chunk(Chunk(tag, coarsen(cells, HOUR_US), samples)))
            self.rollups.append(write_rollup(Rollup(tag, MINUTE_US, cells)))


def run() -> list[Figure]:
    """Return sizes beside Parquet and plain zstd, the cost of an hour of 5,000 tags, and of reading a day of one."""
    steps = list(_steps())
    step_ms = [step.compact_ms for step in steps]
    samples = PLANT_TAGS * HOUR_S
    chunk_sizes = [len(chunk) for step in steps for chunk in step.chunks]
    segment_ms = statistics.median(ms for step in steps for ms in step.write_ms)
    few = sum(chunk_sizes[:PARQUET_TAGS]) / (PARQUET_TAGS * HOUR_S)
    return [
        Figure("bytes_per_sample", sum(chunk_sizes) / samples, "B", "<= 1.3"),
        Figure("bytes_per_sample_vs_parquet_zstd", few, "B", "<= 0.65", baseline=_parquet_bytes()),
        Figure("bytes_per_sample_vs_zstd_of_doubles_and_times", few, "B", "<= 0.65", baseline=_zstd_bytes()),
        Figure("segment_bytes_per_sample", _bytes(steps, "segments") / samples, "B", "<= 2.6"),
        Figure("rollup_minute_bytes_per_sample", _bytes(steps, "rollups") / samples, "B", "<= 0.4"),
        *[Figure(f"time_bytes_{name}", _time_bytes(us), "B", target) for name, us, target in _RESOLUTIONS],
        Figure("hour_compaction_share_of_wall", sum(step_ms) / 1e3 / HOUR_S * 100, "%", "<= 0.3"),
        Figure("hour_compaction_longest_step_ms", max(step_ms), "ms", "<= 150"),
        Figure("minute_segments_ms", segment_ms * PLANT_TAGS / TAGS, "ms", "<= 180"),
        Figure("last_hour_of_a_tag_from_segments_ms", _last_hour_ms(steps[0]), "ms", "<= 20"),
        Figure("fan_step_ms", _fan_step_ms(), "ms", "<= 0.5"),
        *_day_figures(),
    ]


_RESOLUTIONS: Final = (("grid", 1_000_000, "<= 0.009"), ("ms", 1_000, "<= 0.24"), ("us", 1, "<= 1.75"))


def _rule(tag: int) -> Rule:
    return Rule(stepped(tag), HOLD_US)


def _steps() -> Iterator[Step]:
    """Give the steps of a plant's hour one after another."""
    values = np.empty((0, HOUR_S))
    times = np.empty((0, HOUR_S), np.int64)
    group = 0
    for first in range(0, PLANT_TAGS, TAGS):
        n = min(TAGS, PLANT_TAGS - first)
        while len(values) < n:
            values = np.concatenate([values, group_values(group, HOUR_S)])
            times = np.concatenate([times, group_times(group, HOUR_S)])
            group += 1
        yield Step([_minute(first, times[:n, part], values[:n, part]) for part in _minutes()])
        values, times = values[n:], times[n:]


def _minutes() -> Iterator[slice]:
    return (slice(start, start + 60) for start in range(0, HOUR_S, 60))


def _minute(first: int, times: np.ndarray, values: np.ndarray) -> Block:
    tags = np.repeat(first + np.arange(len(times)), 60)
    return Block(tags, Samples(times.reshape(-1), values.reshape(-1), np.zeros(tags.size, np.uint16)))


def _bytes(steps: list[Step], name: str) -> int:
    return sum(len(blob) for step in steps for blob in getattr(step, name))


def _parquet_bytes() -> float:
    """Return the bytes of a sample in Parquet: sorted by tag and time, zstd at the same level."""
    groups = range(PARQUET_TAGS // GROUP)
    values = np.concatenate([group_values(group, HOUR_S) for group in groups]).reshape(-1)
    columns = {
        "tag": np.repeat(np.arange(PARQUET_TAGS, dtype=np.int32), HOUR_S),
        "time": np.concatenate([group_times(group, HOUR_S) for group in groups]).reshape(-1).view("<M8[us]"),
        "value": values,
        "quality": np.zeros(values.size, np.uint16),
    }
    file = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), file, compression="zstd", compression_level=3)
    return len(file.getvalue()) / values.size


def _zstd_bytes() -> float:
    """Return the bytes of a sample as an hour of doubles and one of times, each packed by zstd as they are."""
    packer = zstandard.ZstdCompressor(level=3)
    groups = range(PARQUET_TAGS // GROUP)
    rows = [row for group in groups for both in (group_values, group_times) for row in both(group, HOUR_S)]
    return sum(len(packer.compress(row.tobytes())) for row in rows) / (PARQUET_TAGS * HOUR_S)


def _time_bytes(resolution_us: int) -> float:
    return statistics.mean(len(write_times(row)) for row in group_times(0, HOUR_S, resolution_us)) / HOUR_S


def _last_hour_ms(step: Step) -> float:
    return _undisturbed_ms(lambda: merge_blocks([read_segment(segment, [5]) for segment in step.segments]))


def _fan_step_ms() -> float:
    """Return the cost of a second of 5,000 tags that are thinned by lines within half a percent of their range."""
    groups = range(PLANT_TAGS // GROUP)
    values = np.concatenate([group_values(group, FAN_S) for group in groups]).T.copy()
    times = np.concatenate([group_times(group, FAN_S) for group in groups]).T - float(START_US)
    must = np.zeros(values.shape, np.bool_)
    deviations = np.ptp(values, axis=0) * 0.005
    return _undisturbed_ms(lambda: fan(times, values, must, deviations)) / FAN_S


def _day_figures() -> list[Figure]:
    """Return reading a day from 24 chunks (the slowest of five kinds of tag) and adding an hour to a day's cells."""
    values, times = group_values(0, DAY_S), group_times(0, DAY_S)
    decode, cells = [], []
    for tag in (1, 20, 40, 60, 95):
        day = Samples(times[tag], values[tag], np.zeros(DAY_S, np.uint16))
        chunks = list(_chunks(tag, day))
        decode.append(
            _undisturbed_ms(lambda chunks=chunks: concatenate_samples([read_chunk(chunk).samples for chunk in chunks]))
        )
        cells.append(_added_ms(tag, make_cells(day, _rule(tag), MINUTE_US, START_US, START_US + 24 * HOUR_US)))
    doubles = zstandard.ZstdCompressor(level=3).compress(values[1].tobytes() + times[1].tobytes())
    plain_ms = _undisturbed_ms(lambda: np.frombuffer(zstandard.decompress(doubles)).copy())
    return [
        Figure("query_1d_decode_ms", max(decode), "ms", "<= 4"),
        Figure("query_1d_decode_vs_zstd_of_doubles_and_times", max(decode), "ms", "<= 5", baseline=plain_ms),
        Figure("rollup_add_hour_to_day_ms", max(cells), "ms", "<= 5"),
    ]


def _chunks(tag: int, day: Samples) -> Iterator[bytes]:
    for start_us in range(START_US, START_US + 24 * HOUR_US, HOUR_US):
        header = make_cells(day, _rule(tag), HOUR_US, start_us, start_us + HOUR_US)
        yield write_chunk(Chunk(tag, header, day.between(start_us, start_us + HOUR_US)))


def _added_ms(tag: int, cells: Cells) -> float:
    blob = write_rollup(Rollup(tag, MINUTE_US, cells[:-60]))
    start_us, end_us = START_US + 23 * HOUR_US, START_US + 24 * HOUR_US

    def add() -> bytes:
        grown = replace(read_rollup(blob).cells, cells[-60:], start_us, end_us)
        return write_rollup(Rollup(tag, MINUTE_US, grown))

    return _undisturbed_ms(add)


def _undisturbed_ms(act: Callable[[], object]) -> float:
    """Return the 10th percentile of many, as if nobody else kept the caches busy."""
    return float(np.percentile([_cpu_ms(act) for _ in range(20)], 10))


def _cpu_ms(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) * 1e3
