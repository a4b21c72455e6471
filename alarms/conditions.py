"""Which conditions became true or false: limits, states and silence, as vectors over a changed batch. Station thread.

A condition is raised after its on-delay and cleared after its off-delay, both on the monotonic clock; the deadband lies
on the clearing side. A bad or stale input freezes its conditions and stops their delays. Most tags are far from their
limits: one comparison with the range in which none of its conditions is raised settles such a tag, unless one of them
is active or waits for its delay.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.batch import Batch, Qualities, Values
from plant_models.quality import Quality, bad_mask

Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]
Times = NDArray[np.int64]

_NEVER: Final = np.iinfo(np.int64).max
_HIGH: Final = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
_LOW: Final = (AlarmKind.LOW, AlarmKind.LOW_LOW)


@dataclass(frozen=True, slots=True)
class Turns:
    """Conditions that changed, in the order in which they did: alarm numbers, new state, value, time (µs UTC)."""

    alarms: Indices
    is_raised: Flags
    values: Values
    at_us: Times


def usable(qualities: Qualities) -> Flags:
    """Return which values conditions may be judged by: neither bad nor stale. Outside the range is usable."""
    is_usable: Flags = ~bad_mask(qualities) & (qualities != Quality.UNCERTAIN_LAST_USABLE)
    return is_usable


class Conditions:
    """All conditions of a plant. `rows` gives the tag of each definition, -1 for none; `drive` decides `is_driven`.

    `active` is the present answer of each, shape (n,), all False to begin with. `is_frozen` belongs to the tags.
    """

    def __init__(self, definitions: Sequence[AlarmDefinition], rows: Indices, n_tags: int, is_driven: Flags) -> None:
        self.active = np.zeros(len(definitions), np.bool_)
        self.is_frozen = np.ones(max(n_tags, 1), np.bool_)  # row -1 must find one
        sign = np.array([1.0 if d.kind in _HIGH else -1.0 if d.kind in _LOW else 0.0 for d in definitions])
        limit = np.array([np.nan if d.limit is None else d.limit for d in definitions], np.float64)
        self._sign = sign
        self._raise_above = limit * sign
        self._clear_below = limit * sign - np.array([d.deadband for d in definitions], np.float64)
        self._limit = limit
        self._is_state = np.array([d.kind is AlarmKind.STATE for d in definitions], np.bool_)
        self._delay_ns = np.array(
            [[round(d.on_delay_s * 1e9) for d in definitions], [round(d.off_delay_s * 1e9) for d in definitions]],
            np.int64,
        )
        self._due_ns = np.full(len(definitions), _NEVER, np.int64)
        self._due_us = np.zeros(len(definitions), np.int64)
        self._rows = rows
        self._values = np.full(max(n_tags, 1), np.nan)
        self._quiet_low, self._quiet_high = _quiet_ranges(definitions, rows, n_tags)
        self._is_busy = np.ones(n_tags, np.bool_)  # may have a condition that is active or waits for its delay
        self._is_watched = np.zeros(n_tags, np.bool_)
        self._is_watched[rows[rows >= 0]] = True
        judged = np.flatnonzero((rows >= 0) & ~is_driven)
        self._of_tags = judged[np.argsort(rows[judged], kind="stable")]
        self._count = np.bincount(rows[judged], minlength=n_tags)
        self._first = np.cumsum(self._count) - self._count

    def alarms_of(self, tags: Indices) -> Indices:
        """Return the numbers of the alarms on these tags, tag by tag."""
        counts = self._count[tags]
        ends = np.cumsum(counts)
        numbers: Indices = self._of_tags[np.arange(counts.sum()) + np.repeat(self._first[tags] - ends + counts, counts)]
        return numbers

    def values_of(self, alarms: Indices) -> Values:
        """Return the newest value that each alarm was judged by, NaN if there was none."""
        return np.where(self._rows[alarms] >= 0, self._values[self._rows[alarms]], np.nan)

    def evaluate(self, batch: Batch) -> tuple[Turns, Indices]:
        """Judge changed samples, every one of them; return the turns and the tags that froze or thawed.

        Raises:
            ValueError: the batch brings no values or qualities; the table gives none such.
        """
        if batch.values is None or batch.qualities is None:
            raise ValueError("only samples can be judged")
        watched = np.flatnonzero(self._is_watched[batch.tags])
        turns, changed = [], []
        for run in _runs(batch.tags, watched):
            samples = batch.tags[run], batch.values[run], usable(batch.qualities[run])
            turn, thawed = self._judge(run, *samples, batch.source_us[run], batch.received_ns[run])
            turns += turn
            changed.append(thawed)
        return _in_order(turns), np.unique(np.concatenate([np.empty(0, np.intp), *changed]))

    def drive(self, alarms: Indices, raises: Flags, clears: Flags, at_us: int, now_ns: int) -> Turns:
        """Tell conditions from outside whether they hold or are clear; where neither, they stay as they are."""
        n = len(alarms)
        turned = alarms[self._settle(alarms, raises, clears, np.full(n, at_us), np.full(n, now_ns))]
        return self._turns(turned, self.values_of(turned), np.full(len(turned), at_us))

    def pass_time(self, now_ns: int) -> Turns:
        """Turn the conditions whose delay is over."""
        ripe = np.flatnonzero(self._due_ns <= now_ns)
        return self._ripen(ripe[np.argsort(self._due_ns[ripe], kind="stable")])

    def _judge(
        self, positions: Indices, tags: Indices, values: Values, is_usable: Flags, at_us: Times, received_ns: Times
    ) -> tuple[list[tuple[Indices, Turns]], Indices]:
        """Judge samples of tags that each occur once; return turns with their places in the batch."""
        is_quiet = ~self._is_busy[tags] & (values >= self._quiet_low[tags]) & (values <= self._quiet_high[tags])
        loud = np.flatnonzero(~is_quiet)
        counts = self._count[tags[loud]]
        alarms = self.alarms_of(tags[loud])
        sample = np.repeat(loud, counts)
        received = received_ns[sample]
        late = np.flatnonzero(self._due_ns[alarms] <= received)  # over before this sample came
        turns = [(positions[sample[late]] * 2, self._ripen(alarms[late]))] if len(late) else []
        thawed = tags[self.is_frozen[tags] == is_usable]
        self.is_frozen[tags] = ~is_usable
        self._values[tags] = values
        if not len(alarms):
            return turns, thawed
        raises, clears = self._compare(alarms, values[sample], is_usable[sample])
        turned = self._settle(alarms, raises, clears, at_us[sample], received)
        if len(turned):
            source = sample[turned]
            turns.append((positions[source] * 2 + 1, self._turns(alarms[turned], values[source], at_us[source])))
        self._is_busy[tags[loud]] = False
        self._is_busy[tags[sample[self.active[alarms] | (self._due_ns[alarms] != _NEVER)]]] = True
        return turns, thawed

    def _compare(self, alarms: Indices, values: Values, is_usable: Flags) -> tuple[Flags, Flags]:
        """Return which conditions hold and which are clear; between limit and deadband, or frozen, neither."""
        signed = values * self._sign[alarms]
        raises = signed > self._raise_above[alarms]
        clears = signed < self._clear_below[alarms]
        is_state = self._is_state[alarms]
        if is_state.any():
            holds = values == self._limit[alarms]
            raises = np.where(is_state, holds, raises)
            clears = np.where(is_state, ~holds, clears)
        raises &= is_usable
        clears &= is_usable
        return raises, clears

    def _settle(self, alarms: Indices, raises: Flags, clears: Flags, at_us: Times, at_ns: Times) -> Indices:
        """Start and stop delays; return the places in `alarms` of those that turn at once."""
        active = self.active[alarms]
        turning = np.where(active, clears, raises)
        waiting = self._due_ns[alarms] != _NEVER
        stopped = alarms[waiting & ~turning]
        self._due_ns[stopped] = _NEVER
        begun = np.flatnonzero(turning & ~waiting)
        delay_ns = self._delay_ns[active[begun].astype(np.intp), alarms[begun]]
        delayed = begun[delay_ns > 0]
        delay_ns = delay_ns[delay_ns > 0]
        self._due_ns[alarms[delayed]] = at_ns[delayed] + delay_ns
        self._due_us[alarms[delayed]] = at_us[delayed] + delay_ns // 1_000
        at_once: Indices = begun[self._due_ns[alarms[begun]] == _NEVER]
        self.active[alarms[at_once]] ^= True
        return at_once

    def _ripen(self, alarms: Indices) -> Turns:
        self.active[alarms] ^= True
        self._due_ns[alarms] = _NEVER
        return self._turns(alarms, self.values_of(alarms), self._due_us[alarms])

    def _turns(self, alarms: Indices, values: Values, at_us: Times) -> Turns:
        return Turns(alarms, self.active[alarms], values, at_us)


def _quiet_ranges(
    definitions: Sequence[AlarmDefinition], rows: Indices, n_tags: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each tag the values that raise nothing, both ends included; a state alarm leaves none."""
    low, high = np.full(n_tags, -np.inf), np.full(n_tags, np.inf)
    for definition, row in zip(definitions, rows.tolist(), strict=True):
        if definition.kind in _HIGH and definition.limit is not None:
            high[row] = min(high[row], definition.limit)
        elif definition.kind in _LOW and definition.limit is not None:
            low[row] = max(low[row], definition.limit)
        elif definition.kind is AlarmKind.STATE:
            low[row] = np.inf
    return low, high


def _runs(tags: Indices, watched: Indices) -> list[Indices]:
    """Return the places of `watched` samples in rounds in which no tag occurs twice, each tag's samples in order."""
    wanted = tags[watched]
    if len(np.unique(wanted)) == len(wanted):
        return [watched] if len(watched) else []
    order = np.argsort(wanted, kind="stable")
    grouped = wanted[order]
    begins = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]])
    turn = np.arange(len(grouped)) - np.repeat(begins, np.diff(np.r_[begins, len(grouped)]))
    return [watched[np.sort(order[turn == number])] for number in range(int(turn.max()) + 1)]


def _in_order(parts: list[tuple[Indices, Turns]]) -> Turns:
    """Join turns by their place in the batch."""
    places = np.concatenate([np.empty(0, np.intp), *(place for place, _ in parts)])
    order = np.argsort(places, kind="stable")
    return Turns(
        np.concatenate([np.empty(0, np.intp), *(turn.alarms for _, turn in parts)])[order],
        np.concatenate([np.empty(0, np.bool_), *(turn.is_raised for _, turn in parts)])[order],
        np.concatenate([np.empty(0), *(turn.values for _, turn in parts)])[order],
        np.concatenate([np.empty(0, np.int64), *(turn.at_us for _, turn in parts)])[order],
    )
