"""Reports of a running station: what it knows of the time in which it was off, killed or could not write."""

import asyncio
from pathlib import Path

import pytest

from alarms.kpi.figures import FigureKey, Verdict
from alarms.kpi.report import AlarmReport, AlarmReportQuery
from database.errors import DatabaseError
from station.alarm_reports import joined_runs
from tests.fakes.running_station import RunningStation
from tests.fakes.waiting import wait_until
from tests.station.test_station_alarms import acknowledge

HOUR_US = 3_600_000_000


def report(running: RunningStation, hours: float = 24.0, position: str = "") -> AlarmReport:
    """Return the report of the hours until now."""
    wait_until(lambda: not running.station.health.journal.depth, what="a written journal")
    now_us = running.clock.wall_us()
    query = AlarmReportQuery(now_us - round(hours * HOUR_US), now_us, position)
    return asyncio.run(running.station.alarm_report(query))


def test_a_station_that_has_just_started_knows_little(running: RunningStation) -> None:
    running.clock.advance(1800.0)
    answer = report(running)
    assert answer.coverage == pytest.approx(0.5 / 24)
    assert answer.figure(FigureKey.PER_DAY).verdict is Verdict.UNKNOWN
    short = report(running, hours=0.5)
    assert short.figure(FigureKey.PER_10_MIN).verdict is Verdict.GOOD
    assert short.figure(FigureKey.PER_DAY).value is None, "half an hour tells nothing of a day"


def test_a_clock_that_was_set_does_not_change_since_when_it_runs(running: RunningStation) -> None:
    running.clock.advance(1800.0)
    running.clock.step_wall(6 * 3600.0)
    assert report(running).coverage == pytest.approx(0.5 / 24)


def test_while_it_was_off_nothing_is_known_and_a_start_takes_up_the_load(tmp_path: Path) -> None:
    running = RunningStation(tmp_path / "data")
    running.start()
    running.put({"LEVEL": 8.1})
    running.clock.advance(900.0)
    acknowledge(running)
    running.clock.advance(900.0)
    running.stop()
    running.clock.advance(900.0)
    again = RunningStation(tmp_path / "data", clock=running.clock)
    again.start()
    try:
        load = again.station.alarm_loads[0]
        assert (load.today, load.last_hour, load.standing) == (1, 1, 1)
        again.clock.advance(900.0)
        answer = report(again, hours=1.0)
        assert answer.coverage == pytest.approx(0.75)
        assert (answer.annunciated, answer.answers[1].half_s) == (1, 900.0)
    finally:
        again.stop()


def test_a_past_that_can_not_be_read_loses_no_alarm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = RunningStation(tmp_path / "data")
    running.start()
    running.put({"LEVEL": 8.1})
    running.stop()

    def broken(*_: object) -> None:
        raise DatabaseError("{file} can't be read", file="station.sqlite")

    monkeypatch.setattr("station.alarm_reports.read_calls", broken)
    again = RunningStation(tmp_path / "data", clock=running.clock)
    again.start()
    try:
        load = again.station.alarm_loads[0]
        assert (load.standing, load.today) == (1, 0)
        assert [row.name for row in again.station.alarms.rows] == ["LEVEL.H"]
    finally:
        again.stop()


def test_acts_that_were_refused_are_counted(running: RunningStation) -> None:
    running.put({"LEVEL": 8.1})
    assert not acknowledge(running, occurrence=5).is_done
    running.clock.advance(60.0)
    assert report(running).figure(FigureKey.REFUSED).value == 1.0


def test_without_an_audit_the_report_says_what_the_journal_knows(
    running: RunningStation, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.put({"LEVEL": 8.1})
    running.clock.advance(60.0)

    def broken() -> None:
        raise DatabaseError("{file} can't be read", file="station.sqlite")

    monkeypatch.setattr(running.station._parts.audit, "reading", broken)
    answer = report(running)
    assert (answer.annunciated, answer.refused) == (1, None)
    assert answer.figure(FigureKey.REFUSED).verdict is Verdict.UNKNOWN


def test_a_position_has_its_own_report(running: RunningStation) -> None:
    running.put({"LEVEL": 8.1})
    running.clock.advance(60.0)
    assert report(running, position="all").annunciated == 1


def test_a_station_that_has_stopped_makes_no_report(running: RunningStation) -> None:
    running.stop()
    with pytest.raises(DatabaseError):
        asyncio.run(running.station.alarm_report(AlarmReportQuery(0, 1)))


@pytest.mark.parametrize(
    ("runs", "written", "known"),
    [
        ([], [(5, 9)], [(5, 9)]),
        ([(0, 10), (20, 30)], [], [(0, 10), (20, 30)]),
        ([(0, 10), (20, 30)], [(3, 15), (22, 24)], [(3, 15), (22, 24), (0, 15), (20, 30)]),
        ([(0, 10)], [(3, 50)], [(3, 50), (0, 50)]),
    ],
)
def test_a_run_that_was_killed_is_known_until_its_last_row(
    runs: list[tuple[int, int]], written: list[tuple[int, int]], known: list[tuple[int, int]]
) -> None:
    assert joined_runs(runs, written) == known
