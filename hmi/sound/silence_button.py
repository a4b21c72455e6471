"""The loudspeaker beside the bell: a click silences what sounds; it tells whether anything can be heard. GUI thread."""

from typing import Final

from PySide6.QtCore import QPoint, QSize, Signal
from PySide6.QtWidgets import QPushButton

from hmi.alarms.long_press import LongPress
from hmi.i18n import tr
from hmi.sound.alarm_sound import AlarmSound
from hmi.sound.words import left_text
from hmi.theme.icons import icon
from hmi.widgets import ICON, ICON_GAP, set_text

_LEAST: Final = 36


class SilenceButton(QPushButton):
    """Waves while something sounds, none when nothing does, slashed while it is muted or nothing can be heard.

    Beside it stands for how long it is muted, or that there is no sound. `menu_wanted` asks for the mute menu.
    """

    menu_wanted = Signal(QPoint)

    def __init__(self, sound: AlarmSound, tip: str) -> None:
        super().__init__()
        self.setAutoDefault(False)
        self.setProperty("kind", "flat")
        self.setProperty("fit", "tight")
        self.setIconSize(QSize(ICON, ICON))
        self.setMinimumWidth(_LEAST)
        self._sound, self._tip = sound, tip
        self._icon = ""
        LongPress(self).wanted.connect(self.menu_wanted)
        sound.changed.connect(self.refresh)
        self.refresh()

    @property
    def icon_name(self) -> str:
        """The icon that is shown."""
        return self._icon

    def refresh(self) -> None:
        """Show how the sound of alarms stands now."""
        sound = self._sound
        left_s, problem = sound.mute_left_s, sound.problem
        beside = left_text(left_s) if left_s else tr("No sound") if problem else ""
        set_text(self, f"{ICON_GAP}{beside}" if beside else "")
        self._show_icon("speaker_off" if beside else "speaker" if sound.tone is not None else "speaker_quiet")
        said = [each for each in (sound.mute_words, problem) if each]
        if sound.is_silenced:
            said.append(tr("Silenced until the next alarm"))
        self.setToolTip("\n".join([*said, self._tip]))
        self.setAccessibleName(", ".join([tr("Silence"), *said]))

    def _show_icon(self, name: str) -> None:
        if name != self._icon:
            self._icon = name
            self.setIcon(icon(name, role="text"))
