"""When the consequence of an alarm comes if nothing changes: a tank spills, or runs empty. Pure, any thread.

The slope is that of Theil and Sen, the median of the slopes between all pairs of samples, which a third of them may
spoil. Nothing is said where a straight line isn't what is seen: the rise must stand out from the noise around it, go on
through all of the time that is looked at, and be significant with the bounds of Sen (Gilbert 1987, chapter 16), which
are widened where one sample resembles the next (Bayley and Hammersley 1946). What the trend does later isn't guessed.
"""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from history.usable import usable_mask
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Qualities, Times, Values

WINDOW_US: Final = 900_000_000
"""How far back samples count at most, 15 minutes."""
HORIZON_US: Final = 86_400_000_000
"""What lies further ahead than a day isn't said: no trend of minutes reaches that far."""
_LATELY_US: Final = WINDOW_US // 3
"""If all of the time shows no trend, one is looked for that began lately and goes where the value hasn't been before:
what has been there turned back, and may again."""
_FEWEST: Final = 12
_SHORTEST_US: Final = 60_000_000
_MOST: Final = 180
"""Samples that are compared in pairs at most."""
_Z: Final = 2.576
"""Of a normal distribution 99 % lie within so many standard deviations."""
_NOISE: Final = 3.0
"""How many times the noise the rise must be."""
_STEADY: Final = 0.3
"""The least of the rise to be expected that each part of the time must show."""
_SIGMA: Final = 1.4826
"""Standard deviation by median absolute deviation, of a normal distribution."""


@dataclass(frozen=True, slots=True)
class ConsequenceTime:
    """When the consequence comes: probably, at the earliest and at the latest (µs, on the axis of the samples).

    All three are the time of the newest sample if it has come already.
    """

    at_us: int
    earliest_us: int
    latest_us: int


@dataclass(frozen=True, slots=True)
class _Trend:
    """Value at the newest sample, noise around the line, and slopes per µs: the likely one and its bounds."""

    value: float
    noise: float
    slope: float
    low: float
    high: float


def rises_to(definition: AlarmDefinition) -> bool | None:
    """Tell whether the consequence of an alarm lies above (True) or below its values; None if it doesn't say."""
    if definition.kind in (AlarmKind.HIGH, AlarmKind.HIGH_HIGH):
        return True
    if definition.kind in (AlarmKind.LOW, AlarmKind.LOW_LOW):
        return False
    return None


def consequence_time(
    times_us: Times, values: Values, qualities: Qualities, reached_at: float, *, is_above: bool | None = None
) -> ConsequenceTime | None:
    """Return when a tag reaches a value, by its samples of the last minutes; None if that can't be said.

    Shapes (n,), times in rising order. `is_above` says on which side the value lies, None that the samples do. The
    newest sample must be usable; others that aren't are left out. Units don't matter.
    """
    is_usable = usable_mask(values, qualities)
    if not len(times_us) or not is_usable[-1] or not math.isfinite(reached_at):
        return None
    newest_us, newest = int(times_us[-1]), float(values[-1])
    sign = 1.0 if (reached_at > newest if is_above is None else is_above) else -1.0
    if (newest - reached_at) * sign >= 0:
        return ConsequenceTime(newest_us, newest_us, newest_us)
    is_usable &= times_us > newest_us - WINDOW_US
    times, risen = (times_us[is_usable] - newest_us).astype(np.float64), values[is_usable] * sign
    trend = _trend(times, risen)
    if trend is None:
        is_late = times > -_LATELY_US
        trend = _trend(times[is_late], risen[is_late])
        if trend is None or (risen[~is_late] > trend.value).any():
            return None
    return _reached(trend, reached_at * sign, newest_us)


def _reached(trend: _Trend, reached_at: float, newest_us: int) -> ConsequenceTime | None:
    way = max(reached_at - trend.value, 0.0)
    if way > trend.slope * HORIZON_US:
        return None
    earliest = max(way - trend.noise, 0.0) / trend.high
    latest = min((way + trend.noise) / trend.low, 2.0 * HORIZON_US)
    return ConsequenceTime(newest_us + round(way / trend.slope), newest_us + round(earliest), newest_us + round(latest))


def _trend(times: Values, values: Values) -> _Trend | None:
    """Return the line of samples that rise, None if they don't, or not clearly; times in µs, 0 is the newest."""
    if len(times) < _FEWEST or times[-1] - times[0] < _SHORTEST_US:
        return None
    rows = np.unique(np.linspace(0, len(times) - 1, min(len(times), _MOST)).round().astype(np.intp))
    times, values = times[rows], values[rows]
    first, second = np.triu_indices(len(times), 1)
    slopes = np.sort((values[second] - values[first]) / (times[second] - times[first]))
    slope = float(np.median(slopes))
    rise = slope * (times[-1] - times[0])
    level = float(np.median(values - slope * times))
    rest = values - slope * times - level
    noise = _SIGMA * float(np.median(np.abs(rest)))
    if slope <= 0 or rise < _NOISE * noise or not _is_steady(times, values, slope):
        return None
    half = _Z * math.sqrt(_variance(values) * _repetition(rest))
    low, high = math.floor((len(slopes) - half) / 2), math.ceil((len(slopes) + half) / 2)
    if low < 0 or slopes[low] <= 0:
        return None
    return _Trend(level, noise, slope, float(slopes[low]), float(slopes[min(high, len(slopes) - 1)]))


def _is_steady(times: Values, values: Values, slope: float) -> bool:
    """Whether each third of the samples lies about as much above the one before as the slope says: no step, no turn."""
    thirds = [
        (float(np.median(part)), float(np.median(at))) for part, at in zip(_thirds(values), _thirds(times), strict=True)
    ]
    return all(
        after - before >= _STEADY * slope * (until - since) for (before, since), (after, until) in pairwise(thirds)
    )


def _thirds(column: Values) -> list[Values]:
    return np.array_split(column, 3)


def _variance(values: Values) -> float:
    """Return the variance of the number of rising pairs less falling ones, were there no trend (Kendall 1975)."""
    n = len(values)
    _, ties = np.unique(values, return_counts=True)
    return float(n * (n - 1) * (2 * n + 5) - (ties * (ties - 1) * (2 * ties + 5)).sum()) / 18.0


def _repetition(rest: Values) -> float:
    """Return by how much that variance grows because each sample resembles the one before."""
    spread = float((rest**2).sum())
    if spread == 0.0:
        return 1.0
    likeness = min(max(float((rest[1:] * rest[:-1]).sum()) / spread, 0.0), 0.95)
    return (1.0 + likeness) / (1.0 - likeness)
