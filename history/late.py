"""Late samples: those that are older than what was written of their tag already. Recorder thread, pure functions.

They are rows as any other, merged by (tag, time) where the last one written counts; so no query needs to know of them.
Two kinds of rows are made of them: the samples, and a confirmation at each full minute at which one of them still held.
While a value is bad the recorder confirms that at full minutes, too (`history.stamping`), so what was recovered stands
in place of what the outage had left there, and where nothing was, that stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from history.chunks.texts import Texts
from history.columns import Columns, concatenate
from history.health import FUTURE, OUTSIDE
from history.stamping import HEARTBEAT_US
from history.text_length import shortened
from plant_models.batch import Batch
from plant_models.quality import Quality, bad_mask
from plant_models.recovered import Recovered


@dataclass(frozen=True, slots=True)
class Placed:
    """What is to be stored: samples, and after them `marks` confirmations. `refused` counts the samples left out."""

    columns: Columns
    marks: int
    refused: Mapping[str, int]


def place(recovered: Recovered, received_us: int) -> Placed:
    """Return late samples as they are to be stored; `received_us` (µs UTC) is when the station had them.

    A source time is taken as it is, since there is no other that would do; one of the future, or outside the time that
    was asked for, is refused. A value that isn't finite is never good.

    Raises:
        ValueError: the batch has no values or qualities.
    """
    batch = recovered.batch
    if batch.values is None or batch.qualities is None:
        raise ValueError("late samples without values")
    times = batch.source_us
    is_future = times > received_us
    is_wanted = ~is_future & (times >= recovered.since_us) & (times <= recovered.until_us)
    is_strange = ~np.isfinite(batch.values) & ~bad_mask(batch.qualities)
    qualities = np.where(is_strange, np.uint16(Quality.BAD_OUT_OF_RANGE), batch.qualities)
    received = np.full(len(batch), received_us, np.int64)
    ids, texts = batch.tags.astype(np.int64), _texts_of(batch)
    rows = Columns(ids, batch.values, qualities, times, times, received, texts)
    order = np.lexsort((times, rows.ids))
    samples = rows.take(order[is_wanted[order]])
    confirmations = _confirmations(samples, recovered)
    counts = {FUTURE: int(is_future.sum()), OUTSIDE: int((~is_wanted & ~is_future).sum())}
    refused = {reason: count for reason, count in counts.items() if count}
    return Placed(concatenate([samples, confirmations]), len(confirmations), refused)


def _confirmations(samples: Columns, recovered: Recovered) -> Columns:
    """Return a row for each full minute between two samples of a tag (sorted by tag and time), if the first held.

    Nothing is confirmed after a tag's last sample, nor before the values were marked bad: there live ones stand.
    """
    begins, ends = samples.time_us[:-1], samples.time_us[1:]
    holds = (begins >= recovered.unbroken_us) | (ends - begins <= HEARTBEAT_US)
    first = np.maximum(begins, recovered.marked_us) // HEARTBEAT_US + 1
    last = (ends - 1) // HEARTBEAT_US
    is_same = samples.ids[1:] == samples.ids[:-1]
    counts = np.where(holds & is_same, np.maximum(last - first + 1, 0), 0)
    rows = samples.take(np.repeat(np.arange(len(counts)), counts))
    times = _full_minutes(first, counts)
    return Columns(rows.ids, rows.values, rows.qualities, times, times, rows.received_us, rows.texts)


def _texts_of(batch: Batch) -> Texts | None:
    if batch.texts is None:
        return None
    return Texts.of(None if text is None else shortened(text) for text in batch.texts).fitting()


def _full_minutes(first: NDArray[np.int64], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `counts` minutes in a row from each first one, as times in µs UTC."""
    steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
    return (np.repeat(first, counts) + steps) * HEARTBEAT_US
