"""Giving each sample its place on the axis of time, and leaving out what its deadband makes needless. Recorder thread.

A source time is believed if it moves forward and is within five minutes of the station's clock. Where it isn't (a
value that turns stale keeps its old source time; a calculated value has the oldest of its inputs; a clock is wrong) the
sample stands where the station received it. Both times are stored all the same.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.columns import Columns, Ids
from plant_models.batch import Batch
from plant_models.quality import bad_mask
from plant_models.source_time import TRUST_US, are_believed
from plant_models.tag import Tag

HEARTBEAT_US: Final = 60_000_000
_NEVER: Final = np.iinfo(np.int64).min // 2


class Stamper:
    """Remembers, for each row of the tag table, the sample that was kept last."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        n = len(tags)
        self._deadbands = np.array([tag.deadband for tag in tags], np.float64)
        self._has_deadbands = bool(self._deadbands.any())
        self._values = np.full(n, np.nan)
        self._qualities = np.zeros(n, np.uint16)
        self._time_us = np.full(n, _NEVER, np.int64)

    def stamp(self, batch: Batch, received_us: int) -> Columns:
        """Return the samples to keep, in order. `received_us` is when the station applied them.

        Raises:
            ValueError: the batch has no values or qualities; only changed rows of the tag table are history.
        """
        if batch.values is None or batch.qualities is None:
            raise ValueError("a batch without values")
        ids = batch.tags.astype(np.int64)
        times, is_kept = np.empty(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        received = np.full(len(ids), received_us, np.int64)
        for rows in _turns(ids):
            tags, values, qualities = ids[rows], batch.values[rows], batch.qualities[rows]
            is_kept[rows] = self._is_news(tags, values, qualities)
            times[rows] = self._places(tags, batch.source_us[rows], received_us)
            self._note(tags, values, qualities, times[rows], is_kept[rows])
        return Columns(ids, batch.values, batch.qualities, times, batch.source_us, received).take(is_kept)

    def heartbeats(self, read_us: NDArray[np.int64], now_us: int) -> Columns:
        """Return a row for each tag that was silent for a minute though its value still holds.

        `read_us` (n tags) says when each was last read with success. A usable value is confirmed at that time; one that
        was not read since its last row is not confirmed. A bad one is confirmed at each full minute (UTC), where what
        is known of that time later finds and replaces it (`history.late`).
        """
        is_known, is_bad = self._time_us != _NEVER, bad_mask(self._qualities)
        is_due = is_known & (is_bad | (now_us - self._time_us >= HEARTBEAT_US))
        times = np.where(is_bad, now_us // HEARTBEAT_US * HEARTBEAT_US, np.minimum(read_us, now_us))
        ids = np.flatnonzero(is_due & (times > self._time_us)).astype(np.int64)
        times = times[ids]
        self._time_us[ids] = times
        received = np.full(len(ids), now_us, np.int64)
        return Columns(ids, self._values[ids], self._qualities[ids], times, times, received)

    def _is_news(self, tags: Ids, values: NDArray[np.float64], qualities: NDArray[np.uint16]) -> NDArray[np.bool_]:
        if not self._has_deadbands:
            return np.ones(len(tags), np.bool_)
        deadbands = self._deadbands[tags]
        with np.errstate(invalid="ignore"):
            is_far = ~(np.abs(values - self._values[tags]) <= deadbands)
        news: NDArray[np.bool_] = is_far | (deadbands == 0) | (qualities != self._qualities[tags])
        news |= self._time_us[tags] == _NEVER
        return news

    def _places(self, tags: Ids, source_us: NDArray[np.int64], received_us: int) -> NDArray[np.int64]:
        last = self._time_us[tags]
        is_believed = (source_us > last) & are_believed(source_us, received_us)
        is_behind = (received_us <= last) & (last - received_us <= TRUST_US)  # else our own clock was set back
        return np.where(is_believed, source_us, np.where(is_behind, last + 1, received_us))

    def _note(
        self,
        tags: Ids,
        values: NDArray[np.float64],
        qualities: NDArray[np.uint16],
        times: NDArray[np.int64],
        is_kept: NDArray[np.bool_],
    ) -> None:
        if not is_kept.all():
            tags, values, qualities, times = tags[is_kept], values[is_kept], qualities[is_kept], times[is_kept]
        self._values[tags] = values
        self._qualities[tags] = qualities
        self._time_us[tags] = times


def _turns(ids: Ids) -> list[NDArray[np.intp]]:
    """Return row numbers in turns: the first row of every tag, then the second ..., so that no turn has a tag twice."""
    if (ids[1:] > ids[:-1]).all():
        return [np.arange(len(ids))] if len(ids) else []
    order = np.argsort(ids, kind="stable")
    is_first = np.append(True, ids[order][1:] != ids[order][:-1])[: len(ids)]
    starts = np.flatnonzero(is_first)
    turn = np.arange(len(ids)) - np.repeat(starts, np.diff(np.append(starts, len(ids))))
    return [np.sort(order[turn == number]) for number in range(int(turn.max()) + 1)]
