"""The page of all alarms: buttons, filter, list, details. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QWidget

from alarms.snapshot import AlarmRow
from hmi.actions import Actions
from hmi.alarms.details import Details
from hmi.alarms.filter import AlarmFilter
from hmi.alarms.filter_bar import FilterBar
from hmi.alarms.list_view import AlarmView
from hmi.alarms.nothing import Nothing
from hmi.alarms.row_menu import RowMenu
from hmi.alarms.seen_rows import sift
from hmi.alarms.subject import subject_of, subject_of_area
from hmi.alarms.table import ROW_ROLE, AlarmTable
from hmi.alarms.target import target_of_alarm
from hmi.context import Context
from hmi.i18n import tr
from hmi.units.choice import units
from hmi.widgets import ElidedLabel, button, column, row, set_text

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WITH_DETAILS: Final = 1500
"""From this width of the window on."""
_TICKS_PER_SECOND: Final = 10


class AlarmsPage(QWidget):
    """Keys: arrows, Space, Ctrl+A and Enter in the list; the actions of the table acknowledge from anywhere.

    The details stand beside the list, which leaves out columns for them; whether they do is remembered for wide and
    for small windows.
    """

    alarm_opened = Signal(AlarmRow)
    menu_wanted = Signal(object, QPoint)
    trend_at_wanted = Signal(object)

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__()
        self._context, self._model = context, context.alarms
        self._ticks = 0
        self._is_wide = True
        self._has_details = {True: True, False: False}
        self.table = AlarmTable(context)
        self.view = AlarmView(context, self.table)
        self.details = Details(context)
        self.filter_bar = FilterBar()
        self._foot = ElidedLabel(role="text2")
        self._card = QFrame()
        self._sheets = QStackedLayout()
        self._nothing = Nothing()
        self._nothing.everything_wanted.connect(self.filter_bar.clear)
        self._toggle = details_button(actions)
        self._build(actions)
        self.setFocusProxy(self.view)
        self.view.opened.connect(self.alarm_opened)
        self.view.current_changed.connect(self.details.show_alarm)
        self.view.doubleClicked.connect(self._open_details)
        RowMenu(self.view).wanted.connect(self._want_menu)
        self.details.opened.connect(self.alarm_opened)
        self.details.trend_at_wanted.connect(self.trend_at_wanted)
        self.filter_bar.changed.connect(self._on_filter)
        self._model.changed.connect(self.refresh)
        context.ticker.tick.connect(self._on_tick)
        units().changed.connect(self._on_units)
        self.refresh()

    def acknowledge_selected(self) -> None:
        """Acknowledge the selected alarms that were on screen long enough to be read; say so if none is selected."""
        chosen = self.view.chosen()
        if chosen:
            self._acknowledge(chosen)
        else:
            self._model.warned.emit(tr("No alarm is selected. Click one, or press Space on it."))

    def acknowledge_visible(self) -> None:
        """Acknowledge the alarms that are on screen, if they have been for long enough to be read."""
        self._acknowledge(self.view.on_screen())

    def _acknowledge(self, rows: Sequence[AlarmRow]) -> None:
        found = sift((row for row in rows if not self._model.is_pending(row)), self.view.seen)
        self._model.acknowledge(found.read)
        if found.words:
            self._model.warned.emit(found.words)

    def refresh(self) -> None:
        """Follow the model: details of the current row, the foot, and the empty state."""
        current = self.view.current_alarm()
        if current != self.details.alarm or (current is not None and current.state.is_unacknowledged):
            self.details.show_alarm(current)
        shown, present = len(self.table.alarms), len(self._model.rows)
        self._sheets.setCurrentIndex(0 if shown else 1)
        self._nothing.say(self._empty_words(present), is_filtered=self._model.is_evaluated and present > 0)
        counted = tr("{shown} of {count} alarms. Order: state, priority, newest first.")
        words = f"{counted.format(shown=shown, count=present)} {self._filter_words()}".rstrip()
        set_text(self._foot, words if present else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_wide = self.window().width() >= _WITH_DETAILS
        margin = _MARGIN if self._is_wide else _COMPACT_MARGIN
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self._show_details(self._has_details[self._is_wide])

    def show_alarms_of(self, name: str) -> None:
        """Show the alarms of a tag, or of a piece of equipment with its parts."""
        self.filter_bar.clear()
        self.filter_bar.set_subject(subject_of(self._context.plant, name))

    def show_area(self, name: str) -> None:
        """Show the alarms of an area, or of what belongs to none (OTHER)."""
        self.filter_bar.clear()
        self.filter_bar.set_subject(subject_of_area(self._context.plant, name))

    def toggle_details(self) -> None:
        """Open or close the details; windows of this width keep it so."""
        self._show_details(not self._has_details[self._is_wide])

    def step_back(self) -> None:
        """Undo what narrows the list: the details in a small window, else the filter."""
        if self._has_details[self._is_wide] and not self._is_wide:
            self._show_details(False)
        elif self.filter_bar.is_on:
            self.filter_bar.clear()
            self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_details(self, is_open: bool) -> None:
        if not is_open and self.details.isAncestorOf(self.focusWidget()):
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)
        self._has_details[self._is_wide] = is_open
        self._toggle.setChecked(is_open)
        self.details.setVisible(is_open)

    def _open_details(self) -> None:
        self._show_details(True)

    def _empty_words(self, present: int) -> str:
        """Return what stands in an empty list: that all is well, and of what that is true."""
        if not self._model.is_evaluated:
            return tr("Alarms are not evaluated. Watch the values.")
        if present:
            return tr("No alarm passes the filter.")
        plant = self._context.plant
        watched = tr("{alarms} conditions of {tags} tags are watched.")
        tags = len({alarm.tag for alarm in plant.alarms})
        return f"{tr('No alarms')}\n{watched.format(alarms=len(plant.alarms), tags=tags)}"

    def _filter_words(self) -> str:
        """Return what a filter does not do, and how many rows are here for that reason."""
        if not self.filter_bar.is_on:
            return ""
        words = tr("Priorities 1 and 2 pass every filter.")
        outside = tr("{count} shown for that reason.").format(count=self.table.outside)
        return f"{words} {outside}" if self.table.outside else words

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        target = target_of_alarm(self._context, index.data(ROW_ROLE))
        if target.name:
            self.menu_wanted.emit(target, at)

    def _on_filter(self, wanted: AlarmFilter) -> None:
        self.table.set_filter(wanted)
        self.refresh()

    def _on_units(self) -> None:
        self.table.refresh_ages()
        self.details.show_alarm(self.details.alarm)

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS_PER_SECOND == 0 and self.isVisible():
            self.table.refresh_ages()

    def _build(self, actions: Actions) -> None:
        self._outer = column(self, spacing=16)
        tools = row(spacing=8)
        tools.addWidget(action_button(actions, "acknowledge", "primary"))
        tools.addWidget(action_button(actions, "acknowledge_visible"))
        tools.addWidget(self._toggle)
        tools.addStretch(1)
        tools.addWidget(self.filter_bar)
        self._outer.addLayout(tools)
        middle = row(spacing=16)
        self._card.setProperty("kind", "card")
        inside = column(self._card, margin=1)
        self._sheets.addWidget(self.view)
        self._sheets.addWidget(self._nothing)
        inside.addLayout(self._sheets, 1)
        foot = row()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.addWidget(self._foot, 1)
        inside.addLayout(foot)
        middle.addWidget(self._card, 1)
        middle.addWidget(self.details)
        self._outer.addLayout(middle, 1)


def action_button(actions: Actions, name: str, kind: str = "") -> QPushButton:
    """Return a button with sign and words for an action of the one table."""
    action = actions[name]
    made = button(action.text(), kind, "check")
    made.setToolTip(action.toolTip())
    made.clicked.connect(action.trigger)
    return made


def details_button(actions: Actions) -> QPushButton:
    """Return the button that opens and closes the details."""
    action = actions["details"]
    made = button(tr("Details"), icon_name="faceplate")
    made.setCheckable(True)
    made.setToolTip(action.toolTip())
    made.clicked.connect(action.trigger)
    return made
