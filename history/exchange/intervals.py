"""What intervals come to: hours from the cells that stand beside packed samples, days from hours. Pure functions but
for `interval_pieces`, which reads.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.cells import CELL, HOUR_US, MINUTE_US, Cells, Rule, make_cells
from history.chunks.samples import Samples
from history.chunks.segment import TAGS
from history.exchange.errors import ExchangeError
from history.exchange.kept import Kept
from history.exchange.raw import ALL_FRAMES, merged_samples
from history.exchange.times import EPOCH
from history.series import NO_DATA
from history.usable import badness
from plant_models.message import message

PIECE_US: Final = 31 * 24 * HOUR_US
"""How much is read at once."""
_MICROSECOND: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Every:
    """How long intervals are: `minutes`, which divide an hour, or days of the site that begin at `day_starts` if 0."""

    minutes: int
    zone: tzinfo = UTC
    day_starts: time = time(0)

    @classmethod
    def of(cls, text: str, zone: tzinfo, day_starts: time) -> "Every":
        """Return what "15min", "1h" or "1d" mean.

        Raises:
            ExchangeError: none of these.
        """
        if text == "1d":
            return cls(0, zone, day_starts)
        count = 60 if text == "1h" else int(text.removesuffix("min")) if text[:-3].isdecimal() else 0
        if not count or 60 % count or not text.endswith(("min", "1h")):
            raise ExchangeError(
                message("{text} is no interval; write 1d, 1h, or minutes that divide an hour, as 15min", text=text)
            )
        return cls(count)

    def edges_us(self, start_us: int, end_us: int) -> NDArray[np.int64]:
        """Return the edges (µs UTC) of the intervals that touch [start, end), one more than there are intervals."""
        if self.minutes:
            width = self.minutes * MINUTE_US
            return np.arange(start_us // width * width, -(-end_us // width) * width + 1, width, dtype=np.int64)
        day = (EPOCH + timedelta(microseconds=start_us)).astimezone(self.zone).date() - timedelta(days=1)
        edges = [self._day(day), self._day(day + timedelta(days=1))]
        while edges[-1] < end_us:
            day += timedelta(days=1)
            edges.append(self._day(day + timedelta(days=1)))
        found = np.array(edges, np.int64)
        return found[max(int(np.searchsorted(found, start_us, "right")) - 1, 0) :]

    def _day(self, day: object) -> int:
        at = datetime.fromisoformat(f"{day}T{self.day_starts.isoformat()}").replace(tzinfo=self.zone)
        return (at - EPOCH) // _MICROSECOND


@dataclass(frozen=True, slots=True)
class IntervalPiece:
    """What intervals of one tag come to; `cells` are as long as the edges but for one, n is 0 where there is none."""

    tag: str
    edges_us: NDArray[np.int64]
    cells: Cells

    def average(self) -> NDArray[np.float64]:
        """Return the means weighted by time, NaN where nothing is known."""
        seconds = np.where(self.cells["good_us"] > 0, self.cells["good_us"] / 1e6, np.nan)
        means: NDArray[np.float64] = self.cells["integral"] / seconds
        return means

    def qualities(self) -> NDArray[np.uint16]:
        """Return the worst quality of each, "no data" where there is neither a sample nor usable time."""
        is_empty = (self.cells["n"] == 0) & (self.cells["good_us"] == 0)
        return np.where(is_empty, NO_DATA, self.cells["worst"]).astype(np.uint16)

    def good_share(self) -> NDArray[np.float64]:
        """Return which share of the time is known to be usable, 0 to 1."""
        shares: NDArray[np.float64] = self.cells["good_us"] / np.diff(self.edges_us)
        return shares


def interval_pieces(
    kept: Kept, rows: Sequence[int], edges: NDArray[np.int64], hold_us: Callable[[str], int]
) -> Iterator[IntervalPiece]:
    """Yield the intervals between edges, a month at a time, in each the tags in the order of `rows`.

    `hold_us` says for how long a sample of a tag holds. Intervals without a sample or usable time are in it, empty.
    """
    is_of_hours = not (edges % HOUR_US).any()
    level_us = HOUR_US if is_of_hours else MINUTE_US
    if (edges % MINUTE_US).any():
        raise ExchangeError(message("days must begin at a full minute (UTC)"))
    for piece in _cut(edges):
        span = int(piece[0]), int(piece[-1])
        for at in range(0, len(rows), TAGS):
            group = rows[at : at + TAGS]
            newest = kept.archive.newest(group, *span, ALL_FRAMES)
            for row in group:
                hours = np.unique(newest.time_us[newest.ids == row] // HOUR_US * HOUR_US)
                packed = kept.archive.cells(row, level_us, *span)
                fresh = [_worked_out(kept, row, hour, level_us, hold_us(kept.names[row])) for hour in hours.tolist()]
                is_kept = ~np.isin(packed["t0_us"] // HOUR_US * HOUR_US, hours)
                cells = np.concatenate([packed[is_kept], *fresh])
                yield IntervalPiece(kept.names[row], piece, combine(cells[np.argsort(cells["t0_us"])], piece))


def _cut(edges: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    at = 0
    while at < len(edges) - 1:
        end = max(int(np.searchsorted(edges, edges[at] + PIECE_US, "right")) - 1, at + 1)
        yield edges[at : end + 1]
        at = end


def _worked_out(kept: Kept, row: int, hour_us: int, level_us: int, hold_us: int) -> Cells:
    """Return the cells of an hour of which something isn't packed yet."""
    found = kept.archive.read([row], hour_us - hold_us, hour_us + HOUR_US + hold_us, ALL_FRAMES)
    samples = merged_samples(found).get(row, Samples(found.time_us, found.values, found.qualities))
    rule = Rule(is_stepped=True, hold_us=hold_us)
    return make_cells(samples, rule, level_us, hour_us, hour_us + HOUR_US)


@np.errstate(all="ignore")
def combine(cells: Cells, edges: NDArray[np.int64]) -> Cells:
    """Return one cell for each interval between edges, made of finer cells in order that lie within one each."""
    joined = np.zeros(len(edges) - 1, CELL)
    joined["t0_us"] = joined["t_min_us"] = joined["t_max_us"] = edges[:-1]
    for name in ("min", "max", "first", "last"):
        joined[name] = np.nan
    at = np.searchsorted(edges, cells["t0_us"], "right") - 1
    inside = (at >= 0) & (at < len(joined))
    cells, at = cells[inside], at[inside]
    for name in ("n", "n_good", "integral", "good_us"):
        np.add.at(joined[name], at, cells[name])
    worst = np.zeros(len(joined), np.uint32)
    np.maximum.at(worst, at, badness(cells["worst"]))
    joined["worst"] = worst & 0xFFFF
    valued, to = cells[~np.isnan(cells["first"])], at[~np.isnan(cells["first"])]
    np.fmin.at(joined["min"], to, valued["min"])
    np.fmax.at(joined["max"], to, valued["max"])
    joined["last"][to] = valued["last"]  # of several the last one stays
    joined["first"][to[::-1]] = valued["first"][::-1]
    return joined
