"""The first player that works is used; that none does is said, never kept quiet."""

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from structlog.testing import capture_logs

from hmi.sound.beep_player import BeepPlayer
from hmi.sound.speaker import AGAIN_NS, Speaker, make_speaker
from tests.fakes.clock import ManualClock
from tests.fakes.player import RecordingPlayer


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    del qapp


def test_the_first_player_is_used_as_long_as_it_works(clock: ManualClock) -> None:
    first, second = RecordingPlayer("first"), RecordingPlayer("second")
    speaker = Speaker([first, second], clock)
    speaker.play(1, "normal")
    speaker.play(3, "loud")
    assert first.played == [(1, "normal"), (3, "loud")]
    assert second.played == []
    assert (speaker.title, speaker.problem) == ("first", "")


def test_a_player_that_fails_hands_its_tone_to_the_next(clock: ManualClock) -> None:
    first, second = RecordingPlayer("first", fails="no server"), RecordingPlayer("second")
    speaker = Speaker([first, second], clock)
    changes: list[str] = []
    speaker.changed.connect(lambda: changes.append(speaker.title))
    with capture_logs() as logs:
        speaker.play(2, "normal")
    assert second.played == [(2, "normal")]
    assert (speaker.title, speaker.problem, changes) == ("second", "", ["second"])
    assert [(log["event"], log["reason"]) for log in logs] == [("alarm sound failed", "no server")]
    speaker.play(2, "normal")
    assert first.played == [(2, "normal")], "it isn't tried each time"


def test_when_only_the_beep_is_left_it_says_that_nobody_knows(clock: ManualClock) -> None:
    first, beep = RecordingPlayer("first", fails="no server"), RecordingPlayer("beep", is_certain=False)
    speaker = Speaker([first, beep], clock)
    with capture_logs():
        speaker.play(1, "normal")
    assert beep.priorities == [1]
    assert speaker.problem == (
        "Only the computer's own beep is left, and nobody knows whether it can be heard: first: no server"
    )


def test_when_none_is_left_it_says_why_of_each(clock: ManualClock) -> None:
    speaker = Speaker([RecordingPlayer("a", fails="x"), RecordingPlayer("b", is_certain=False, fails="y")], clock)
    with capture_logs():
        speaker.play(1, "normal")
        speaker.play(1, "normal")
    assert (speaker.title, speaker.problem) == ("", "No sound is possible on this computer: a: x; b: y")
    assert Speaker([], clock).problem == "No sound is possible on this computer"


def test_players_that_failed_are_tried_again_after_a_while(clock: ManualClock) -> None:
    first = RecordingPlayer("first", fails="no server")
    speaker = Speaker([first], clock)
    with capture_logs():
        speaker.play(1, "normal")
    first.fails = ""
    clock.advance(AGAIN_NS / 1e9 - 1)
    speaker.play(1, "normal")
    assert speaker.problem != ""
    clock.advance(1)
    speaker.play(1, "normal")
    assert first.priorities == [1, 1]
    assert (speaker.title, speaker.problem) == ("first", "")


def test_a_player_that_is_late_with_its_failure_does_not_repeat_an_old_tone(clock: ManualClock) -> None:
    first, second = RecordingPlayer("first"), RecordingPlayer("second")
    first.is_slow = True
    speaker = Speaker([first, second], clock)
    speaker.play(1, "normal")
    speaker.stop()
    first.waiting[0]("no server")
    assert (second.played, speaker.title) == ([], "first")
    speaker.play(1, "normal")
    with capture_logs():
        first.waiting[1]("no server")
    assert second.priorities == [1]


def test_everything_is_closed_in_the_end(clock: ManualClock) -> None:
    players = [RecordingPlayer(), RecordingPlayer()]
    Speaker(players, clock).close()
    assert all(player.is_closed for player in players)


def test_what_this_computer_has_is_found(clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "aplay"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hmi.sound.speaker.effect_player", lambda folder: None)
    speaker = make_speaker(tmp_path / "tones", clock)
    assert (speaker.title, speaker.problem) == ("aplay", "")
    monkeypatch.setattr("hmi.sound.speaker.effect_player", lambda folder: RecordingPlayer("Qt"))
    assert make_speaker(tmp_path / "tones", clock).title == "Qt"
    speaker.close()


def test_a_computer_with_nothing_to_play_says_so_from_the_start(
    clock: ManualClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("hmi.sound.speaker.effect_player", lambda folder: None)
    for folder in (None, tmp_path / "tones"):
        speaker = make_speaker(folder, clock)
        assert speaker.title == "Beep"
        assert speaker.problem.endswith("heard: no program plays sound here")
    (tmp_path / "file").write_text("")
    with capture_logs() as logs:
        speaker = make_speaker(tmp_path / "file", clock)
    assert "the tones can't be kept: File exists" in speaker.problem
    assert [log["event"] for log in logs] == ["alarm tones not written"]


@pytest.mark.parametrize(("platform", "reason"), [("xcb", ""), ("offscreen", "this screen has no beep")])
def test_the_beep_fails_where_a_screen_has_none(monkeypatch: pytest.MonkeyPatch, platform: str, reason: str) -> None:
    told: list[str] = []
    beeps: list[int] = []
    monkeypatch.setattr("hmi.sound.beep_player.QGuiApplication.platformName", lambda: platform)
    monkeypatch.setattr("hmi.sound.beep_player.QApplication.beep", lambda: beeps.append(1))
    player = BeepPlayer()
    player.play(1, "normal", told.append)
    player.stop()
    player.close()
    assert (told, len(beeps), player.is_certain) == ([reason], int(not reason), False)
