"""The page of devices: who is in trouble, one of them in detail, and the ways that lead there."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from alarms.states import AlarmState
from drivers.health import LinkState
from hmi.actions import Target, item_menu
from hmi.devices.page import DevicesPage
from hmi.devices.tags import COLUMNS
from hmi.numbers import DASH
from tests.fakes.alarms import alarm
from tests.fakes.desk import PUMP, Desk

LINK = "PLC.RPS.HEARTBEAT.comm"
FLOW = f"{PUMP}.FLOW"


def _page(desk: Desk) -> DevicesPage:
    page = desk.window.area.devices_page
    assert page is not None
    return page


def _cells(page: DevicesPage, tag: str) -> list[str]:
    tags = page.details.tags_tab.tags
    at = [each.name for each in tags.tags].index(tag)
    return [tags.data(tags.index(at, column)) for column in range(len(COLUMNS))]


def test_without_trouble_the_first_device_is_shown(desk: Desk) -> None:
    desk.window.show_devices()
    assert _page(desk).chosen == next(iter(desk.station.plant.devices))


def test_the_address_is_the_one_that_is_really_asked(desk: Desk) -> None:
    desk.window.show_devices()
    name = _page(desk).chosen
    protocol = "Modbus TCP"
    assert _page(desk).details.head.address.text() == protocol, "nobody knows the address yet"
    health = desk.station.health
    devices = tuple(replace(each, address="127.0.0.1:4711") for each in health.devices)
    desk.station.health = replace(health, devices=devices)
    desk.tick(10)
    assert name == devices[0].device
    assert _page(desk).details.head.address.text().startswith(f"{protocol} · 127.0.0.1:4711")


def test_a_device_in_trouble_is_shown_until_somebody_chooses_another(desk: Desk) -> None:
    desk.window.show_devices()
    desk.station.put_link("RPS_PLC", LinkState.DOWN, "No answer within 1.0 s")
    desk.tick()
    page = _page(desk)
    assert page.chosen == "RPS_PLC"
    QTest.mouseClick(page.rows["TNK_PLC"], Qt.MouseButton.LeftButton)
    desk.station.put_link("LPS_PLC", LinkState.DOWN)
    desk.tick()
    assert page.chosen == "TNK_PLC"
    assert [name for name, row in page.rows.items() if row.isChecked()] == ["TNK_PLC"]


def test_the_tags_of_the_chosen_device_show_value_quality_and_address(desk: Desk) -> None:
    desk.window.open_device("RPS_PLC")
    page = _page(desk)
    assert {tag.device for tag in page.details.tags_tab.tags.tags} == {"RPS_PLC"}
    desk.station.put({FLOW: 123.0})
    name, _, value, quality, address, scan, age = _cells(page, FLOW)
    tag = desk.tag(FLOW)
    assert (name, quality, address, scan) == (FLOW, "Good", tag.address, tag.scan)
    assert value.startswith("123")
    assert value.endswith(tag.unit)
    assert age != DASH


def test_a_bad_value_never_reads_as_good(desk: Desk) -> None:
    desk.window.open_device("RPS_PLC")
    desk.station.put({FLOW: 123.0}, quality=0x8031)
    _, _, value, quality, *_ = _cells(_page(desk), FLOW)
    assert value.startswith(("?", "*"))
    assert quality != "Good"


def test_good_tags_are_counted_anew_for_each_scan_class(desk: Desk) -> None:
    desk.window.open_device("RPS_PLC")
    page = _page(desk)
    scan = desk.tag(FLOW).scan
    count = sum(tag.scan == scan for tag in page.details.tags_tab.tags.tags)
    assert f"{scan} (0.5 s): {count} of {count} good" in page.details.tags_tab.scans.text()
    desk.station.put({FLOW: 1.0}, quality=0x8031)
    desk.tick(10)
    assert f"{scan} (0.5 s): {count - 1} of {count} good" in page.details.tags_tab.scans.text()


@pytest.mark.parametrize("name", [LINK, "RPS_PLC.comm"])
def test_a_communication_alarm_opens_its_device(desk: Desk, name: str) -> None:
    row = replace(alarm(desk.station.plant, LINK, state=AlarmState.UNACK), name=name)
    desk.window.open_alarm(row)
    assert _page(desk).chosen == "RPS_PLC"


def test_a_communication_alarm_stands_beside_its_device(desk: Desk) -> None:
    desk.window.show_devices()
    desk.station.put_alarms([alarm(desk.station.plant, LINK, state=AlarmState.UNACK)])
    desk.tick(5)
    assert set(_page(desk)._glyphs()) == {"RPS_PLC"}


def test_the_menu_of_a_tag_leads_to_its_device_alarms_and_journal(desk: Desk) -> None:
    target = Target(PUMP, FLOW, (FLOW,), device="RPS_PLC")
    actions = {action.text(): action for action in item_menu(desk.window, desk.window, target).actions()}
    actions["Device"].trigger()
    assert _page(desk).chosen == "RPS_PLC"
    actions["Alarms of this"].trigger()
    desk.tick()
    assert desk.window.area.alarms_page is not None
    assert desk.window.area.alarms_page.filter_bar.chip.text().strip() == f"Tag: {FLOW}"
    actions["Journal of this"].trigger()
    desk.tick()
    assert desk.window.area.journal_page is not None
    assert desk.window.area.journal_page.bar.chip.text().strip() == f"Tag: {FLOW}"
    desk.settle()


def test_the_menu_acknowledges_only_the_alarms_of_its_equipment(desk: Desk) -> None:
    plant = desk.station.plant
    names = [each.name for each in plant.alarms if each.tag.startswith(f"{PUMP}.")]
    other = next(each.name for each in plant.alarms if each.tag.startswith("TK1."))
    desk.station.put_alarms([alarm(plant, name, state=AlarmState.UNACK) for name in (*names, other)])
    desk.tick(5)
    target = Target(PUMP, "", (), is_unacknowledged=True)
    actions = {action.text(): action for action in item_menu(desk.window, desk.window, target).actions()}
    actions["Acknowledge"].trigger()
    desk.settle()
    assert {seen.name for seen in desk.station.acknowledged} == set(names)


def test_a_window_made_wide_again_has_room_for_descriptions_again(desk: Desk) -> None:
    desk.window.open_device("RPS_PLC")
    view = _page(desk).details.tags_tab.view
    desk.tick()
    width = view.columnWidth(1)
    desk.window.resize(1280, 720)
    desk.tick()
    assert view.isColumnHidden(1)
    desk.window.resize(1920, 1080)
    desk.tick()
    assert view.columnWidth(1) == width
    assert width > 100


def test_short_addresses_leave_their_room_to_the_descriptions(desk: Desk) -> None:
    desk.window.open_device("WTW_UA")
    view = _page(desk).details.tags_tab.view
    desk.tick()
    long = view.columnWidth(1)
    desk.window.open_device("RPS_PLC")
    desk.tick()
    assert view.columnWidth(1) > long + 50
    assert view.horizontalHeader().length() <= view.viewport().width()
