"""The filter of the alarm list: words, the priorities that may be left out, areas, states, times. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from alarms.snapshot import ALL_PRIORITIES
from hmi.alarm_list.filter import ALWAYS_SHOWN, AlarmFilter
from hmi.alarm_list.filter_menu import FilterMenu
from hmi.alarms.priority_toggle import PriorityToggle
from hmi.alarms.subject import Subject
from hmi.alarms.subject_chip import SubjectChip
from hmi.filter_field import filter_field
from hmi.i18n import tr
from hmi.widgets import button, row
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.clock import Clock
from plant_models.plant import Plant

_BUTTON: Final = 40


class FilterBar(QWidget):
    """`changed` carries the filter; priorities 1 and 2 have no button, since nothing hides them.

    `area_changed` names the one area that is chosen, "" for none or several; `resized` tells of another need for room.
    """

    changed = Signal(AlarmFilter)
    area_changed = Signal(str)
    resized = Signal()

    def __init__(self, plant: Plant, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self.field = filter_field(tr("Area, tag or text"))
        self.field.setToolTip(tr("Several words must all be there; * stands for any letters, ? for one"))
        self.field.textChanged.connect(self._tell)
        self.chip = SubjectChip()
        self.chip.clicked.connect(lambda: self.set_subject(None))
        self._subject: Subject | None = None
        self.buttons: dict[int, QPushButton] = {}
        layout = row(self, spacing=8)
        layout.addWidget(self.chip)
        layout.addWidget(self.field)
        toggles = row(spacing=4)
        for priority in (each for each in ALL_PRIORITIES if each > ALWAYS_SHOWN):
            shown = self.buttons[priority] = PriorityToggle(priority)
            shown.toggled.connect(self._tell)
            toggles.addWidget(shown)
        layout.addLayout(toggles)
        self.more = button(icon_name="filter")
        self.more.setCheckable(True)
        self.more.setFixedWidth(_BUTTON)
        self.more.setToolTip(tr("Filter by area, state and time"))
        self.more.setAccessibleName(self.more.toolTip())
        self.menu = FilterMenu(plant, self)
        self.menu.changed.connect(self._tell)
        self.more.clicked.connect(self._open_menu)
        layout.addWidget(self.more)

    @property
    def filter(self) -> AlarmFilter:
        """What is chosen now; times count back from this moment."""
        hidden = frozenset(priority for priority, shown in self.buttons.items() if not shown.isChecked())
        span_s = self.menu.span_s
        at_us = None if span_s is None else self._clock.wall_us() - int(abs(span_s) * 1e6)
        is_old = span_s is not None and span_s < 0
        return AlarmFilter(
            text=self.field.text(),
            hidden=hidden,
            subject=self._subject,
            areas=self.menu.areas,
            states=self.menu.states,
            since_us=None if is_old else at_us,
            before_us=at_us if is_old else None,
        )

    @property
    def is_on(self) -> bool:
        """Whether anything may be left out."""
        return self.filter.is_on

    @property
    def words(self) -> str:
        """What is looked for, in words; "" for everything."""
        hidden = [priority for priority, shown in self.buttons.items() if not shown.isChecked()]
        numbers = ", ".join(str(priority) for priority in hidden if priority != DIAGNOSTIC)
        parts = [
            "" if self._subject is None else self._subject.words,
            self.field.text().strip(),
            self.menu.words,
            tr("without priority {priority}").format(priority=numbers) if numbers else "",
            tr("without diagnostic ones") if DIAGNOSTIC in hidden else "",
        ]
        found = ", ".join(part for part in parts if part)
        return tr("Filter: {words}").format(words=found) if found else ""

    def set_subject(self, subject: Subject | None) -> None:
        """Show only what is about a subject, None for all."""
        self._subject = subject
        self.chip.show_subject(subject)
        self.resized.emit()
        self._tell()

    def choose_area(self, name: str) -> None:
        """Show one area with its parts only, "" for all."""
        self.menu.choose_area(name)

    def let_time_pass(self) -> None:
        """Move a span of time along; call it now and then."""
        if self.menu.span_s is not None:
            self._tell()

    def clear(self) -> None:
        """Show everything again."""
        self.set_subject(None)
        self.field.clear()
        self.menu.clear_choice()
        for shown in self.buttons.values():
            shown.setChecked(True)

    def _open_menu(self) -> None:
        self.more.setChecked(self._has_more)
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @property
    def _has_more(self) -> bool:
        return bool(self.menu.areas or self.menu.states or self.menu.span_s is not None)

    def _tell(self) -> None:
        self.more.setChecked(self._has_more)
        self.area_changed.emit(self.menu.area)
        self.changed.emit(self.filter)
