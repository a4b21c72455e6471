"""History's answer as a trace: pixels become columns, and gaps keep their exact edges. Pure."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.series import NO_DATA, HistorySeries
from hmi.trends.trace import Trace, is_held
from plant_models.quality import Quality

_NONE: Final = -1


def trace_of(series: HistorySeries, end_us: int) -> Trace:
    """Return the trace of one tag, whose last pixel ends at `end_us`.

    A gap is a column of its own; the pixel in which it ends goes on after it. A pixel that has the quality of a gap
    inside it is otherwise uncertain.
    """
    starts = np.array([gap.start_us for gap in series.gaps], np.int64)
    ends = np.array([gap.end_us for gap in series.gaps], np.int64)
    inside = _is_inside(series.t0_us, starts, ends)
    pixels = np.flatnonzero(~inside)
    is_resumed = (ends < end_us) & ~np.isin(ends, series.t0_us) & ~_is_inside(ends, starts, ends)
    resumed = np.searchsorted(series.t0_us, ends[is_resumed], side="right") - 1
    t_us = np.concatenate((series.t0_us[pixels], starts, ends[is_resumed]))
    source = np.concatenate((pixels, np.full(len(starts), _NONE), resumed))
    reason = np.concatenate((np.zeros(len(pixels), np.intp), np.arange(len(starts)), np.zeros(len(resumed), np.intp)))
    order = np.argsort(t_us, kind="stable")
    return _taken(series, t_us[order], source[order], reason[order], end_us)


def _taken(
    series: HistorySeries, t_us: NDArray[np.int64], source: NDArray[np.intp], reason: NDArray[np.intp], end_us: int
) -> Trace:
    is_gap = source == _NONE

    def column(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(is_gap, np.nan, values[source])

    last = column(series.last)
    quality = series.quality[source]
    quality = np.where(is_held(quality), quality, np.uint16(Quality.UNCERTAIN))
    quality = np.where(np.isfinite(last), quality, np.uint16(NO_DATA))
    codes = np.array([gap.quality for gap in series.gaps] or [NO_DATA], np.uint16)
    codes = np.where(is_held(codes), np.uint16(Quality.BAD_OUT_OF_RANGE), codes)  # a good NaN has no code of its own
    quality = np.where(is_gap, codes[reason], quality)
    return Trace(
        t_us=t_us,
        first=column(series.first),
        last=last,
        low=column(series.min),
        high=column(series.max),
        mean=column(series.mean),
        quality=quality.astype(np.uint16),
        end_us=end_us,
    )


def _is_inside(t_us: NDArray[np.int64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which times lie in [start, end) of any gap; gaps are in order and don't overlap."""
    if not len(starts):
        return np.zeros(len(t_us), np.bool_)
    at = np.searchsorted(starts, t_us, side="right") - 1
    return (at >= 0) & (t_us < ends[np.maximum(at, 0)])
