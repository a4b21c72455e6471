"""Nobody is surprised by the end of a shelf, and nothing that is out of service is forgotten."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from tests.fakes.alarms import alarm, many_alarms
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk, visible

TRIP, VIBRATION = "RPS.P1.FLT.state", "RPS.P1.VIB.H"
MINUTE_US = 60_000_000


@pytest.fixture
def quiet(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    """A desk under a clock that the test moves, with no alarms."""
    del qtbot
    with open_desk(clock=clock) as desk:
        desk.room.ticker.stop()
        yield desk


def _put(desk: Desk, *rows: AlarmRow) -> None:
    desk.station.put_alarms(rows)
    desk.tick(5)


def _bars(desk: Desk) -> list[str]:
    return [each.text() for each in visible(desk.window, QLabel) if "shelf" in each.text() or "review" in each.text()]


def test_the_end_of_a_shelf_is_told_five_minutes_before(quiet: Desk, clock: ManualClock) -> None:
    shelved = alarm(quiet.station.plant, TRIP, state=AlarmState.SHLVD, until_us=clock.wall_us() + 6 * MINUTE_US)
    _put(quiet, shelved)
    assert _bars(quiet) == []
    clock.advance(60)
    quiet.tick(10)
    (words,) = _bars(quiet)
    assert words.startswith("RPS.P1.FLT, Pump tripped comes back from the shelf at ")
    assert quiet.window.shelves.notices == (words,)


def test_it_is_told_once_and_taken_away_when_it_is_over(quiet: Desk, clock: ManualClock) -> None:
    told: list[str] = []
    quiet.window.shelves.told.connect(told.append)
    first = alarm(quiet.station.plant, TRIP, state=AlarmState.SHLVD, until_us=clock.wall_us() + MINUTE_US)
    second = alarm(quiet.station.plant, VIBRATION, state=AlarmState.SHLVD, until_us=clock.wall_us() + 2 * MINUTE_US)
    _put(quiet, first)
    quiet.tick(30)
    _put(quiet, first, second)
    assert [words.split(",")[0] for words in told] == ["RPS.P1.FLT", "RPS.P1.VIB"]
    assert [row.name for row in quiet.window.shelves.ending] == [TRIP, VIBRATION]
    _put(quiet)
    assert _bars(quiet) == []


def test_an_overdue_review_is_told_and_one_that_is_not_due_is_not(quiet: Desk, clock: ManualClock) -> None:
    _put(
        quiet,
        alarm(quiet.station.plant, TRIP, state=AlarmState.OOSRV, until_us=clock.wall_us() - MINUTE_US),
        alarm(quiet.station.plant, VIBRATION, state=AlarmState.OOSRV, until_us=clock.wall_us() + MINUTE_US),
        alarm(quiet.station.plant, "RPS.P2.VIB.H", state=AlarmState.OOSRV),
    )
    (words,) = _bars(quiet)
    assert words.startswith("RPS.P1.FLT, Pump tripped is out of service, its review was due ")


def test_many_are_told_in_short(quiet: Desk, clock: ManualClock) -> None:
    rows = many_alarms(quiet.station.plant, 5)
    shelved = [AlarmRow(name=row.name, tag=row.tag, kind=row.kind, priority=3, state=AlarmState.SHLVD,
                        until_us=clock.wall_us()) for row in rows]  # fmt: skip
    _put(quiet, *shelved)
    (words,) = _bars(quiet)
    assert words.endswith(" and 2 more")
    assert len(quiet.window.shelves.notices) == 5
