"""The items of one publish to batches: samples, and failures that keep the last values. Pure functions."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from math import nan
from typing import Any

import numpy as np

from drivers.opcua.values import content_of, number_of, quality_of, source_us_of
from plant_models.batch import Batch, samples
from plant_models.quality import Quality, bad_mask, is_bad
from plant_models.scaling import Scaling
from plant_models.tag import Tag

Item = tuple[int, Any]
_Outcome = tuple[int, float | None, str | None, int, int]
"""Row, number (None for a failure), text, quality, source time."""


def batches_of(items: Sequence[Item], tags: Mapping[int, Tag], wall_us: int, now_ns: int) -> list[Batch]:
    """Return the batches of (row, DataValue) pairs; what belongs to one row keeps its order of arrival.

    A bad status without a value keeps the tag's last value; a content of the wrong type is Bad, type mismatch.
    """
    # A row climbs a level each time it fails (even levels) or is read again (odd ones): as few batches as can be.
    levels: dict[int, list[_Outcome]] = defaultdict(list)
    level_of: dict[int, int] = {}
    for row, value in items:
        outcome = _outcome(row, value, tags[row], wall_us)
        is_failure, level = outcome[1] is None, level_of.get(row, 0)
        if is_failure != (level % 2 == 0):
            level += 1
        level_of[row] = level
        levels[level].append(outcome)
    return [
        _samples(levels[level], tags, now_ns) if level % 2 else _failures(levels[level], now_ns)
        for level in sorted(levels)
    ]


def past_of(items: Sequence[Item], tags: Mapping[int, Tag], wall_us: int, now_ns: int) -> Batch:
    """Return (row, DataValue) pairs of the past as one batch in their order; what has no value is NaN, and bad."""
    read: list[_Outcome] = []
    for row, value in items:
        _, number, text, quality, source_us = _outcome(row, value, tags[row], wall_us)
        read.append((row, nan if number is None else number, text, quality, source_us))
    return _samples(read, tags, now_ns)


def _outcome(row: int, value: Any, tag: Tag, wall_us: int) -> _Outcome:
    content, quality, source_us = content_of(value), quality_of(value.StatusCode), source_us_of(value, wall_us)
    if content is None:
        return row, None, None, quality if is_bad(quality) else Quality.BAD_OUT_OF_RANGE, source_us
    try:
        number, text = number_of(content, tag)
    except TypeError:
        return row, None, None, quality if is_bad(quality) else Quality.BAD_TYPE_MISMATCH, source_us
    return row, number, text, quality, source_us


def _samples(read: Sequence[_Outcome], tags: Mapping[int, Tag], now_ns: int) -> Batch:
    rows, numbers, texts, statuses, source_us = zip(*read, strict=True)
    status = np.array(statuses, np.uint16)
    values, scaled = Scaling([tags[row] for row in rows]).to_units(np.array(numbers, np.float64))
    is_text = np.array([text is not None for text in texts])
    values = np.where(is_text, numbers, values)
    scaled = np.where(is_text, np.uint16(Quality.GOOD), scaled)
    # The server's word stands where it is the worse one; of two good ones too (it may say "manual value").
    qualities = np.where((scaled > status) & ~bad_mask(status) & (scaled != 0), scaled, status)
    return samples(rows, values, qualities, source_us, now_ns, texts if is_text.any() else None)


def _failures(failed: Sequence[_Outcome], now_ns: int) -> Batch:
    rows, _, _, qualities, source_us = zip(*failed, strict=True)
    n = len(rows)
    return Batch(
        np.array(rows, np.intp),
        None,
        np.array(qualities, np.uint16),
        np.array(source_us, np.int64),
        np.full(n, now_ns, np.int64),
    )
