"""Who sits where, and who made the alarms quiet there: rows of the audit. Runs on the station's workers.

What is told here can't be refused, since it has happened. What makes no sense, or can't be recorded, is said.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from database.errors import DatabaseError
from plant_models.message import message, words_of
from station.chain import personal_entry
from station.parts import StationParts
from station.seat_note import SeatAct, SeatNote
from station.session import Session

LONGEST_US: Final = 86_400_000_000
"""What lies further from now than a day is the end of no mute, even where a clock was set."""
_log: Final = structlog.get_logger()


class Seats:
    """Keeps in mind what people do at the seats of a station."""

    def __init__(self, parts: StationParts) -> None:
        self._parts = parts

    def note(self, note: SeatNote, session: Session) -> str:
        """Record it; return why not, in words, or an empty text. Blocks on the disk."""
        problem = self._problem(note, session) or self._record(note, session)
        if problem:
            _log.error("station: not recorded of a seat", note=str(note), user=session.user, problem=problem)
        return problem

    def _record(self, note: SeatNote, session: Session) -> str:
        entry = personal_entry(note.act.value, session, self._words(note))
        try:
            self._parts.audit.append(entry)
        except DatabaseError as error:
            return message("It can't be recorded: {why}", why=words_of(error))
        return ""

    def _problem(self, note: SeatNote, session: Session) -> str:
        """Return what of a note makes no sense, "" if all does."""
        if not session.user or not session.seat:
            return message("What is done at a seat needs a user and a seat")
        if not isinstance(note.act, SeatAct):
            return message("{act} is nothing that is done at a seat", act=f"{note.act!r:.40}")
        ends = [each for each in (note.until_us, note.urgent_until_us) if each is not None]
        if note.act is not SeatAct.MUTE:
            return message("Only a mute has an end") if ends else ""
        if note.until_us is None:
            return message("A mute needs an end")
        wrong = next((each for each in ends if not self._may_be_end(each) or each > note.until_us), None)
        return "" if wrong is None else message("{time} is not the end of a mute", time=f"{wrong!r:.40}")

    def _may_be_end(self, at_us: object) -> bool:
        return type(at_us) is int and abs(at_us - self._parts.clock.wall_us()) <= LONGEST_US

    def _words(self, note: SeatNote) -> str:
        if note.until_us is None:
            return ""
        until = self._local(note.until_us)
        if note.urgent_until_us is None:
            return message("Until {until}, but not for priority 1", until=until)
        if note.urgent_until_us == note.until_us:
            return message("Until {until}", until=until)
        return message(
            "Until {until}, for priority 1 until {urgent}", until=until, urgent=self._local(note.urgent_until_us)
        )

    def _local(self, at_us: int) -> str:
        """Return a time as the plant counts it, with its distance from UTC."""
        zone = ZoneInfo(self._parts.plant.time_zone)
        return datetime.fromtimestamp(at_us // 1_000_000, zone).isoformat(sep=" ")
