"""What conditions of several tags have in common: when they are judged, how they freeze, and by which limit.

Station thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from alarms.delays import Delays
from alarms.entry import Moment
from alarms.verdicts import Flags, Indices, Placed, Times, Verdicts, rounds
from alarms.watchers.inputs import Inputs, Look
from alarms.watchers.samples import Latest, Samples
from plant_models.batch import Values

HeardNs = Callable[[Indices], Times]
"""Tells when the sources of tags, given by row, were last heard of: monotonic ns, 0 for never."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a watcher says of each occasion. Where `is_frozen`, nobody can say, and neither of the others counts.

    `limits` are those that were judged by, NaN or None where it isn't one that moves. `measured` is what was compared
    with the limit where that isn't the tag's value (DISTANCE_KINDS), NaN where there is nothing to compare.
    """

    raises: Flags
    clears: Flags
    is_frozen: Flags
    limits: Values | None = None
    is_anew: Flags | None = None
    measured: Values | None = None


class Watcher(Protocol):
    """Judges the conditions `numbers` (alarm numbers) by `inputs`, for each the rows of its tags, its own first.

    Where `is_by_readings`, it must also hear of readings that changed nothing.
    """

    @property
    def numbers(self) -> Sequence[int]: ...

    @property
    def inputs(self) -> Sequence[Sequence[int]]: ...

    @property
    def is_by_readings(self) -> bool: ...

    def judge(self, look: Look) -> Finding:
        """Say what holds; each condition occurs once."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What all watchers write to: delays, and for each alarm whether it is frozen and the limit in force (or NaN).

    `measured` is what DISTANCE_KINDS compare with their limit, NaN while nobody knows.
    """

    delays: Delays
    is_frozen: Flags
    limits: Values
    measured: Values


class Watching:
    """One watcher at work on a plant of `n_tags` tags."""

    def __init__(self, watcher: Watcher, shared: Shared, n_tags: int) -> None:
        self._watcher = watcher
        self._shared = shared
        self._numbers = np.array(watcher.numbers, np.intp)
        self.inputs = Inputs(watcher.inputs, n_tags)
        self._read_ns = np.zeros(len(self._numbers), np.int64)

    def evaluate(self, samples: Samples, latest: Latest) -> tuple[list[Placed], list[Indices]]:
        """Judge what samples change; return the turns, and the alarms that froze, thawed or have another limit."""
        turns: list[Placed] = []
        changed: list[Indices] = []
        look = self.inputs.looks(samples, latest)
        if look is None:
            return turns, changed
        for each in rounds(look.which):
            turn, other = self._judge(look.part(each))
            turns += turn
            changed.append(other)
        return turns, changed

    def pass_time(self, heard_ns: HeardNs, latest: Latest, at: Moment) -> list[Placed]:
        """Judge by readings that changed nothing; return the turns."""
        if not self._watcher.is_by_readings:
            return []
        own = self.inputs.rows[:, 0]
        heard = heard_ns(own)
        which = np.flatnonzero((heard > self._read_ns) & latest.is_usable[own])
        if not len(which):
            return []
        at_us = at.wall_us - (at.mono_ns - heard[which]) // 1_000
        turns, _ = self._judge(self.inputs.now(which, latest, heard[which], at_us))
        return turns

    def _judge(self, look: Look) -> tuple[list[Placed], Indices]:
        self._read_ns[look.which] = read_ns = np.maximum(look.read_ns, self._read_ns[look.which])
        finding = self._watcher.judge(replace(look, read_ns=read_ns))
        alarms = self._numbers[look.which]
        is_changed = self._shared.is_frozen[alarms] != finding.is_frozen
        self._shared.is_frozen[alarms] = finding.is_frozen
        if finding.limits is not None:
            is_moved = ~finding.is_frozen & ~np.isnan(finding.limits) & (self._shared.limits[alarms] != finding.limits)
            self._shared.limits[alarms[is_moved]] = finding.limits[is_moved]
            is_changed |= is_moved
        values = look.values[:, 0]
        if finding.measured is not None:
            self._shared.measured[alarms] = values = np.where(finding.is_frozen, np.nan, finding.measured)
        verdicts = Verdicts(
            alarms=alarms,
            places=look.places,
            raises=finding.raises & ~finding.is_frozen,
            clears=finding.clears & ~finding.is_frozen,
            values=values,
            at_us=look.at_us,
            at_ns=look.at_ns,
            is_anew=finding.is_anew,
        )
        return self._shared.delays.settle(verdicts), alarms[is_changed]
