"""The README's tour, step by step as it is written: what it names is clicked, pressed or seen, and nothing else counts.

A step that is added, removed or renamed in the README fails here until its twin is; so does a button or key in a step
that its twin doesn't use.
"""

import asyncio
import re
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from alarms.snapshot import AlarmRow
from hmi.alarm_journal.page import JournalView
from hmi.control_room import ControlRoom, open_control_room
from hmi.dialogs.leave import LeaveDialog
from hmi.displays.items.value import ValueItem
from hmi.theme.theme import theme
from plant_models.clock import SystemClock
from plant_models.project import load_plant
from plant_models.simulation.process_link import VirtualPlant
from station.local import LocalStation
from station.session import operating_system_session
from tests.docs.markdown import ROOT, arguments
from tests.end_to_end.operator import Operator
from tests.fakes.screen_texts import texts
from tests.fakes.whole_line import start_twin

DEMO = ROOT / "resources" / "plants" / "netherby"
STEP = re.compile(r"^\d+\. \*\*(.+?)\.\*\*(.*?)(?=^\d+\. |\Z)", re.MULTILINE | re.DOTALL)
KEYS = re.compile(r"`((?:Ctrl|Alt)\+\w+)`")
WORDS = re.compile(r"(?<!\*)\*([^*\n]+)\*(?!\*)")
COMMAND = re.compile(r"^\s+(\S+python main\.py control .+)$", re.MULTILINE)
IN_THE_TERMINAL = "Ctrl+C"


def steps() -> dict[str, str]:
    """Return the text of each step of the README's tour by its title."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## A tour of five minutes")[2].partition("\n## ")[0]
    found = dict(STEP.findall(section.partition("\nMore faults")[0]))
    assert len(found) == len(re.findall(r"^\d+\. ", section, re.MULTILINE)), "a step begins with its title in bold"
    return found


class Tour:
    """Somebody who reads a step and does it; `left` is what the step names and they haven't used yet."""

    def __init__(self, room: ControlRoom, twin: VirtualPlant) -> None:
        self.room, self.window, self.operator = room, room.window, Operator(room)
        self._control = twin.control
        self.left: list[str] = []
        self._commands: list[str] = []

    def read(self, text: str) -> None:
        self._commands = COMMAND.findall(text)
        named = {*KEYS.findall(text), *WORDS.findall(text), *self._commands}
        self.left = sorted(named - {IN_THE_TERMINAL})

    def take(self, named: str) -> None:
        if named in self.left:
            self.left.remove(named)

    async def click(self, words: str, within: QWidget | None = None) -> None:
        self.take(words)
        place = within or self.window
        await self.operator.sees(f"the button {words!r}", lambda: _buttons(place, words))
        QTest.mouseClick(_buttons(place, words)[-1], Qt.MouseButton.LeftButton)

    async def press(self, keys: str) -> None:
        self.take(keys)
        self.window.activateWindow()
        await self.operator.sees("an active window", self.window.isActiveWindow)
        combination = QKeySequence(keys)[0]
        QTest.keyClick(self.window, combination.key(), combination.keyboardModifiers())

    async def see(self, words: str, shown: Callable[[], str]) -> None:
        self.take(words)
        await self.operator.sees(words, lambda: words.lower() in shown().lower())

    async def control(self, command: str) -> None:
        """Run the step's command line that says `command`, as in a second terminal."""
        line = next(each for each in self._commands if f" {command} " in each)
        self.take(line)
        given = line.replace("PORT", str(self._control.endpoint.port)).replace("TOKEN", self._control.token)
        done = await asyncio.to_thread(
            subprocess.run, arguments(given), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr

    def banner(self) -> str:
        return "\n".join(text for _, text in texts(self.window.banner))

    def alarm(self, tag: str) -> AlarmRow | None:
        page = self.window.area.alarms_page
        assert page is not None
        return next((row for row in page.table.alarms if row.tag == tag), None)


def _buttons(place: QWidget, words: str) -> list[QAbstractButton]:
    """Return the buttons that can be clicked and say `words`; the room beside an icon is spaces."""
    found = (each for each in place.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled())
    return [each for each in found if words in (each.text().strip(), each.accessibleName())]


async def start(tour: Tour) -> None:
    assert tour.window.page == "overview"
    assert "main.py run $(PLANT)" in (ROOT / "Makefile").read_text(), "what this test does by hand"
    values = [item for item in tour.operator.display().scene.live_items if isinstance(item, ValueItem)]
    await tour.operator.sees("live values", lambda: values and all(item.reading.is_usable for item in values))


async def look(tour: Tour) -> None:
    await tour.click("River pump station", tour.window.navigation)
    await tour.operator.sees("the flow", lambda: tour.operator.number("RPS.P1.FLOW") > 100)
    view = tour.operator.display()
    spot = next(each for each in view.hotspots if each.item.item.tag == "RPS.P1.FLOW")
    QTest.mouseMove(spot, QPoint(5, 5))
    QTest.mouseMove(spot, QPoint(9, 9))
    await tour.operator.sees("the card", view.hover_card.isVisible)
    for word in ("RPS.P1.FLOW", "Time", "Source", "Quality", "Range", "Limit"):
        assert word.lower() in view.hover_card.text().lower()


async def open_a_pump(tour: Tour) -> None:
    tour.operator.open_faceplate("RPS.P1")
    assert "Running" in tour.operator.texts()
    assert "must be in Manual" in tour.operator.texts()


async def command_it(tour: Tour) -> None:
    plate = tour.operator.faceplate()
    await tour.click("Manual", plate)
    await tour.operator.confirm()
    await tour.click("Stop", plate)
    await tour.operator.confirm()
    await tour.see("verified", tour.operator.texts)
    await tour.operator.sees("no more flow", lambda: tour.operator.number("RPS.P1.FLOW") < 1)


async def break_something(tour: Tour) -> None:
    before = tour.window.context.alarms.present(2)
    await tour.control("trip")
    await tour.operator.sees("the pump marked", lambda: "Tripped" in tour.operator.state("RPS.P2"))
    await tour.see("Pump tripped", tour.banner)
    bell = next(each for _, each in texts(tour.window.top_bar.bell) if each.strip().isdigit() and each != "0")
    assert int(bell) > before


async def acknowledge_it(tour: Tour) -> None:
    await tour.press("Ctrl+L")
    await tour.operator.sees("the alarm", lambda: tour.alarm("RPS.P2.FLT"))
    page = tour.window.area.alarms_page
    assert page is not None
    row = next(at for at, alarm in enumerate(page.table.alarms) if alarm.tag == "RPS.P2.FLT")
    place = page.view.visualRect(page.table.index(row, 3)).center()
    QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    beside = "\n".join(text for _, text in texts(page.details))
    assert "standby pump" in beside
    await tour.operator.sees("what the alarm says", lambda: page.view.seen.was_read(tour.alarm("RPS.P2.FLT")))
    await tour.click("Ack", page.tools)
    await tour.operator.sees("it acknowledged", lambda: not tour.alarm("RPS.P2.FLT").state.is_unacknowledged)


async def find_it_again(tour: Tour) -> None:
    await tour.press("Ctrl+J")
    journal = next(each for each in tour.window.findChildren(JournalView) if each.isVisible())

    def shown() -> str:
        table = journal.table
        cells = [str(table.index(row, column).data()) for row in range(table.rowCount()) for column in (1, 4, 7)]
        return " ".join(cells)

    await tour.see("Acknowledged", shown)
    await tour.see("Raised", shown)
    assert "RPS.P2.FLT" in shown()


async def look_back(tour: Tour) -> None:
    await tour.press("Alt+Left")
    await tour.press("Alt+Left")
    await tour.operator.sees("the pumps", lambda: tour.window.page == "river-pumps")
    tour.operator.open_faceplate("RPS.P1")
    await tour.click("Trend", tour.operator.faceplate())
    page = tour.window.area.trend_page
    assert page is not None
    flow = next(pen.tag.name for pen in page.model.pens if pen.tag.name == "RPS.P1.FLOW")

    def fell() -> bool:
        found = page.model.statistics(flow)
        return found.high > 100 and found.low < 1

    await tour.operator.sees("the flow fall", fell)


async def silence_a_plc(tour: Tour) -> None:
    await tour.control("freeze")
    await tour.click("River pump station", tour.window.navigation)
    view = tour.operator.display()
    flow = next(
        each for each in view.scene.live_items if isinstance(each, ValueItem) and each.item.tag == "RPS.P1.FLOW"
    )
    await tour.operator.sees("the mark", lambda: flow.reading.mark == "?")
    assert not flow.reading.is_usable
    await tour.see("PLC does not answer", tour.banner)
    await tour.control("thaw")
    await tour.operator.sees("good values again", lambda: flow.reading.is_usable)


async def darken(tour: Tour) -> None:
    await tour.press("Ctrl+T")
    assert theme().name == "dark"
    await tour.press("Ctrl+T")
    assert theme().name == "light"


async def leave(tour: Tour) -> None:
    closed: list[bool] = []
    tour.window.closing.connect(lambda: closed.append(True))
    await tour.press("Ctrl+Q")
    assert not closed
    sheet = tour.window.area.dialogs.sheet
    assert isinstance(sheet, LeaveDialog)
    await tour.click("Leave", sheet)
    assert closed


TWINS: dict[str, Callable[[Tour], Awaitable[None]]] = {
    "Start": start,
    "Look": look,
    "Open a pump": open_a_pump,
    "Command it": command_it,
    "Break something": break_something,
    "Acknowledge it": acknowledge_it,
    "Find it again": find_it_again,
    "Look back": look_back,
    "Silence a PLC": silence_a_plc,
    "Darken the room": darken,
    "Leave": leave,
}


@pytest.fixture
def twin() -> Iterator[VirtualPlant]:
    plant = start_twin()
    yield plant
    plant.stop()


@pytest.fixture
def room(qapp: QApplication, twin: VirtualPlant, tmp_path: Path) -> Iterator[ControlRoom]:
    station = LocalStation(load_plant(DEMO), tmp_path / "data", SystemClock(), twin.endpoints)
    station.start()
    try:
        with open_control_room(station, operating_system_session(), theme_name="light", language="en") as room:
            room.window.resize(1920, 1080)
            room.window.show()
            yield room
    finally:
        station.stop()


@pytest.mark.timeout(300)
def test_every_step_of_the_tour_works_as_it_is_written(room: ControlRoom, twin: VirtualPlant) -> None:
    written = steps()
    assert list(written) == list(TWINS), "each step of the README has its twin here, in the same order"
    tour = Tour(room, twin)

    async def walk() -> None:
        for title, text in written.items():
            tour.read(text)
            await TWINS[title](tour)
            assert not tour.left, f"the step {title!r} names what nobody used"

    room.run(walk())
