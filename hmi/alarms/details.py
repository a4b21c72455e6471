"""What an operator must know about one alarm: what it means, what to do, where it stands. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from alarms.snapshot import AlarmRow
from hmi.alarms.looks import glyph_of
from hmi.alarms.seen_rows import SeenRows
from hmi.alarms.sign import Sign
from hmi.alarms.target import target_of_alarm
from hmi.alarms.words import limit_text, priority_word, state_word, value_text, whose_text
from hmi.amount import Amount
from hmi.context import Context
from hmi.drawing.bar import BarMarks, bar_scale
from hmi.i18n import tr
from hmi.indicator import Indicator
from hmi.numbers import DASH, moment_text, number_text
from hmi.widgets import ElidedLabel, button, column, hairline, label, row, wrapped

WIDTH: Final = 380
_SIDE: Final = 28


class Details(QFrame):
    """A card of 380 px; without an alarm it says how to see one."""

    opened = Signal(AlarmRow)
    trend_at_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._model = context, context.alarms
        self._alarm: AlarmRow | None = None
        self._pressed: AlarmRow | None = None
        self._seen = SeenRows(context.clock)
        self._foot = QWidget()
        self._amount: Amount | None = None
        self._indicator: Indicator | None = None
        self.setProperty("kind", "card")
        self.setFixedWidth(WIDTH)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.viewport().setAutoFillBackground(False)
        layout = column(self, margin=1)
        layout.addWidget(self._scroll, 1)
        layout.addWidget(self._make_foot())
        context.ticker.tick.connect(self._on_tick)
        self.show_alarm(None)

    @property
    def alarm(self) -> AlarmRow | None:
        return self._alarm

    def show_alarm(self, alarm: AlarmRow | None) -> None:
        """Show an alarm as it is now, or how to choose one."""
        self._alarm, self._amount, self._indicator = alarm, None, None
        body = QWidget()
        self._fill(body, alarm)
        self._scroll.setWidget(body)
        body.setAutoFillBackground(False)
        self._refresh_buttons()
        self._on_tick()

    def _fill(self, body: QWidget, alarm: AlarmRow | None) -> None:
        layout = column(body, spacing=12)
        layout.setContentsMargins(20, 18, 20, 16)
        if alarm is None:
            layout.addWidget(wrapped(tr("Choose an alarm to read what it means and what to do."), "text2"))
            layout.addStretch(1)
            return
        layout.addWidget(self._make_head(alarm))
        self._add_live(layout, alarm)
        layout.addLayout(self._make_facts(alarm))
        for title, words in ((tr("If ignored"), alarm.consequence), (tr("What to do"), alarm.action)):
            if words:
                layout.addWidget(hairline())
                layout.addWidget(label(title, "strong"))
                layout.addWidget(wrapped(tr(words)))
        layout.addStretch(1)

    def _make_head(self, alarm: AlarmRow) -> QWidget:
        head = QWidget()
        layout = row(head, spacing=10)
        sign = Sign(self._model.ticker, _SIDE)
        sign.show_glyph(glyph_of(alarm))
        layout.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        words = column()
        words.addWidget(wrapped(tr(alarm.text), "title"))
        place = self._context.area_title(alarm.area) or ("" if alarm.tag else alarm.description)
        words.addWidget(ElidedLabel(" · ".join(each for each in (whose_text(alarm), place) if each), "text2"))
        layout.addLayout(words, 1)
        return head

    def _add_live(self, layout: QVBoxLayout, alarm: AlarmRow) -> None:
        """Add the value of this moment with its indicator, if the tag has a value."""
        if self._context.tag(alarm.tag) is None:
            return
        line = row(spacing=8)
        line.addWidget(ElidedLabel(tr("Now"), "text2"), 1)
        self._amount = Amount()
        line.addWidget(self._amount)
        layout.addLayout(line)
        scale = bar_scale(self._context.plant, alarm.tag)
        if scale is not None:
            self._indicator = Indicator(scale)
            layout.addWidget(self._indicator)

    def _make_facts(self, alarm: AlarmRow) -> QGridLayout:
        context = self._context
        now_us = context.clock.wall_us()
        minutes = alarm.respond_min
        acked = f"{alarm.acked_by}, {moment_text(alarm.acked_us, now_us, context.zone)}" if alarm.acked_us else ""
        facts = (
            (tr("Priority"), priority_word(alarm.priority)),
            (tr("State"), state_word(alarm)),
            (tr("Respond within"), tr("{minutes} min").format(minutes=f"{minutes:g}") if minutes else ""),
            (tr("Time active"), moment_text(alarm.active_us, now_us, context.zone)),
            (tr("Value when raised"), _known(value_text(context, alarm))),
            (tr("Limit"), _known(limit_text(context, alarm))),
            (tr("Raised"), tr("{count} times").format(count=number_text(alarm.count, 0)) if alarm.count > 1 else ""),
            (tr("Acknowledged"), acked),
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, (name, words) in enumerate(fact for fact in facts if fact[1]):
            grid.addWidget(label(name, "text2"), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(wrapped(words), at, 1)
        return grid

    def _make_foot(self) -> QWidget:
        layout = row(self._foot, spacing=8)
        layout.setContentsMargins(20, 8, 20, 16)
        self.ack = button(tr("Ack"), icon_name="check")
        self.ack.pressed.connect(self._note_pressed)
        self.ack.clicked.connect(self._acknowledge)
        self.display = button(tr("Display"), icon_name="display")
        self.display.clicked.connect(lambda: self.opened.emit(self._alarm) if self._alarm else None)
        self.trend = button(tr("Trend"), icon_name="trend")
        self.trend.clicked.connect(self._want_trend)
        for each in (self.ack, self.display, self.trend):
            layout.addWidget(each, 1)
        return self._foot

    def _refresh_buttons(self) -> None:
        alarm = self._alarm
        self._foot.setVisible(alarm is not None)
        if alarm is not None:
            is_pending = self._model.is_pending(alarm)
            self.ack.setEnabled(bool(alarm.name) and alarm.state.is_unacknowledged and not is_pending)
            self.ack.setToolTip("" if self.ack.isEnabled() else tr("There is nothing to acknowledge"))
            self.display.setEnabled(bool(alarm.display or alarm.equipment))
            self.trend.setEnabled(bool(target_of_alarm(self._context, alarm).trend))

    def _note_pressed(self) -> None:
        """Remember what stood here when the button went down, if it had stood long enough to be read."""
        self._pressed = self._alarm if self._alarm is not None and self._seen.stands(self._alarm) else None

    def _acknowledge(self) -> None:
        if self._pressed is not None:
            self._model.acknowledge((self._pressed,))
        else:
            self._model.said.emit(tr("what stands here has only just come; look again"))

    def _want_trend(self) -> None:
        if self._alarm is not None:
            self.trend_at_wanted.emit(target_of_alarm(self._context, self._alarm))

    def _on_tick(self) -> None:
        self._seen.look((self._alarm,) if self._alarm is not None and self.isVisible() else ())
        if self._alarm is None or self._amount is None or not self.isVisible():
            return
        reading = self._context.live.reading(self._alarm.tag)
        self._amount.show_reading(reading)
        if self._indicator is not None:
            self._indicator.show_marks(
                BarMarks(reading.value, reading.is_usable, alarm=self._model.alarmed(self._alarm.tag))
            )


def _known(text: str) -> str:
    return "" if text == DASH else text
