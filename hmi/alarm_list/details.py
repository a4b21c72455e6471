"""What an operator must know about one alarm: what it means, what to do, where it stands. GUI thread."""

from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from alarms.handling import AlarmAct
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarm_list.before import Before
from hmi.alarm_list.details_body import fill_body
from hmi.alarm_list.seen_rows import SeenRows
from hmi.alarms.distances import live_reading
from hmi.alarms.looks import glyph_of
from hmi.alarms.sign import Sign
from hmi.alarms.target import target_of_alarm
from hmi.alarms.words import kind_word, whose_text
from hmi.amount import Amount
from hmi.context import Context
from hmi.drawing.bar import BarMarks, bar_scale
from hmi.i18n import tr
from hmi.indicator import Indicator
from hmi.units.choice import units
from hmi.widgets import ICON_GAP, ElidedLabel, button, column, row, set_text, wrapped
from plant_models.alarm_definition import DISTANCE_KINDS, AlarmKind

WIDTH: Final = 380
_SIDE: Final = 28
_TOP: Final = QPoint(0, 0)


class Details(QFrame):
    """A card of 380 px; without an alarm it says how to see one.

    `shelve_wanted` carries rows and minutes (None: not chosen yet), `aside_wanted` an act and rows, `configure_wanted`
    the name of an alarm.
    """

    opened = Signal(AlarmRow)
    trend_at_wanted = Signal(object)
    shelve_wanted = Signal(object, object)
    aside_wanted = Signal(object, object)
    configure_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._model = context, context.alarms
        self._alarm: AlarmRow | None = None
        self._shown: object = self  # what the body was made of
        self._pressed: AlarmRow | None = None
        self._seen = SeenRows(context.clock)
        self._before = Before(context)
        self._foot = QWidget()
        self._amount: Amount | None = None
        self._distance: Amount | None = None
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
        self._before.known.connect(self._on_past)
        units().changed.connect(self._on_units)
        self.show_alarm(None)

    @property
    def alarm(self) -> AlarmRow | None:
        return self._alarm

    def show_alarm(self, alarm: AlarmRow | None) -> None:
        """Show an alarm as it is now, or how to choose one; what looks as before stays where it was scrolled to."""
        self._alarm = alarm
        facts = self._facts()
        if facts != self._shown:
            self._shown = facts
            self._rebuild()
        self._refresh_buttons()
        self._on_tick()

    def _facts(self) -> object:
        """Return all that the body is made of."""
        alarm = self._alarm
        if alarm is None:
            return None
        snapshot = self._context.station.alarms
        explained = sum(1 for cause in snapshot.causes.values() if cause == alarm.name)
        past = self._before.of(alarm) if alarm.name else None
        return alarm, snapshot.causes.get(alarm.name), explained, snapshot.configured.get(alarm.name), past

    def _rebuild(self) -> None:
        self._amount = self._distance = self._indicator = None
        bar, name = self._scroll.verticalScrollBar(), self._alarm.name if self._alarm else ""
        place = bar.value() if name and name == self._scroll.objectName() else 0
        self._scroll.setObjectName(name)
        body = QWidget()
        self._fill(body, self._alarm)
        self._scroll.setWidget(body)
        body.setAutoFillBackground(False)
        bar.setValue(place)

    def _fill(self, body: QWidget, alarm: AlarmRow | None) -> None:
        layout = column(body, spacing=12)
        layout.setContentsMargins(20, 18, 20, 16)
        if alarm is None:
            layout.addWidget(wrapped(tr("Choose an alarm to read what it means and what to do."), "text2"))
        else:
            layout.addWidget(self._make_head(alarm))
            self._add_live(layout, alarm)
            fill_body(layout, self._context, alarm, self._before.of(alarm) if alarm.name else None)
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
        tag = self._context.tag(alarm.tag)
        if tag is None:
            return
        line = row(spacing=8)
        line.addWidget(ElidedLabel(tag.description or tr("Now"), "text2"), 1)
        self._amount = Amount()
        line.addWidget(self._amount)
        layout.addLayout(line)
        if alarm.kind in DISTANCE_KINDS:
            line = row(spacing=8)
            named = tr("{condition} now").format(condition=kind_word(alarm.kind))
            words = tr("Moved in the time it is watched for") if alarm.kind is AlarmKind.STUCK else named
            line.addWidget(ElidedLabel(words, "text2"), 1)
            self._distance = Amount()
            line.addWidget(self._distance)
            layout.addLayout(line)
        scale = bar_scale(self._context.plant, alarm.tag)
        if scale is not None:
            self._indicator = Indicator(scale)
            layout.addWidget(self._indicator)

    def _make_foot(self) -> QWidget:
        grid = QGridLayout(self._foot)
        grid.setSpacing(8)
        grid.setContentsMargins(20, 8, 20, 16)
        self.ack = button(tr("Ack"), "primary", "check")
        self.ack.pressed.connect(self._note_pressed)
        self.ack.clicked.connect(self._acknowledge)
        self.shelve = button(tr("Shelve"), icon_name="shelf")
        self.shelve.clicked.connect(self._put_aside)
        self.comment = button(tr("Comment"), icon_name="comment")
        self.comment.clicked.connect(lambda: self._want(AlarmAct.COMMENT))
        self.display = button(tr("Display"), icon_name="display")
        self.display.clicked.connect(lambda: self.opened.emit(self._alarm) if self._alarm else None)
        self.trend = button(tr("Trend"), icon_name="trend")
        self.trend.clicked.connect(self._want_trend)
        self.configure = button(tr("Configure"), icon_name="preferences")
        self.configure.clicked.connect(lambda: self.configure_wanted.emit(self._alarm.name if self._alarm else ""))
        made = (self.ack, self.shelve, self.comment, self.display, self.trend, self.configure)
        for at, each in enumerate(made):
            each.setProperty("kind", each.property("kind") or "tight")
            grid.addWidget(each, at // 3, at % 3)
        for at in range(3):
            grid.setColumnStretch(at, 1)
        return self._foot

    def _refresh_buttons(self) -> None:
        alarm = self._alarm
        self._foot.setVisible(alarm is not None)
        if alarm is None:
            return
        is_named, state = bool(alarm.name), alarm.state
        is_waiting = state.is_unacknowledged and not self._model.is_pending(alarm)
        is_latched = state is AlarmState.LATAK
        set_text(self.ack, f"{ICON_GAP}{tr('Reset') if is_latched else tr('Ack')}")
        self.ack.setEnabled(is_named and (is_waiting or is_latched))
        self.ack.setToolTip("" if self.ack.isEnabled() else tr("There is nothing to acknowledge"))
        words = {AlarmState.SHLVD: tr("Unshelve"), AlarmState.OOSRV: tr("In service")}.get(state, tr("Shelve"))
        set_text(self.shelve, f"{ICON_GAP}{words}")
        is_suppressed = state is AlarmState.DSUPR
        self.shelve.setEnabled(is_named and not is_suppressed)
        self.shelve.setToolTip(tr("The alarm is suppressed by design") if is_suppressed else "")
        self.comment.setEnabled(is_named)
        self.configure.setEnabled(alarm.name in self._context.station.alarms.configured)
        self.display.setEnabled(bool(alarm.display or alarm.equipment))
        self.trend.setEnabled(bool(target_of_alarm(self._context, alarm).trend))

    def _note_pressed(self) -> None:
        """Remember what stood here when the button went down, if it had stood long enough to be read."""
        self._pressed = self._alarm if self._alarm is not None and self._seen.stands(self._alarm) else None

    def _acknowledge(self) -> None:
        if self._pressed is None:
            self._model.said.emit(tr("what stands here has only just come; look again"))
        elif self._pressed.state is AlarmState.LATAK:
            self.aside_wanted.emit(AlarmAct.RESET, (self._pressed,))
        else:
            self._model.acknowledge((self._pressed,))

    def _put_aside(self) -> None:
        state = self._alarm.state if self._alarm else None
        if state is AlarmState.SHLVD:
            self._want(AlarmAct.UNSHELVE)
        elif state is AlarmState.OOSRV:
            self._want(AlarmAct.RETURN_TO_SERVICE)
        else:
            self.shelve_wanted.emit((self._alarm,), None)

    def _want(self, act: AlarmAct) -> None:
        if self._alarm is not None:
            self.aside_wanted.emit(act, (self._alarm,))

    def _want_trend(self) -> None:
        if self._alarm is not None:
            self.trend_at_wanted.emit(target_of_alarm(self._context, self._alarm))

    def _on_past(self, row: AlarmRow) -> None:
        if self._alarm is not None and row.is_same_as(self._alarm):
            self.show_alarm(self._alarm)

    def _on_units(self) -> None:
        self._shown = self
        self.show_alarm(self._alarm)

    def _on_tick(self) -> None:
        self._seen.look((self._alarm,) if self._alarm is not None and self.isVisible() else ())
        if self._alarm is None or self._amount is None or not self.isVisible():
            return
        reading = self._context.live.reading(self._alarm.tag)
        self._amount.show_reading(reading)
        if self._distance is not None and (distance := live_reading(self._context, self._alarm)) is not None:
            self._distance.show_reading(distance)
        if self._indicator is not None:
            self._indicator.show_marks(
                BarMarks(reading.value, reading.is_usable, alarm=self._model.alarmed(self._alarm.tag))
            )
