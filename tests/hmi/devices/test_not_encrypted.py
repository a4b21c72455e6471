"""A connection without encryption is marked for as long as it lasts, wherever the state of devices shows."""

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from plant_models.message import message
from tests.fakes.desk import Desk, open_desk


def _mark(desk: Desk, *names: str) -> None:
    health = desk.station.health
    devices = tuple(replace(each, is_insecure=each.device in names) for each in health.devices)
    desk.station.health = replace(health, devices=devices)
    desk.tick()


def _button(desk: Desk) -> QPushButton:
    return desk.window.top_bar.insecure


def test_nothing_is_said_while_all_is_encrypted_or_cannot_be(desk: Desk) -> None:
    assert not _button(desk).isVisible()


@pytest.mark.parametrize(("width", "words"), [(1920, "1 not encrypted"), (1280, "1")])
def test_the_top_bar_says_how_many_and_leads_to_them(qtbot: QtBot, width: int, words: str) -> None:
    with open_desk(size=(width, 900)) as desk:
        _mark(desk, "WTW_UA")
        assert _button(desk).isVisible()
        assert _button(desk).text().strip() == words
        assert _button(desk).toolTip() == "Not encrypted: WTW_UA"
        _button(desk).click()
        page = desk.window.area.devices_page
        assert page is not None
        assert page.isVisible()
        _mark(desk)
        assert not _button(desk).isVisible()


def test_what_will_go_wrong_is_told_before_it_does(desk: Desk) -> None:
    health = desk.station.health
    words = message("The certificate of {device} expires on {date}", device="WTW_UA", date="2026-12-24")
    desk.station.health = replace(health, devices=tuple(replace(each, warning=words) for each in health.devices))
    desk.window.show_devices()
    desk.tick()
    page = desk.window.area.devices_page
    assert page is not None
    assert "expires on 2026-12-24" in page.rows["WTW_UA"].toolTip()


def test_the_row_of_the_device_has_an_open_lock(desk: Desk) -> None:
    desk.window.show_devices()
    page = desk.window.area.devices_page
    assert page is not None
    row = page.rows["WTW_UA"]
    before = row.grab().toImage()
    _mark(desk, "WTW_UA")
    assert row.grab().toImage() != before
    assert "Not encrypted" in row.text()
    assert "Not encrypted" in row.toolTip()
    assert "Not encrypted" not in page.rows["RPS_PLC"].text()
