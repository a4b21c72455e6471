"""What narrows the list of configured alarms: words, priority, class, kind, and what isn't finished. GUI thread."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from alarms.snapshot import ALL_PRIORITIES
from hmi.alarm_editor.table import ConfiguredFilter
from hmi.alarm_editor.words import kind_name, priority_name
from hmi.alarms.rights import class_word
from hmi.drop_list import DropList
from hmi.filter_field import filter_field
from hmi.i18n import tr
from hmi.widgets import button, row
from plant_models.alarm_definition import AlarmClass, AlarmKind

_Value = TypeVar("_Value")


class ConfiguredFilterBar(QWidget):
    """`changed` carries the filter."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.field = filter_field(tr("Area, tag or text"))
        self.priority = _Choice(tr("All priorities"), [(each, priority_name(each)) for each in ALL_PRIORITIES])
        self.alarm_class = _Choice(tr("All classes"), [(each, class_word(each)) for each in AlarmClass])
        self.kind = _Choice(tr("All kinds"), [(each, kind_name(each)) for each in AlarmKind])
        self.incomplete = _toggle(tr("Not rationalised"), tr("Consequence, action or time to respond is missing"))
        self.disabled = _toggle(tr("Disabled"), tr("Not evaluated at all"))
        layout = row(self, spacing=8)
        layout.addWidget(self.field, 4)
        for choice in (self.priority, self.alarm_class, self.kind):
            layout.addWidget(choice)
            choice.currentIndexChanged.connect(self._tell)
        for toggle in (self.incomplete, self.disabled):
            layout.addWidget(toggle)
            toggle.toggled.connect(self._tell)
        layout.addStretch(1)
        self.field.textChanged.connect(self._tell)

    @property
    def filter(self) -> ConfiguredFilter:
        return ConfiguredFilter(
            text=self.field.text().strip(),
            priority=self.priority.value,
            alarm_class=self.alarm_class.value,
            kind=self.kind.value,
            is_incomplete=self.incomplete.isChecked(),
            is_disabled=self.disabled.isChecked(),
        )

    def clear(self) -> None:
        """Show everything again."""
        self.field.clear()
        for choice in (self.priority, self.alarm_class, self.kind):
            choice.setCurrentIndex(0)
        for toggle in (self.incomplete, self.disabled):
            toggle.setChecked(False)

    def _tell(self) -> None:
        self.changed.emit(self.filter)


class _Choice(DropList, Generic[_Value]):
    """Everything, or one value; the values are kept here, since Qt would make plain texts of them."""

    def __init__(self, everything: str, values: Sequence[tuple[_Value, str]]) -> None:
        super().__init__()
        self._values: tuple[_Value | None, ...] = (None, *(value for value, _ in values))
        self.setAccessibleName(everything)
        self.addItems([everything, *(words for _, words in values)])
        self.setMaxVisibleItems(len(self._values))

    @property
    def value(self) -> _Value | None:
        """What is chosen, None for everything."""
        return self._values[max(0, self.currentIndex())]

    def choose(self, value: _Value | None) -> None:
        """Choose a value, None for everything."""
        self.setCurrentIndex(self._values.index(value))


def _toggle(words: str, meaning: str) -> QPushButton:
    made = button(words)
    made.setCheckable(True)
    made.setToolTip(meaning)
    return made
