"""A long shift: through every page of the window again and again, with mouse and keyboard. GUI thread."""

import asyncio
from collections.abc import Callable, Iterator
from itertools import cycle, islice
from typing import Final

from PySide6.QtCore import Qt

from hmi.control_room import ControlRoom
from hmi.displays.view import DisplayView
from plant_models.plant import Plant
from plant_models.simulation.control_client import ControlClient
from tests.soak.hands import buttons, click, hover, key, look, open_and_close_menu, pause, turn_wheel, usable_buttons

DRIVES: Final = ("LPS.P2", "RPS.P2", "RAW.P2")
"""They trip by turns, so that there are alarms to acknowledge and commands to give."""
_PER_DISPLAY: Final = 3
_MOST_PENS: Final = 4
_PATIENCE: Final = 200
_SEARCHES: Final = ("level", "flow", "pressure", "run")


class Shift:
    """One person at the window of `room`; `rounds` counts how often all has been visited."""

    def __init__(self, room: ControlRoom, control: ControlClient) -> None:
        self.window, self._control = room.window, control
        self.rounds = 0
        self._displays = {display.name: display.title for display in self.window.context.plant.displays.values()}
        self._turns: dict[str, Iterator[str]] = {}

    async def round(self) -> None:
        """Visit every page once, and end at the first display with nothing open."""
        drive = DRIVES[self.rounds % len(DRIVES)]
        await asyncio.to_thread(self._control.request, "trip", equipment=drive)
        for name in self._displays:
            await self._press(self._displays[name])
            await self._look_around(name)
        await self._mend(drive)
        await self._acknowledge()
        await self._read_journal()
        await self._study_trend()
        await self._press("Devices")
        for action in ("back", "forward", *(("theme",) if self.rounds % 3 < 2 else ())):
            self.window.action_table[action].trigger()
            await pause()
        await self._press(self._displays[self.window.context.plant.home])
        await look()
        self.rounds += 1

    async def _look_around(self, display: str) -> None:
        """Rest on some equipment, another type each time; open its menu, its faceplate and a dialog of that."""
        view = self.window.area.view
        assert view is not None
        for name in islice(
            self._turns.setdefault(display, cycle(_one_of_each_type(view, self.window.context.plant))), _PER_DISPLAY
        ):
            hotspot = view.hotspot(name)
            assert hotspot is not None
            await hover(hotspot)
            await open_and_close_menu(hotspot)
            self.window.open_faceplate(name)  # an open faceplate may lie over the symbol
            await pause()
            await self._ask_and_cancel()
        if list(self._displays).index(display) == self.rounds % len(self._displays):
            click(buttons(self.window.area.faceplates[-1], "Trend")[-1])
            await pause()
        await self._close_all()

    async def _ask_and_cancel(self) -> None:
        faceplate = self.window.area.faceplates[-1]
        for text in ("Set…", "Start", "Stop"):
            for each in buttons(faceplate, text)[:1]:
                click(each)
                await pause()
                click(buttons(self.window.area.dialogs, "Cancel")[-1])
                await pause()

    async def _mend(self, drive: str) -> None:
        """Reset the drive that tripped, by its faceplate, and wait for the end of the command."""
        self.window.open_faceplate(drive)
        faceplate, dialogs = self.window.area.faceplates[-1], self.window.area.dialogs
        await self._wait_for(lambda: buttons(faceplate, "Reset trip"))
        click(buttons(faceplate, "Reset trip")[-1])
        await pause()
        click(next(each for each in usable_buttons(dialogs) if each.property("kind") == "primary"))
        await self._wait_for(lambda: dialogs.sheet is None or buttons(dialogs, "Close"))
        await self._close_all()

    async def _acknowledge(self) -> None:
        await self._press("Alarms")
        page = self.window.area.alarms_page
        assert page is not None
        key(page.view, Qt.Key.Key_Down)
        await look()
        click(buttons(page, "Ack visible")[-1])
        await look()
        self.window.action_table["acknowledge_first"].trigger()
        page.filter_bar.field.setText("pump")
        await pause()
        page.filter_bar.clear()
        await pause()

    async def _read_journal(self) -> None:
        await self._press("Journal")
        await look()
        for text in ("All", "Older", "Newer", "8 h"):
            for each in buttons(self.window.area, text)[-1:]:
                click(each)
                await look()

    async def _study_trend(self) -> None:
        """Add a pen, look at minutes, hours and days, zoom, place a cursor, take the oldest pens away."""
        await self._press("Trends")
        page = self.window.area.trend_page
        assert page is not None
        click(buttons(page, "Add pens")[-1])
        page.picker.field.setText(_SEARCHES[self.rounds % len(_SEARCHES)])
        key(page.picker.field, Qt.Key.Key_Return)
        key(page.picker.field, Qt.Key.Key_Escape)
        for text in ("10 min", "8 h", "7 d", "1 h"):
            click(buttons(page, text)[-1])
            await look()
            await turn_wheel(page.canvas, 2)
            await turn_wheel(page.canvas, -1)
        click(page.canvas)
        await pause()
        while len(page.model.pens) > _MOST_PENS:
            page.table.selectRow(0)
            key(page.table, Qt.Key.Key_Delete)
            await pause()
        page.toolbar.tool("latest").trigger()

    async def _close_all(self) -> None:
        while self.window.area.dialogs.sheet is not None or self.window.area.faceplates:
            self.window.action_table["close"].trigger()
            await pause()

    async def _press(self, title: str) -> None:
        """Press an entry of the navigation."""
        click(next(each for each in buttons(self.window.navigation, title) if each.isCheckable()))
        await pause()

    async def _wait_for(self, condition: Callable[[], object]) -> None:
        for _ in range(_PATIENCE):
            if condition():
                return
            await pause()
        raise AssertionError("what the shift waited for never came")


def _one_of_each_type(view: DisplayView, plant: Plant) -> list[str]:
    """Return the first piece of equipment of each type that can be clicked on a display."""
    names = [each.item.opens for each in view.hotspots if each.item.opens and not each.item.is_link]
    return list({plant.equipment[name].type: name for name in reversed(names)}.values())
