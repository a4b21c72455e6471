"""Leaving out samples of an hour that say little more than their neighbours, once its cells are worked out.

Pure functions, packer thread. A sloped tag with a `deviation` is thinned by the fan: the line from the sample that was
kept last to the newest must pass every sample between them within the deviation, else the one before the newest stays.
(A swinging door keeps samples that its lines don't pass through, so that its bound is twice the deviation.) Any other
tag with a `deadband` holds its value until one differs by more; the sample before that stays too. All tags of a group
go through together, a sample of each in a step.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import Rule
from history.chunks.chunk import ROWS
from history.chunks.filling import fill
from history.chunks.samples import Samples
from history.usable import usable_mask

LONGEST_US: Final = 600_000_000
"""Ten minutes: as often a sample is kept whatever its value."""
_TOGETHER: Final = 2**21
"""Samples of all tags that go through together at most; they are padded to the longest tag."""
_ROUNDING: Final = 1.000001
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


def thin(hours: Mapping[int, Samples], rule_of: Callable[[int], Rule]) -> dict[int, Samples]:
    """Return the samples of an hour by tag id, with rows that stand for those that needn't be kept.

    A tag of which something was left out before stays as it is: its rows aren't all measured.
    """
    thinned = dict(hours)
    rules = {tag: rule_of(tag) for tag, samples in hours.items() if len(samples) > 2 and samples.filled is None}
    sloped = [tag for tag, rule in rules.items() if rule.deviation > 0]
    stepped = [tag for tag, rule in rules.items() if rule.deadband > 0 and rule.deviation <= 0]
    for tags, walk in ((sloped, fan), (stepped, deadband)):
        for some in _lots(tags, hours):
            must = [_must_stay(hours[tag], rules[tag].hold_us) for tag in some]
            bounds = np.array([max(rules[tag].deviation, rules[tag].deadband * (walk is deadband)) for tag in some])
            kept = walk(*_padded([hours[tag] for tag in some], must), bounds)
            for column, tag in enumerate(some):
                stays = kept[: len(hours[tag]), column] | must[column]
                if walk is fan:
                    stays = _checked(hours[tag], stays, bounds[column])
                thinned[tag] = _without(hours[tag], stays, is_sloped=walk is fan)
    return thinned


def fan(times: Floats, values: Floats, must: Mask, deviations: Floats) -> Mask:
    """Return which samples stay. All have the shape (samples, tags), `deviations` (tags,); times (µs) rise."""
    kept = must.copy()
    with np.errstate(all="ignore"):
        since, begin = times[0], values[0]
        low, high = np.full(len(deviations), -np.inf), np.full(len(deviations), np.inf)
        for row in range(1, len(times)):
            lengths = times[row] - since
            slopes = (values[row] - begin) / lengths
            fails = ~((slopes >= low) & (slopes <= high) & (lengths <= LONGEST_US))
            if fails.any():  # the one before becomes the anchor
                kept[row - 1] |= fails
                since, begin = np.where(fails, times[row - 1], since), np.where(fails, values[row - 1], begin)
                low, high = np.where(fails, -np.inf, low), np.where(fails, np.inf, high)
                lengths = times[row] - since
            rises = values[row] - begin
            low = np.maximum(low, (rises - deviations) / lengths)
            high = np.minimum(high, (rises + deviations) / lengths)
            anchors = must[row]
            if anchors.any():
                since, begin = np.where(anchors, times[row], since), np.where(anchors, values[row], begin)
                low, high = np.where(anchors, -np.inf, low), np.where(anchors, np.inf, high)
    return kept


def deadband(times: Floats, values: Floats, must: Mask, deadbands: Floats) -> Mask:
    """Return which samples stay; shapes as for the fan."""
    kept = must.copy()
    with np.errstate(all="ignore"):
        since, begin = times[0], values[0]
        for row in range(1, len(times)):
            fails = ~((np.abs(values[row] - begin) <= deadbands) & (times[row] - since <= LONGEST_US))
            kept[row - 1] |= fails
            kept[row] |= fails
            anchors = fails | must[row]
            if anchors.any():
                since, begin = np.where(anchors, times[row], since), np.where(anchors, values[row], begin)
    return kept


def _lots(tags: Sequence[int], hours: Mapping[int, Samples]) -> Iterator[list[int]]:
    """Give the tags in lots that fit into memory when padded, those with most samples first."""
    left = sorted(tags, key=lambda tag: -len(hours[tag]))
    while left:
        size = max(_TOGETHER // len(hours[left[0]]), 1)
        yield left[:size]
        left = left[size:]


def _must_stay(samples: Samples, hold_us: int) -> Mask:
    """Return which samples stay whatever their value: the ends of the hour, of runs of quality and of silences."""
    is_usable = usable_mask(samples.values, samples.qualities)
    breaks = np.diff(samples.times_us) > hold_us
    breaks |= samples.qualities[1:] != samples.qualities[:-1]
    stays: Mask = ~is_usable
    stays[:-1] |= breaks | ~is_usable[1:]
    stays[1:] |= breaks | ~is_usable[:-1]
    stays[0] = stays[-1] = True
    return stays


def _padded(hours: Sequence[Samples], must: Sequence[Mask]) -> tuple[Floats, Floats, Mask]:
    """Return times (µs since the first of all), values and what must stay as (samples, tags); the last one repeats."""
    n, base_us = max(map(len, hours)), min(int(samples.times_us[0]) for samples in hours)
    times, values, stays = np.empty((n, len(hours))), np.empty((n, len(hours))), np.zeros((n, len(hours)), np.bool_)
    for column, samples in enumerate(hours):
        length = len(samples)
        times[:length, column], times[length:, column] = samples.times_us - base_us, samples.times_us[-1] - base_us
        values[:length, column], values[length:, column] = samples.values, samples.values[-1]
        stays[:length, column] = must[column]
    return times, values, stays


def _checked(samples: Samples, stays: Mask, deviation: float) -> Mask:
    """Keep all between two samples whose line, as it will be worked out, doesn't pass within the deviation."""
    rows = np.flatnonzero(stays)
    times = (samples.times_us - samples.times_us[0]).astype(np.float64)
    with np.errstate(all="ignore"):
        line = np.interp(times, times[rows], samples.values[rows])
        is_off = ~stays & ~(np.abs(line - samples.values) <= deviation * _ROUNDING)
    if not is_off.any():
        return stays
    number = np.cumsum(stays)  # of the kept sample before
    return stays | np.isin(number, number[is_off])


def _without(samples: Samples, stays: Mask, *, is_sloped: bool) -> Samples:
    if stays.all():
        return samples
    counts = np.diff(np.flatnonzero(stays), append=len(stays)) - 1
    return fill(samples.take(stays), counts, is_sloped=is_sloped, most=ROWS)
