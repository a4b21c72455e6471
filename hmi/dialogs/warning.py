"""What a new setpoint is known to lead to: beyond an alarm limit of what it steers there is an alarm. GUI thread."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import amount_text
from hmi.widgets import IconLabel, column, row, set_text, wrapped
from plant_models.alarm_definition import AlarmDefinition, AlarmKind
from plant_models.tag import Tag

_HIGH: Final = (AlarmKind.HIGH, AlarmKind.HIGH_HIGH)
_LOW: Final = (AlarmKind.LOW, AlarmKind.LOW_LOW)


class WarningBox(QFrame):
    """A sign, what will happen, and that it can be confirmed nevertheless; hidden while there is nothing to warn of."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "reason")
        self._what, self._more = wrapped(role="strong"), wrapped(role="text2")
        layout = row(self, spacing=10)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(IconLabel("warning", "text"), 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        words.addWidget(self._what)
        words.addWidget(self._more)
        layout.addLayout(words, 1)
        self.hide()

    def show_warning(self, what: str, more: str) -> None:
        """Show a sentence and what belongs to it; without a sentence nothing."""
        set_text(self._what, what)
        set_text(self._more, more)
        self.setVisible(bool(what))

    def text(self) -> str:
        """Return what is shown, as one text."""
        return " ".join(each.text() for each in (self._what, self._more) if each.text())


def warning_of(context: Context, steered: Tag | None, tag: Tag, value: float | None) -> tuple[str, str]:
    """Return what is known to follow if `value` is written to the setpoint `tag`, and details; "" if nothing is.

    The limits of the steered measurement count only if it is in the unit of its setpoint.
    """
    watched = [each.name for each in (tag, steered) if each is not None and each.unit == tag.unit]
    found = None if value is None else _passed((each for each in context.plant.alarms if each.tag in watched), value)
    if found is None or found.limit is None:
        return "", ""
    above = tr("The new value lies above the alarm limit {limit}.")
    below = tr("The new value lies below the alarm limit {limit}.")
    what = (above if found.kind in _HIGH else below).format(limit=amount_text(found.limit, tag))
    expected = tr("The alarm “{alarm}” is to be expected. You can still confirm.")
    return what, expected.format(alarm=tr(found.text) or found.kind.value)


def _passed(alarms: Iterable[AlarmDefinition], value: float) -> AlarmDefinition | None:
    """Return the most urgent alarm whose limit a value passes."""
    passed = (each for each in alarms if each.limit is not None and _is_beyond(each.kind, value, each.limit))
    return min(passed, key=lambda each: each.priority, default=None)


def _is_beyond(kind: AlarmKind, value: float, limit: float) -> bool:
    return (kind in _HIGH and value > limit) or (kind in _LOW and value < limit)
