"""The members that a faceplate only shows: measured ones, those for maintenance, and words. GUI thread."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from hmi.amount import Amount
from hmi.context import Context
from hmi.drawing.bar import BarMarks, bar_scale
from hmi.faceplate.part import Part
from hmi.faceplate.since import trouble_text
from hmi.i18n import tr
from hmi.indicator import Indicator
from hmi.numbers import DASH
from hmi.widgets import ElidedLabel, column, row, set_property, set_text, wrapped
from plant_models.tag import Tag


class Measured(Part):
    """Without a range there is no indicator; a bad value keeps its place and is hatched, and says why."""

    def __init__(self, context: Context, tag: Tag, title: str, setpoint: Tag | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._tag, self._setpoint = context, tag, setpoint
        self.shown_tag = tag.name
        layout = column(self)
        self._amount = Amount()
        layout.addLayout(_head(title, self._amount))
        scale = bar_scale(context.plant, tag.name)
        self._indicator: Indicator | None = None
        if scale is not None and not tag.states:
            self._indicator = Indicator(scale, has_setpoint=setpoint is not None)
        if self._indicator is not None:
            layout.addWidget(self._indicator)
        self._layout = layout
        self._reason: QLabel | None = None

    def refresh(self) -> None:
        reading = self._context.live.reading(self._tag.name)
        self._amount.show_reading(reading)
        if self._indicator is not None:
            alarm = self._context.alarms.alarmed(self._tag.name)
            marks = BarMarks(reading.value, reading.is_usable, self._setpoint_value(), alarm=alarm)
            self._indicator.show_marks(marks)
        self._say(trouble_text(self._context, self._tag, reading))

    def _say(self, reason: str) -> None:
        """Show a reason below; most values never need one, so its label is made when one does."""
        if self._reason is None and reason:
            self._reason = wrapped(role="text2")
            self._layout.addWidget(self._reason)
        if self._reason is not None:
            set_text(self._reason, reason)
            self._reason.setVisible(bool(reason))

    def _setpoint_value(self) -> float | None:
        if self._setpoint is None:
            return None
        reading = self._context.live.reading(self._setpoint.name)
        return reading.value if reading.is_usable else None


class Kept(Part):
    """A value for maintenance, in one line: hours, starts."""

    def __init__(self, context: Context, tag: Tag, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._tag = context, tag
        self.shown_tag = tag.name
        layout = column(self)
        self._amount = Amount(px=15)
        layout.addLayout(_head(title, self._amount))

    def refresh(self) -> None:
        self._amount.show_reading(self._context.live.reading(self._tag.name))


class Said(Part):
    """What a device says in words, below its title in as many lines as it takes."""

    def __init__(self, context: Context, tag: Tag, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._tag = context, tag
        self.shown_tag = tag.name
        layout = column(self, spacing=2)
        layout.addWidget(ElidedLabel(tr(title), "text2"))
        self._words = wrapped()
        layout.addWidget(self._words)

    def refresh(self) -> None:
        reading = self._context.live.reading(self._tag.name)
        set_text(self._words, f"{reading.mark} {reading.text}".strip() or DASH)
        set_property(self._words, "role", "" if reading.is_usable else "stale")
        self._words.setToolTip("" if reading.is_usable else reading.word)


def _head(title: str, amount: Amount) -> QHBoxLayout:
    head = row(spacing=8)
    head.addWidget(ElidedLabel(tr(title), "text2"), 1)
    head.addWidget(amount)
    return head
