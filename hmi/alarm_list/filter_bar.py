"""The filter of the alarm list: words, the priorities that may be left out, areas, states, times. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton, QSizePolicy, QWidget

from alarms.snapshot import ALL_PRIORITIES
from hmi.alarm_list.filter import ALWAYS_SHOWN, AlarmFilter
from hmi.alarm_list.filter_menu import FilterMenu
from hmi.alarms.priority_toggle import PriorityToggle
from hmi.alarms.subject import Subject
from hmi.alarms.subject_chip import SubjectChip
from hmi.i18n import tr
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.widgets import BUTTON_ICON, ICON, IconLabel, button, row
from plant_models.alarm_definition import DIAGNOSTIC
from plant_models.clock import Clock
from plant_models.plant import Plant

_WIDTH: Final = 240
_NARROWEST: Final = 120
_GAP: Final = 8
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


def filter_field(words: str) -> QLineEdit:
    """Return a field with the sign of a filter in front, and a cross at its end that empties it."""
    field = _Field()
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    return field


class _Field(QLineEdit):
    """240 px wide, less where there is no room."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(_NARROWEST)
        self.setMaximumWidth(_WIDTH)
        cross = _Cross(self)
        cross.clicked.connect(self.clear)
        self.textChanged.connect(lambda text: cross.setVisible(bool(text)))
        inside = row(self)
        inside.setContentsMargins(_GAP, 0, _GAP, 0)
        inside.addWidget(IconLabel("filter"))
        inside.addStretch(1)
        inside.addWidget(cross)
        self.setTextMargins(_GAP + ICON, 0, BUTTON_ICON, 0)

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, super().sizeHint().height())


class _Cross(QAbstractButton):
    """Only there while there is something to take away; no stop for the keyboard, which has its own ways."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedSize(BUTTON_ICON, BUTTON_ICON)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setToolTip(tr("Empty the field"))
        self.setAccessibleName(tr("Empty the field"))
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            draw_icon(painter, "close", QRectF(self.rect()), theme().color("text" if self.underMouse() else "text2"))
