"""Lets alarms be heard: follows the shared model with the one ticker, and plays what is due. GUI thread.

Neither silence nor mute is kept over a restart, so a window that opens is never quiet without anybody knowing. What a
person does to the sound takes effect first; then it is told, for the audit trail.
"""

from typing import Final

from PySide6.QtCore import QObject, Signal

from hmi.alarms.model import AlarmModel
from hmi.preferences.preferences import Preferences
from hmi.sound.sounding import URGENT, Sounding
from hmi.sound.speaker import Speaker
from hmi.sound.words import muted_words
from plant_models.clock import Clock
from station.seat_note import SeatAct, SeatNote

_SECOND_NS: Final = 1_000_000_000


class AlarmSound(QObject):
    """`changed` is emitted when anything that is shown of it has changed, `said` with words when no sound is possible,
    `acted` with a `SeatNote` of what a person did; what changes nothing and what ends by itself isn't told.

    Without a speaker nothing is played: pictures, tests, benchmarks.
    """

    changed = Signal()
    said = Signal(str)
    acted = Signal(object)

    def __init__(self, model: AlarmModel, clock: Clock, preferences: Preferences, speaker: Speaker | None) -> None:
        super().__init__()
        self._model, self._clock, self._preferences, self._speaker = model, clock, preferences, speaker
        self._sounding = Sounding(preferences.chosen.sound.by_priority)
        self._shown: tuple[object, ...] = ()
        self._tone: int | None = None
        self._told = ""
        model.changed.connect(self._follow)
        preferences.changed.connect(self._take_settings)
        model.ticker.tick.connect(self._on_tick)
        if speaker is not None:
            speaker.changed.connect(self._show)
        self._follow()

    @property
    def tone(self) -> int | None:
        """The priority that sounds now, None if none does."""
        return self._sounding.tone(self._clock.mono_ns())

    @property
    def is_silenced(self) -> bool:
        """Whether alarms wait for an acknowledgement, and all of them were silenced."""
        return self._sounding.is_silenced

    @property
    def mute_left_s(self) -> float:
        """Seconds for which it is still muted, 0 if it isn't."""
        return self._sounding.mute_left_ns(self._clock.mono_ns()) / _SECOND_NS

    @property
    def mute_words(self) -> str:
        """What is muted and for how long, "" if nothing is."""
        left_s = self.mute_left_s
        return muted_words(left_s, self._sounding.is_muted(URGENT, self._clock.mono_ns())) if left_s else ""

    @property
    def player(self) -> str:
        """What the player that is used is known by, "" if there is none."""
        return "" if self._speaker is None else self._speaker.title

    @property
    def problem(self) -> str:
        """Why alarms can't be heard, "" if they can."""
        return "" if self._speaker is None else self._speaker.problem

    def silence(self) -> None:
        """Stop what sounds now; what is annunciated from now on sounds again."""
        is_new = self._sounding.silence()
        self._on_tick()
        if is_new:
            self.acted.emit(SeatNote(SeatAct.SILENCE))

    def mute(self, minutes: int) -> None:
        """Keep quiet for some minutes; priority 1 for five at the most."""
        now_ns, now_us = self._clock.mono_ns(), self._clock.wall_us()
        self._sounding.mute(minutes, now_ns)
        self._on_tick()
        left_us, urgent_us = (self._sounding.mute_left_ns(now_ns, each) // 1_000 for each in (None, URGENT))
        self.acted.emit(SeatNote(SeatAct.MUTE, now_us + left_us, now_us + urgent_us if urgent_us else None))

    def unmute(self) -> None:
        """Let be heard what waits."""
        was_muted = self.mute_left_s > 0
        self._sounding.unmute()
        self._on_tick()
        if was_muted:
            self.acted.emit(SeatNote(SeatAct.UNMUTE))

    def try_out(self, priority: int) -> None:
        """Play a tone once, whatever sounds or is muted."""
        if self._speaker is not None:
            self._speaker.play(priority, self._preferences.chosen.sound.volume)

    def close(self) -> None:
        """End what sounds, for good."""
        self._model.ticker.tick.disconnect(self._on_tick)
        if self._speaker is not None:
            self._speaker.close()

    def _follow(self) -> None:
        self._sounding.follow(self._model.unacknowledged, self._model.is_evaluated)

    def _take_settings(self) -> None:
        self._sounding.repeat_s = self._preferences.chosen.sound.by_priority

    def _on_tick(self) -> None:
        now_ns = self._clock.mono_ns()
        due, tone = self._sounding.due(now_ns), self._sounding.tone(now_ns)
        if self._speaker is not None:
            if due is not None:
                self._speaker.play(due, self._preferences.chosen.sound.volume)
            elif self._tone is not None and (tone is None or tone > self._tone):
                self._speaker.stop()
        self._tone = tone
        self._show()

    def _show(self) -> None:
        shown = (self.tone, self.is_silenced, self.mute_words, self.problem)
        if shown != self._shown:
            self._shown = shown
            self.changed.emit()
        problem = self.problem
        if problem and problem != self._told:
            self._told = problem
            self.said.emit(problem)
