"""Reports on the alarm system, and what one alarm did, from journal and audit. Workers that may take their time.

A start reads the last day.

The station ran from each start that the audit knows to the newest row of that run in audit or journal; the present run
goes on. What lies between isn't known: nobody would have heard an alarm.
"""

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from alarms.kpi.make import make_report
from alarms.kpi.positions import Watch
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from alarms.kpi.rows import KpiRow
from alarms.kpi.window import HOUR_US, Span, Window, within
from alarms.store.journal import Journal
from alarms.store.kpi_rows import read_calls, read_journal_runs, read_kpi_rows
from alarms.store.past_rows import read_nature, read_past_rows
from analytics.alarm_past import AlarmPast
from database.errors import DatabaseError
from plant_models.clock import Clock
from plant_models.plant import Plant
from station.store.audit import Audit
from station.store.kpi_runs import count_refused, read_runs

LONGEST_DAY_US: Final = 25 * HOUR_US
_log: Final = structlog.get_logger()


class AlarmReports:
    """Answers `station.protocol.Station.alarm_report`, and what is asked of the journal for studies of one alarm.

    The present run began when it was made.
    """

    def __init__(self, plant: Plant, journal: Journal, audit: Audit, clock: Clock) -> None:
        self._plant, self._journal, self._audit, self._clock = plant, journal, audit, clock
        self._begun_ns = clock.mono_ns()

    def past(self) -> list[KpiRow]:
        """Return the rows of the longest day that may tell of annunciations, for the load of the moment.

        Raises:
            DatabaseError: the journal can't be read.
        """
        with self._journal.reading() as connection:
            return read_calls(connection, self._clock.wall_us() - LONGEST_DAY_US)

    def make(self, query: AlarmReportQuery) -> AlarmReport:
        """Make a report.

        Raises:
            ValueError: it ends before it begins.
            KeyError: the plant has no such position.
            DatabaseError: the journal can't be read; the words are for people.
        """
        of_position = self._filter(query.position)
        with self._journal.reading() as connection:
            rows = read_kpi_rows(connection, query.start_us, query.end_us)
            written = read_journal_runs(connection, query.start_us, query.end_us)
        runs, refused = self._from_audit(query.start_us, query.end_us)
        known = within([*joined_runs(runs, written), self._present_run()], query.start_us, query.end_us)
        window = Window(query.start_us, query.end_us, ZoneInfo(self._plant.time_zone), known)
        return make_report(query, of_position(rows), window, self._plant.philosophy.targets, refused)

    def past_of(self, alarm: str, start_us: int, end_us: int) -> AlarmPast:
        """Return what the journal tells of one alarm from a time to another (µs UTC).

        Raises:
            DatabaseError: the journal can't be read.
        """
        with self._journal.reading() as connection:
            rows = read_past_rows(connection, alarm, start_us, end_us)
            written = read_journal_runs(connection, start_us, end_us)
        runs, _ = self._from_audit(start_us, end_us)
        known = within([*joined_runs(runs, written), self._present_run()], start_us, end_us)
        return AlarmPast(tuple(rows), known)

    def nature_of(self, alarm: str) -> tuple[str, str]:
        """Return kind and text of an alarm that the journal knows, both empty if it doesn't.

        Raises:
            DatabaseError: the journal can't be read.
        """
        with self._journal.reading() as connection:
            return read_nature(connection, alarm)

    def _present_run(self) -> Span:
        now_us = self._clock.wall_us()
        return now_us - (self._clock.mono_ns() - self._begun_ns) // 1000, now_us

    def _filter(self, name: str) -> Callable[[Sequence[KpiRow]], Sequence[KpiRow]]:
        if not name:
            return lambda rows: rows
        watch = Watch(self._plant.positions, self._plant.areas)
        number = {each.name: at for at, each in enumerate(watch.positions)}[name]
        return lambda rows: [row for row in rows if number in watch.of_area(row.area)]

    def _from_audit(self, start_us: int, end_us: int) -> tuple[list[Span], int | None]:
        try:
            with self._audit.reading() as connection:
                return read_runs(connection), count_refused(connection, start_us, end_us)
        except DatabaseError as error:
            _log.warning("station: a report on the alarms knows nothing of the audit", error=str(error))
            return [], None


def joined_runs(runs: Sequence[Span], written: Sequence[Span]) -> list[Span]:
    """Return when the station ran: runs of the audit, as long as the journal shows that they went on, and the others.

    `written` are the times between first and last row of a run in the journal.
    """
    begins = [begun for begun, _ in runs]
    found = list(written)
    for at, (begun, ended) in enumerate(runs):
        following = begins[at + 1] if at + 1 < len(begins) else None
        later = [last for _, last in written if last >= begun and (following is None or last < following)]
        found.append((begun, max(ended, *later) if later else ended))
    return found
