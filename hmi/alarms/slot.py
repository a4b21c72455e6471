"""One alarm in the banner: glyph, tag, time, age, what is wrong, and the button that acknowledges it. GUI thread."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QWidget

from alarms.snapshot import AlarmRow
from hmi.alarms.looks import glyph_of
from hmi.alarms.model import AlarmModel
from hmi.alarms.settled import SettledPlace
from hmi.alarms.sign import Sign
from hmi.alarms.words import age_text, figures, priority_word, state_word, time_text, whose_text
from hmi.context import Context
from hmi.i18n import tr
from hmi.widgets import BUTTON_ICON, ICON_GAP, ElidedLabel, button, column, hairline, label, row, set_text

_SIDE: Final = 28


class Slot(QFrame):
    """A click beside the button opens where the alarm comes from; so does Enter.

    The button acknowledges the occurrence that stood here when it was pressed, and none that has only just come.
    """

    opened = Signal(AlarmRow)

    def __init__(self, context: Context, model: AlarmModel) -> None:
        super().__init__()
        self._context, self._model = context, model
        self.alarm: AlarmRow | None = None
        self._pressed: AlarmRow | None = None
        self._place = SettledPlace(context.clock, model)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._sign = Sign(model.ticker, _SIDE)
        self._tag, self._time, self._age = label(role="strong"), label(role="text2"), label(role="text2")
        self._words, self._figures = ElidedLabel(), label()
        self.ack = button(tr("Ack"), icon_name="check")
        self.ack.setToolTip(tr("Acknowledge this alarm"))
        self.ack.setCursor(Qt.CursorShape.ArrowCursor)
        self.ack.pressed.connect(self._note_pressed)
        self.ack.clicked.connect(lambda: self._place.acknowledge(self._pressed))
        self._is_compact = False
        layout = row(self, spacing=12)
        layout.setContentsMargins(16, 0, 20, 0)
        layout.addWidget(self._sign)
        layout.addWidget(self._make_words(), 1)
        layout.addWidget(self.ack)
        self._edge = hairline(is_upright=True)
        layout.addSpacing(4)
        layout.addWidget(self._edge)

    @property
    def is_settled(self) -> bool:
        """Whether what stands here has stood long enough to be meant by a click or key."""
        return self._place.is_settled

    def set_compact(self, is_compact: bool) -> None:
        """Drop the word on the button."""
        self._is_compact = is_compact
        self.ack.setIconSize(QSize(BUTTON_ICON, BUTTON_ICON))
        self._name_button()

    def show_alarm(self, alarm: AlarmRow) -> None:
        """Show an alarm as it is now."""
        if self.isHidden() or self.alarm is None or not alarm.is_same_as(self.alarm):
            self._place.unsettle()
        self.alarm = alarm
        self._sign.show_glyph(glyph_of(alarm))
        set_text(self._tag, whose_text(alarm))
        known = figures(self._context, alarm)
        set_text(self._words, tr(alarm.text))
        set_text(self._figures, f"· {known}" if known else "")
        self.refresh_age()
        self._name_button()
        words = (priority_word(alarm.priority), whose_text(alarm), tr(alarm.text), known, state_word(alarm))
        self.setAccessibleName(", ".join(word for word in words if word))

    def refresh_age(self) -> None:
        """Show the time and how long ago that was."""
        if self.alarm is not None:
            now_us = self._context.clock.wall_us()
            set_text(self._time, time_text(self._context, self.alarm.active_us, now_us))
            set_text(self._age, age_text(self.alarm.active_us, now_us))

    def acknowledge(self) -> None:
        """Acknowledge the alarm shown here, by its key."""
        self._place.acknowledge(self.alarm)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place.unsettle()  # what was under the pointer is elsewhere now

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _make_words(self) -> QWidget:
        words = QWidget()
        lines = column(words)
        lines.addStretch(1)
        top = row(spacing=10)
        for part in (self._tag, self._time, self._age):
            top.addWidget(part)
        top.addStretch(1)
        lines.addLayout(top)
        below = row(spacing=5)
        below.addWidget(self._words)
        below.addWidget(self._figures)
        below.addStretch(1)
        lines.addLayout(below)
        lines.addStretch(1)
        return words

    def _name_button(self) -> None:
        is_pending = self.alarm is not None and self._model.is_pending(self.alarm)
        words = tr("Sent…") if is_pending else tr("Ack")
        self.ack.setEnabled(not is_pending)
        self.ack.setAccessibleName(words)
        set_text(self.ack, "" if self._is_compact else f"{ICON_GAP}{words}")

    def _note_pressed(self) -> None:
        self._pressed = self.alarm

    def _open(self) -> None:
        if self.alarm is not None:
            self.opened.emit(self.alarm)
