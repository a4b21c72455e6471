"""Menus to choose from: each part has its heading, and what can be ticked looks like it."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from hmi.alarm_list.filter_menu import FilterMenu
from hmi.alarms.choice_button import ChoiceButton
from hmi.theme.theme import theme
from tests.fakes.desk import Desk


def _colours(menu: FilterMenu, words: str) -> set[str]:
    """Return the colours within the box of an entry."""
    (action,) = (each for each in menu.actions() if each.text() == words)
    place = menu.actionGeometry(action)
    image = menu.grab().toImage()
    middle = place.center().y()
    return {
        image.pixelColor(x, y).name() for x in range(place.left() + 12, place.left() + 24) for y in (middle, middle + 3)
    }


def test_the_parts_of_the_filter_are_named_and_each_choice_has_its_box(desk: Desk) -> None:
    menu = FilterMenu(desk.station.plant, desk.window)
    headings = [each.text() for each in menu.actions() if each.text() and not each.isEnabled()]
    assert headings == ["Area", "State", "Time"]
    menu.popup(QPoint(0, 0))
    primary = theme().color("primary").name()
    assert primary not in _colours(menu, "Shelved")
    (shelved,) = (each for each in menu.actions() if each.text() == "Shelved")
    shelved.setChecked(True)
    assert primary in _colours(menu, "Shelved")
    assert len(_colours(menu, "Shelved")) > 1, "the tick in the box"
    assert primary in _colours(menu, "Raised at any time")
    assert primary not in _colours(menu, "In the last hour")
    menu.close()


def test_enter_leaves_a_menu_of_the_journal_and_space_ticks(desk: Desk) -> None:
    chooser = ChoiceButton("Kind", {"a": "First", "b": "Second"})
    menu = chooser.menu()
    menu.popup(QPoint(0, 0))
    menu.setActiveAction(chooser.actions_of["b"])
    QTest.keyClick(menu, Qt.Key.Key_Space)
    assert (chooser.chosen, menu.isVisible()) == ({"b"}, True)
    QTest.keyClick(menu, Qt.Key.Key_Enter)
    assert not menu.isVisible()
