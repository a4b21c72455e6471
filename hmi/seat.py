"""Tells the station what happens at the seat in front of this window, one thing after the other. GUI thread.

Nothing waits for it but the end of the window: what has happened here has happened, recorded or not.
"""

import asyncio
from collections import deque
from typing import Final

import structlog
from PySide6.QtCore import QObject, Signal

from hmi.i18n import tr
from hmi.tasks import Tasks
from station.protocol import Station
from station.seat_note import SeatAct, SeatNote
from station.session import Session

_CLOSE_S: Final = 3.0
"""How long a window that is closed waits for a station that doesn't answer."""
_LOG: Final = structlog.get_logger(__name__)


class Seat(QObject):
    """`unrecorded` has words about why the audit trail doesn't have something."""

    unrecorded = Signal(str)

    def __init__(self, station: Station, session: Session, tasks: Tasks) -> None:
        super().__init__()
        self._station, self._session, self._tasks = station, session, tasks
        self._waiting: deque[SeatNote] = deque()
        self._telling: asyncio.Task[None] | None = None

    def tell(self, note: SeatNote) -> asyncio.Task[None]:
        """Have something recorded, after what was told before; return the task that does it."""
        self._waiting.append(note)
        if self._telling is None or self._telling.done():
            self._telling = self._tasks.start(self._tell())
        return self._telling

    def open(self) -> None:
        """Tell that somebody sits here now."""
        self.tell(SeatNote(SeatAct.OPEN))

    async def close(self) -> None:
        """Tell that nobody sits here any more; return when all is recorded, or after a while without."""
        closing = self.tell(SeatNote(SeatAct.CLOSE))
        _, late = await asyncio.wait((closing,), timeout=_CLOSE_S)
        if late:
            _LOG.warning("the station doesn't answer; the audit trail may not have the end of this window")

    async def _tell(self) -> None:
        while self._waiting:
            problem = await self._station.note_seat(self._waiting.popleft(), self._session)
            if problem:
                self.unrecorded.emit(tr(problem))
