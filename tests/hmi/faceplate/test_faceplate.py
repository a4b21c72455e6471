"""A faceplate is made from its type, follows the plant, and shows why something isn't allowed."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QScrollArea
from pytestqt.qtbot import QtBot

from hmi.amount import Amount
from hmi.faceplate.faceplate import Faceplate
from hmi.faceplate.mode import ModeSegment
from hmi.faceplate.part import Part
from hmi.faceplate.reason_box import ReasonBox
from hmi.indicator import Indicator
from hmi.shadow import Shadow
from plant_models.quality import Quality
from station.protocol import CommandState
from tests.fakes.desk import PUMP, Desk, demo_plant, open_desk, visible
from tests.fakes.station import Answer


def _open(desk: Desk, name: str = PUMP) -> Faceplate:
    faceplate = desk.window.area.open_faceplate(name)
    desk.tick()
    return faceplate


def _texts(faceplate: Faceplate) -> list[str]:
    labels = [label.text() for label in visible(faceplate, QLabel)]
    return [*labels, *(amount.accessibleName() for amount in visible(faceplate, Amount))]


def _delete_what_is_to_be_deleted() -> None:
    for _ in range(2):  # a deletion may ask for another one
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _button(faceplate: Faceplate, text: str) -> QPushButton:
    return next(each for each in visible(faceplate, QPushButton) if each.text() == text)


def test_a_click_on_a_pump_opens_its_faceplate_and_escape_closes_it(desk: Desk, qtbot: QtBot) -> None:
    view = desk.window.area.view
    assert view is not None
    qtbot.mouseClick(view.hotspot(PUMP), Qt.MouseButton.LeftButton)
    assert [each.equipment.name for each in desk.window.area.faceplates] == [PUMP]
    with qtbot.waitActive(desk.window):
        desk.window.activateWindow()
    qtbot.keyClick(desk.window, Qt.Key.Key_Escape)
    assert desk.window.area.faceplates == ()


def test_a_pump_shows_state_mode_commands_setpoint_and_values(desk: Desk) -> None:
    faceplate = _open(desk)
    texts = _texts(faceplate)
    assert {"River pump 1", "RPS.P1 · River pump station", "Running", "Mode", "Speed setpoint", "33.0 Hz"} <= set(texts)
    assert {"None since the start", "Run hours / Starts", "Winding temperature"} <= set(texts)
    assert "25.0 to 50.0 Hz" in texts
    buttons = [each.text() for each in visible(faceplate, QPushButton)]
    assert [text for text in buttons if text] == ["Off", "Manual", "Auto", "Start", "Stop", "Reset trip", "Set…"]


@pytest.mark.parametrize("name", sorted({each.type: each.name for each in demo_plant().equipment.values()}.values()))
def test_every_type_of_the_demo_plant_has_a_faceplate_of_the_right_width(desk: Desk, name: str) -> None:
    faceplate = _open(desk, name)
    assert faceplate.width() == 344
    assert faceplate.height() <= 868
    kind = demo_plant().types[demo_plant().equipment[name].type]
    assert bool(visible(faceplate, ModeSegment)) is bool(kind.faceplate.mode)


def test_values_follow_the_plant_within_one_tick(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.station.put({f"{PUMP}.FLOW": 1234.0, f"{PUMP}.RUN": 0.0})
    desk.tick()
    assert {"1\u2009234 m³/h", "Stopped"} <= set(_texts(faceplate))


def test_a_faceplate_that_sees_no_change_lays_nothing_out_again(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.tick(20)
    painted = faceplate.refreshes
    desk.tick(4)
    assert faceplate.refreshes - painted <= 1


def test_a_bad_value_keeps_its_number_with_a_mark_and_says_why(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.station.put({f"{PUMP}.VIB": 1.8}, Quality.BAD_SENSOR_FAILURE)
    desk.station.put({f"{PUMP}.TEMP": float("nan")})
    desk.tick()
    assert {"? 1.8 mm/s", "* — °C"} <= set(_texts(faceplate))
    assert any(text.startswith("Sensor fault since ") for text in _texts(faceplate))


def test_while_the_station_is_stalled_nothing_is_shown_as_good(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.station.health = replace(desk.station.health, is_evaluated=False)
    desk.tick(5)
    values = [each.accessibleName() for each in visible(faceplate, Amount)]
    assert values
    assert all(value.startswith(("?", "*")) for value in values)
    assert not any(segment.isChecked() for segment in visible(faceplate, QPushButton))
    assert "Not evaluated" in _texts(faceplate)


def test_what_is_refused_is_disabled_and_the_box_says_why(desk: Desk) -> None:
    desk.station.value_reasons = {(f"{PUMP}.CMD", 1.0): ("The pump must be in Manual",)}
    faceplate = _open(desk)
    assert not _button(faceplate, "Start").isEnabled()
    assert _button(faceplate, "Start").toolTip() == "The pump must be in Manual"
    assert _button(faceplate, "Stop").isEnabled()
    assert {"Start is not allowed", "The pump must be in Manual"} <= set(_texts(faceplate))
    desk.station.value_reasons = {}
    desk.tick(5)
    assert _button(faceplate, "Start").isEnabled()
    assert not visible(faceplate, ReasonBox)


def test_the_same_reason_for_everything_is_said_once(desk: Desk) -> None:
    desk.station.reasons = {f"{PUMP}.{member}": ("RPS_PLC doesn't answer",) for member in ("CMD", "MODE", "SPEED_SP")}
    texts = _texts(_open(desk))
    assert texts.count("RPS_PLC doesn't answer") == 1
    assert "No command is allowed" in texts


def test_a_click_on_a_mode_asks_and_does_not_pretend(desk: Desk, qtbot: QtBot) -> None:
    faceplate = _open(desk)
    auto = _button(faceplate, "Auto")
    qtbot.mouseClick(auto, Qt.MouseButton.LeftButton)
    assert (auto.isChecked(), _button(faceplate, "Manual").isChecked()) == (False, True)
    assert desk.dialog is not None
    desk.dialog.confirm_button.click()
    desk.settle()
    assert [(request.tag, request.value) for request, _ in desk.station.requests] == [(f"{PUMP}.MODE", 2.0)]
    assert auto.isChecked()


def test_a_click_on_the_present_mode_asks_nothing(desk: Desk, qtbot: QtBot) -> None:
    faceplate = _open(desk)
    qtbot.mouseClick(_button(faceplate, "Manual"), Qt.MouseButton.LeftButton)
    assert desk.dialog is None
    assert _button(faceplate, "Manual").isChecked()


def test_the_last_command_says_what_who_and_where_it_stands(desk: Desk) -> None:
    desk.station.answers[f"{PUMP}.SPEED_SP"] = Answer(CommandState.MISMATCH, 33.0)
    faceplate = _open(desk)
    desk.open_setpoint()
    dialog = desk.dialog
    assert dialog is not None
    next(field for field in visible(dialog, QLineEdit)).setText("41")
    dialog.confirm_button.click()
    desk.settle()
    assert "Speed setpoint 41.0\u00a0Hz · Not accepted, 33.0\u00a0Hz" in _texts(faceplate)
    assert any(text.startswith("mo · ") for text in _texts(faceplate))


def test_at_most_two_are_open_and_the_oldest_goes(desk: Desk) -> None:
    for name in (PUMP, "RPS.P2", "TK1"):
        _open(desk, name)
    assert [each.equipment.name for each in desk.window.area.faceplates] == ["RPS.P2", "TK1"]
    first, second = desk.window.area.faceplates
    assert second.geometry().right() > first.geometry().right()
    assert not first.geometry().intersects(second.geometry())


def test_opening_the_same_twice_gives_one(desk: Desk) -> None:
    assert _open(desk) is _open(desk)


def test_in_a_low_window_it_scrolls_and_stays_inside(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        faceplate = _open(desk)
        assert desk.window.area.rect().contains(faceplate.geometry())
        bar = faceplate.findChild(QScrollArea).verticalScrollBar()
        assert bar.maximum() > 0
        assert visible(faceplate, Indicator)


def test_leaving_the_page_closes_its_faceplates(desk: Desk) -> None:
    _open(desk)
    desk.window.show_devices()
    assert desk.window.area.faceplates == ()


def test_faceplates_that_were_closed_leave_nothing_behind(desk: Desk) -> None:
    for _ in range(20):
        desk.window.area.close_faceplate(_open(desk))
    _delete_what_is_to_be_deleted()
    assert desk.window.area.findChildren(Faceplate) == []
    assert desk.window.area.findChildren(Shadow) == []


def test_a_faceplate_that_is_gone_does_not_disturb_the_end_of_a_command(desk: Desk, qtbot: QtBot) -> None:
    faceplate = _open(desk)
    stop = _button(faceplate, "Stop")
    stop.setFocus()
    stop.click()
    assert desk.dialog is not None
    desk.station.delay_s = 0.05
    desk.dialog.confirm_button.click()
    desk.window.show_devices()
    desk.settle()
    _delete_what_is_to_be_deleted()
    assert desk.dialog is not None
    desk.dialog.cancel_button.click()
    assert desk.dialog is None


def test_everything_on_a_faceplate_is_reached_with_tab(desk: Desk, qtbot: QtBot) -> None:
    faceplate = _open(desk)
    wanted = {each for each in visible(faceplate, QPushButton) if each.isEnabled()}
    next(iter(wanted)).setFocus()
    for _ in range(200):
        qtbot.keyClick(desk.window.focusWidget(), Qt.Key.Key_Tab)
        wanted.discard(desk.window.focusWidget())  # type: ignore[arg-type]
    assert wanted == set()


@pytest.mark.parametrize("size", [(1920, 960), (1280, 720), (1280, 900), (1100, 640)])
def test_a_faceplate_that_has_to_scroll_cuts_no_part_in_two(qtbot: QtBot, size: tuple[int, int]) -> None:
    with open_desk(size=size) as desk:
        faceplate = desk.window.area.open_faceplate(PUMP)
        desk.tick(3)
        scroll = faceplate.findChild(QScrollArea)
        assert scroll is not None
        edge = scroll.viewport().mapToGlobal(QPoint(0, scroll.viewport().height())).y()
        parts = visible(faceplate, Part)
        bounds = [(part.mapToGlobal(QPoint(0, 0)).y(), part.height()) for part in parts if scroll.isAncestorOf(part)]
        cut = [(top, height) for top, height in bounds if top < edge < top + height]
        assert cut == []
        assert any(top >= edge for top, _ in bounds), "otherwise nothing scrolls, and nothing was tried"


def test_a_scroll_bar_takes_no_width_from_the_parts(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        faceplate = desk.window.area.open_faceplate(PUMP)
        desk.tick(3)
        assert {part.width() for part in visible(faceplate, Part)} == {344 - 2 - 2 * 16}


def test_what_a_plc_says_stands_in_as_many_lines_as_it_takes(desk: Desk) -> None:
    words = "FLT.F3 waits for its backwash; FLT.F4 in backwash; RAW.P2 waits for its turn"
    desk.station.put({"PLC.WTW.MESSAGE": words})
    faceplate = desk.window.area.open_faceplate("PLC.WTW")
    desk.tick(2)
    label = next(each for each in visible(faceplate, QLabel) if each.text() == words)
    place = label.mapTo(faceplate, label.rect().topLeft())
    assert place.x() + label.width() <= faceplate.width()
    assert label.height() >= label.heightForWidth(label.width())
    assert label.heightForWidth(label.width()) > label.fontMetrics().height() * 1.5
    desk.station.put({"PLC.WTW.MESSAGE": words}, quality=int(Quality.BAD_NO_COMMUNICATION))
    desk.tick(2)
    assert label.text().startswith("?") or label.text() == "—"
    assert label.toolTip() != ""
