"""The frame round the pages: what it says, how it folds, where its keys lead."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from drivers.health import LinkState
from history.health import HistoryHealth, SpoolHealth
from hmi.shell.message_bar import ProblemBar
from hmi.shell.page import DEVICES, HISTORY
from hmi.theme.theme import theme
from station.protocol import JournalHealth
from tests.fakes.clock import ManualClock
from tests.fakes.desk import PUMP, Desk, open_desk, visible


def _texts(root: object) -> list[str]:
    labels = [label.text() for label in visible(root, QLabel)]
    return [*labels, *(button.text().strip() for button in visible(root, QPushButton))]


@pytest.mark.parametrize(
    ("width", "navigation", "bar", "banner"), [(1920, 224, 52, 60), (1550, 60, 52, 60), (1280, 60, 48, 52)]
)
def test_the_shell_folds_at_1600_and_words_drop_at_1500(
    qtbot: QtBot, width: int, navigation: int, bar: int, banner: int
) -> None:
    with open_desk(size=(width, 900)) as desk:
        window = desk.window
        assert (window.navigation.width(), window.top_bar.height(), window.banner.height()) == (navigation, bar, banner)
        assert ("5/5 devices" in _texts(window.top_bar)) is (width >= 1500)
        assert any(text.endswith(("5/5", "5/5 devices")) for text in _texts(window.top_bar))


def test_the_top_bar_says_plant_user_and_time_in_the_plants_zone(qtbot: QtBot) -> None:
    clock = ManualClock(wall_us=1_782_907_269_000_000)  # 1 July 2026, 12:01:09 UTC
    with open_desk(clock=clock) as desk:
        texts = _texts(desk.window.top_bar)
        assert {"Netherby Water", "No log-on", "13:01:09", "Wed 1 Jul 2026"} <= set(texts)
        clock.advance(1)
        desk.tick()
        assert "13:01:10" in _texts(desk.window.top_bar)


def test_the_banner_says_that_alarms_are_not_evaluated(desk: Desk) -> None:
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert "Alarms not evaluated" in _texts(desk.window.banner)


def test_a_lost_device_shows_in_the_count_and_on_the_page_of_devices(desk: Desk) -> None:
    desk.station.put_link("RPS_PLC", LinkState.DOWN, "No answer within 1.0 s")
    desk.tick()
    assert "4/5 devices" in _texts(desk.window.top_bar)
    desk.window.show_devices()
    desk.tick()
    texts = _texts(desk.window.area)
    assert {"4 of 5 devices are connected", "Last error: No answer within 1.0 s"} <= set(texts)
    assert any(text.startswith("No connection since ") for text in texts)
    page = desk.window.area.devices_page
    assert page is not None
    assert page.rows["RPS_PLC"].text() == "RPS_PLC, River pump station, No connection"


def test_a_click_on_the_device_count_opens_the_devices(desk: Desk, qtbot: QtBot) -> None:
    count = next(each for each in visible(desk.window.top_bar, QPushButton) if "devices" in each.text())
    qtbot.mouseClick(count, Qt.MouseButton.LeftButton)
    assert desk.window.page == DEVICES


def test_back_and_forward_go_through_the_pages_seen(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    buttons = {
        each.defaultAction().objectName(): each for each in visible(window.top_bar, QToolButton) if each.defaultAction()
    }
    back, forward = buttons["back"], buttons["forward"]
    assert not back.isEnabled()
    window.show_devices()
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert window.page == "river-pumps"
    qtbot.mouseClick(forward, Qt.MouseButton.LeftButton)
    assert window.page == DEVICES
    assert not forward.isEnabled()


@pytest.mark.parametrize(
    ("key", "modifier", "page"),
    [
        (Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier, DEVICES),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier, "river-pumps"),
    ],
)
def test_pages_are_reached_by_keys(
    desk: Desk, qtbot: QtBot, key: Qt.Key, modifier: Qt.KeyboardModifier, page: str
) -> None:
    if page != DEVICES:
        desk.window.show_devices()
    with qtbot.waitActive(desk.window):
        desk.window.activateWindow()
    qtbot.keyClick(desk.window, key, modifier)
    assert desk.window.page == page


def test_a_key_switches_the_theme(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitActive(desk.window):
        desk.window.activateWindow()
    qtbot.keyClick(desk.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert theme().name == "dark"


def test_every_entry_of_the_navigation_opens_its_page(desk: Desk, qtbot: QtBot) -> None:
    for entry in visible(desk.window.navigation, QPushButton):
        qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
        assert entry.isChecked()
        assert sum(each.isChecked() for each in visible(desk.window.navigation, QPushButton)) == 1
    assert desk.window.page == HISTORY


def test_a_stalled_station_is_said_across_the_window_until_it_answers_again(desk: Desk) -> None:
    sentence = "Values are not evaluated: the station has stopped responding"
    desk.station.health = replace(desk.station.health, is_evaluated=False)
    desk.tick()
    assert sentence in _texts(desk.window)
    desk.station.health = replace(desk.station.health, is_evaluated=True)
    desk.tick()
    assert sentence not in _texts(desk.window)


def test_an_audit_trail_that_can_not_be_written_is_said_across_the_window(desk: Desk) -> None:
    desk.station.health = replace(desk.station.health, audit_error="the disk is full")
    desk.tick()
    assert "Commands are refused, the audit trail can't be written: the disk is full" in _texts(desk.window)
    desk.station.health = replace(desk.station.health, audit_error="")
    desk.tick()
    assert not any("audit" in text for text in _texts(desk.window))


def test_that_manual_values_of_before_are_not_known_is_said_across_the_window(desk: Desk) -> None:
    for error, sentence in [
        (
            "it is locked",
            "Commands are refused, and manual values before this start aren't known yet, "
            "the audit trail can't be used: it is locked",
        ),
        ("", "Manual values before this start aren't known: it is damaged"),
    ]:
        desk.station.health = replace(desk.station.health, audit_error=error, unrestored="it is damaged")
        desk.tick()
        assert sentence in _texts(desk.window)
    desk.station.health = replace(desk.station.health, unrestored="")
    desk.tick()
    assert not any("manual values" in text.lower() for text in _texts(desk.window))


def test_a_history_that_can_not_be_stored_or_was_damaged_is_said_across_the_window(desk: Desk) -> None:
    for error, notice, sentence in [
        ("the disk is full", "one is damaged", "Values are not being stored: the disk is full"),
        ("", "one is damaged", "one is damaged"),
    ]:
        desk.station.health = replace(desk.station.health, history=HistoryHealth(error=error, notice=notice))
        desk.tick()
        assert sentence in _texts(desk.window)
    desk.station.health = replace(desk.station.health, history=HistoryHealth())
    desk.tick()
    assert sentence not in _texts(desk.window)


def test_what_waits_for_the_server_of_history_is_said_across_the_window_when_people_must_know(desk: Desk) -> None:
    known = SpoolHealth(server="postgresql://db/plant", bytes=1, room_bytes=100, error="it is away")
    for spool, sentence in [
        (
            replace(known, bytes=85, full_in_s=7_200.0),
            "85 % of the room for history that waits for its server",
        ),
        (replace(known, bytes=85), "and what waits doesn't grow at present"),
        (replace(known, coarsened=5, dropped=3), "5 were thinned out, 3 dropped; 1 % of the room is taken"),
        (replace(known, delay_s=600.0, full_in_s=7_200.0), "for 10 min, the room is full in 2.0 h: it is away"),
    ]:
        desk.station.health = replace(desk.station.health, history=HistoryHealth(spool=spool))
        desk.tick()
        assert any(sentence in text for text in _texts(desk.window))
    desk.station.health = replace(desk.station.health, history=HistoryHealth(spool=replace(known, delay_s=30.0)))
    desk.tick()
    assert not any("server" in text for text in _texts(desk.window))


def test_an_alarm_journal_that_can_not_be_written_is_said_across_the_window(desk: Desk) -> None:
    desk.station.health = replace(desk.station.health, journal=JournalHealth(error="the disk is full"))
    desk.tick()
    assert "The alarm journal can't be written: the disk is full" in _texts(desk.window)
    desk.station.health = replace(desk.station.health, journal=JournalHealth(error="locked", unread="locked"))
    desk.tick()
    both = "The alarm journal can't be written, and acknowledgements before this start aren't known yet: locked"
    assert both in _texts(desk.window)
    desk.station.health = replace(desk.station.health, journal=JournalHealth(unread="damaged"))
    desk.tick()
    assert "Acknowledgements before this start aren't known: damaged" in _texts(desk.window)
    desk.station.health = replace(desk.station.health, journal=JournalHealth())
    desk.tick()
    assert not any("alarm journal" in text for text in _texts(desk.window))


def test_the_shell_does_not_move_when_a_bar_appears(desk: Desk) -> None:
    window = desk.window
    before = [part.geometry() for part in (window.top_bar, window.navigation, window.banner)]
    desk.is_problem_expected = True
    window.say_problem("out of paper")
    desk.tick()
    assert [part.geometry() for part in (window.top_bar, window.navigation, window.banner)] == before
    assert "out of paper" in window.problem


def test_the_newest_message_lies_on_top_and_what_is_withdrawn_is_gone(desk: Desk, qtbot: QtBot) -> None:
    window, desk.is_problem_expected = desk.window, True
    told = window.context.alarms.warned
    told.emit("1 just came")
    window.say_problem("out of paper")
    told.emit("2 just came")
    desk.tick()
    assert [bar.text for bar in visible(window, ProblemBar)] == ["2 just came"]
    window.area.file_told.emit("")
    told.emit("")
    desk.tick()
    (bar,) = visible(window, ProblemBar)
    assert bar.text.startswith("Something failed in this window: out of paper")
    assert "1 more" not in _texts(bar)
    assert bar.height() >= 44, "all of it can be read"


def test_closing_a_message_leaves_the_keyboard_in_the_list(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    window.show_alarms()
    desk.tick()
    page = window.area.alarms_page
    assert page is not None
    page.view.setFocus()
    window.say_refusal("It came again")
    desk.tick()
    (bar,) = visible(window, ProblemBar)
    (close,) = visible(bar, QPushButton)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not visible(window, ProblemBar)
    assert page.view.hasFocus()


def test_what_closes_leaves_the_keyboard_to_nothing_else(desk: Desk) -> None:
    window = desk.window
    faceplate = window.area.open_faceplate(PUMP)
    window.focusWidget().clearFocus()
    dialog = desk.open_setpoint()
    assert dialog.isAncestorOf(window.focusWidget())
    window.close_top()
    assert window.focusWidget() is None
    visible(faceplate, QPushButton)[0].setFocus()
    window.close_top()
    assert not window.area.faceplates
    assert window.focusWidget() is None


def test_nothing_of_the_page_moves_when_something_is_told(desk: Desk, qtbot: QtBot) -> None:
    window = desk.window
    window.show_alarms()
    desk.tick()
    page = window.area.alarms_page
    assert page is not None
    place = window.area.geometry()
    tops = [part.mapTo(window, part.rect().topLeft()) for part in (page.tools, page.card)]
    window.context.alarms.warned.emit("2 of 3 acknowledged, 1 just came")
    window.shelves.told.emit("A shelf ends soon")
    desk.tick()
    (shown,) = visible(window, ProblemBar)
    assert {"A shelf ends soon", "1 more"} <= set(_texts(shown))
    assert window.childAt(shown.mapTo(window, shown.rect().center())) in (shown, *shown.findChildren(QWidget))
    assert window.area.geometry() == place
    window.resize(1280, 720)
    desk.tick()
    assert shown.width() == window.area.width()
    assert (
        shown.mapTo(window, shown.rect().bottomLeft()).y() < page.tools.mapTo(window, page.tools.rect().topLeft()).y()
    )
    window.resize(1920, 1080)
    desk.tick()
    for left in (["2 of 3 acknowledged, 1 just came"], []):
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert [bar.text for bar in visible(window, ProblemBar)] == left
    desk.station.health = replace(desk.station.health, audit_error="the disk is full")
    desk.tick()
    assert [part.mapTo(window, part.rect().topLeft()) for part in (page.tools, page.card)] == tops
