"""Plays tones with Qt, where the part of Qt that can is installed and finds a device for sound. GUI thread."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl

from hmi.i18n import tr
from hmi.sound.player import Told
from hmi.sound.tones import tone_file

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

_MODULE: Final = "PySide6.QtMultimedia"


def effect_player(folder: Path) -> "EffectPlayer | None":
    """Return a player for the tones in `folder`, None if Qt can't play here."""
    try:
        multimedia = import_module(_MODULE)
    except ImportError:
        return None  # it isn't part of PySide6-Essentials
    return EffectPlayer(multimedia.QSoundEffect, folder) if multimedia.QMediaDevices.audioOutputs() else None


class EffectPlayer(QObject):
    """One effect a file, loaded when it is first played. `is_certain`: a file or device that fails is told by Qt."""

    is_certain = True
    title = "Qt"

    def __init__(self, kind: "type[QSoundEffect]", folder: Path) -> None:
        super().__init__()
        self._kind, self._folder = kind, folder
        self._effects: dict[Path, QSoundEffect] = {}
        self._playing: QSoundEffect | None = None
        self._told: Told | None = None

    def play(self, priority: int, volume: str, told: Told) -> None:
        self.stop()
        file = tone_file(self._folder, priority, volume)
        effect = self._effects.get(file)
        if effect is None:
            effect = self._effects[file] = self._kind(self)
            effect.setSource(QUrl.fromLocalFile(str(file)))
            effect.statusChanged.connect(lambda: self._look(effect))
            effect.playingChanged.connect(lambda: self._look(effect))
        self._playing, self._told = effect, told
        effect.play()
        is_deaf = effect.status() == self._kind.Status.Ready and not effect.isPlaying()
        self._look(effect, is_broken=is_deaf)

    def stop(self) -> None:
        effect, self._playing, self._told = self._playing, None, None
        if effect is not None:
            effect.stop()

    def close(self) -> None:
        self.stop()

    def _look(self, effect: "QSoundEffect", is_broken: bool = False) -> None:
        """Tell how it ended once it has: by an error, or because it isn't playing any more."""
        told = self._told
        is_broken = is_broken or effect.status() == self._kind.Status.Error
        is_over = effect.status() == self._kind.Status.Ready and not effect.isPlaying()
        if effect is self._playing and told is not None and (is_broken or is_over):
            self._playing, self._told = None, None
            told(tr("it can't play the file or has no device") if is_broken else "")
