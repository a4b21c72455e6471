"""A thousand alarms within seconds, from registers on a real socket to the open alarm list and the journal: none is
missing, none comes twice, and their order is kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alarms.journal_query import JournalQuery
from alarms.states import AlarmState
from alarms.store.verify import JournalVerdict, verify_journal
from hmi.alarm_list.columns import TAG
from hmi.alarm_list.page import AlarmsPage
from hmi.control_room import ControlRoom, open_control_room
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.clock import SystemClock
from plant_models.display import Display, Layout
from plant_models.plant import Plant
from station.local import LocalStation
from tests.end_to_end.operator import Operator
from tests.fakes.desk import take_focus
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
        take_focus(room.window)
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


def test_the_list_is_worked_with_keyboard_and_mouse_while_alarms_pour_in(
    room: ControlRoom, station: LocalStation, server: HostileModbusServer
) -> None:
    """Somebody scrolls, selects, filters, pauses, sorts and acknowledges during the flood: nothing jumps or is lost."""
    operator, page, table = Operator(room), room.window.area.alarms_page, station.table
    assert page is not None
    view, bar = page.view, page.view.verticalScrollBar()
    asked: list[list[str]] = []
    page.shelve_wanted.connect(lambda rows, minutes: asked.append([row.name for row in rows]))
    raised = 0

    async def pour(count: int) -> None:
        nonlocal raised
        numbers = range(FLOOD - raised - count, FLOOD - raised)  # later ones first: what comes stands above
        server.memory.holding.update(dict.fromkeys(numbers, 50))
        raised += count
        await operator.sees("the slice", lambda: table.sample(numbers.start).value == 50.0)

    async def listed() -> None:
        await operator.sees("every alarm", lambda: len(page.table.alarms) == raised)

    async def work() -> None:
        await operator.sees("every value", lambda: table.sample(FLOOD - 1).value == 1.0)
        await pour(200)
        await listed()

        # Keyboard: two alarms are selected, and stay so.
        QTest.keyClick(view, Qt.Key.Key_Home)
        QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        chosen = {row.name for row in view.chosen()}
        assert len(chosen) == 2
        await pour(100)
        await listed()
        assert {row.name for row in view.chosen()} == chosen

        # Mouse: what is read stays where it is; how many came above is said.
        bar.setValue(bar.maximum() // 2)
        first = page.table.alarms[view.rowAt(0)].name
        await pour(100)
        await listed()
        assert page.table.alarms[view.rowAt(0)].name == first
        assert page.card.news.isVisible()
        QTest.mouseClick(page.card.news, Qt.MouseButton.LeftButton)
        assert bar.value() == 0

        # Pause: rows stand still, then all of them are there.
        QTest.keyClick(view, Qt.Key.Key_Pause)
        standing = [row.name for row in page.table.alarms]
        await pour(100)
        await operator.sees("what came since", lambda: "100 new, 10 of priority 1" in page.card.pause.words)
        assert [row.name for row in page.table.alarms] == standing
        QTest.mouseClick(page.card.pause.go_on, Qt.MouseButton.LeftButton)
        await listed()

        # Another order, and back.
        head = view.horizontalHeader()
        at = QPoint(head.sectionViewportPosition(TAG) + 20, 10)
        QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        await pour(100)
        await listed()
        tags = [row.tag for row in page.table.alarms]
        assert tags == sorted(tags)
        for _ in range(2):
            QTest.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert [row.priority for row in page.table.alarms[:60]] == [1] * 60

        # A filter leaves the urgent ones; the menu of the shelf tells what is selected and nothing else.
        page.filter_bar.field.setFocus()
        QTest.keyClicks(page.filter_bar.field, "T09?7")
        await pour(100)
        await operator.sees("the filter", lambda: {row.priority for row in page.table.alarms} == {1, 3})
        assert {row.tag for row in page.table.alarms if row.priority == 3} == {f"T09{n}7" for n in range(10)}
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_End)
        QTest.keyClick(view, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
        assert asked == [[page.table.alarms[-1].name]]
        assert room.window.area.dialogs.sheet is not None
        QTest.keyClick(room.window, Qt.Key.Key_Escape)  # the dialog
        view.setFocus()
        QTest.keyClick(view, Qt.Key.Key_Escape)  # the filter

        # Everything is selected; only what stood on screen is acknowledged, while more comes.
        await listed()
        bar.setValue(0)
        await operator.sees("rows that were read", lambda: all(map(view.seen.stands, view.on_screen())))
        read = {row.name for row in view.on_screen()}
        QTest.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        QTest.keyClick(view, Qt.Key.Key_F7)
        await pour(100)
        await operator.sees("what was acknowledged", lambda: read <= _in_state(page, AlarmState.ACKED))
        await listed()
        assert len(_in_state(page, AlarmState.UNACK)) > raised / 2, "nobody saw the others"

    room.run(work())
    assert len(page.table.alarms) == raised == 800


def _in_state(page: AlarmsPage, state: AlarmState) -> set[str]:
    return {row.name for row in page.table.alarms if row.state is state}
