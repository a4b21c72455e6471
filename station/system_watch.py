"""Which alarms about the station itself hold: looked at once a second on the station thread, without I/O."""

from collections.abc import Callable, Mapping
from typing import Final

from alarms.snapshot import AlarmSnapshot
from alarms.states import AlarmState
from alarms.system_alarms import ASIDE, AUDIT, DAMAGE, HISTORY, JOURNAL, LOST, MEMORY, ROOM
from history.health import HistoryHealth
from plant_models.clock import Clock
from plant_models.message import message
from station.protocol import StationHealth

PERIOD_NS: Final = 1_000_000_000
LOST_NS: Final = 60_000_000_000
"""How long it is said that something was lost."""
HOLD_NS: Final = 10_000_000_000
"""How long something must be wrong before people are called: a backup program locks a file for seconds."""
_ASIDE: Final = (AlarmState.SHLVD, AlarmState.OOSRV)


class SystemWatch:
    """`health` is that of the station, `aside_max` how many alarms may be put aside."""

    def __init__(self, health: Callable[[], StationHealth], aside_max: int, clock: Clock) -> None:
        self._health = health
        self._aside_max = aside_max
        self._clock = clock
        self._looked_ns: int | None = None
        self._found: Mapping[str, str] = {}
        self._since_ns: dict[str, int] = {}
        self._lost = 0
        self._lost_ns: int | None = None

    def __call__(self, alarms: AlarmSnapshot) -> Mapping[str, str]:
        """Return what holds now, by the name of its alarm, and what exactly is wrong."""
        now_ns = self._clock.mono_ns()
        if self._looked_ns is None or now_ns - self._looked_ns >= PERIOD_NS:
            self._looked_ns = now_ns
            health = self._health()
            words = {
                JOURNAL: health.journal.error,
                MEMORY: health.journal.unread,
                AUDIT: health.audit_error,
                DAMAGE: health.journal.damage or health.audit_damage,
                HISTORY: health.history.error,
                ROOM: _room(health.history),
                LOST: self._losses(health.queue.dropped + health.journal.dropped, now_ns),
                ASIDE: self._aside(alarms),
            }
            wrong = {name: said for name, said in words.items() if said}
            self._since_ns = {name: self._since_ns.get(name, now_ns) for name in wrong}
            self._found = {name: said for name, said in wrong.items() if now_ns - self._since_ns[name] >= HOLD_NS}
        return self._found

    def _losses(self, lost: int, now_ns: int) -> str:
        if lost > self._lost:
            self._lost, self._lost_ns = lost, now_ns
        if self._lost_ns is None or now_ns - self._lost_ns > LOST_NS:
            return ""
        return message("{count} since the start", count=self._lost)

    def _aside(self, alarms: AlarmSnapshot) -> str:
        count = sum(row.state in _ASIDE for row in alarms.rows)
        return message("{count} alarms", count=count) if count > self._aside_max else ""


def _room(history: HistoryHealth) -> str:
    return history.spool.warning if history.spool is not None else ""
