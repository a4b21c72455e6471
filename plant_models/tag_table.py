"""The live values of every tag, in numpy columns.

The station thread is the only writer (`apply`, `age`, and the listeners' callbacks run there). Every other thread reads
copies; the lock is held only while columns are copied, so a reader never sees half a sample.
"""

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.batch import Batch, Qualities, TagIndices, Times, Values, merge, merge_reads
from plant_models.calculation import Agenda, Calculation, CalculationOrder
from plant_models.clock import Clock
from plant_models.heard import Heard
from plant_models.leases import Leases
from plant_models.newest_change import Change, NewestChanges
from plant_models.quality import Quality, bad_mask, severity
from plant_models.source_time import all_believed_us
from plant_models.tag import Tag

STALE_SCANS: Final = 3
"""A value is stale when its last successful read is older than this many scans."""

_NEVER: Final = np.iinfo(np.int64).max
_BAD: Final = np.uint16(0x8000)

OnChanged = Callable[[Batch], None]


@dataclass(frozen=True, slots=True)
class Sample:
    """One row, for people: value, quality and times are never apart."""

    value: float
    quality: int
    source_us: int
    received_ns: int
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Copies of the columns of n rows, all from one moment."""

    values: Values
    qualities: Qualities
    source_us: Times
    received_ns: Times


class TagTable:
    """Values, qualities, times and change numbers of all tags; row i belongs to `tags[i]`.

    Until its first sample a row is NaN, Bad, waiting for initial data. `scan_s` gives the period of each scan class
    in s, `rest_s` the one at rest of those that are leased.

    Raises:
        ValueError: two tags share a name, a scan class is unknown, or formulas are wrong (see CalculationOrder).
    """

    def __init__(
        self, tags: Sequence[Tag], scan_s: Mapping[str, float], clock: Clock, rest_s: Mapping[str, float] | None = None
    ) -> None:
        self.tags = tuple(tags)
        self.index: Mapping[str, int] = {tag.name: row for row, tag in enumerate(self.tags)}
        if len(self.index) != len(self.tags):
            raise ValueError("two tags share a name")
        n = len(self.tags)
        self._clock = clock
        self._lock = threading.Lock()
        self._values = np.full(n, np.nan)
        self._qualities = np.full(n, Quality.BAD_WAITING_FOR_INITIAL_DATA, np.uint16)
        self._source_us = np.zeros(n, np.int64)
        self._received_ns = np.zeros(n, np.int64)
        self._changed_at = np.zeros(n, np.int64)
        self._changes = NewestChanges(n)
        self._texts: dict[int, str] = {}
        self._sequence = 0
        self._max_age_ns = np.array([_max_age_ns(tag, scan_s) for tag in self.tags], np.int64)
        self._is_stale = np.zeros(n, np.bool_)
        self._fresh_quality = np.zeros(n, np.uint16)
        self._latest = np.zeros(n, np.intp)
        self._order = CalculationOrder(self.tags, self.index)
        self._heard = Heard(self.tags, self._order)
        self._leases = Leases(self.tags, rest_s or {}, clock)
        self._listeners: list[OnChanged] = []
        for step in self._order.steps:
            if not len(step.inputs):
                self._calculate(step)

    # reading, any thread

    @property
    def sequence(self) -> int:
        """The number of the newest change; it grows with each."""
        return self._sequence

    def changed_since(self, sequence: int, rows: TagIndices | None = None) -> TagIndices:
        """Return which of `rows` (all if None) changed value or quality after change number `sequence`."""
        with self._lock:
            if rows is None:
                return np.flatnonzero(self._changed_at > sequence)
            return rows[self._changed_at[rows] > sequence]

    def read(self, rows: TagIndices) -> Snapshot:
        """Return copies of the columns of `rows`."""
        with self._lock:
            return Snapshot(self._values[rows], self._qualities[rows], self._source_us[rows], self._received_ns[rows])

    def sample(self, tag: str | int) -> Sample:
        """Return the present sample of a tag, given by name or row.

        Raises:
            KeyError: no tag has this name.
        """
        row = self.index[tag] if isinstance(tag, str) else tag
        with self._lock:
            return Sample(
                float(self._values[row]),
                int(self._qualities[row]),
                int(self._source_us[row]),
                int(self._received_ns[row]),
                self._texts.get(row),
            )

    def age_s(self, row: int) -> float | None:
        """Return how long ago the source of a row was last heard of, in s; None if it never was."""
        with self._lock:
            received_ns = int(self._received_ns[row])
        return (self._clock.mono_ns() - received_ns) / 1e9 if received_ns else None

    def heard_ns(self, rows: TagIndices) -> Times:
        """Return when the sources of rows were last heard of, ns monotonic, 0 for never; see Heard.

        Unlike what `read` says, that of a formula moves with every reading, also with those that changed nothing.
        """
        with self._lock:
            return self._heard.of(rows, self._received_ns, self._clock.mono_ns())

    def change(self, tag: str | int) -> Change:
        """Return when a tag, given by name or row, last changed in value or quality.

        Raises:
            KeyError: no tag has this name.
        """
        with self._lock:
            return self._changes[self.index[tag] if isinstance(tag, str) else tag]

    def text(self, row: int) -> str | None:
        """Return the present text of a text tag, None for any other."""
        return self._texts.get(row)

    def lease(self, rows: TagIndices) -> TagIndices:
        """Note that somebody looks at `rows`; return what must be read for it: of a formula, its inputs. Any thread."""
        if not self._leases.is_used:
            return rows[:0]
        wanted = self._order.sources(rows)
        self._leases.renew(wanted)
        return wanted

    # writing, station thread only

    def add_listener(self, on_changed: OnChanged) -> Callable[[], None]:
        """Call `on_changed` with the changed rows of each `apply` and `age`; returns what ends that."""
        self._listeners.append(on_changed)
        return lambda: self._listeners.remove(on_changed)

    def apply(self, *batches: Batch) -> Batch:
        """Store every sample, work out what is calculated from them, and hand the changed rows on as ONE batch.

        A row is changed if it differs from its predecessor in value or quality (NaN equals NaN); the table keeps
        the last. A value that is not finite and comes with a good or uncertain quality becomes Bad.
        """
        parts: list[Batch] = []
        for batch in merge_reads(batches):
            if batch.values is not None and batch.qualities is not None:
                parts += self._read(batch, batch.values, batch.qualities)
            elif batch.qualities is not None:
                parts += self._fail(batch, batch.qualities)
            else:
                parts += self._keep_alive(batch)
        return self._hand_on(parts)

    def age(self) -> Batch:
        """Turn rows older than three scans to Uncertain, last usable value; a Bad row stays as it is.

        A leased row that nobody looks at is older than three of its rests.
        """
        limit_ns, since_ns = self._max_age_ns, self._received_ns
        if self._leases.is_used:
            limit_ns, since_ns = self._leases.patience(limit_ns, since_ns, STALE_SCANS)
        late = self._clock.mono_ns() - since_ns > limit_ns
        rows = np.flatnonzero(late & ~self._is_stale & (self._qualities < _BAD))
        if not len(rows):
            return self._hand_on([])
        self._fresh_quality[rows] = self._qualities[rows]
        self._is_stale[rows] = True
        heard_us = self._clock.wall_us() - (self._clock.mono_ns() - self._received_ns[rows]) // 1000
        stale = np.full(len(rows), Quality.UNCERTAIN_LAST_USABLE, np.uint16)
        return self._hand_on(self._requalify(rows, stale, heard_us))

    def _read(self, batch: Batch, values: Values, qualities: Qualities) -> list[Batch]:
        parts = []
        for run in _unique_runs(batch.tags, self._latest):
            texts = None if batch.texts is None else batch.texts[run]
            times = batch.source_us[run], batch.received_ns[run]
            parts += self._store(batch.tags[run], values[run], qualities[run], *times, texts)
        return parts

    def _store(
        self,
        tags: TagIndices,
        values: Values,
        qualities: Qualities,
        source_us: Times,
        received_ns: Times,
        texts: Sequence[str | None] | None,
    ) -> list[Batch]:
        """Store samples of tags that each occur once."""
        held_values, held_qualities = self._values[tags], self._qualities[tags]
        changed = held_values != values
        strange = np.flatnonzero(~np.isfinite(values))
        if len(strange):
            changed[strange] &= ~(np.isnan(values[strange]) & np.isnan(held_values[strange]))
            qualities = _never_good(qualities, strange)
        changed |= held_qualities != qualities
        all_changed = bool(changed.all())
        if all_changed:
            changed_tags, changed_us = tags, source_us
        else:
            rows = np.flatnonzero(changed)
            changed_tags, changed_us = tags[rows], source_us[rows]
            held_values, held_qualities = held_values[rows], held_qualities[rows]
        with self._lock:
            if len(changed_tags):
                at_us = all_believed_us(changed_us, self._clock.wall_us())
                self._changes.note(changed_tags, held_values, held_qualities, at_us)
            self._values[tags] = values
            self._qualities[tags] = qualities
            self._source_us[tags] = source_us
            self._received_ns[tags] = received_ns
            if self._is_stale.any():
                self._is_stale[tags] = False
            if texts is not None:
                self._texts.update(_present(tags, texts))
            self._mark(changed_tags)
        if not len(changed_tags):
            return []
        if all_changed:
            part = Batch(tags, values, qualities, source_us, received_ns, None if texts is None else tuple(texts))
        else:
            part = Batch(changed_tags, values[rows], qualities[rows], changed_us, received_ns[rows], _take(texts, rows))
        return [part, *self._recalculate(changed_tags)]

    def _fail(self, batch: Batch, qualities: Qualities) -> list[Batch]:
        """Give rows a new quality and keep their values; rows that have it already keep their time of failure.

        Of several failures of a row the last one counts. No sign of life heals any of these rows.
        """
        failed, from_end = np.unique(batch.tags[::-1], return_index=True)
        last = len(batch) - 1 - from_end
        tags, wanted = failed, qualities[last]
        wanted = np.where(np.isfinite(self._values[tags]) | bad_mask(wanted), wanted, self._qualities[tags])
        differs = self._qualities[tags] != wanted
        tags, wanted, at = tags[differs], wanted[differs], batch.source_us[last][differs]
        with self._lock:
            self._source_us[tags] = at
            self._is_stale[failed] = False
        return self._requalify(tags, wanted, at)

    def _keep_alive(self, batch: Batch) -> list[Batch]:
        """Start ages again, and give stale rows back the quality they came with."""
        with self._lock:
            self._received_ns[batch.tags] = batch.received_ns
        tags = np.unique(batch.tags[self._is_stale[batch.tags]])
        self._is_stale[tags] = False
        return self._requalify(tags, self._fresh_quality[tags], self._clock.wall_us())

    def _requalify(self, tags: TagIndices, qualities: Qualities, at_us: Times | int) -> list[Batch]:
        if not len(tags):
            return []
        with self._lock:
            self._changes.note(tags, self._values[tags], self._qualities[tags], at_us)
            self._qualities[tags] = qualities
            self._mark(tags)
        texts = tuple(self._texts.get(row) for row in tags.tolist()) if self._texts else None
        part = Batch(tags, self._values[tags], qualities, self._source_us[tags], self._received_ns[tags], texts)
        return [part, *self._recalculate(tags)]

    def _mark(self, tags: TagIndices) -> None:
        if len(tags):
            self._sequence += 1
            self._changed_at[tags] = self._sequence

    def _recalculate(self, tags: TagIndices) -> list[Batch]:
        if not self._order.steps:
            return []
        feeding = tags[self._order.feeds[tags]]
        if not len(feeding):
            return []
        done: list[int] = []
        agenda = Agenda(self._order, feeding.tolist())
        for step in agenda:
            if self._calculate(step):
                done.append(step.row)
                agenda.add_users(step.row)
        if not done:
            return []
        rows = np.array(done, np.intp)
        return [Batch(rows, self._values[rows], self._qualities[rows], self._source_us[rows], self._received_ns[rows])]

    def _calculate(self, step: Calculation) -> bool:
        """Work out one formula and store it; True if value or quality changed."""
        rows = step.inputs
        value = step.expression.evaluate(self._values[rows].tolist())
        quality = max(self._qualities[rows].tolist(), key=_worse, default=int(Quality.GOOD))
        if not math.isfinite(value):
            value = math.nan
            if quality < _BAD:
                quality = int(Quality.BAD_OUT_OF_RANGE)
        old_value, old_quality = float(self._values[step.row]), int(self._qualities[step.row])
        changed = quality != old_quality or not (value == old_value or (value != value and old_value != old_value))
        with self._lock:
            self._values[step.row] = value
            self._qualities[step.row] = quality
            if len(rows):
                self._source_us[step.row] = self._source_us[rows].min()
                self._received_ns[step.row] = self._received_ns[rows].min()
            if changed:
                self._mark(np.array([step.row], np.intp))
        return changed

    def _hand_on(self, parts: list[Batch]) -> Batch:
        changed = parts[0] if len(parts) == 1 else merge(parts)
        if len(changed):
            for on_changed in tuple(self._listeners):
                on_changed(changed)
        return changed


def _unique_runs(tags: TagIndices, latest: NDArray[np.intp]) -> Iterator[slice]:
    """Cut rows into the longest pieces in which no tag occurs twice; `latest` is scratch of the table's length."""
    n = len(tags)
    if not n:
        return
    if bool((tags[1:] > tags[:-1]).all()):
        yield slice(0, n)
        return
    positions = np.arange(n)
    latest[tags] = positions
    if bool((latest[tags] == positions).all()):
        yield slice(0, n)
        return
    order = np.argsort(tags, kind="stable")
    again = np.flatnonzero(tags[order[1:]] == tags[order[:-1]])
    before = np.full(n, -1, np.intp)
    before[order[again + 1]] = order[again]
    newest_before = np.maximum.accumulate(before)
    start = 0
    while start < n:
        stop = int(np.searchsorted(newest_before, start))  # the first row whose tag has been there since `start`
        yield slice(start, stop)
        start = stop


def _never_good(qualities: Qualities, rows: NDArray[np.intp]) -> Qualities:
    """Return the qualities, those of `rows` (values that are not finite) turned Bad where they aren't."""
    safe = qualities.copy()
    safe[rows] = np.where(bad_mask(qualities[rows]), qualities[rows], np.uint16(Quality.BAD_OUT_OF_RANGE))
    return safe


def _worse(quality: int) -> tuple[int, bool]:
    """Order qualities: of two good ones the manual value's counts, so that what follows from it is marked too."""
    return severity(quality), quality == Quality.GOOD_LOCAL_OVERRIDE


def _max_age_ns(tag: Tag, scan_s: Mapping[str, float]) -> int:
    if not tag.device:
        return int(_NEVER)
    try:
        return round(STALE_SCANS * scan_s[tag.scan] * 1e9)
    except KeyError:
        raise ValueError(f"{tag.name} has the scan class {tag.scan!r}, which doesn't exist") from None


def _present(tags: TagIndices, texts: Sequence[str | None]) -> dict[int, str]:
    return {row: text for row, text in zip(tags.tolist(), texts, strict=True) if text is not None}


def _take(texts: Sequence[str | None] | None, rows: NDArray[np.intp]) -> tuple[str | None, ...] | None:
    return None if texts is None else tuple(texts[row] for row in rows.tolist())
