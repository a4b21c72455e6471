"""A control room over a fake station with the demo plant, for tests that sit in front of it."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from hmi.alarm_list.page import AlarmsPage
from hmi.control_room import ControlRoom, open_control_room
from hmi.dialogs.command import CommandDialog
from hmi.dialogs.confirm import ConfirmDialog
from hmi.dialogs.setpoint import SetpointDialog
from hmi.faceplate.commands import command_intents
from hmi.shell.window import Window
from hmi.sound.speaker import Speaker
from plant_models.clock import Clock
from plant_models.paths import RESOURCES
from plant_models.plant import Plant
from plant_models.project.load import load_plant
from plant_models.tag import Tag
from station.protocol import CommandRequest
from station.session import Session
from tests.fakes.station import FakeStation

_Result = TypeVar("_Result")
_Widget = TypeVar("_Widget", bound=QWidget)
PUMP = "RPS.P1"
OPERATOR = Session(user="mo", roles=frozenset({"operator"}), seat="desk-1", is_logged_on=False)


class PickyStation(FakeStation):
    """Also refuses single values of a tag: `value_reasons[tag, value]`."""

    value_reasons: Mapping[tuple[str, float], tuple[str, ...]] = {}

    def refusals(self, request: CommandRequest, session: Session) -> tuple[str, ...]:
        found = self.value_reasons.get((request.tag, request.value), ())
        return (*super().refusals(request, session), *found)


class Desk:
    """What a test does with a window: look, type, wait for what it has started."""

    def __init__(self, room: ControlRoom, station: PickyStation) -> None:
        self.room = room
        self.station = station
        self.is_problem_expected = False

    @property
    def window(self) -> Window:
        return self.room.window

    def tick(self, times: int = 1) -> None:
        """Let the screens follow the plant."""
        for _ in range(times):
            self.room.ticker.advance()
            QApplication.processEvents()

    def show_alarms(self) -> AlarmsPage:
        """Open the alarm list and return its page."""
        self.window.show_alarms()
        self.tick(3)
        page = self.window.area.alarms_page
        assert page is not None
        return page

    def texts(self) -> list[str]:
        """Return every text of a label or button that can be seen."""
        widgets = (*visible(self.window, QLabel), *visible(self.window, QAbstractButton))
        return [widget.text().strip() for widget in widgets]

    def run(self, coroutine: Coroutine[Any, Any, _Result]) -> _Result:
        """Drive the loop until a coroutine has ended."""
        return self.room.loop.run_until_complete(coroutine)

    def settle(self) -> None:
        """Wait until every command on its way has ended."""

        async def others() -> None:
            waiting = asyncio.all_tasks() - {asyncio.current_task()}
            await asyncio.gather(*waiting, return_exceptions=True)

        self.run(others())
        self.tick()

    def tag(self, name: str) -> Tag:
        found = self.window.context.tag(name)
        assert found is not None, name
        return found

    def open_setpoint(self, name: str = PUMP, member: str = "SPEED_SP") -> SetpointDialog:
        """Open the dialog of a setpoint."""
        equipment = self.station.plant.equipment[name]
        self.window.area.ask_setpoint(equipment, self.tag(equipment.tag_name(member)))
        sheet = self.window.area.dialogs.sheet
        assert isinstance(sheet, SetpointDialog)
        return sheet

    def open_command(self, title: str, name: str = PUMP) -> ConfirmDialog:
        """Open the dialog that confirms a command."""
        intents = command_intents(self.window.context, self.station.plant.equipment[name])
        self.window.area.ask_command(next(intent for intent in intents if intent.title == title))
        sheet = self.window.area.dialogs.sheet
        assert isinstance(sheet, ConfirmDialog)
        return sheet

    @property
    def dialog(self) -> CommandDialog | None:
        """The open dialog, if there is one."""
        sheet = self.window.area.dialogs.sheet
        assert sheet is None or isinstance(sheet, CommandDialog)
        return sheet


def take_focus(window: QWidget) -> None:
    """Wait for the keyboard focus; a screen without a window manager may lose a wish for it, so it is said again."""
    for _ in range(5):
        window.activateWindow()
        if QTest.qWaitForWindowActive(window, 3_000):
            return
    raise AssertionError("the window never got the keyboard focus")


@contextmanager
def open_desk(
    *,
    plant: Plant | None = None,
    size: tuple[int, int] = (1920, 1080),
    language: str = "en",
    theme_name: str = "light",
    clock: Clock | None = None,
    session: Session = OPERATOR,
    speak: Callable[[Any], Speaker] | None = None,
) -> Iterator[Desk]:
    """Give a desk whose window is shown and whose values are good; a problem that nobody expected fails the test."""
    station = PickyStation(plant or demo_plant(), clock)
    station.put(plausible_values(station.plant))
    with open_control_room(
        station, session, theme_name=theme_name, language=language, clock=clock, speak=speak
    ) as room:
        desk = Desk(room, station)
        desk.window.resize(*size)
        desk.window.show()
        take_focus(desk.window)
        desk.tick(2)
        yield desk
        desk.run(room.tasks.stop())
        assert desk.is_problem_expected or not desk.window.problem, desk.window.problem


@cache
def demo_plant() -> Plant:
    """Return the demo plant with the display first that has most to operate."""
    return replace(load_plant(RESOURCES / "plants" / "netherby"), home="river-pumps")


def plausible_values(plant: Plant) -> dict[str, float | str]:
    """Return a good value within its range for every tag; nothing is tripped, pumps run in Manual."""
    values: dict[str, float | str] = {tag.name: _plausible(tag) for tag in plant.tags if not tag.is_calculated}
    for name in values:
        if name.endswith((".FLT", ".CMD", ".INHIBIT")):
            values[name] = 0.0
    return values


def visible(root: QWidget, kind: type[_Widget]) -> list[_Widget]:
    """Return the widgets of a kind that can be seen."""
    return [widget for widget in root.findChildren(kind) if widget.isVisible()]


def _plausible(tag: Tag) -> float | str:
    if tag.is_text:
        return "7"
    if tag.states:
        return float(min(1, len(tag.states) - 1))
    low, high = tag.low or 0.0, 100.0 if tag.high is None else tag.high
    value = low + 0.6 * (high - low)
    return value if tag.type.value.startswith("f") else float(round(value))
