"""Chattering alarms on their way to the journal: counted in one row a minute where every event would be one.

An alarm that comes and goes ten times a second for an hour would write 72,000 rows that tell nobody anything. Its first
events of each minute are written one by one; of the others only the newest, with their number, when the minute is over,
when something else happens to the alarm, or when the station stops. What people do is always a row of its own, and so
is what changes more than the condition: that an acknowledgement no longer holds is never held back. Under the lock of
the alarms.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from alarms.entry import JournalEntry
from alarms.states import AlarmEvent, Bits

WRITTEN: Final = 20
"""Events (raised, returned) of one alarm in a minute that are written one by one."""
MINUTE_NS: Final = 60_000_000_000
_CONDENSED: Final = frozenset({AlarmEvent.ALM.value, AlarmEvent.RTN.value})


@dataclass(slots=True)
class _Minute:
    """What one alarm did since `begun_ns`: rows written, the bits after the newest of them, what is held back.

    In a flood there is one for each alarm.
    """

    alarm: str
    begun_ns: int
    rows: int = 0
    bits: int | None = None
    held: JournalEntry | None = None
    count: int = 0
    from_state: str = ""


class Condenser:
    """Passes entries on, in their order for each alarm."""

    def __init__(self) -> None:
        self._minutes: dict[str, _Minute] = {}
        self._in_order: deque[_Minute] = deque()

    def take(self, entries: Iterable[JournalEntry], now_ns: int) -> list[JournalEntry]:
        """Return what is to be written now, of these entries and of what was held back."""
        passed = self._end_minutes(now_ns)
        for entry in entries:
            if entry.event not in _CONDENSED or self._is_written(entry, now_ns):
                passed += self._release(entry.alarm)
                passed.append(entry)
                self._note(entry)
        return passed

    def _note(self, entry: JournalEntry) -> None:
        minute = self._minutes.get(entry.alarm)
        if minute is not None:
            minute.bits = entry.bits

    def release_all(self) -> list[JournalEntry]:
        """Return everything that is held back."""
        return [entry for alarm in list(self._minutes) for entry in self._release(alarm)]

    def _is_written(self, entry: JournalEntry, now_ns: int) -> bool:
        minute = self._minutes.get(entry.alarm)
        if minute is None:
            minute = self._minutes[entry.alarm] = _Minute(entry.alarm, now_ns)
            self._in_order.append(minute)
        if minute.rows < WRITTEN or minute.bits is None or (minute.bits ^ entry.bits) & ~Bits.ACTIVE:
            minute.rows += 1
            return True
        if minute.held is None:
            minute.from_state = entry.from_state
        minute.held = entry
        minute.count += 1
        return False

    def _end_minutes(self, now_ns: int) -> list[JournalEntry]:
        over: list[JournalEntry] = []
        while self._in_order and now_ns - self._in_order[0].begun_ns >= MINUTE_NS:
            alarm = self._in_order.popleft().alarm
            over += self._release(alarm)
            del self._minutes[alarm]
        return over

    def _release(self, alarm: str) -> list[JournalEntry]:
        minute = self._minutes.get(alarm)
        if minute is None or minute.held is None:
            return []
        entry = replace(minute.held, from_state=minute.from_state, condensed=minute.count)
        minute.held, minute.count = None, 0
        return [entry]
