"""Which alarms are there because of another one: a flood becomes a few rows with what follows from them. Pure.

Any thread. An alarm is explained by, in this order: that of the silence of its device; an active HH (LL) of its tag if
it is the H (L); the nearest alarm that `explains`, is active and came no later than shortly after it, of its own
equipment or of what that is part of or powered by. One that explains is never explained by its own equipment, lest two
explain each other.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from plant_models.alarm_definition import AlarmKind

LATER_US: Final = 10_000_000
"""How much later than what it explains a cause may be told of: it may be read more slowly."""
_WORSE: Final = {AlarmKind.HIGH: AlarmKind.HIGH_HIGH, AlarmKind.LOW: AlarmKind.LOW_LOW}
_ACTIVE: Final = (AlarmState.UNACK, AlarmState.ACKED)


class Causes:
    """Knows the alarms of a plant by name, and with each what stands above its equipment."""

    def __init__(self, alarms: Mapping[str, Alarm]) -> None:
        self._alarms = alarms

    def among(self, rows: Iterable[AlarmRow]) -> dict[str, str]:
        """Return for each alarm that another one explains the name of that one; only of rows that stand."""
        active = [row for row in rows if row.state in _ACTIVE]
        links = {
            self._alarms[row.name].device: row
            for row in active
            if row.name in self._alarms and self._alarms[row.name].is_of_device
        }
        worse = {(row.tag, row.kind): row for row in active if row.kind in _WORSE.values()}
        explaining: dict[str, list[AlarmRow]] = {}
        for row in active:
            alarm = self._alarms.get(row.name)
            if alarm is not None and alarm.is_of_device:
                links[alarm.device] = row
            if alarm is not None and alarm.definition.explains and row.equipment:
                explaining.setdefault(row.equipment, []).append(row)
        if not (links or worse or explaining):
            return {}
        found = {}
        for row in rows:
            cause = self._cause(row, links, worse, explaining)
            if cause is not None:
                found[row.name] = cause.name
        return found

    def _cause(
        self,
        row: AlarmRow,
        links: Mapping[str, AlarmRow],
        worse: Mapping[tuple[str, AlarmKind | None], AlarmRow],
        explaining: Mapping[str, list[AlarmRow]],
    ) -> AlarmRow | None:
        alarm = self._alarms.get(row.name)
        if alarm is None:
            return None
        link = links.get(alarm.device)
        if link is not None and link.name != row.name and row.is_masked:
            return link
        if row.kind in _WORSE and (row.tag, _WORSE[row.kind]) in worse:
            return worse[row.tag, _WORSE[row.kind]]
        return self._above_it(row, alarm, explaining) if explaining else None

    def _above_it(self, row: AlarmRow, alarm: Alarm, explaining: Mapping[str, list[AlarmRow]]) -> AlarmRow | None:
        """Return the nearest cause at the equipment of an alarm or above it."""
        own = () if alarm.definition.explains else (row.equipment,)
        for name in (*own, *alarm.family):
            for cause in explaining.get(name, ()):
                if cause.active_us <= row.active_us + LATER_US and cause.name != row.name:
                    return cause
        return None
