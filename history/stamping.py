"""Giving each sample its place on the axis of time. Recorder thread.

A source time is believed if it moves forward and is within five minutes of the station's clock. Where it isn't (a
value that turns stale keeps its old source time; a calculated value has the oldest of its inputs; a clock is wrong) the
sample stands where the station received it. Both times are stored all the same.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from history.chunks.texts import Texts
from history.columns import Columns, Ids
from history.text_length import shortened
from plant_models.batch import Batch
from plant_models.quality import bad_mask
from plant_models.source_time import TRUST_US, are_believed
from plant_models.tag import Tag

HEARTBEAT_US: Final = 60_000_000
_NEVER: Final = np.iinfo(np.int64).min // 2


class Stamper:
    """Remembers, for each row of the tag table, the sample that came last."""

    def __init__(self, tags: Sequence[Tag]) -> None:
        n = len(tags)
        self._values = np.full(n, np.nan)
        self._qualities = np.zeros(n, np.uint16)
        self._time_us = np.full(n, _NEVER, np.int64)
        self._texts: dict[int, str] = {}

    def stamp(self, batch: Batch, received_us: int) -> Columns:
        """Return the samples as they are to be stored, in order. `received_us` is when the station applied them.

        Raises:
            ValueError: the batch has no values or qualities; only changed rows of the tag table are history.
        """
        if batch.values is None or batch.qualities is None:
            raise ValueError("a batch without values")
        ids = batch.tags.astype(np.int64)
        times = np.empty(len(ids), np.int64)
        received = np.full(len(ids), received_us, np.int64)
        for rows in _turns(ids):
            tags = ids[rows]
            times[rows] = self._places(tags, batch.source_us[rows], received_us)
            self._values[tags], self._qualities[tags] = batch.values[rows], batch.qualities[rows]
            self._time_us[tags] = times[rows]
        texts = None if batch.texts is None else self._note_texts(ids, batch.texts)
        return Columns(ids, batch.values, batch.qualities, times, batch.source_us, received, texts)

    def heartbeats(self, read_us: NDArray[np.int64], now_us: int) -> Columns:
        """Return a row for each tag that was silent for a minute though its value still holds.

        `read_us` (n tags) says when each was last read with success. A usable value is confirmed at that time; one that
        was not read since its last row is not confirmed. A bad one is confirmed at each full minute (UTC), where what
        is known of that time later finds and replaces it (`history.late`). After the station's clock was set back a tag
        whose last row lies ahead is confirmed at once: history goes on where the clock is.
        """
        is_known, is_bad = self._time_us != _NEVER, bad_mask(self._qualities)
        is_ahead = is_known & (self._time_us - now_us > TRUST_US)
        is_due = is_known & (is_bad | (now_us - self._time_us >= HEARTBEAT_US)) | is_ahead
        times = np.where(is_bad, now_us // HEARTBEAT_US * HEARTBEAT_US, np.minimum(read_us, now_us))
        ids = np.flatnonzero(is_due & ((times > self._time_us) | is_ahead)).astype(np.int64)
        times = times[ids]
        self._time_us[ids] = times
        received = np.full(len(ids), now_us, np.int64)
        texts = Texts.of(map(self._texts.get, ids.tolist())).fitting() if self._texts else None
        return Columns(ids, self._values[ids], self._qualities[ids], times, times, received, texts)

    def _note_texts(self, ids: Ids, texts: Sequence[str | None]) -> Texts | None:
        """Remember the newest text of each tag; return all as a column."""
        cut = [None if text is None else shortened(text) for text in texts]
        for row, text in zip(ids.tolist(), cut, strict=True):
            if text is not None:
                self._texts[row] = text
            else:
                self._texts.pop(row, None)
        return Texts.of(cut).fitting()

    def _places(self, tags: Ids, source_us: NDArray[np.int64], received_us: int) -> NDArray[np.int64]:
        last = self._time_us[tags]
        is_believed = (source_us > last) & are_believed(source_us, received_us)
        is_behind = (received_us <= last) & (last - received_us <= TRUST_US)  # else our own clock was set back
        return np.where(is_believed, source_us, np.where(is_behind, last + 1, received_us))


def _turns(ids: Ids) -> list[NDArray[np.intp]]:
    """Return row numbers in turns: the first row of every tag, then the second ..., so that no turn has a tag twice."""
    if (ids[1:] > ids[:-1]).all():
        return [np.arange(len(ids))] if len(ids) else []
    order = np.argsort(ids, kind="stable")
    is_first = np.append(True, ids[order][1:] != ids[order][:-1])[: len(ids)]
    starts = np.flatnonzero(is_first)
    turn = np.arange(len(ids)) - np.repeat(starts, np.diff(np.append(starts, len(ids))))
    return [np.sort(order[turn == number]) for number in range(int(turn.max()) + 1)]
