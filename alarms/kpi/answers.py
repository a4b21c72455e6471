"""How long alarms waited for an acknowledgement, and which never got one. Pure, any thread.

A wait begins with the first annunciation since the alarm was last acknowledged, however often it came again since. One
that a person put aside was seen, and counts neither as answered nor as unanswered. While nobody knew after a start
whether it was acknowledged, a wait goes on, and is over if it was.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from alarms.kpi.columns import Columns
from alarms.kpi.rows import WAITING
from alarms.kpi.window import Window
from alarms.recalling import RECALL, UNREAD
from alarms.snapshot import PRIORITIES
from alarms.states import AlarmEvent

LATE_S: Final = 600.0
"""One that waits longer is late."""
_ACK: Final = AlarmEvent.ACK.value
_BY_HAND: Final = frozenset({AlarmEvent.SHELVE.value, AlarmEvent.OUT_OF_SERVICE.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Of one priority: how many were acknowledged, half and 95 % of them within how many seconds.

    `late` are those that took longer than ten minutes, and `never` those that went without an acknowledgement, or have
    waited for longer than that at the end of the window. The times are None where nothing was acknowledged.
    """

    priority: int
    count: int
    half_s: float | None
    most_s: float | None
    late: int
    never: int

    @property
    def late_share(self) -> float | None:
        """The share that was answered late or never; None if none was to be answered."""
        asked = self.count + self.never
        return (self.late + self.never) / asked if asked else None


def answers(columns: Columns, window: Window) -> tuple[Answers, ...]:
    """Return how alarms that were annunciated in the window were answered, for each priority."""
    answered: list[tuple[int, int]] = []
    never: list[int] = []
    waiting: dict[str, int] = {}
    unread: dict[str, int] = {}
    calls = set(columns.calls.tolist())
    for at, row in enumerate(columns.rows):
        if at in calls:
            waiting.setdefault(row.alarm, unread.pop(row.alarm, at))
        elif row.event == UNREAD and row.alarm in waiting:
            unread[row.alarm] = waiting.pop(row.alarm)
        elif row.event == RECALL:
            begun = waiting.pop(row.alarm, unread.pop(row.alarm, None))
            if begun is not None and row.to_state in WAITING:
                waiting[row.alarm] = begun
        elif row.alarm in waiting and row.to_state not in WAITING:
            first = waiting.pop(row.alarm)
            if row.event == _ACK:
                answered.append((first, at))
            elif row.event not in _BY_HAND:
                never.append(first)
    never += [at for at in waiting.values() if window.end_us - columns.time_us[at] > LATE_S * 1e6]
    pairs = np.array(answered, np.intp).reshape(-1, 2)
    seconds = columns.seconds(pairs[:, 0], pairs[:, 1])
    priorities = np.array([columns.rows[at].priority for at in pairs[:, 0].tolist()], np.int64)
    lost = [columns.rows[at].priority for at in never]
    return tuple(_answers(each, seconds[priorities == each], lost.count(each)) for each in PRIORITIES)


def _answers(priority: int, seconds: NDArray[np.float64], never: int) -> Answers:
    half, most = (_percentile(seconds, share) for share in (50, 95))
    late = int(np.count_nonzero(seconds > LATE_S))
    return Answers(priority=priority, count=len(seconds), half_s=half, most_s=most, late=late, never=never)


def _percentile(seconds: NDArray[np.float64], share: int) -> float | None:
    """Return the smallest time within which at least this share (in %) was answered."""
    return float(np.percentile(seconds, share, method="inverted_cdf")) if len(seconds) else None
