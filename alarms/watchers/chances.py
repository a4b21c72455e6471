"""Which tags of communication alarms have not had their first chance yet: nobody knows whether they can be read.

After a start, and after its device was lost, switched off or only being connected to, a tag has until its first sample,
good or bad, for `patience_s` of its alarm at most; only then is it silent. Station thread.
"""

from collections.abc import Sequence

import numpy as np

from alarms.definitions import Alarm
from alarms.verdicts import Flags
from alarms.watchers.samples import Latest


class FirstChances:
    """Those of the alarms of communication."""

    def __init__(self, links: Sequence[Alarm]) -> None:
        self._rows = np.array([alarm.row for alarm in links], np.intp)
        self._devices = [alarm.device for alarm in links]
        self._patience_ns = np.array([round(alarm.patience_s * 1e9) for alarm in links], np.int64)
        self._since_ns = np.zeros(len(links), np.int64)
        self._is_away = np.zeros(len(links), np.bool_)
        self._is_new = np.ones(len(links), np.bool_)

    def note_devices(self, away: frozenset[str], latest: Latest) -> None:
        """Tell which devices can't be read now, before what they sent is judged; those that come back begin anew."""
        was_away, self._is_away = self._is_away, np.array([each in away for each in self._devices], np.bool_)
        is_back = was_away & ~self._is_away
        self._is_new |= is_back
        latest.is_told[self._rows[is_back]] = False

    def are_waited_for(self, latest: Latest, now_ns: int) -> Flags:
        """Return which of them are; never one without a tag."""
        self._since_ns[self._is_new | self._is_away] = now_ns
        self._is_new[:] = False
        is_patient = now_ns - self._since_ns <= self._patience_ns
        is_waited_for: Flags = (self._rows >= 0) & ~latest.is_told[self._rows] & is_patient
        return is_waited_for
