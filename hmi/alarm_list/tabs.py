"""The tabs of the alarm list: which states each of them shows. Pure, any thread."""

from collections.abc import Callable
from enum import Enum
from typing import Final

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from plant_models.message import Message, message

PUT_ASIDE: Final = frozenset({AlarmState.SHLVD, AlarmState.DSUPR, AlarmState.OOSRV})
"""What nobody is called for."""
_PRESENT: Final = frozenset(AlarmState) - PUT_ASIDE - {AlarmState.NORM}


class Tab(Enum):
    """A tab by its states. A row that is no alarm (alarms are not evaluated) is on every one of them."""

    CURRENT = _PRESENT
    UNACKNOWLEDGED = frozenset(state for state in AlarmState if state.is_unacknowledged)
    ACTIVE = frozenset(state for state in AlarmState if state.is_active)
    SHELVED = frozenset({AlarmState.SHLVD})
    SUPPRESSED = frozenset({AlarmState.DSUPR})
    OUT_OF_SERVICE = frozenset({AlarmState.OOSRV})

    def holds(self, row: AlarmRow) -> bool:
        """Tell whether a row belongs here."""
        return row.state in self.value or not row.name

    def count(self, in_state: Callable[[AlarmState], int]) -> int:
        """Return how many alarms are here, `in_state` telling how many are in a state."""
        return sum(in_state(state) for state in self.value)

    @property
    def is_aside(self) -> bool:
        """Whether nothing but what is put aside is here."""
        return self.value <= PUT_ASIDE

    @property
    def title(self) -> Message:
        return _TITLES[self]


_TITLES: Final = {
    Tab.CURRENT: message("Current"),
    Tab.UNACKNOWLEDGED: message("Unacknowledged"),
    Tab.ACTIVE: message("Active"),
    Tab.SHELVED: message("Shelved"),
    Tab.SUPPRESSED: message("Suppressed"),
    Tab.OUT_OF_SERVICE: message("Out of service"),
}
