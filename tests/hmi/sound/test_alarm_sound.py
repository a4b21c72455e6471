"""What is heard in front of the window: until acknowledged or silenced, muted for a time, and said when it can't be."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from hmi.alarms.long_press import LongPress
from hmi.sound.mute_menu import mute_menu
from hmi.sound.speaker import Speaker
from hmi.sound.words import left_text
from plant_models.message import message
from station.seat_note import SeatAct, SeatNote
from tests.fakes.alarms import alarm
from tests.fakes.clock import ManualClock
from tests.fakes.desk import Desk, open_desk, visible
from tests.fakes.player import RecordingPlayer

VIBRATION, TRIP, LEVEL = "RPS.P1.VIB.H", "RPS.P1.FLT.state", "TK1.LEVEL.LL"


@pytest.fixture
def player() -> RecordingPlayer:
    return RecordingPlayer()


@pytest.fixture
def loud(qtbot: QtBot, clock: ManualClock, player: RecordingPlayer) -> Iterator[Desk]:
    """A desk with a loudspeaker that remembers, under a clock that the test moves; only the test ticks."""
    del qtbot
    with open_desk(clock=clock, speak=lambda used: Speaker([player], used)) as desk:
        desk.room.ticker.stop()
        desk.station.put_alarms([])
        _pass(desk, clock, 1)
        player.played.clear()
        yield desk


def _pass(desk: Desk, clock: ManualClock, seconds: float) -> None:
    for _ in range(round(seconds * 10)):
        clock.advance(0.1)
        desk.tick()


def _raise(desk: Desk, *names: str, **settings: object) -> None:
    desk.station.put_alarms([alarm(desk.station.plant, name, **settings) for name in names])
    desk.tick(5)


def _close_menu() -> None:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    menu.close()


def _priority(desk: Desk, name: str) -> int:
    return alarm(desk.station.plant, name).priority


def test_an_alarm_is_heard_until_it_is_acknowledged(loud: Desk, clock: ManualClock, player: RecordingPlayer) -> None:
    _raise(loud, VIBRATION)
    assert player.played == [(3, "normal")]
    _pass(loud, clock, 25)
    assert player.priorities == [3, 3, 3]
    assert loud.window.top_bar.silence.icon_name == "speaker"
    loud.window.context.alarms.acknowledge(loud.window.context.alarms.unacknowledged)
    loud.settle()
    stops = player.stops
    _pass(loud, clock, 60)
    assert player.priorities == [3, 3, 3]
    assert stops > 0
    assert loud.window.top_bar.silence.icon_name == "speaker_quiet"


def test_the_loudspeaker_and_its_key_silence_until_the_next_alarm(
    loud: Desk, clock: ManualClock, player: RecordingPlayer, qtbot: QtBot
) -> None:
    _raise(loud, VIBRATION)
    qtbot.mouseClick(loud.window.top_bar.silence, Qt.MouseButton.LeftButton)
    _pass(loud, clock, 60)
    assert player.priorities == [3]
    assert "Silenced until the next alarm" in loud.window.top_bar.silence.toolTip()
    _raise(loud, VIBRATION, TRIP)
    assert player.priorities == [3, _priority(loud, TRIP)]
    qtbot.keyClick(loud.window, Qt.Key.Key_F9)
    _pass(loud, clock, 60)
    assert len(player.played) == 2


def test_a_mute_shows_its_slash_and_time_and_ends_by_itself(
    loud: Desk, clock: ManualClock, player: RecordingPlayer
) -> None:
    loud.window.action_table["mute_15"].trigger()
    _raise(loud, VIBRATION)
    top = loud.window.top_bar
    assert player.played == []
    assert (top.silence.icon_name, top.silence.text().strip()) == ("speaker_off", "15 min")
    assert "Alarm sound is muted for 15 min" in top.bell.toolTip()
    clock.advance(14 * 60 + 10)
    loud.tick()
    assert top.silence.text().strip() == "50 s"
    assert "but not for priority 1" in top.silence.toolTip()
    clock.advance(60)
    loud.tick()
    assert player.priorities == [3]
    assert top.silence.text() == ""
    assert top.silence.icon_name == "speaker"


def test_a_stepped_wall_clock_does_not_end_a_mute(loud: Desk, clock: ManualClock, player: RecordingPlayer) -> None:
    loud.window.mute(5)
    _raise(loud, VIBRATION)
    clock.step_wall(86_400)
    loud.tick(5)
    assert player.played == []


def test_priority_1_breaks_through_a_long_mute(loud: Desk, clock: ManualClock, player: RecordingPlayer) -> None:
    loud.window.mute(60)
    _raise(loud, LEVEL, VIBRATION)
    clock.advance(5 * 60)
    loud.tick()
    assert player.priorities == [1]
    loud.window.unmute()
    assert loud.window.context.sound.mute_words == ""


def test_that_alarms_are_not_evaluated_is_heard(loud: Desk, player: RecordingPlayer) -> None:
    loud.station.put_alarms([], is_evaluated=False)
    loud.tick(5)
    assert player.priorities == [1]


def test_a_window_that_opens_is_never_quiet_about_what_waits(qtbot: QtBot, clock: ManualClock) -> None:
    for _ in range(2):
        player = RecordingPlayer()
        with open_desk(clock=clock, speak=lambda used, player=player: Speaker([player], used)) as desk:
            _raise(desk, VIBRATION)
            assert 3 in player.priorities
            desk.window.mute(60)
            desk.window.silence()
        assert player.is_closed
    del qtbot


def test_what_is_chosen_of_the_sound_holds_at_once(loud: Desk, clock: ManualClock, player: RecordingPlayer) -> None:
    loud.window.show_preferences()
    (card,) = [page.sound for page in [loud.window.area._stack.currentWidget()]]  # type: ignore[attr-defined]
    card.volume.buttons["loud"].click()
    card.repeats[3].buttons["3"].click()
    _raise(loud, VIBRATION)
    _pass(loud, clock, 3)
    assert player.played == [(3, "loud")] * 2
    card.tries[1].click()
    assert player.played[-1] == (1, "loud")
    assert card.repeats[3].choice == "3"
    assert "Played by recorder." in card.note.text()
    assert "Priority 1 is muted for 5 min at most" in card.note.text()


def test_that_nothing_can_be_heard_is_said_across_the_window_once(qtbot: QtBot, clock: ManualClock) -> None:
    def speak(used: ManualClock) -> Speaker:
        return Speaker([], used, "no program plays sound here")

    sentence = "Alarms may not be heard. No sound is possible on this computer: no program plays sound here"
    with open_desk(clock=clock, speak=speak) as desk:
        desk.room.ticker.stop()
        assert sentence in [each.text() for each in visible(desk.window, QLabel)]
        top = desk.window.top_bar
        assert (top.silence.icon_name, top.silence.text().strip()) == ("speaker_off", "No sound")
        assert "No sound is possible on this computer" in top.bell.toolTip()
        desk.window._unheard.tell("")
        _raise(desk, VIBRATION)
        _pass(desk, clock, 60)
        assert sentence not in [each.text() for each in visible(desk.window, QLabel)]
    del qtbot


def test_the_menu_offers_to_silence_to_mute_and_to_undo_it(loud: Desk, clock: ManualClock) -> None:
    window = loud.window
    lines = ["Silence", "Mute for 1 minute", "Mute for 5 minutes", "Mute for 15 minutes", "Mute for 60 minutes"]

    def menu() -> QMenu:
        return mute_menu(window, window.action_table, window.context.sound, ["RPS.P1 comes back"])

    made = menu()
    texts = [each.text() for each in made.actions() if not each.isSeparator()]
    assert texts == [*lines, "Priority 1 is muted for 5 min at most", "RPS.P1 comes back"]
    made.actions()[-1].trigger()
    assert window.page == "@alarms"
    window.mute(5)
    assert [each.text() for each in menu().actions()][:2] == ["Alarm sound is muted for 5 min", "Sound again"]
    del clock


@pytest.mark.parametrize("which", ["bell", "silence"])
def test_the_menu_opens_by_right_button_and_by_holding_and_then_nothing_is_clicked(
    loud: Desk, qtbot: QtBot, which: str
) -> None:
    button = getattr(loud.window.top_bar, which)
    clicks: list[bool] = []
    button.clicked.connect(clicks.append)

    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(5, 5), button.mapToGlobal(QPoint(5, 5)))
    QApplication.sendEvent(button, event)
    _close_menu()
    qtbot.mousePress(button, Qt.MouseButton.LeftButton)
    button.findChild(LongPress).take()
    _close_menu()
    qtbot.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert clicks == []


def test_what_a_person_does_to_the_sound_is_told_to_the_station(loud: Desk, clock: ManualClock, qtbot: QtBot) -> None:
    now_us, minute_us = clock.wall_us(), 60_000_000
    _raise(loud, VIBRATION)
    for _ in range(2):
        qtbot.mouseClick(loud.window.top_bar.silence, Qt.MouseButton.LeftButton)
    loud.window.action_table["mute_15"].trigger()
    clock.advance(6 * 60)
    loud.window.action_table["mute_1"].trigger()
    for _ in range(2):
        loud.window.action_table["unmute"].trigger()
    loud.settle()
    assert loud.station.seat_notes == [
        SeatNote(SeatAct.SILENCE),
        SeatNote(SeatAct.MUTE, now_us + 15 * minute_us, now_us + 5 * minute_us),
        SeatNote(SeatAct.MUTE, now_us + 7 * minute_us, now_us + 7 * minute_us),
        SeatNote(SeatAct.UNMUTE),
    ], "what changed nothing isn't told"


def test_that_priority_1_is_no_longer_muted_is_told_with_the_next_mute(loud: Desk, clock: ManualClock) -> None:
    loud.window.mute(5)
    clock.advance(5 * 60 - 1)
    loud.window.mute(60)
    loud.settle()
    until_us = clock.wall_us() + 3_600_000_000
    assert loud.station.seat_notes[1] == SeatNote(SeatAct.MUTE, until_us, clock.wall_us() + 1_000_000)


def test_nothing_is_told_of_a_mute_that_ends_by_itself_nor_where_nothing_sounds(loud: Desk, clock: ManualClock) -> None:
    loud.window.silence()
    loud.window.unmute()
    loud.window.mute(1)
    _pass(loud, clock, 61)
    loud.window.unmute()
    loud.settle()
    assert [note.act for note in loud.station.seat_notes] == [SeatAct.MUTE]


def test_silence_is_at_once_whatever_the_station_does_and_its_row_follows(
    loud: Desk, clock: ManualClock, player: RecordingPlayer
) -> None:
    loud.station.delay_s = 0.3
    _raise(loud, VIBRATION)
    loud.window.silence()
    stops = player.stops
    assert stops > 0
    assert "Silenced until the next alarm" in loud.window.top_bar.silence.toolTip()
    assert loud.station.seat_notes == []
    loud.window.mute(1)
    loud.settle()
    assert [note.act for note in loud.station.seat_notes] == [SeatAct.SILENCE, SeatAct.MUTE]
    _pass(loud, clock, 30)
    assert player.priorities == [3]


def test_that_it_could_not_be_recorded_is_said_and_it_stays_silent(
    loud: Desk, clock: ManualClock, player: RecordingPlayer
) -> None:
    loud.station.seat_refusal = message("It can't be recorded: {why}", why=message("the disk is full"))
    _raise(loud, VIBRATION)
    loud.window.silence()
    loud.settle()
    words = "What was done at this window is not in the audit trail. It can't be recorded: the disk is full"
    assert words in loud.texts()
    _pass(loud, clock, 30)
    assert player.priorities == [3]


def test_the_menu_opens_by_its_key(loud: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(loud.window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    _close_menu()


def test_a_short_press_is_a_click_and_no_menu(loud: Desk, qtbot: QtBot) -> None:
    button = loud.window.top_bar.silence
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    timer = button.findChild(LongPress)._timer
    assert not timer.isActive()


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59.5, "60 s"), (60.0, "60 s"), (60.1, "2 min"), (3_600.0, "60 min")]
)
def test_what_is_left_is_never_said_to_be_less(qapp: QApplication, seconds: float, words: str) -> None:
    del qapp
    assert left_text(seconds) == words
