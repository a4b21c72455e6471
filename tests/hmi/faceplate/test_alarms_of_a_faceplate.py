"""The page of alarms of a faceplate: what is present, acknowledged by the rules of the whole product."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from alarms.handling import AlarmAct
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.settled import SETTLE_NS
from hmi.amount import Amount
from hmi.faceplate.alarm_line import AlarmLine
from hmi.faceplate.alarm_page import AlarmPage
from hmi.faceplate.faceplate import ALARMS, OPERATE, Faceplate
from hmi.faceplate.watched import WatchedRow
from hmi.units.choice import units
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import PUMP, Desk, open_desk, visible

TRIP = f"{PUMP}.FLT.state"
HOT = f"{PUMP}.TEMP.HH"
S = 1_000_000


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def desk(qtbot: QtBot, clock: ManualClock) -> Iterator[Desk]:
    del qtbot
    with open_desk(clock=clock) as desk:
        yield desk


def _row(desk: Desk, name: str, age_s: int = 60, **settings: object) -> AlarmRow:
    return alarm(desk.station.plant, name, active_us=desk.station.clock.wall_us() - age_s * S, **settings)


def _put(desk: Desk, *rows: AlarmRow) -> None:
    desk.station.put_alarms(rows)
    desk.tick(5)


def _open(desk: Desk, *rows: AlarmRow, name: str = PUMP) -> Faceplate:
    _put(desk, *rows)
    faceplate = desk.window.area.open_faceplate(name)
    faceplate.tabs.setCurrentIndex(ALARMS)
    desk.tick()
    return faceplate


def _lines(faceplate: Faceplate) -> list[AlarmLine]:
    return visible(faceplate, AlarmLine)


def _names(faceplate: Faceplate) -> list[str]:
    return [line.alarm.name for line in _lines(faceplate) if line.alarm is not None]


def _texts(root: QWidget) -> list[str]:
    return [each.text() for each in visible(root, QLabel)]


def test_the_page_is_made_when_it_is_first_chosen(desk: Desk) -> None:
    faceplate = desk.window.area.open_faceplate(PUMP)
    assert faceplate.findChildren(AlarmPage) == []
    for index in (ALARMS, OPERATE, ALARMS):
        faceplate.tabs.setCurrentIndex(index)
    assert len(faceplate.findChildren(AlarmPage)) == 1


def test_the_tab_counts_what_is_active_or_waits_and_not_what_is_put_aside(desk: Desk) -> None:
    rows = [_row(desk, TRIP), _row(desk, HOT, state=AlarmState.ACKED)]
    shelved = _row(desk, f"{PUMP}.VIB.H", state=AlarmState.SHLVD)
    other = _row(desk, "RPS.P2.FLT.state")
    _put(desk, *rows, shelved, other)
    tabs = desk.window.area.open_faceplate(PUMP).tabs
    assert (tabs.count_of(ALARMS), tabs.accessibleTabName(ALARMS)) == (2, "2 alarms")
    _put(desk)
    assert (tabs.count_of(ALARMS), tabs.accessibleTabName(ALARMS)) == (0, "Alarms")


def test_a_line_says_what_when_how_much_and_where_it_stands(desk: Desk) -> None:
    faceplate = _open(desk, _row(desk, HOT, age_s=47, trip_value=138.0))
    (line,) = _lines(faceplate)
    texts = _texts(line)
    assert {"Winding temperature very high", "138\u00a0°C (limit 130)", "Unack, active"} <= set(texts)
    assert any(text.endswith(" · 47 s ago") for text in texts)
    assert line.accessibleName() == "2, high, Winding temperature very high, 138\u00a0°C (limit 130), Unack, active"
    assert line.sign.glyph is not None


def test_what_waits_stands_first_and_of_that_the_newest(desk: Desk) -> None:
    old, new = _row(desk, TRIP, 300), _row(desk, HOT, 10)
    acked = _row(desk, f"{PUMP}.VIB.HH", 5, state=AlarmState.ACKED)
    assert _names(_open(desk, old, acked, new)) == [HOT, TRIP, f"{PUMP}.VIB.HH"]


def test_of_what_waits_the_more_urgent_stands_before_the_newer(desk: Desk) -> None:
    urgent, newer = _row(desk, TRIP, 300), _row(desk, f"{PUMP}.VIB.H", 10)
    assert urgent.priority < newer.priority
    assert _names(_open(desk, newer, urgent)) == [TRIP, f"{PUMP}.VIB.H"]


def test_what_is_latched_and_acknowledged_is_reset_on_its_line(desk: Desk, clock: ManualClock, qtbot: QtBot) -> None:
    said: list[str] = []
    desk.window.context.alarms.said.connect(said.append)
    waiting, latched = _row(desk, TRIP, state=AlarmState.LATUN), _row(desk, HOT, state=AlarmState.LATAK)
    first, second = _lines(_open(desk, waiting, latched))
    assert first.reset.isHidden()
    assert second.ack.isHidden()
    assert second.reset.accessibleName() == "Reset: Winding temperature very high"
    qtbot.mouseClick(second.reset, Qt.MouseButton.LeftButton)
    desk.settle()
    assert (desk.station.alarm_requests, said) == ([], ["what stands here has only just come; look again"])
    clock.advance(SETTLE_NS / 1e9)
    qtbot.mouseClick(second.reset, Qt.MouseButton.LeftButton)
    desk.settle()
    (request,) = desk.station.alarm_requests
    assert (request.act, [each.name for each in request.seen]) == (AlarmAct.RESET, [HOT])


def test_without_an_alarm_it_says_so_and_shows_what_is_watched(desk: Desk) -> None:
    faceplate = _open(desk)
    assert "No alarms" in _texts(faceplate)
    rows = [_texts(each) for each in visible(faceplate, WatchedRow)]
    assert ["Winding temperature very high", "HH 130\u00a0°C", "5 s"] in rows
    assert len(rows) == sum(each.tag.startswith(f"{PUMP}.") for each in desk.station.plant.alarms)


def test_while_nothing_is_evaluated_it_does_not_say_that_all_is_well(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.station.put_alarms([], is_evaluated=False)
    desk.tick(5)
    assert "No alarms" not in _texts(faceplate)
    assert "Alarms are not evaluated. Watch the values." in _texts(faceplate)


def test_ack_acknowledges_the_occurrence_that_was_seen(desk: Desk, clock: ManualClock, qtbot: QtBot) -> None:
    faceplate = _open(desk, _row(desk, TRIP, occurrence=3), _row(desk, HOT, state=AlarmState.ACKED))
    clock.advance(SETTLE_NS / 1e9)
    first, second = _lines(faceplate)
    assert second.ack.isHidden()
    qtbot.mouseClick(first.ack, Qt.MouseButton.LeftButton)
    assert not first.ack.isEnabled()
    desk.settle()
    assert [(each.name, each.occurrence, each.priority) for each in desk.station.acknowledged] == [(TRIP, 3, 2)]


def test_an_alarm_that_has_only_just_come_is_not_acknowledged(desk: Desk, clock: ManualClock, qtbot: QtBot) -> None:
    said: list[str] = []
    desk.window.context.alarms.said.connect(said.append)
    faceplate = _open(desk, _row(desk, TRIP))
    clock.advance(SETTLE_NS / 1e9)
    _put(desk, _row(desk, HOT, 0), _row(desk, TRIP))
    top = _lines(faceplate)[0]
    qtbot.mouseClick(top.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.station.acknowledged == []
    assert said == ["what stands here has only just come; look again"]


def test_an_alarm_that_comes_again_under_the_pressed_button_is_not_acknowledged(
    desk: Desk, clock: ManualClock, qtbot: QtBot
) -> None:
    faceplate = _open(desk, _row(desk, TRIP, occurrence=1))
    clock.advance(SETTLE_NS / 1e9)
    (line,) = _lines(faceplate)
    qtbot.mousePress(line.ack, Qt.MouseButton.LeftButton)
    _put(desk, _row(desk, TRIP, occurrence=2))
    qtbot.mouseRelease(line.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.station.acknowledged == []


@pytest.mark.parametrize("what", ["line", "page", "faceplate"])
def test_a_line_that_has_moved_must_be_looked_at_again(desk: Desk, clock: ManualClock, qtbot: QtBot, what: str) -> None:
    faceplate = _open(desk, _row(desk, HOT, 10), _row(desk, TRIP))
    clock.advance(SETTLE_NS / 1e9)
    line = _lines(faceplate)[1]
    moved = {"line": line, "page": line.parentWidget(), "faceplate": faceplate}[what]
    moved.move(moved.x(), moved.y() + 8)
    qtbot.mouseClick(line.ack, Qt.MouseButton.LeftButton)
    desk.settle()
    assert desk.station.acknowledged == []


def test_an_acknowledged_alarm_leaves_its_line_and_no_widget_is_made_again(desk: Desk) -> None:
    faceplate = _open(desk, _row(desk, HOT, 10), _row(desk, TRIP))
    made = faceplate.findChildren(AlarmLine)
    for _ in range(3):
        _put(desk)
        assert _lines(faceplate) == []
        _put(desk, _row(desk, TRIP), _row(desk, HOT, 10))
    assert faceplate.findChildren(AlarmLine) == made
    assert _names(faceplate) == [HOT, TRIP]


def test_a_line_leads_to_the_trend_at_its_time(desk: Desk, qtbot: QtBot) -> None:
    row = _row(desk, HOT, 90)
    (line,) = _lines(_open(desk, row))
    qtbot.mouseClick(line.trend, Qt.MouseButton.LeftButton)
    page = desk.window.area.trend_page
    assert page is not None
    assert [pen.tag.name for pen in page.model.pens] == [f"{PUMP}.TEMP"]
    assert page.model.cursors[0] == row.active_us
    desk.settle()


def test_the_button_below_leads_to_the_list_of_these_alarms(desk: Desk, qtbot: QtBot) -> None:
    faceplate = _open(desk, _row(desk, HOT))
    below = next(each for each in visible(faceplate, QPushButton) if each.text().strip() == "Alarm list")
    qtbot.mouseClick(below, Qt.MouseButton.LeftButton)
    page = desk.window.area.alarms_page
    assert page is not None
    assert PUMP in page.filter_bar.chip.text()


def test_arrows_and_ctrl_tab_switch_the_tabs(desk: Desk, qtbot: QtBot) -> None:
    tabs = desk.window.area.open_faceplate(PUMP).tabs
    tabs.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert tabs.currentIndex() == ALARMS
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert tabs.currentIndex() == OPERATE
    stop = next(each for each in visible(desk.window, QPushButton) if each.text() == "Stop")
    for key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
        before = tabs.currentIndex()
        qtbot.keyClick(stop if before == OPERATE else tabs, key, Qt.KeyboardModifier.ControlModifier)
        assert tabs.currentIndex() != before


def test_what_was_hidden_is_true_again_when_it_is_shown(desk: Desk) -> None:
    faceplate = _open(desk)
    desk.station.put({f"{PUMP}.FLOW": 1234.0})
    desk.tick()
    faceplate.tabs.setCurrentIndex(OPERATE)
    assert "1\u2009234 m³/h" in [each.accessibleName() for each in visible(faceplate, Amount)]


def test_the_tabs_stay_where_they_are_when_the_page_changes(desk: Desk) -> None:
    faceplate = desk.window.area.open_faceplate("RPS.P2")
    desk.tick()
    operate = faceplate.geometry()
    faceplate.tabs.setCurrentIndex(ALARMS)
    desk.tick(2)
    assert faceplate.y() == operate.y()
    assert faceplate.height() >= operate.height()
    faceplate.tabs.setCurrentIndex(OPERATE)
    desk.tick(2)
    assert faceplate.geometry() == operate


def test_a_page_of_alarms_in_a_low_window_stays_inside(qtbot: QtBot) -> None:
    with open_desk(size=(1280, 720)) as desk:
        names = [each.name for each in desk.station.plant.alarms if each.tag.startswith(f"{PUMP}.")]
        faceplate = _open(desk, *(_row(desk, name) for name in names))
        assert len(_lines(faceplate)) == len(names)
        assert desk.window.area.rect().contains(faceplate.geometry())


@pytest.mark.parametrize("size", [(1280, 720), (1280, 900), (1100, 640), (1920, 1080)])
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_no_line_of_the_page_is_cut_in_two(qtbot: QtBot, size: tuple[int, int], count: int) -> None:
    with open_desk(size=size) as desk:
        names = [each.name for each in desk.station.plant.alarms if each.tag.startswith(f"{PUMP}.")][:count]
        faceplate = _open(desk, *(_row(desk, name) for name in names))
        desk.tick(3)
        (page,) = faceplate.findChildren(AlarmPage)
        edge = page.visibleRegion().boundingRect().bottom() + 1
        shown = [*visible(page, AlarmLine), *visible(page, WatchedRow)]
        assert [each for each in shown if each.y() < edge < each.y() + each.height()] == []


def test_a_closed_faceplate_leaves_no_widget_of_its_alarms_behind(desk: Desk) -> None:
    def open_and_close() -> int:
        faceplate = _open(desk, _row(desk, TRIP), _row(desk, HOT))
        desk.window.area.close_faceplate(faceplate)
        for _ in range(2):  # a deletion may ask for another one
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(QApplication.allWidgets())

    first = open_and_close()
    assert [open_and_close() for _ in range(5)] == [first] * 5
    _put(desk)  # nobody who is gone hears of it


def test_another_unit_makes_the_limits_anew_and_leaves_nothing_behind(desk: Desk) -> None:
    faceplate = _open(desk, name="PRV1")
    try:
        units().choose({"pressure": "kPa"})
        desk.tick()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        rows = [_texts(each)[1] for each in faceplate.findChildren(WatchedRow)]
        assert "L 150\u00a0kPa" in rows
        assert len(rows) == sum(each.tag.startswith("PRV1.") for each in desk.station.plant.alarms)
    finally:
        units().choose({})
