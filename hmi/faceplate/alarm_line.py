"""One present alarm of the equipment: sign, what is wrong, when, value, limit, state, and its buttons. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QMoveEvent, QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.actions import Target
from hmi.alarms.looks import glyph_of
from hmi.alarms.settled import SettledPlace
from hmi.alarms.sign import Sign
from hmi.alarms.target import target_of_alarm
from hmi.alarms.words import aside_words, figures, first_out_word, priority_word, state_word
from hmi.context import Context
from hmi.faceplate.part import Part
from hmi.faceplate.since import since_text
from hmi.i18n import tr
from hmi.widgets import BUTTON_ICON, ICON_GAP, button, column, row, set_text, wrapped

_SIDE: Final = 20
_SMALL: Final = 36
_BELOW: Final = 6


class AlarmLine(Part):
    """Acknowledges or resets the occurrence that stood here when the button was pressed, none that has only just come.

    It is the same rule as in the banner: whatever moves or changes under the pointer must be looked at again first.
    """

    trend_at_wanted = Signal(Target)
    shelve_wanted = Signal(AlarmRow)
    reset_wanted = Signal(AlarmRow)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._model = context, context.alarms
        self.alarm: AlarmRow | None = None
        self._pressed: AlarmRow | None = None
        self._place = SettledPlace(context.clock, context.alarms)
        self.sign = Sign(context.ticker, _SIDE)
        self._words, self._when = wrapped(role="strong"), wrapped(role="text2")
        self._figures, self._state = wrapped(), wrapped(role="text2")
        self._aside = wrapped(role="text2")
        self.ack = button(tr("Ack"), icon_name="check")
        self.ack.setToolTip(tr("Acknowledge this alarm"))
        self.ack.pressed.connect(self._note_pressed)
        self.ack.clicked.connect(lambda: self._place.acknowledge(self._pressed))
        self.reset = button(tr("Reset"), icon_name="undo")
        self.reset.setToolTip(tr("Reset this latched alarm"))
        self.reset.pressed.connect(self._note_pressed)
        self.reset.clicked.connect(self._want_reset)
        self.trend, self.shelve = _small("trend"), _small("shelf")
        self.trend.setToolTip(tr("Trend at the time of this alarm"))
        self.trend.clicked.connect(self._want_trend)
        self.shelve.setToolTip(tr("Shelve this alarm for a time"))
        self.shelve.clicked.connect(self._want_shelf)
        self._build()

    def show_alarm(self, alarm: AlarmRow) -> None:
        """Show an alarm as it is now."""
        if self.alarm is None or not alarm.is_same_as(self.alarm):
            self.unsettle()
        self.alarm, self.shown_tag = alarm, alarm.tag
        self.sign.show_glyph(glyph_of(alarm))
        known, words = figures(self._context, alarm), tr(alarm.text)
        set_text(self._words, words)
        set_text(self._figures, known)
        self._figures.setVisible(bool(known))
        state, aside = [state_word(alarm), first_out_word(alarm)], aside_words(self._context, alarm)
        set_text(self._state, " · ".join(each for each in state if each))
        set_text(self._aside, aside)
        self._aside.setVisible(bool(aside))
        self.refresh()
        self._show_buttons(words)
        spoken = (priority_word(alarm.priority), words, known, *state, aside)
        self.setAccessibleName(", ".join(word for word in spoken if word))

    def refresh(self) -> None:
        """Show how long ago it was."""
        if self.alarm is not None:
            set_text(self._when, since_text(self._context, self.alarm.active_us))

    def unsettle(self) -> None:
        """Note that what was under the pointer may be elsewhere now."""
        self._place.unsettle()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        self.unsettle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.unsettle()

    def _show_buttons(self, words: str) -> None:
        alarm = self.alarm
        assert alarm is not None
        is_pending = self._model.is_pending(alarm)
        said = tr("Sent…") if is_pending else tr("Ack")
        self.ack.setVisible(bool(alarm.name) and alarm.state.is_unacknowledged)
        self.ack.setEnabled(not is_pending)
        set_text(self.ack, f"{ICON_GAP}{said}")
        self.ack.setAccessibleName(f"{said}: {words}")
        self.reset.setVisible(bool(alarm.name) and alarm.state is AlarmState.LATAK)
        self.reset.setAccessibleName(f"{tr('Reset')}: {words}")
        self.trend.setVisible(bool(target_of_alarm(self._context, alarm).trend))
        self.trend.setAccessibleName(f"{tr('Trend')}: {words}")
        self.shelve.setVisible(bool(alarm.name) and not glyph_of(alarm).look.is_grey)
        self.shelve.setAccessibleName(f"{tr('Shelve')}: {words}")

    def _note_pressed(self) -> None:
        self._pressed = self.alarm

    def _want_reset(self) -> None:
        if self._pressed is not None and self._place.is_meant():
            self.reset_wanted.emit(self._pressed)

    def _want_trend(self) -> None:
        if self.alarm is not None:
            self.trend_at_wanted.emit(target_of_alarm(self._context, self.alarm))

    def _want_shelf(self) -> None:
        if self.alarm is not None:
            self.shelve_wanted.emit(self.alarm)

    def _build(self) -> None:
        layout = row(self, spacing=8)
        layout.setContentsMargins(0, 0, 0, _BELOW)
        layout.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        for part in (self._words, self._when, self._figures, self._state, self._aside):
            words.addWidget(part)
        words.addStretch(1)
        layout.addLayout(words, 1)
        buttons = column(spacing=4)
        for each in (self.ack, self.reset):
            buttons.addWidget(each, 0, Qt.AlignmentFlag.AlignRight)
        small = row()
        small.addStretch(1)
        small.addWidget(self.shelve)
        small.addWidget(self.trend)
        buttons.addLayout(small)
        buttons.addStretch(1)
        layout.addLayout(buttons)


def _small(icon_name: str) -> QPushButton:
    made = button(kind="flat", icon_name=icon_name)
    made.setFixedSize(QSize(_SMALL, _SMALL))
    made.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
    return made
