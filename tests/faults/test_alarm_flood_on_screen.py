"""A thousand alarms within seconds, from registers on a real socket to the open alarm list and the journal: none is
missing, none comes twice, and their order is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from alarms.journal_query import JournalQuery
from alarms.store.verify import JournalVerdict, verify_journal
from hmi.alarms.page import AlarmsPage
from hmi.control_room import ControlRoom, open_control_room
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import SystemClock
from plant_models.display import Display, Layout
from plant_models.plant import Plant
from station.local import LocalStation
from tests.end_to_end.operator import Operator
from tests.fakes.modbus_server import HostileModbusServer
from tests.fakes.running_station import OPERATOR
from tests.fakes.screen_texts import texts
from tests.fakes.small_plant import modbus_device, small_plant, tag

FLOOD, SLICE = 1_000, 50
DEVICE = "FLOOD"


def flood_plant(port: int) -> Plant:
    """Return a plant of 1,000 registers with a limit each; every tenth alarm passes every filter."""
    tags = [tag(f"T{number:04}", DEVICE, f"hr:{number}") for number in range(FLOOD)]
    alarms = [
        AlarmDefinition(tag=each.name, kind=AlarmKind.HIGH, limit=10.0, priority=1 if number % 10 == 0 else 3)
        for number, each in enumerate(tags)
    ]
    plant = small_plant([modbus_device(DEVICE, port)], tags, alarms=alarms)
    home = Display(name="home", title="Home", level=1, layout=Layout((1600, 900), ()))
    return replace(plant, home="home", displays={"home": home})


@pytest.fixture
def server() -> Iterator[HostileModbusServer]:
    with HostileModbusServer() as server:
        server.memory.holding.update(dict.fromkeys(range(FLOOD), 1))
        yield server


@pytest.fixture
def station(server: HostileModbusServer, tmp_path: Path) -> Iterator[LocalStation]:
    station = LocalStation(flood_plant(server.port), tmp_path, SystemClock())
    station.start()
    yield station
    station.stop()


@pytest.fixture
def room(qapp: QApplication, station: LocalStation) -> Iterator[ControlRoom]:
    with open_control_room(station, OPERATOR, theme_name="light", language="en") as room:
        room.window.resize(1920, 1080)
        room.window.show()
        room.window.show_alarms()
        yield room


def count_words(page: AlarmsPage) -> str:
    return next((text for _, text in texts(page) if "alarms. Order" in text), "")


def test_a_thousand_alarms_are_all_listed_and_journalled_once_in_their_order(
    room: ControlRoom, station: LocalStation, server: HostileModbusServer, tmp_path: Path
) -> None:
    operator, page, table = Operator(room), room.window.area.alarms_page, station.table
    assert page is not None

    async def flood() -> None:
        await operator.sees("every value", lambda: table.sample(FLOOD - 1).value == 1.0)
        for start in range(0, FLOOD, SLICE):
            server.memory.holding.update(dict.fromkeys(range(start, start + SLICE), 50))
            await operator.sees("the slice", lambda end=start + SLICE: table.sample(end - 1).value == 50.0)
        await operator.sees("every alarm", lambda: len(page.table.alarms) == FLOOD)
        await operator.sees("their number", lambda: count_words(page).startswith("1000 of 1000 alarms"))
        page.filter_bar.field.setText("T0007")
        await operator.sees("a filter", lambda: count_words(page).startswith("101 of 1000 alarms"))
        page.filter_bar.clear()
        await operator.sees("all rows on the disk", lambda: station.health.journal.written >= FLOOD)

    room.run(flood())
    assert {row.name for row in page.table.alarms} == {f"T{number:04}.H" for number in range(FLOOD)}
    rows = room.loop.run_until_complete(station.journal(JournalQuery(limit=2 * FLOOD))).rows[::-1]
    assert [row.seq for row in rows] == list(range(1, FLOOD + 1))
    assert [int(row.tag[1:]) // SLICE for row in rows] == [number // SLICE for number in range(FLOOD)]
    assert {(row.event, row.alarm) for row in rows} == {("ALM", f"T{number:04}.H") for number in range(FLOOD)}
    assert [row.at_us for row in rows] == sorted(row.at_us for row in rows)
    assert station.health.journal.dropped == station.health.queue.dropped == 0
    station.stop()
    assert verify_journal(tmp_path / "station.sqlite") == JournalVerdict(FLOOD)
