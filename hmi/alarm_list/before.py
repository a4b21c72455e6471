"""How often an alarm came in the last 30 days, asked of the journal in the background and kept. GUI thread."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from alarms.snapshot import AlarmRow
from alarms.states import AlarmEvent
from database.errors import DatabaseError
from hmi.alarms.comments import SPAN_US, Said, about, said_in
from hmi.context import Context
from hmi.i18n import tr
from plant_models.message import words_of

_RAISED: Final = frozenset({AlarmEvent.ALM.value})
_ROWS: Final = 500
_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Past:
    """How often it came before this time, at least, when last (µs UTC), and what was said then.

    `is_more`: it came more often than was counted. `problem` says why nobody knows.
    """

    count: int = 0
    is_more: bool = False
    last_us: int | None = None
    said: Said | None = None
    problem: str = ""


class Before(QObject):
    """`known` is emitted with the alarm whose past has come; the newest are kept."""

    known = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._kept: OrderedDict[tuple[str, int], Past | None] = OrderedDict()

    def of(self, row: AlarmRow) -> Past | None:
        """Return the past of an alarm, None while it isn't known; then it is asked for."""
        key = row.name, row.occurrence
        if key not in self._kept:
            self._kept[key] = None
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            self._context.tasks.start(self._ask(row))
        return self._kept[key]

    async def _ask(self, row: AlarmRow) -> None:
        past = await _past(self._context, row)
        self._kept[row.name, row.occurrence] = past
        self.known.emit(row)


async def _past(context: Context, row: AlarmRow) -> Past:
    start_us, station = context.clock.wall_us() - SPAN_US, context.station
    try:
        raised = await station.journal(about(row, start_us, _ROWS, _RAISED))
        talked = await station.journal(about(row, start_us, _ROWS))
    except DatabaseError as error:
        return Past(problem=tr("The journal can't be read: {reason}").format(reason=tr(words_of(error))))
    times = [each.at_us for each in raised.rows if each.alarm == row.name and each.at_us < row.active_us]
    said = next((each for each in said_in(talked.rows, row) if each.at_us < row.active_us), None)
    return Past(len(times), raised.total > len(raised.rows), max(times, default=None), said)
