"""Intervals that roll-up cells tell exactly, without their samples. Worker threads of the station.

A cell is taken only where a usable value was there all the time: then nothing depends on how silences and bad samples
are counted. An hour with a sample that isn't packed yet, and its neighbours, into which that sample reaches, are left
to the samples.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from history.aggregates.samples import Floats, Mask, Times
from history.chunks.cells import CELL, HOUR_US, MINUTE_US, Cells
from history.queries.past import Past
from plant_models.quality import SEVERITY_SHIFT, QualityArray, Severity

_LARGE: Final = 1e200
"""Beyond it an integral might not be finite."""


@dataclass(frozen=True, slots=True)
class WholeCells:
    """n intervals of which `is_whole` are filled by cells; `first` is the first cell of each of those.

    `cells` are those of the whole intervals, one after the other.
    """

    is_whole: Mask
    cells: Cells
    first: Times

    def sums(self, name: str) -> Floats:
        """Return a column of the cells added up, for each whole interval."""
        return np.add.reduceat(self.cells[name].astype(np.float64), self.first)

    def extremes(self, choose: np.ufunc, name: str) -> tuple[Floats, Times]:
        """Return the smallest or largest value of each whole interval and the earliest time of it."""
        values = choose.reduceat(self.cells[name], self.first)
        is_there = np.flatnonzero(self.cells[name] == np.repeat(values, self._counts))
        earliest = is_there[np.searchsorted(is_there, self.first)]
        return values, self.cells[f"t_{name}_us"][earliest]

    def severities(self) -> QualityArray:
        """Return the worst severity of each whole interval."""
        worst = np.minimum(self.cells["worst"] >> np.uint16(SEVERITY_SHIFT), np.uint16(Severity.BAD))
        return np.asarray(np.maximum.reduceat(worst, self.first), np.uint16)

    @property
    def _counts(self) -> Times:
        return np.diff(self.first, append=len(self.cells))


def whole_cells(past: Past, edges_us: Times, worst: Severity) -> WholeCells:
    """Return which intervals between n + 1 edges consist of cells that are usable throughout and no worse than asked.

    Raises:
        DatabaseError: what is on disk can't be read.
    """
    level_us = next((level for level in (HOUR_US, MINUTE_US) if not (edges_us % level).any()), 0)
    n = len(edges_us) - 1
    if not level_us:
        return WholeCells(np.zeros(n, np.bool_), np.empty(0, CELL), np.empty(0, np.int64))
    cells = past.cells(level_us, int(edges_us[0]), int(edges_us[-1]))
    cells = cells[_is_full(cells, level_us, worst) & ~_is_touched(cells["t0_us"], past.unpacked_us)]
    low, high = np.searchsorted(cells["t0_us"], edges_us[:-1]), np.searchsorted(cells["t0_us"], edges_us[1:])
    is_whole = (high - low) * level_us == np.diff(edges_us)
    inside = np.repeat(is_whole, high - low)
    counts = (high - low)[is_whole]
    return WholeCells(is_whole, cells[inside], np.cumsum(counts) - counts)


def _is_full(cells: Cells, level_us: int, worst: Severity) -> Mask:
    severity = cells["worst"] >> np.uint16(SEVERITY_SHIFT)
    is_small = (np.abs(cells["min"]) < _LARGE) & (np.abs(cells["max"]) < _LARGE)
    return np.asarray(
        (cells["good_us"] == level_us) & (cells["n_good"] == cells["n"]) & (severity <= worst) & is_small, np.bool_
    )


def _is_touched(t0_us: Times, recent_us: Times) -> Mask:
    """Return which cells lie in an hour, or beside one, that has a sample that isn't packed."""
    hours = np.unique(recent_us // HOUR_US)
    touched = np.unique(np.concatenate([hours - 1, hours, hours + 1]))
    return np.isin(t0_us // HOUR_US, touched)
