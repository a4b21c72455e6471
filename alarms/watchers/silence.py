"""Tags of which nothing is heard, whatever their device says: a topic that nobody publishes, a value never sent.

Measured on the monotonic clock since the tag was last read or its source gave a sign of life; of a tag that was never
heard of, since the first look. While its device doesn't answer, that device's own alarm says it, and this one stays as
it is; when it answers again, is switched on again or was connected to, each tag has its whole window. Station thread.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.entry import Moment
from alarms.verdicts import Indices, Placed, Verdicts
from alarms.watchers.samples import Latest
from alarms.watchers.watching import HeardNs, Shared
from plant_models.alarm_definition import AlarmKind


class Silence:
    """The alarms of this kind."""

    def __init__(self, alarms: Sequence[Alarm], numbers: Sequence[int], shared: Shared) -> None:
        mine = [number for number in numbers if alarms[number].definition.kind is AlarmKind.NO_UPDATE]
        self._shared = shared
        self._numbers = np.array(mine, np.intp)
        self._rows = np.array([alarms[number].row for number in mine], np.intp)
        self._devices = [alarms[number].device for number in mine]
        self._window_ns = np.array([round(alarms[number].definition.window_s * 1e9) for number in mine], np.int64)
        self._begun_ns: int | None = None
        self._known: tuple[frozenset[str], ...] = ()
        self._is_off = self._is_masked = self._is_connecting = np.zeros(len(mine), np.bool_)
        self._is_back = np.zeros(len(mine), np.bool_)
        self._back_ns = np.zeros(len(mine), np.int64)
        shared.is_frozen[self._numbers] = False

    @property
    def rows(self) -> Indices:
        """The rows of the tags listened for."""
        return self._rows

    def note_devices(
        self, silent: frozenset[str], switched_off: frozenset[str], connecting: frozenset[str] = frozenset()
    ) -> None:
        """Tell which devices don't answer, which needn't, and which haven't had the time to."""
        if self._known == (silent, switched_off, connecting):
            return
        self._known = silent, switched_off, connecting
        was_away = self._is_masked | self._is_off | self._is_connecting
        self._is_masked = np.array([each in silent for each in self._devices], np.bool_)
        self._is_off = np.array([each in switched_off for each in self._devices], np.bool_)
        self._is_connecting = np.array([each in connecting for each in self._devices], np.bool_)
        self._is_back |= was_away & ~(self._is_masked | self._is_off | self._is_connecting)
        self._shared.is_frozen[self._numbers] = self._is_masked

    def pass_time(self, heard_ns: HeardNs, latest: Latest, at: Moment) -> list[Placed]:
        """Judge how long ago each was heard of; return the turns."""
        if not len(self._numbers):
            return []
        if self._begun_ns is None:
            self._begun_ns = at.mono_ns
        heard = heard_ns(self._rows)
        heard = np.where(heard > 0, heard, self._begun_ns)
        self._back_ns[self._is_back] = at.mono_ns
        self._is_back[:] = False
        is_silent = at.mono_ns - heard > self._window_ns
        is_overdue = at.mono_ns - np.maximum(heard, self._back_ns) > self._window_ns
        at_ns = np.where(is_silent | self._is_masked | self._is_off, at.mono_ns, heard)
        verdicts = Verdicts(
            alarms=self._numbers,
            places=self._numbers,
            raises=is_overdue & ~self._is_masked & ~self._is_off & ~self._is_connecting,
            clears=(~is_silent & ~self._is_masked) | self._is_off,
            values=latest.values[self._rows],
            at_us=at.wall_us - (at.mono_ns - at_ns) // 1_000,
            at_ns=at_ns,
        )
        return self._shared.delays.settle(verdicts)
