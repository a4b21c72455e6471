"""From what holds to what stands: on- and off-delays, and alarms of conditions that come often. Station thread.

Delays run on the monotonic clock and count from when a sample was received: one that was received before a delay ended
stops it, however late it is applied; one that was received after that comes after the turn.
"""

from collections.abc import Sequence

import numpy as np

from alarms.counts import Counts
from alarms.verdicts import NEVER, Flags, Indices, Placed, Turns, Verdicts
from plant_models.alarm_definition import AlarmSettings


class Delays:
    """Which of n conditions stand: `active`, shape (n,), all False to begin with."""

    def __init__(self, definitions: Sequence[AlarmSettings]) -> None:
        n = len(definitions)
        self.active = np.zeros(n, np.bool_)
        self._delay_ns = np.array(
            [[round(d.on_delay_s * 1e9) for d in definitions], [round(d.off_delay_s * 1e9) for d in definitions]],
            np.int64,
        )
        self._due_ns = np.full(n, NEVER, np.int64)
        self._due_us = np.zeros(n, np.int64)
        self._due_value = np.full(n, np.nan)
        self._counts = Counts(definitions)

    def is_busy(self, alarms: Indices) -> Flags:
        """Return which conditions stand, wait for a delay, or are known to hold: each of their samples counts."""
        is_busy: Flags = self.active[alarms] | (self._due_ns[alarms] != NEVER) | self._counts.holds[alarms]
        return is_busy

    def settle(self, verdicts: Verdicts) -> list[Placed]:
        """Follow verdicts; return what turned, delays that ended before them first."""
        alarms = verdicts.alarms
        late = np.flatnonzero(self._due_ns[alarms] <= verdicts.at_ns)
        turns = [Placed(verdicts.places[late] * 2, self._ripen(alarms[late]))] if len(late) else []
        turned = self._turn(verdicts)
        if len(turned):
            done = alarms[turned]
            turn = Turns(done, self.active[done], verdicts.values[turned], verdicts.at_us[turned])
            turns.append(Placed(verdicts.places[turned] * 2 + 1, turn))
        return turns

    def pass_time(self, now_ns: int) -> Turns:
        """Turn the conditions whose delay is over."""
        ripe = np.flatnonzero(self._due_ns <= now_ns)
        return self._ripen(ripe[np.argsort(self._due_ns[ripe], kind="stable")])

    def _turn(self, verdicts: Verdicts) -> Indices:
        """Start and stop delays; return the places of the verdicts that turn at once."""
        alarms = verdicts.alarms
        active = self.active[alarms]
        turning = np.where(active, verdicts.clears, verdicts.raises)
        waiting = self._due_ns[alarms] != NEVER
        is_stopped = waiting & ~turning
        if verdicts.is_anew is not None:
            is_stopped |= waiting & verdicts.is_anew & ~active
        self._due_ns[alarms[is_stopped]] = NEVER
        begun = np.flatnonzero(turning & (~waiting | is_stopped))
        delay_ns = self._delay_ns[active[begun].astype(np.intp), alarms[begun]]
        if self._counts.is_used:
            delay_ns = np.maximum(delay_ns, self._counts.least_ns(alarms[begun]))
        delayed = begun[delay_ns > 0]
        delay_ns = delay_ns[delay_ns > 0]
        self._due_ns[alarms[delayed]] = verdicts.at_ns[delayed] + delay_ns
        self._due_us[alarms[delayed]] = verdicts.at_us[delayed] + delay_ns // 1_000
        still = turning & waiting
        self._due_value[alarms[still]] = verdicts.values[still]
        self._due_value[alarms[delayed]] = verdicts.values[delayed]
        at_once: Indices = begun[self._due_ns[alarms[begun]] == NEVER]
        if self._counts.is_used:
            at_once = np.union1d(at_once, self._counted(verdicts, active))
        self._flip(alarms[at_once])
        return at_once

    def _counted(self, verdicts: Verdicts, active: Flags) -> Indices:
        """Return the places of verdicts that raise alarms because their conditions came often enough."""
        counted = np.flatnonzero(self._counts.note(verdicts) & ~active)
        alarms = verdicts.alarms[counted]
        self._counts.raised(alarms)
        self._due_ns[alarms] = NEVER
        return counted

    def _ripen(self, alarms: Indices) -> Turns:
        at_us, values = self._due_us[alarms], self._due_value[alarms]
        self._due_ns[alarms] = NEVER
        self._flip(alarms)
        return Turns(alarms, self.active[alarms], values, at_us)

    def _flip(self, alarms: Indices) -> None:
        self.active[alarms] ^= True
        if self._counts.is_used:
            self._counts.cleared(alarms[~self.active[alarms]])
