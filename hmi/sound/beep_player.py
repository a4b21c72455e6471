"""The computer's own beep, when there is nothing better. Nobody can tell whether it is heard. GUI thread."""

from typing import Final

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from hmi.i18n import tr
from hmi.sound.player import Told

_MUTE: Final = ("offscreen", "minimal", "minimalegl", "vnc", "linuxfb", "eglfs")
"""Platforms of Qt without a beep."""


class BeepPlayer:
    """Has no tones: every priority sounds the same."""

    is_certain = False

    @property
    def title(self) -> str:
        return tr("Beep")

    def play(self, priority: int, volume: str, told: Told) -> None:
        del priority, volume
        if QGuiApplication.platformName() in _MUTE:
            told(tr("this screen has no beep"))
            return
        QApplication.beep()
        told("")

    def stop(self) -> None:
        """It is over by itself."""

    def close(self) -> None:
        """There is nothing to end."""
