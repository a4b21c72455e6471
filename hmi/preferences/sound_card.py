"""How alarms sound: how loud, how often again, and each tone to be heard. There is no choice of none. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton

from alarms.snapshot import PRIORITIES
from hmi.alarms.words import priority_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.preferences.card import add_note, add_row, make_card
from hmi.preferences.segment import Segment
from hmi.sound.settings import REPEATS_S
from hmi.sound.words import limit_words
from hmi.widgets import button, column, set_text


class SoundCard(QFrame):
    """A row for the loudness and one for each priority; below them what plays, or why nothing does."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        card, grid = make_card(tr("Sound of alarms"))
        column(self).addWidget(card)
        choices = (("quiet", tr("Quiet")), ("normal", tr("Normal")), ("loud", tr("Loud")))
        self.volume = Segment(tr("Loudness"), choices)
        self.volume.chosen.connect(self._choose_volume)
        add_row(grid, tr("Loudness"), self.volume, "")
        self.repeats: dict[int, Segment] = {}
        self.tries: dict[int, QPushButton] = {}
        for priority in PRIORITIES:
            name = tr("Priority {priority}, again after").format(priority=priority_word(priority))
            self.repeats[priority] = repeat = Segment(name, [(f"{each:g}", _seconds(each)) for each in REPEATS_S])
            repeat.chosen.connect(lambda seconds, priority=priority: self._choose_repeat(priority, float(seconds)))
            self.tries[priority] = made = button(tr("Listen"), icon_name="speaker")
            made.clicked.connect(lambda _checked=False, priority=priority: context.sound.try_out(priority))
            made.setAccessibleName(tr("Listen to priority {priority}").format(priority=priority))
            add_row(grid, name, repeat, made)
            grid.setAlignment(made, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.note = add_note(grid, "")
        context.sound.changed.connect(self.refresh)
        context.preferences.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen now, and what plays it."""
        chosen, sound = self._context.preferences.chosen.sound, self._context.sound
        self.volume.show_choice(chosen.volume)
        for priority, seconds in chosen.by_priority.items():
            self.repeats[priority].show_choice(f"{seconds:g}")
        rule = tr(
            "An alarm sounds until somebody acknowledges or silences it; of several the most urgent. The loudspeaker "
            "beside the bell silences what sounds now; its menu mutes everything for a time."
        )
        played = tr("Played by {player}.").format(player=sound.player) if sound.player else ""
        set_text(self.note, " ".join(each for each in (rule, f"{limit_words()}.", sound.problem or played) if each))

    def _choose_volume(self, volume: str) -> None:
        preferences = self._context.preferences
        preferences.choose_sound(preferences.chosen.sound.at_volume(volume))

    def _choose_repeat(self, priority: int, seconds: float) -> None:
        preferences = self._context.preferences
        preferences.choose_sound(preferences.chosen.sound.repeated(priority, seconds))


def _seconds(seconds: float) -> str:
    return tr("{seconds} s").format(seconds=f"{seconds:g}")
