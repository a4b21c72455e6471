"""A program that a test can kill: a station, its window, and an operator who writes down what the screen shows.

`python -m tests.end_to_end.first_day PART PLANT DATA TWIN [NOTES]`: PART is `before` or `after`, TWIN what a running
virtual plant announced, NOTES what `before` has written. It prints one line of JSON and goes on until it is killed.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from hmi.control_room import open_control_room
from plant_models.clock import SystemClock
from plant_models.project.load import load_plant
from plant_models.simulation.announcement import Announcement
from plant_models.simulation.control_client import ControlClient
from station.local import LocalStation
from station.session import operating_system_session
from tests.end_to_end.operator import Operator
from tests.end_to_end.reading import Row, TrendReader, alarm_rows, has_read_alarms, journal_rows, time_of

STATION: Final = "River pump station"
DUTY, STANDBY, LEVEL = "RPS.P1", "RPS.P2", "TK3.LEVEL"
PENS: Final = (LEVEL, f"{DUTY}.RUN")
ACKNOWLEDGED: Final = "Acked, active"
_PATIENCE_S: Final = 180.0
"""A hang guard for what the water must do first."""
_FALL: Final = 0.3
_BEHIND_US: Final = 2_000_000
"""The cursor stands some pixels behind the trip: the pixel of the trip itself holds both what was and what came."""
Notes = dict[str, Any]


async def before(operator: Operator, control: ControlClient, _: Notes) -> Notes:
    """Lose the running pump, find out, acknowledge, look back, start the other one; return what was seen."""
    await operator.click(STATION)
    await operator.sees("the duty pump giving water", lambda: operator.number(f"{DUTY}.FLOW") > 100)
    for pump in (DUTY, STANDBY):
        operator.open_faceplate(pump)
        await operator.click("Manual", operator.faceplate())
        await operator.confirm()
        await operator.sees(f"{pump} in Manual", lambda pump=pump: "Manual" in operator.state(pump))
    full = operator.number(LEVEL)
    await asyncio.to_thread(control.request, "trip", equipment=DUTY)
    await operator.sees("the level fall", lambda: operator.number(LEVEL) < full - _FALL)
    operator.open_faceplate(DUTY)
    await operator.sees("the tripped pump", lambda: "Tripped" in operator.texts())
    acknowledged = await _acknowledge(operator)
    trip_us = await _trip_in_journal(operator)
    live, cursor_us = await _look_at_curve(operator, trip_us)
    await _start_standby(operator)
    await operator.click("Alarms")
    await operator.sees("the alarm gone", lambda: not _of(alarm_rows(operator), LEVEL), _PATIENCE_S)
    standing = _of(alarm_rows(operator), f"{DUTY}.FLT")
    await operator.click("Journal")
    await operator.sees("its return", lambda: _events(journal_rows(operator), LEVEL)[0] == "Returned")
    journal = journal_rows(operator)
    await operator.click("Trends")
    past = await TrendReader(operator).under_cursor()
    return {
        "acknowledged": acknowledged,
        "standing": standing,
        "journal": journal,
        "cursor_us": cursor_us,
        "live": live,
        "past": past,
    }


async def after(operator: Operator, _: ControlClient, notes: Notes) -> Notes:
    """Read the same again after a restart."""
    await operator.click("Journal")
    await operator.sees("the journal", lambda: len(journal_rows(operator)) >= len(notes["journal"]))
    journal = journal_rows(operator)
    await operator.click("Alarms")
    await operator.sees("the tripped pump", lambda: _of(alarm_rows(operator), f"{DUTY}.FLT"))
    standing = _of(alarm_rows(operator), f"{DUTY}.FLT")
    trend = await _open_trend(operator)
    operator.window.open_trend((), notes["cursor_us"])
    past = await trend.under_cursor()
    await trend.point_at(notes["down_us"])
    await operator.sees("the gap", lambda: all(trend.is_gap(pen) for pen in PENS))
    await operator.click(STATION)
    await operator.sees("the standby pump giving water", lambda: operator.number(f"{STANDBY}.FLOW") > 100)
    return {"journal": journal, "standing": standing, "past": past, "state": operator.state(STANDBY)}


async def _acknowledge(operator: Operator) -> list[Row]:
    """Wait for the alarm of the level, acknowledge what can be seen, and return its row as it stands then."""
    await operator.click("Alarms")
    await operator.sees("the low-level alarm", lambda: _of(alarm_rows(operator), LEVEL), _PATIENCE_S)
    await operator.sees("what the alarms say", lambda: has_read_alarms(operator))
    await operator.click("Ack visible")
    await operator.sees("the acknowledgement", lambda: _are_acknowledged(alarm_rows(operator)))
    return _of(alarm_rows(operator), LEVEL)


async def _trip_in_journal(operator: Operator) -> int:
    """Read in the journal when the pump tripped, and that level and pump are acknowledged."""
    await operator.click("Journal")
    for tag in (LEVEL, f"{DUTY}.FLT"):
        await operator.sees(
            f"{tag} raised and acknowledged",
            lambda tag=tag: _events(journal_rows(operator), tag) == ["Acknowledged", "Raised"],
        )
    raised = next(row for row in _of(journal_rows(operator), f"{DUTY}.FLT") if row["Event"] == "Raised")
    return time_of(raised, operator.window.context.plant.time_zone)


async def _look_at_curve(operator: Operator, trip_us: int) -> tuple[dict[str, str], int]:
    """Watch the curve fall live; stop it, put the cursor right behind the trip, and look again after other spans."""
    trend = await _open_trend(operator)
    level = trend.now(LEVEL)
    await operator.sees("the curve fall", lambda: trend.now(LEVEL) < level)
    cursor_us = await trend.point_at(trip_us + _BEHIND_US)
    live = await trend.under_cursor()
    for button in ("Live", "1 h", "10 min"):
        await operator.click(button)
    await operator.sees("the same from history", lambda: trend.cells() == live)
    await operator.click("Paused")
    return live, cursor_us


async def _open_trend(operator: Operator) -> TrendReader:
    await operator.click("Trends")
    trend = TrendReader(operator)
    for pen in PENS:
        await trend.add(pen)
    await operator.click("10 min")
    return trend


async def _start_standby(operator: Operator) -> None:
    """Start the other pump from its faceplate and watch the level come back."""
    await operator.click(STATION)
    lowest = operator.number(LEVEL)
    operator.open_faceplate(STANDBY)
    await operator.click("Start", operator.faceplate())
    await operator.confirm()
    await operator.sees("the standby pump running", lambda: "Running" in operator.state(STANDBY))
    await operator.sees("the level recover", lambda: operator.number(LEVEL) > lowest + _FALL)


def _of(rows: list[Row], tag: str) -> list[Row]:
    return [row for row in rows if row["Tag"] == tag]


def _events(rows: list[Row], tag: str) -> list[str]:
    return [row["Event"] for row in _of(rows, tag)]


def _are_acknowledged(rows: list[Row]) -> bool:
    states = [row["State"] for tag in (LEVEL, f"{DUTY}.FLT") for row in _of(rows, tag)]
    return states == [ACKNOWLEDGED] * 2


def main(part: str, plant: str, data: str, twin: str, notes: str = "{}") -> None:
    """Run one part; the line of JSON is the only thing on stdout."""
    announcement = Announcement.from_line(twin)
    control = ControlClient(announcement.control, announcement.token)
    station = LocalStation(load_plant(Path(plant)), Path(data), SystemClock(), announcement.endpoints)
    parts: dict[str, Callable[[Operator, ControlClient, Notes], Awaitable[Notes]]] = {"before": before, "after": after}
    station.start()
    with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
        room.window.resize(1920, 1080)
        room.window.show()

        async def shift() -> None:
            seen = await parts[part](Operator(room), control, json.loads(notes))
            print(json.dumps(seen), flush=True)  # noqa: T201 what the test reads
            await asyncio.Event().wait()

        try:
            room.run(shift())
        finally:
            station.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
