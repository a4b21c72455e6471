"""The page of all alarms: tabs, buttons, filter, list, details. GUI thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from alarms.snapshot import AlarmRow
from hmi.actions import Actions
from hmi.alarm_list.card import ListCard
from hmi.alarm_list.details import Details
from hmi.alarm_list.filter_bar import FilterBar
from hmi.alarm_list.keys_sheet import KeysSheet
from hmi.alarm_list.output import ListOutput
from hmi.alarm_list.row_acts import RowActs
from hmi.alarm_list.tab_bar import AlarmTabs
from hmi.alarm_list.table import ROW_ROLE, AlarmTable
from hmi.alarm_list.tabs import Tab
from hmi.alarm_list.tools import ListTools
from hmi.alarm_list.view import AlarmView
from hmi.alarm_list.view_menu import ViewMenu
from hmi.alarm_list.words import empty_words, foot_words
from hmi.alarms.commands import ListCommands
from hmi.alarms.subject import subject_of
from hmi.alarms.target import target_of_alarm
from hmi.context import Context
from hmi.i18n import tr
from hmi.units.choice import units
from hmi.widgets import column, row

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WITH_DETAILS: Final = 1500
"""From this width of the window on."""
_LOW: Final = 800
"""Below this height of the window the areas get one line; rows count for more there."""
_TICKS_PER_SECOND: Final = 10


class AlarmsPage(QWidget):
    """Keys: see `keys_sheet`; the actions of the table acknowledge from anywhere.

    The details stand beside the list, which leaves out columns for them; whether they do is remembered for wide and
    for small windows. What is done with rows beside acknowledging them is only told: `shelve_wanted` carries rows and
    minutes (None: ask), `aside_wanted` an AlarmAct and rows.
    """

    alarm_opened = Signal(AlarmRow)
    menu_wanted = Signal(object, QPoint)
    trend_at_wanted = Signal(object)
    sheet_wanted = Signal(object)
    shelve_wanted = Signal(object, object)
    aside_wanted = Signal(object, object)
    configure_wanted = Signal(str)
    journal_wanted = Signal(str)
    copy_wanted = Signal(str)

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__()
        self._context, self._model = context, context.alarms
        self._ticks = 0
        self._is_wide = True
        self._tiles: QWidget | None = None
        self._has_details = {True: True, False: False}
        self.card = ListCard(context)
        self.details = Details(context)
        self.filter_bar = FilterBar(context.plant, context.clock)
        self.tabs = AlarmTabs()
        self.commands = ListCommands(self, context, actions)
        self.view_menu = ViewMenu(context.preferences, self)
        self.tools = ListTools(self.commands, self.filter_bar, self.view_menu)
        self._toggle = self.tools.buttons["details"]
        self.acts = RowActs(context, self.card, self.commands)
        self.output = ListOutput(context, self.card, self._heading)
        self._build()
        self._connect(actions)
        self._on_look()

    @property
    def table(self) -> AlarmTable:
        """The rows of the list, of a parted one the upper ones."""
        return self.card.table

    @property
    def view(self) -> AlarmView:
        """The list, the upper half of a parted one."""
        return self.card.view

    def set_corner(self, widget: QWidget) -> None:
        """Put a widget at the right of the tabs."""
        self.tabs.set_corner(widget)

    def set_tiles(self, widget: QWidget) -> None:
        """Put a strip between buttons and list: the tiles of the areas.

        It has a signal `area_wanted` with the name of an area, and methods `set_chosen`, "" standing for all of them,
        and `set_low`, which says whether the window is low.
        """
        self._list.insertWidget(1, widget)
        self._tiles = widget
        widget.area_wanted.connect(self.filter_bar.choose_area)
        self.filter_bar.area_changed.connect(widget.set_chosen)

    def set_consequences(self, consequence_of: Callable[[str], int | None]) -> None:
        """Tell how to learn in how many seconds the consequence of an alarm comes, by its name."""
        self.card.table.consequence_of = self.card.lower_table.consequence_of = consequence_of
        self._on_look()

    def acknowledge_selected(self) -> None:
        """Acknowledge the selected alarms that were on screen long enough to be read; say so if none is selected."""
        self.acts.acknowledge_selected()

    def acknowledge_visible(self) -> None:
        """Acknowledge the alarms that are on screen, if they have been for long enough to be read."""
        self.acts.acknowledge_visible()

    def refresh(self) -> None:
        """Follow the model: details of the current row, counts, the foot, and the empty state."""
        current = self.card.active_view.current_alarm()
        if current != self.details.alarm or (current is not None and current.state.is_unacknowledged):
            self.details.show_alarm(current)
        self.tabs.show_counts(self._model.in_state, self._model.is_evaluated)
        choice, is_filtered = self.table.choice, self.filter_bar.is_on
        empty = empty_words(self._context, choice.tab, is_filtered)
        outside = sum(table.outside for table in self.card.tables)
        foot = foot_words(self._context, choice, self.card.count, outside, self.card.passed)
        self.card.say(foot, empty, is_filtered and self._model.is_evaluated and bool(self._model.rows))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._is_wide = self.window().width() >= _WITH_DETAILS
        margin = _MARGIN if self._is_wide else _COMPACT_MARGIN
        if self._tiles is not None:
            self._tiles.set_low(self.window().height() < _LOW)
        self._list.setContentsMargins(margin, 12, margin, margin)
        self._head.setContentsMargins(margin - 12, 0, margin, 0)
        self.tools.fit(event.size().width() - 2 * margin)
        self._show_details(self._has_details[self._is_wide])

    def show_alarms_of(self, name: str) -> None:
        """Show the alarms of a tag, or of a piece of equipment with its parts."""
        self.tabs.choose(Tab.CURRENT)
        self.filter_bar.clear()
        self.filter_bar.set_subject(subject_of(self._context.plant, name))

    def show_area(self, name: str) -> None:
        """Show the alarms of an area, or of what belongs to none (OTHER)."""
        self.tabs.choose(Tab.CURRENT)
        self.filter_bar.clear()
        self.filter_bar.choose_area(name)

    def toggle_details(self) -> None:
        """Open or close the details; windows of this width keep it so."""
        self._show_details(not self._has_details[self._is_wide])

    def step_back(self) -> None:
        """Undo what was chosen: several rows, else the details in a small window, else the filter."""
        if len(self.card.chosen()) > 1:
            self.card.active_view.clearSelection()
        elif self._has_details[self._is_wide] and not self._is_wide:
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

    def _open_menu(self, view: AlarmView, index: QModelIndex, at: QPoint) -> None:
        """Open the menu of a row; what it does is meant for the selected ones, of which it is one then."""
        if not view.selectionModel().isRowSelected(index.row(), QModelIndex()):
            rows = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            view.selectionModel().setCurrentIndex(index, rows)  # it alone, whatever keys are held
        alarm: AlarmRow = index.data(ROW_ROLE)
        if alarm.name:
            target = target_of_alarm(self._context, alarm)
            extra = self.commands.row_menu({row.state for row in self.card.chosen()})
            self.menu_wanted.emit(replace(target, at_us=alarm.active_us, extra=extra), at)

    def _on_tab(self, chosen: Tab) -> None:
        self.card.choose(lambda choice: replace(choice, tab=chosen))

    def _on_look(self) -> None:
        self.card.set_look(self._context.preferences.chosen.alarm_list)

    def _on_rows(self) -> None:
        self.view_menu.show_order(self.table.choice.order)
        self.tools.buttons["pause"].setChecked(self.card.pause.is_on)
        self.refresh()

    def _on_units(self) -> None:
        self.card.write_anew()
        self.details.show_alarm(self.details.alarm)

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS_PER_SECOND == 0 and self.isVisible():
            self.filter_bar.let_time_pass()
            self.card.let_time_pass()

    def _heading(self) -> Sequence[str]:
        choice = self.table.choice
        count = foot_words(self._context, choice, self.card.count, self.table.outside, self.card.passed)
        return tr(choice.tab.title), self.filter_bar.words, count

    def _connect(self, actions: Actions) -> None:
        context, card = self._context, self.card
        card.opened.connect(self.alarm_opened)
        card.current_changed.connect(self.details.show_alarm)
        card.details_wanted.connect(self._open_details)
        card.menu_wanted.connect(self._open_menu)
        card.everything_wanted.connect(self.filter_bar.clear)
        card.rows_changed.connect(self._on_rows)
        acts, commands = self.acts, self.commands
        acts.alarm_opened.connect(self.alarm_opened)
        acts.trend_at_wanted.connect(self.trend_at_wanted)
        acts.shelve_wanted.connect(self.shelve_wanted)
        acts.aside_wanted.connect(self.aside_wanted)
        acts.configure_wanted.connect(self.configure_wanted)
        acts.journal_wanted.connect(self.journal_wanted)
        acts.copy_wanted.connect(self.copy_wanted)
        commands.on("guidance", self._open_details)
        commands.on("pause", card.pause.toggle)
        commands.on("export", self.output.ask_for_csv)
        commands.on("print", self.output.ask_for_print)
        commands.on("keys", lambda: self.sheet_wanted.emit(KeysSheet()))
        self.details.opened.connect(self.alarm_opened)
        self.details.trend_at_wanted.connect(self.trend_at_wanted)
        self.filter_bar.changed.connect(card.set_filter)
        self.tabs.chosen.connect(self._on_tab)
        self.tabs.history_wanted.connect(actions["journal"].trigger)
        self.tabs.configured_wanted.connect(actions["configured"].trigger)
        self.view_menu.order_wanted.connect(lambda order: card.choose(lambda choice: replace(choice, order=order)))
        card.view.fitted.connect(self.view_menu.show_fit)
        self.output.sheet_wanted.connect(self.sheet_wanted)
        self._model.changed.connect(self.refresh)
        context.ticker.tick.connect(self._on_tick)
        context.preferences.changed.connect(self._on_look)
        units().changed.connect(self._on_units)
        field = self.filter_bar.field
        QShortcut(QKeySequence("Ctrl+F"), self, field.setFocus)
        field.returnPressed.connect(self.view.setFocus)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), field, context=Qt.ShortcutContext.WidgetShortcut)
        down.activated.connect(self.view.setFocus)
        for keys, step in (("Ctrl+PgUp", -1), ("Ctrl+PgDown", 1)):
            QShortcut(QKeySequence(keys), self, lambda step=step: self.tabs.step(step))

    def _build(self) -> None:
        outer = column(self)
        self._head = row()
        self._head.addWidget(self.tabs)
        outer.addLayout(self._head)
        body = QWidget()
        self._list = column(body, spacing=12)
        self._list.addWidget(self.tools)
        middle = row(spacing=16)
        middle.addWidget(self.card, 1)
        middle.addWidget(self.details)
        self._list.addLayout(middle, 1)
        outer.addWidget(body, 1)
        self.setFocusProxy(self.view)
