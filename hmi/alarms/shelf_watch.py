"""Tells before a shelf ends, and when an alarm is out of service for longer than it was meant to. GUI thread.

Who shelved an alarm must not be surprised by it, and what is out of service must not be forgotten. Each is told once;
what holds now is in `ending` and `overdue`.
"""

from typing import Final

from PySide6.QtCore import QObject, Signal

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.words import whose_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import moment_text

_TICKS: Final = 10
_MINUTE_US: Final = 60_000_000
_MOST_NAMED: Final = 3
_Told = tuple[str, int | None]


class ShelfWatch(QObject):
    """`told` is emitted with words about what is new; `changed` when `ending` or `overdue` are others now."""

    told = Signal(str)
    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._warning_us = round(context.plant.philosophy.expiry_warning_min * _MINUTE_US)
        self._told: set[_Told] = set()
        self._ticks = 0
        self.ending: tuple[AlarmRow, ...] = ()
        self.overdue: tuple[AlarmRow, ...] = ()
        context.alarms.changed.connect(self.look)
        context.ticker.tick.connect(self._on_tick)

    @property
    def notices(self) -> tuple[str, ...]:
        """A line about each, the one that comes first on top."""
        return (*map(self._ending_words, self.ending), *map(self._overdue_words, self.overdue))

    def look(self) -> None:
        """Look at the alarms as they are now."""
        now_us = self._context.clock.wall_us()
        aside = [row for row in self._context.alarms.rows if row.until_us is not None]
        ending = _of(aside, AlarmState.SHLVD, now_us + self._warning_us)
        overdue = _of(aside, AlarmState.OOSRV, now_us)
        if (ending, overdue) == (self.ending, self.overdue):
            return
        self.ending, self.overdue = ending, overdue
        self.changed.emit()
        new = [row for row in (*ending, *overdue) if _key(row) not in self._told]
        self._told = {_key(row) for row in (*ending, *overdue)}
        if new:
            self.told.emit(self._in_short(new))

    def _in_short(self, rows: list[AlarmRow]) -> str:
        words = [self._ending_words(row) if row in self.ending else self._overdue_words(row) for row in rows]
        shown, rest = " · ".join(words[:_MOST_NAMED]), len(words) - _MOST_NAMED
        return shown if rest <= 0 else tr("{words} and {count} more").format(words=shown, count=rest)

    def _ending_words(self, row: AlarmRow) -> str:
        words = tr("{alarm} comes back from the shelf at {time}")
        return words.format(alarm=_title(row), time=self._time(row))

    def _overdue_words(self, row: AlarmRow) -> str:
        words = tr("{alarm} is out of service, its review was due {time}")
        return words.format(alarm=_title(row), time=self._time(row))

    def _time(self, row: AlarmRow) -> str:
        return moment_text(row.until_us or 0, self._context.clock.wall_us(), self._context.zone)

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS == 0:
            self.look()


def _of(rows: list[AlarmRow], state: AlarmState, before_us: int) -> tuple[AlarmRow, ...]:
    mine = (row for row in rows if row.state is state and row.until_us is not None and row.until_us <= before_us)
    return tuple(sorted(mine, key=lambda row: row.until_us or 0))


def _key(row: AlarmRow) -> _Told:
    return row.name, row.until_us


def _title(row: AlarmRow) -> str:
    """Return what people know an alarm by: what it is about, and what is wrong."""
    return f"{whose_text(row)}, {tr(row.text)}" if row.text else row.name
