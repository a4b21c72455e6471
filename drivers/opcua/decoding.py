"""The items of one publish to batches: samples, and failures that keep the last values. Pure functions."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from drivers.opcua.values import content_of, number_of, quality_of, source_us_of
from plant_models.batch import Batch, samples
from plant_models.quality import Quality, bad_mask, is_bad
from plant_models.scaling import Scaling
from plant_models.tag import Tag

Item = tuple[int, Any]


def batches_of(items: Sequence[Item], tags: Mapping[int, Tag], wall_us: int, now_ns: int) -> list[Batch]:
    """Return the batches of (row, DataValue) pairs, in order of arrival.

    A bad status without a value keeps the tag's last value; a content of the wrong type is Bad, type mismatch.
    """
    good: list[tuple[int, float, str | None, int, int]] = []
    failed: list[tuple[int, int, int]] = []
    for row, value in items:
        content, quality, source_us = content_of(value), quality_of(value.StatusCode), source_us_of(value, wall_us)
        if content is None:
            failed.append((row, quality if is_bad(quality) else Quality.BAD_OUT_OF_RANGE, source_us))
            continue
        try:
            number, text = number_of(content, tags[row])
        except TypeError:
            failed.append((row, quality if is_bad(quality) else Quality.BAD_TYPE_MISMATCH, source_us))
        else:
            good.append((row, number, text, quality, source_us))
    batches = [_samples(good, tags, now_ns)] if good else []
    return [*batches, _failures(failed, now_ns)] if failed else batches


def _samples(good: Sequence[tuple[int, float, str | None, int, int]], tags: Mapping[int, Tag], now_ns: int) -> Batch:
    rows, numbers, texts, statuses, source_us = zip(*good, strict=True)
    status = np.array(statuses, np.uint16)
    values, scaled = Scaling([tags[row] for row in rows]).to_units(np.array(numbers, np.float64))
    is_text = np.array([text is not None for text in texts])
    values = np.where(is_text, numbers, values)
    scaled = np.where(is_text, np.uint16(Quality.GOOD), scaled)
    # The server's word stands where it is the worse one; of two good ones too (it may say "manual value").
    qualities = np.where((scaled > status) & ~bad_mask(status) & (scaled != 0), scaled, status)
    return samples(rows, values, qualities, source_us, now_ns, texts if is_text.any() else None)


def _failures(failed: Sequence[tuple[int, int, int]], now_ns: int) -> Batch:
    rows, qualities, source_us = (np.array(column) for column in zip(*failed, strict=True))
    n = len(rows)
    return Batch(
        rows.astype(np.intp),
        None,
        qualities.astype(np.uint16),
        source_us.astype(np.int64),
        np.full(n, now_ns, np.int64),
    )
