"""The page of preferences: where it is, what it shows, and that every screen follows a choice at once."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from hmi.drawing.value import draw_direction
from hmi.live import make_reading
from hmi.preferences.page import PreferencesPage
from hmi.theme.theme import theme
from hmi.units.choice import units
from plant_models.quality import Quality
from plant_models.tag import Tag
from plant_models.tag_table import Sample
from tests.fakes.desk import Desk, visible

PRESSURE = "RPS.DISCHARGE"


@pytest.fixture
def page(desk: Desk) -> PreferencesPage:
    desk.window.show_preferences()
    desk.tick()
    (found,) = visible(desk.window, PreferencesPage)
    return found


def test_a_shortcut_and_the_menu_open_the_page(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert visible(desk.window, PreferencesPage)
    assert "Preferences" in [action.text() for action in desk.window.action_table.menu()]


def test_the_page_begins_with_the_units_of_the_plant(page: PreferencesPage) -> None:
    assert page.theme.choice == "light"
    assert page.language.currentText() == "English"
    assert {segment.choice for segment in page.units.values()} == {""}
    assert "In this plant: bar, kPa" in " | ".join(label.text() for label in visible(page, QLabel))


def test_a_theme_is_applied_at_once_and_ctrl_t_moves_the_choice(page: PreferencesPage, desk: Desk) -> None:
    page.theme.buttons["dark"].click()
    assert theme().name == "dark"
    desk.window.switch_theme()
    assert page.theme.choice == "light"


def test_a_language_is_said_to_come_at_the_next_start(page: PreferencesPage, desk: Desk) -> None:
    at = page.language.findData("pseudo")
    page.language.setCurrentIndex(at)
    page.language.activated.emit(at)
    assert desk.window.context.preferences.chosen.language == "pseudo"
    assert "Takes effect at the next start." in desk.texts()
    assert "Preferences" in desk.texts()


def test_a_unit_is_applied_and_taken_back(page: PreferencesPage) -> None:
    page.units["pressure"].buttons["kPa"].click()
    assert units().chosen == {"pressure": "kPa"}
    page.units["pressure"].buttons[""].click()
    assert units().chosen == {}


def test_the_same_reading_is_shown_in_the_chosen_unit_on_a_display_and_in_a_faceplate(desk: Desk) -> None:
    desk.station.put({PRESSURE: 6.9})
    desk.tick()
    view = desk.window.area.view
    assert view is not None
    item = next(each for each in view.scene.items if each.item.kind == "value" and each.item.tag == PRESSURE)
    assert "6.90 bar" in item.accessible_text()
    desk.window.context.preferences.choose_unit("pressure", "kPa")
    assert "690 kPa" in item.accessible_text()
    reading = desk.window.context.live.reading(PRESSURE)
    assert (reading.text, reading.unit, reading.value) == ("690", "kPa", 6.9)


def test_a_number_beside_a_fixed_name_of_its_unit_stays_in_the_plants_unit(desk: Desk) -> None:
    desk.window.context.preferences.choose_unit("flow", "l/s")
    desk.window.open_page("overview")
    desk.tick()
    view, live = desk.window.area.view, desk.window.context.live
    assert view is not None
    spoken = {item.item.id: item.accessible_text() for item in view.scene.items if item.item.tag == "NET.DEMAND"}
    assert spoken.pop("balance-2").endswith("m³/h")
    assert "l/s" in spoken.pop("day")
    assert spoken
    assert all(text.endswith("l/s") for text in spoken.values())
    assert live.plant_reading("NO.SUCH").mark == "*"


def test_an_open_setpoint_dialog_closes_when_the_unit_changes(desk: Desk) -> None:
    desk.open_setpoint()
    desk.window.context.preferences.choose_unit("pressure", "kPa")
    assert desk.dialog is None


def test_the_sign_of_a_direction_is_that_of_the_number_beside_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.window.context.preferences.choose_unit("temperature", "°F")
    frost = make_reading(Tag(name="T", unit="°C", decimals=1), Sample(-5.0, Quality.GOOD, 0, 0), is_evaluated=True)
    assert (frost.text, frost.unit) == ("23.0", "°F")
    tips: list[float] = []
    monkeypatch.setattr(
        QPainter, "drawPolygon", lambda _, shape: tips.append(shape.at(2).y() - shape.at(0).y()), raising=True
    )
    image = QImage(200, 40, QImage.Format.Format_ARGB32)
    with QPainter(image) as painter:
        draw_direction(painter, QRectF(0, 0, 200, 40), frost, 20)
    assert tips[0] < 0  # the tip lies above the foot
