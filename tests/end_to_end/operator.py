"""An operator at the window: clicks real widgets, and reads what the screen shows, never the station. GUI thread."""

import asyncio
import math
from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from hmi.control_room import ControlRoom
from hmi.dialogs.command import CommandDialog
from hmi.displays.items.state import StateItem
from hmi.displays.items.value import ValueItem
from hmi.displays.view import DisplayView
from hmi.faceplate.faceplate import Faceplate
from hmi.numbers import MINUS, THIN_SPACE
from plant_models.clock import SystemClock
from tests.fakes.screen_texts import texts

_Item = TypeVar("_Item", ValueItem, StateItem)


class Operator:
    """Sits in front of `room`; every wait has a generous hang guard."""

    def __init__(self, room: ControlRoom) -> None:
        assert room.window is not None
        self.window = room.window
        self._clock = SystemClock()

    def number(self, tag: str) -> float:
        """Return the number that the display shows for a tag, NaN as long as none stands there as good."""
        item = next(each for each in self._items(ValueItem) if each.item.tag == tag)
        shown = item.reading
        return float(shown.text.replace(THIN_SPACE, "").replace(MINUS, "-")) if shown.is_usable else math.nan

    def state(self, equipment: str) -> str:
        """Return the state of a piece of equipment as the display says it: "River pump 1, Running, Auto, duty 1"."""
        return next(each for each in self._items(StateItem) if each.item.equipment == equipment).accessible_text()

    async def sees(self, what: str, condition: Callable[[], object], within_s: float = 60.0) -> None:
        """Wait until `condition()` is true.

        Raises:
            AssertionError: it wasn't within `within_s`.
        """
        end_ns = self._clock.mono_ns() + int(within_s * 1e9)
        while not condition():
            assert self._clock.mono_ns() < end_ns, f"the operator never saw {what}"
            await asyncio.sleep(0.05)

    def display(self) -> DisplayView:
        """Return the display that is shown."""
        return next(view for view in self.window.findChildren(DisplayView) if view.isVisible())

    def open_faceplate(self, equipment: str) -> None:
        """Click the symbol of a piece of equipment."""
        hotspot = self.display().hotspot(equipment)
        assert hotspot is not None
        self._click(hotspot)

    def faceplate(self) -> Faceplate:
        """Return the newest faceplate that is open."""
        return [each for each in self.window.findChildren(Faceplate) if each.isVisible()][-1]

    async def click(self, text: str, within: QWidget | None = None) -> None:
        """Click the button with this text as soon as it is there and enabled."""
        place = within or self.window
        await self.sees(f"the button {text!r}", lambda: self._buttons(place, text))
        self._click(self._buttons(place, text)[-1])

    async def confirm(self) -> None:
        """Confirm the dialog that is open, wait until it tells the end, and close it."""
        await self.sees("a dialog", lambda: self._dialogs())
        dialog = self._dialogs()[-1]
        await self.sees("a dialog that can be confirmed", dialog.confirm_button.isEnabled)
        self._click(dialog.confirm_button)
        await self.sees("the end of the command", lambda: dialog.close_button.isEnabled())
        self._click(dialog.close_button)
        await self.sees("the dialog gone", lambda: not self._dialogs())

    def texts(self) -> str:
        """Return every text that stands in the open faceplate, a line each."""
        return "\n".join(text for _, text in texts(self.faceplate()))

    def _items(self, kind: type[_Item]) -> list[_Item]:
        return [item for item in self.display().scene.live_items if isinstance(item, kind)]

    def _dialogs(self) -> list[CommandDialog]:
        return [each for each in self.window.findChildren(CommandDialog) if each.isVisible()]

    def _buttons(self, place: QWidget, text: str) -> list[QAbstractButton]:
        """Return those with this text; else those that are called so and show it shortened or as a sign."""
        found = [each for each in place.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
        exact = [each for each in found if each.text().strip() == text]
        return exact or [each for each in found if each.accessibleName() == text]

    def _click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
