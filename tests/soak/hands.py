"""Mouse and keyboard of a long shift, on real widgets. GUI thread."""

import asyncio
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QMenu, QWidget

_PAUSE_S: Final = 0.15
_LOOK_S: Final = 0.6
"""Long enough for the card beside the pointer, and for a page to be read from disk."""
_NOTCH: Final = 120


async def pause() -> None:
    """Let the screens follow."""
    await asyncio.sleep(_PAUSE_S)


async def look() -> None:
    """Look at something for a moment."""
    await asyncio.sleep(_LOOK_S)


def click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


def key(widget: QWidget, pressed: Qt.Key) -> None:
    QTest.keyClick(widget, pressed)


async def hover(widget: QWidget) -> None:
    """Rest on a widget, then go up to the top bar."""
    window = widget.window()
    centre = widget.mapTo(window, widget.rect().center())
    for by in (QPoint(0, 0), QPoint(1, 1)):
        await _move(window, centre + by)
    await look()
    await _move(window, QPoint(window.width() // 2, 10))


async def _move(window: QWidget, place: QPoint) -> None:
    """Move the pointer outside of any task: Qt runs its event loop meanwhile, and tasks can't be entered from one."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()

    def move() -> None:
        QTest.mouseMove(window.windowHandle(), place)
        done.set_result(None)

    loop.call_soon(move)
    await done


async def open_and_close_menu(widget: QWidget) -> None:
    """Ask for the menu of a widget as the right button does, and close it."""
    centre = widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, centre, widget.mapToGlobal(centre))
    QApplication.sendEvent(widget, event)
    await pause()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


async def turn_wheel(widget: QWidget, notches: int) -> None:
    """Turn the wheel over the middle of a widget, notch by notch."""
    centre = QPointF(widget.rect().center())
    for _ in range(abs(notches)):
        turned = QPoint(0, _NOTCH if notches > 0 else -_NOTCH)
        where, none, still = widget.mapToGlobal(centre), Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(centre, where, QPoint(), turned, none, Qt.KeyboardModifier.NoModifier, still, False)
        QApplication.sendEvent(widget, event)
        await pause()


def usable_buttons(place: QWidget) -> list[QAbstractButton]:
    return [each for each in place.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]


def buttons(place: QWidget, text: str) -> list[QAbstractButton]:
    """Return the buttons with this text or accessible name that can be clicked."""
    return [each for each in usable_buttons(place) if text in (each.text().strip(), each.accessibleName())]
