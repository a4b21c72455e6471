"""Tones are played by programs of the computer: real processes, one at a time, none of which is waited for or left."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hmi.sound.program_player import ProgramPlayer, program_players
from hmi.sound.tones import make_tones, tone_file
from tests.fakes.waiting import wait_until


def stub(folder: Path, name: str, body: str) -> Path:
    """Make a program on the PATH that runs a few lines of Python."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!{sys.executable}\nimport sys, time, pathlib\n{body}\n")
    program.chmod(0o755)
    return program


def notes_its_file(target: Path) -> str:
    return f"with open({str(target)!r}, 'a') as file: file.write(sys.argv[-1] + '\\n')"


def play(player: ProgramPlayer, qtbot: QtBot, priority: int = 1, volume: str = "normal") -> str:
    """Play a tone and return how it ended."""
    told: list[str] = []
    player.play(priority, volume, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=20_000)
    return told[0]


def test_a_program_on_the_path_is_called_with_the_file_of_the_tone(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bin_folder, tones, called = tmp_path / "bin", tmp_path / "tones", tmp_path / "called"
    stub(bin_folder, "paplay", notes_its_file(called))
    stub(bin_folder, "aplay", notes_its_file(called))
    monkeypatch.setenv("PATH", str(bin_folder))
    make_tones(tones)
    first, second = program_players(tones)
    assert [first.title, second.title] == ["paplay", "aplay"]
    assert play(first, qtbot, 2, "loud") == ""
    assert called.read_text().splitlines() == [str(tone_file(tones, 2, "loud"))]
    assert Path(called.read_text().strip()).stat().st_size > 1_000
    first.close()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("sys.exit('Connection refused')", "Connection refused"),
        ("sys.exit(3)", "it ended with code 3"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "it ended with code 11"),
    ],
)
def test_a_program_that_fails_says_why(qtbot: QtBot, tmp_path: Path, body: str, reason: str) -> None:
    player = ProgramPlayer(str(stub(tmp_path, "pw-play", body)), (), tmp_path)
    assert play(player, qtbot) == reason
    player.close()


def test_a_program_that_can_not_be_started_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    player = ProgramPlayer(str(tmp_path / "gone"), (), tmp_path)
    assert play(player, qtbot) != ""
    player.close()


def test_a_program_that_hangs_is_ended_and_has_failed(qtbot: QtBot, tmp_path: Path) -> None:
    player = ProgramPlayer(str(stub(tmp_path, "aplay", "time.sleep(600)")), (), tmp_path, most_ms=1)
    assert play(player, qtbot) == "it takes too long"
    qtbot.waitUntil(lambda: player.findChildren(QProcess) == [], timeout=20_000)
    player.close()


def test_a_tone_takes_the_place_of_one_that_still_sounds_and_nobody_is_told_of_that(
    qtbot: QtBot, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    player = ProgramPlayer(str(stub(tmp_path, "aplay", f"{notes_its_file(started)}\ntime.sleep(600)")), (), tmp_path)
    told: list[str] = []
    player.play(1, "normal", told.append)
    qtbot.waitUntil(started.exists, timeout=20_000)
    player.play(2, "normal", told.append)
    qtbot.waitUntil(lambda: len(player.findChildren(QProcess)) == 1, timeout=20_000)
    player.stop()
    qtbot.waitUntil(lambda: player.findChildren(QProcess) == [], timeout=20_000)
    assert told == []
    player.close()


def test_nothing_is_left_running_when_it_is_closed(qapp: QApplication, tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    body = f"pathlib.Path({str(alive)!r}).write_text(str(__import__('os').getpid()))\ntime.sleep(600)"
    player = ProgramPlayer(str(stub(tmp_path, "aplay", body)), (), tmp_path)
    player.play(1, "normal", lambda _: None)
    wait_until(lambda: alive.exists() and alive.read_text() != "", timeout_s=20, what="the program")
    player.close()
    assert not Path(f"/proc/{alive.read_text()}").exists()
    del qapp
