"""Taking a device out of service from its page, and putting it back."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from drivers.health import LinkState
from hmi.devices.page import DevicesPage
from hmi.dialogs.device_switch import DeviceSwitchDialog
from tests.fakes.desk import Desk


def _page(desk: Desk, device: str = "RPS_PLC") -> DevicesPage:
    desk.window.open_device(device)
    desk.tick()
    page = desk.window.area.devices_page
    assert page is not None
    return page


def _ask(desk: Desk) -> DeviceSwitchDialog:
    button = _page(desk).details.service.button
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    sheet = desk.window.area.dialogs.sheet
    assert isinstance(sheet, DeviceSwitchDialog)
    return sheet


def test_it_asks_first_and_can_be_left_by_keyboard(desk: Desk) -> None:
    sheet = _ask(desk)
    assert "Take RPS_PLC out of service?" in desk.texts()
    assert desk.window.focusWidget() is sheet.cancel_button
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert desk.window.area.dialogs.sheet is None
    assert desk.station.switches == []


def test_a_device_is_taken_out_of_service_and_put_back(desk: Desk) -> None:
    sheet = _ask(desk)
    QTest.keyClick(sheet.cancel_button, Qt.Key.Key_Tab)
    assert desk.window.focusWidget() is sheet.confirm_button
    QTest.keyClick(sheet.confirm_button, Qt.Key.Key_Space)
    sheet.confirm()
    assert not sheet.may_close
    desk.settle()
    assert desk.station.switches == [("RPS_PLC", False, "")]
    assert "The device is out of service" in sheet.progress.text()
    assert desk.window.focusWidget() is sheet.cancel_button
    QTest.keyClick(sheet.cancel_button, Qt.Key.Key_Space)
    desk.tick(2)
    page = _page(desk)
    assert page.details.service.button.text() == "Put into service"
    assert any(text.startswith("Out of service since") for text in desk.texts())
    back = _ask(desk)
    assert "Put RPS_PLC into service?" in desk.texts()
    back.confirm()
    desk.settle()
    assert desk.station.switches[-1] == ("RPS_PLC", True, "")
    assert {health.state for health in desk.station.health.devices} == {LinkState.CONNECTED}


def test_a_refusal_is_told_in_words(desk: Desk) -> None:
    sheet = _ask(desk)
    desk.station.switch_refusal = "The disk is full"
    sheet.confirm()
    desk.settle()
    assert sheet.progress.text() == "Nothing was changed The disk is full"
    assert sheet.may_close


def test_a_window_that_fails_does_not_claim_to_know_the_end(desk: Desk) -> None:
    async def broken(*_: object) -> None:
        raise OSError("the wire is cut")

    desk.is_problem_expected = True
    desk.station.switch_device = broken  # type: ignore[method-assign,assignment]
    sheet = _ask(desk)
    sheet.confirm()
    desk.settle()
    assert sheet.progress.text() == "The outcome is unknown Look at the state of the device."
