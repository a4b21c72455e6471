"""Qt plays where it can; a stand-in for the part of Qt that isn't installed tells what it was asked."""

import sys
from enum import Enum
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtWidgets import QApplication

from hmi.sound.effect_player import EffectPlayer, effect_player
from hmi.sound.tones import tone_file


class Effect(QObject):
    """What QSoundEffect does, in the hands of a test; `made` has all of them."""

    class Status(Enum):
        Loading = 1
        Ready = 2
        Error = 3

    statusChanged = Signal()  # noqa: N815 - Qt's name
    playingChanged = Signal()  # noqa: N815 - Qt's name
    made: "list[Effect]" = []  # noqa: RUF012 - of the class on purpose
    begins_as = Status.Loading
    can_play = True

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.at, self.plays, self.stops = type(self).begins_as, 0, 0
        self.is_on = False
        self.made.append(self)

    def setSource(self, source: QUrl) -> None:
        self.source = source.toLocalFile()

    def status(self) -> "Effect.Status":
        return self.at

    def isPlaying(self) -> bool:
        return self.is_on

    def play(self) -> None:
        self.plays += 1
        self.is_on = self.can_play

    def stop(self) -> None:
        self.stops += 1
        self.is_on = False

    def become(self, status: "Effect.Status", is_on: bool = False) -> None:
        self.at, self.is_on = status, is_on
        self.statusChanged.emit()
        self.playingChanged.emit()


@pytest.fixture(autouse=True)
def _fresh(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    del qapp
    monkeypatch.setattr(Effect, "made", [])


def _player() -> EffectPlayer:
    return EffectPlayer(Effect, Path("/tones"))  # type: ignore[arg-type]


def test_without_that_part_of_qt_there_is_no_such_player(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    assert effect_player(Path("/tones")) is None


@pytest.mark.parametrize("outputs", [[], ["a loudspeaker"]])
def test_without_a_device_there_is_no_such_player(monkeypatch: pytest.MonkeyPatch, outputs: list[str]) -> None:
    devices = SimpleNamespace(audioOutputs=lambda: outputs)
    module = SimpleNamespace(QSoundEffect=Effect, QMediaDevices=devices)
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", module)
    assert (effect_player(Path("/tones")) is not None) is bool(outputs)


def test_a_tone_is_loaded_once_and_told_when_it_is_over() -> None:
    player, told = _player(), list[str]()
    player.play(2, "loud", told.append)
    (effect,) = Effect.made
    assert effect.source == str(tone_file(Path("/tones"), 2, "loud"))
    effect.become(Effect.Status.Ready, is_on=True)
    assert told == []
    effect.become(Effect.Status.Ready)
    assert told == [""]
    player.play(2, "loud", told.append)
    assert (len(Effect.made), effect.plays) == (1, 2)
    player.close()


def test_a_file_that_fails_is_told() -> None:
    player, told = _player(), list[str]()
    player.play(1, "normal", told.append)
    Effect.made[0].become(Effect.Status.Error)
    assert told == ["it can't play the file or has no device"]


def test_a_loaded_effect_that_does_not_begin_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Effect, "begins_as", Effect.Status.Ready)
    monkeypatch.setattr(Effect, "can_play", False)
    told: list[str] = []
    _player().play(1, "normal", told.append)
    assert told == ["it can't play the file or has no device"]


def test_what_is_stopped_is_told_to_nobody() -> None:
    player, told = _player(), list[str]()
    player.play(1, "normal", told.append)
    player.stop()
    Effect.made[0].become(Effect.Status.Error)
    assert (told, Effect.made[0].stops) == ([], 1)
