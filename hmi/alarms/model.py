"""The alarms as every screen shows them: one model under bell, banner, list, navigation and displays. GUI thread.

It follows the station's snapshot four times a second, whatever happens in between, and works out anew only what
changed since the last one. An acknowledgement is shown as on its way at once; what became of it is told by `said`.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QObject, Signal

from alarms.acknowledgement import AckResult, AlarmSeen
from alarms.handling import AlarmRequest
from alarms.snapshot import AlarmRow, AlarmSnapshot
from alarms.states import AlarmState
from hmi.alarms.glyph import Glyph
from hmi.alarms.looks import ORDER
from hmi.alarms.rights import needs_comment
from hmi.alarms.sorted_rows import NO_DELTA, Delta, Key, RowSet, SortedRows, difference
from hmi.alarms.tally import Tally
from hmi.i18n import tr
from hmi.tasks import Tasks
from hmi.ticker import Ticker
from station.protocol import Station
from station.session import Session

_FOLLOWED: Final = (0, 2)
_ROUND: Final = 5
"""Two of five ticks of 100 ms: four times a second."""


class AlarmModel(QObject):
    """`changed` is emitted when anything that is shown has changed, `said` with words about what wasn't acknowledged.

    `warned` has words about acknowledgements that are not on the disk yet, and would be lost with the station, or that
    left out what nobody can have read. `comment_wanted` has the rows of which the rules of their class want a comment
    with the acknowledgement; nothing was sent for them.
    """

    changed = Signal()
    said = Signal(str)
    warned = Signal(str)
    comment_wanted = Signal(object)

    def __init__(self, station: Station, session: Session, ticker: Ticker, tasks: Tasks) -> None:
        super().__init__()
        self._station, self._session, self._tasks = station, session, tasks
        self.ticker = ticker
        self._ticks = 0
        self._pending: dict[str, AlarmSeen] = {}
        self._row_set, self._tally = RowSet(), Tally()
        self._sorted = SortedRows(rank)
        self._waiting = SortedRows(_urgency, lambda row: bool(row.name) and row.state.is_unacknowledged)
        self._rows: tuple[AlarmRow, ...] = ()
        self._snapshot: AlarmSnapshot = station.alarms
        self._take(self._snapshot)
        ticker.tick.connect(self._on_tick)

    @property
    def rows(self) -> tuple[AlarmRow, ...]:
        """All alarms that are present, by state, priority, newest first."""
        return self._rows

    @property
    def unacknowledged(self) -> tuple[AlarmRow, ...]:
        """Those that nobody has acknowledged, by priority, newest first."""
        return self._unacknowledged

    @property
    def is_evaluated(self) -> bool:
        """Whether alarms are evaluated at all."""
        return self._snapshot.is_evaluated

    @property
    def glyphs(self) -> Mapping[str, Glyph]:
        """The sign of each display, piece of equipment and tag that has an alarm, by name: the most urgent of its."""
        return self._tally.glyphs

    @property
    def pending(self) -> frozenset[str]:
        """The names of those whose acknowledgement is on its way."""
        return frozenset(self._pending)

    def changes_since(self, rows: Sequence[AlarmRow]) -> Delta:
        """Return how the rows of now differ from those of an earlier moment, at once if that was the last one."""
        if rows is self._rows:
            return NO_DELTA
        return self._delta if rows is self._before else difference(rows, self._rows)

    @property
    def causes(self) -> Mapping[str, str]:
        """For alarms that are there because of another one the name of that one."""
        return self._snapshot.causes

    def in_state(self, state: AlarmState) -> int:
        """Return how many alarms are in a state."""
        return self._tally.states[state]

    def alarmed(self, tag: str) -> int:
        """Return the priority of the most urgent active alarm of a tag, 0 for none."""
        glyph = self.glyphs.get(tag)
        return glyph.priority if glyph is not None and glyph.is_filled else 0

    def is_pending(self, row: AlarmRow) -> bool:
        """Tell whether an acknowledgement of this very occurrence is on its way."""
        seen = self._pending.get(row.name)
        return seen is not None and seen.occurrence == row.occurrence

    def present(self, priority: int) -> int:
        """Return how many alarms of a priority are active, latched or not acknowledged; those put aside don't count."""
        return self._tally.present(priority)

    def top(self, priority: int) -> Glyph | None:
        """Return the sign of the most urgent alarm of a priority that isn't put aside, None if there is none."""
        return self._tally.top(priority)

    def acknowledge(self, rows: Iterable[AlarmRow]) -> None:
        """Acknowledge what is seen now; rows that need none, or are on their way, are left out."""
        waiting = [row for row in rows if row.name and row.state.is_unacknowledged and not self.is_pending(row)]
        uncommented = tuple(row for row in waiting if needs_comment(self._station, row))
        asked = {row.name for row in uncommented}
        seen = [seen_of(row) for row in waiting if row.name not in asked]
        if seen:
            self._begin(seen)
            self._tasks.start(self._acknowledge(seen))
        if uncommented:
            self.comment_wanted.emit(uncommented)

    async def handle(self, request: AlarmRequest) -> tuple[AckResult, ...]:
        """Have alarms shelved, commented and so on, and show at once what became of them."""
        try:
            return await self._station.handle_alarms(request, self._session)
        finally:
            self._follow()

    async def acknowledge_with(self, seen: Sequence[AlarmSeen], comment: str) -> tuple[AckResult, ...]:
        """Acknowledge with a comment what was seen; the caller tells what became of it."""
        self._begin(seen)
        return await self._send(seen, comment)

    def _begin(self, seen: Sequence[AlarmSeen]) -> None:
        self._pending.update({each.name: each for each in seen})
        self.changed.emit()

    async def _send(self, seen: Sequence[AlarmSeen], comment: str) -> tuple[AckResult, ...]:
        try:
            return await self._station.acknowledge(seen, self._session, comment)
        finally:
            for each in seen:
                self._pending.pop(each.name, None)
            self._follow()
            self.changed.emit()

    async def _acknowledge(self, seen: Sequence[AlarmSeen]) -> None:
        results = await self._send(seen, "")
        told = [result for result in results if result.message]
        for signal, is_done in ((self.said, False), (self.warned, True)):
            words = dict.fromkeys(f"{each.name}: {tr(each.message)}" for each in told if each.is_done is is_done)
            if words:
                signal.emit(in_short(list(words)))

    def _on_tick(self) -> None:
        if self._ticks % _ROUND in _FOLLOWED:
            self._follow()
        self._ticks += 1

    def _follow(self) -> None:
        snapshot = self._station.alarms
        is_same = snapshot.sequence == self._snapshot.sequence and snapshot.is_evaluated == self._snapshot.is_evaluated
        if not is_same:
            self._take(snapshot)
            self.changed.emit()

    def _take(self, snapshot: AlarmSnapshot) -> None:
        self._snapshot = snapshot
        delta = self._row_set.take(snapshot.rows)
        for each in (self._sorted, self._waiting, self._tally):
            each.apply(delta)
        self._before, self._delta = self._rows, delta
        self._rows = tuple(self._sorted.rows)
        self._unacknowledged = tuple(self._waiting.rows)


def seen_of(row: AlarmRow) -> AlarmSeen:
    """Return what a person saw who saw this row."""
    return AlarmSeen(
        name=row.name, occurrence=row.occurrence, priority=row.priority, state=row.state, aside_us=row.aside_us
    )


def rank(row: AlarmRow) -> Key:
    """Return where a row stands by state, priority, newest first."""
    return ORDER[row.state], row.priority, -row.active_us, row.name


def _urgency(row: AlarmRow) -> Key:
    return row.priority, -row.active_us, row.name


def in_short(words: Sequence[str]) -> str:
    """Return a few refusals in one line, and how many there are beside them."""
    shown = " · ".join(words[:3])
    rest = len(words) - 3
    return shown if rest <= 0 else tr("{refused} and {count} more").format(refused=shown, count=rest)
