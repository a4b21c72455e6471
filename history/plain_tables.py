"""What other programs read, kept in step: the plant, its hours and days, and manual values. Packer thread.

An hour is written here after it is packed and before its minutes are let go of, so that a packing that was cut short
writes it again. Days, and tables that must be made anew, are done in bounded steps when nothing is to be packed.
"""

from collections.abc import Sequence
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from database.errors import DatabaseError
from history.chunks.cells import HOUR_US
from history.manual_change import ManualChanges, Position
from history.site_time import SiteTime
from history.store.packed import PackedHour
from history.store.parts import Parts
from history.store.plain.days import StaleDay, day_cells, stale_days, write_day
from history.store.plain.hours import write_hours
from history.store.plain.manual import write_manual
from history.store.plain.place import TablesPlace
from history.store.plain.plant_rows import write_plant
from history.store.plain.refill import begin_refill, note_site, parts_left, read_piece, write_piece
from history.store.segments import Segments
from plant_models.message import message
from plant_models.plant import Plant

_BEGIN: Final[Position] = (0, 0)
_LATEST_US: Final = 2**62
_log = structlog.get_logger()


class PlainTables:
    """The tables of one plant: its hours come from `parts`, the names of their ids from where `segments` stand.

    `manual` gives what the audit says of manual values. `notice` is what a person should look at, in words.
    """

    def __init__(
        self,
        place: TablesPlace,
        parts: Parts,
        segments: Segments,
        plant: Plant,
        manual: ManualChanges | None = None,
    ) -> None:
        self._place, self._parts, self._segments = place, parts, segments
        self._plant, self._manual = plant, manual
        self._site = SiteTime(ZoneInfo(plant.time_zone), plant.history.day_starts)
        self._opened: tuple[int, object] = (0, None)
        self._audit_at = _BEGIN
        self._put_off: set[str | StaleDay] = set()
        self._put_off_hour = 0
        self._left = 0
        self.notice = ""

    def packed(self, hours: Sequence[PackedHour]) -> None:
        """Write hours that were just packed.

        Raises:
            DatabaseError: it can't be done now; nothing was changed.
        """
        self._prepare()
        with self._place.writing() as connection:
            write_hours(connection, ((hour.chunk.tag, hour.chunk.header) for hour in hours), self._site)

    def step(self, packed_until_us: int) -> bool:
        """Do one step of what is due; False if nothing is. All hours up to `packed_until_us` are packed.

        Raises:
            DatabaseError: it can't be done now; nothing is lost.
        """
        self._prepare()
        self._follow_audit()
        if packed_until_us // HOUR_US != self._put_off_hour:
            self._put_off, self._put_off_hour = set(), packed_until_us // HOUR_US
        is_done = self._refill() or self._write_day(packed_until_us)
        self.notice = self._look()
        return is_done

    def begin_anew(self) -> None:
        """Let everything be worked out anew, in the steps that follow."""
        self._prepare()
        with self._place.writing() as connection:
            begin_refill(connection, self._all_parts())

    def close(self) -> None:
        """Release the file."""
        self._place.close()

    def _prepare(self) -> None:
        """Bring newly opened tables, or those of a newly opened history, in step with the plant.

        What was never filled, or by another rule of days, is to be worked out anew. A file that turns out to be damaged
        was put aside when that is raised, and the next attempt has a new one.
        """
        history = self._segments.place
        if self._opened[0] == self._place.opened > 0 and self._opened[1] is history:
            return
        with self._place.writing() as connection:
            changed = write_plant(connection, self._plant, self._segments.tag_names())
            is_new = note_site(connection, self._plant)
            if is_new:
                begin_refill(connection, self._all_parts())
        self._opened, self._audit_at = (self._place.opened, history), _BEGIN
        _log.info("history: tables for other programs are in step", changed=changed, is_new=is_new)

    def _all_parts(self) -> list[str]:
        return self._parts.between(0, _LATEST_US)

    def _follow_audit(self) -> None:
        if self._manual is None:
            return
        try:
            changes, until = self._manual(self._audit_at)
        except DatabaseError:
            return  # an audit that can't be read is told of by the station
        if changes:
            with self._place.writing() as connection:
                write_manual(connection, changes)
        self._audit_at = until

    def _refill(self) -> bool:
        with self._place.writing() as connection:
            parts = parts_left(connection)
            self._left = len(parts)
            part = next((part for part in parts if part not in self._put_off), None)
            if part is None:
                return False
            try:
                piece = read_piece(connection, self._parts, part)
            except DatabaseError as error:
                return self._skip(part, error)
            write_piece(connection, part, piece, self._site)
        return True

    def _write_day(self, until_us: int) -> bool:
        with self._place.writing() as connection:
            found = stale_days(connection, until_us, len(self._put_off) + 1)
        stale = next((each for each in found if each not in self._put_off), None)
        if stale is None:
            return False
        try:
            cells = day_cells(self._parts, *stale)
        except DatabaseError as error:
            return self._skip(stale, error)
        with self._place.writing() as connection:
            write_day(connection, stale, cells, self._site)
        return True

    def _look(self) -> str:
        aside = self._place.files_aside
        if aside:
            return message("Tables for other programs were damaged; the old ones lie in {file}", file=aside[-1].name)
        if self._left:
            return message("Tables for other programs are being filled; months left: {parts}", parts=self._left)
        return ""

    def _skip(self, what: str | StaleDay, error: DatabaseError) -> bool:
        """Leave for the next hour what can't be read now, so that the rest is done."""
        _log.error("history: tables can't be worked out anew from a month", what=str(what), error=str(error))
        self._put_off.add(what)
        return True
