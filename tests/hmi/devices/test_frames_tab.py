"""The frames of a device: switched on, followed, held still, copied."""

import pytest
from PySide6.QtWidgets import QApplication

from drivers.frames import FRAMES_KEPT
from hmi.devices.frame_lines import HEX, TIME, FrameLines, ascii_text
from hmi.devices.frames_tab import FramesTab
from tests.fakes.desk import Desk

NAME = "RPS_PLC"
ASK = bytes.fromhex("000100000006 0103 0000 0002")
ANSWER = bytes.fromhex("000100000007 0103 04 1234 5678") + bytes(range(19))


@pytest.fixture
def tab(desk: Desk) -> FramesTab:
    """The frames of a device, seen but switched off."""
    desk.window.open_device(NAME)
    page = desk.window.area.devices_page
    assert page is not None
    page.details.tabs.setCurrentIndex(1)
    desk.tick()
    desk.settle()
    return page.details.frames_tab


def _look(desk: Desk) -> None:
    desk.tick(5)
    desk.settle()


def _switch_on(desk: Desk, tab: FramesTab) -> None:
    tab.switch.click()
    desk.settle()


def _texts(lines: FrameLines, column: int) -> list[str]:
    return [lines.data(lines.index(at, column)) for at in range(lines.rowCount())]


def test_nothing_is_traced_until_somebody_switches_it_on(desk: Desk, tab: FramesTab) -> None:
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    assert tab.lines.rowCount() == 0
    assert tab.state.text() == "Off. It can keep the last 200 frames."
    assert not tab.pause.isEnabled()
    _switch_on(desk, tab)
    assert desk.station.traces[NAME].is_on
    assert not any(trace.is_on for name, trace in desk.station.traces.items() if name != NAME)


def test_frames_appear_as_bytes_and_characters_with_time_and_way(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, ASK)
    desk.station.traces[NAME].add(False, ANSWER)
    _look(desk)
    assert [line.replace(" ", "") for line in _texts(tab.lines, HEX)] == [
        ASK.hex(),
        ANSWER[:16].hex(),
        ANSWER[16:].hex(),
    ]
    times = _texts(tab.lines, TIME)
    assert [len(each) for each in times] == [len("14:41:09.115"), len("14:41:09.115"), 0]
    assert tab.state.text() == "2 of 200 frames"
    assert ascii_text(b"a\x00~\x7f\xff") == "a·~··"


def test_switched_off_what_was_seen_stays_and_nothing_more_comes(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    tab.switch.click()
    desk.settle()
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    assert tab.state.text() == "Off: 1 frames"
    assert not tab.switch.isChecked()


def test_held_still_the_frames_that_came_meanwhile_are_shown_afterwards(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    tab.pause.click()
    desk.station.traces[NAME].add(False, ANSWER)
    _look(desk)
    assert tab.state.text() == "Held still: 1 frames"
    tab.pause.click()
    _look(desk)
    assert [frame.data for frame in tab.lines.frames] == [ASK, ANSWER]


def test_scrolled_up_the_lines_do_not_move_under_the_reader(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    for _ in range(60):
        desk.station.traces[NAME].add(False, ANSWER)
    _look(desk)
    bar = tab.view.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0, "the newest is seen"
    bar.setValue(10)
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    assert (bar.value(), len(tab.lines.frames)) == (10, 60)
    bar.setValue(bar.maximum())
    _look(desk)
    assert len(tab.lines.frames) == 61
    assert bar.value() == bar.maximum()


def test_only_the_last_two_hundred_frames_are_shown(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    for _ in range(2):
        for _ in range(FRAMES_KEPT - 50):
            desk.station.traces[NAME].add(True, ASK)
        _look(desk)
    assert [frame.number for frame in tab.lines.frames] == list(range(101, 301))


def test_copied_frames_have_time_way_length_bytes_and_name(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, b"\x01\x02", "Hello")
    _look(desk)
    tab.copy.click()
    time, *rest = QApplication.clipboard().text().split("\t")
    assert (len(time), rest) == (12, ["sent", "2", "01 02", "Hello"])


def test_another_device_has_frames_of_its_own(desk: Desk, tab: FramesTab) -> None:
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    desk.window.open_device("TNK_PLC")
    _look(desk)
    assert (tab.lines.rowCount(), tab.switch.isChecked()) == (0, False)
    desk.window.open_device(NAME)
    _look(desk)
    assert (len(tab.lines.frames), tab.switch.isChecked()) == (1, True)


def test_a_trace_whose_tab_is_not_seen_costs_no_questions(desk: Desk, tab: FramesTab) -> None:
    page = desk.window.area.devices_page
    assert page is not None
    page.details.tabs.setCurrentIndex(0)
    _switch_on(desk, tab)
    desk.station.traces[NAME].add(True, ASK)
    _look(desk)
    assert tab.lines.rowCount() == 0
