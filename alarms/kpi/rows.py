"""One row of the journal with what figures need of it, and what counts as an annunciation. Immutable, any thread."""

from typing import Final, NamedTuple

from alarms.states import AlarmEvent, AlarmState
from plant_models.alarm_definition import DIAGNOSTIC

ASIDE: Final = frozenset({AlarmState.SHLVD.value, AlarmState.DSUPR.value, AlarmState.OOSRV.value})
STANDING: Final = frozenset({AlarmState.UNACK.value, AlarmState.ACKED.value})
"""The states in which an alarm is active for everybody to see."""
WAITING: Final = frozenset({AlarmState.UNACK.value, AlarmState.RTNUN.value, AlarmState.LATUN.value})
"""The states in which an alarm waits for an acknowledgement."""
_ALM: Final = AlarmEvent.ALM.value
_CALLS: Final = frozenset({_ALM, AlarmEvent.ESC.value, AlarmEvent.REALM.value})
_UNACK: Final = AlarmState.UNACK.value


class KpiRow(NamedTuple):
    """A row as it stands in the journal; the names are those of `alarms.entry.JournalEntry`.

    A named tuple, since a report reads hundreds of thousands of them.
    """

    seq: int
    epoch: int
    at_us: int
    recorded_us: int
    mono_ns: int
    event: str
    alarm: str
    tag: str
    kind: str
    priority: int
    area: str
    from_state: str
    to_state: str
    occurrence: int
    active_us: int
    user: str
    text: str
    until_us: int | None = None
    aside_by: str | None = None
    aside_us: int | None = None
    is_time_suspect: int | None = None
    condensed: int | None = None

    @property
    def time_us(self) -> int:
        """When it happened; when it was written, if the clock of its source was not believed."""
        return self.recorded_us if self.is_time_suspect else self.at_us


def annunciations(row: KpiRow) -> int:
    """Return how many annunciations a row tells of: of a chattering alarm it may stand for many comings and goings."""
    if row.condensed is None:
        return int(is_annunciation(row.event, row.from_state, row.to_state, row.priority))
    is_called = row.to_state not in ASIDE and row.priority != DIAGNOSTIC
    return (row.condensed + (row.event == _ALM)) // 2 if is_called else 0


def is_annunciation(event: str, from_state: str, to_state: str, priority: int) -> bool:
    """Whether an operator was called: the alarm became unacknowledged by being raised, escalated or raised again.

    Coming back from the shelf, from suppression or out of service with its condition active calls as well. What only
    maintenance needs to know calls nobody.
    """
    return to_state == _UNACK and priority != DIAGNOSTIC and (event in _CALLS or from_state in ASIDE)
