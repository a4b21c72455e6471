"""The menu of bell and loudspeaker: silence, mute for a time, and what will be heard of soon. GUI thread."""

from collections.abc import Iterable
from textwrap import wrap
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from hmi.actions import Actions
from hmi.sound.alarm_sound import AlarmSound
from hmi.sound.sounding import MUTE_MIN
from hmi.sound.words import limit_words

_WIDEST: Final = 90
"""Letters of one line."""


def mute_menu(owner: QWidget, actions: Actions, sound: AlarmSound, notices: Iterable[str]) -> QMenu:
    """Return the menu; it goes away when it is closed. `notices` are lines that lead to the list of alarms."""
    menu = QMenu(owner)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for words in (sound.mute_words, sound.problem):
        _say(menu, words)
    if sound.mute_left_s:
        menu.addAction(actions["unmute"])
    menu.addAction(actions["silence"])
    menu.addSeparator()
    menu.addActions([actions[f"mute_{minutes}"] for minutes in MUTE_MIN])
    _say(menu, limit_words())
    menu.addSeparator()
    for words in notices:
        menu.addAction(words).triggered.connect(actions["alarms"].trigger)
    return menu


def _say(menu: QMenu, words: str) -> None:
    """Add lines that are only to be read."""
    for line in wrap(words, _WIDEST):
        menu.addAction(line).setEnabled(False)
