"""How the alarm list looks: columns, height and size of rows, groups, order; remembered for the person. GUI thread."""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from hmi.alarm_list.columns import COLUMNS, OPTIONAL, USUAL
from hmi.alarm_list.order import SORTABLE, Order
from hmi.alarms.staying_menu import StayingMenu
from hmi.i18n import tr
from hmi.preferences.list_look import SIZES, ListLook
from hmi.preferences.preferences import Preferences


class ViewMenu(StayingMenu):
    """Changes the preferences at once; `order_wanted` carries another order, which isn't remembered."""

    order_wanted = Signal(object)

    def __init__(self, preferences: Preferences, parent: QWidget) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self.setAccessibleName(tr("Columns, size, order"))
        self.columns = StayingMenu(tr("Columns"), self)
        self._boxes: dict[str, QAction] = {}
        for at in OPTIONAL:
            name = COLUMNS[at].name
            self._boxes[name] = self.columns.tick_box(tr(COLUMNS[at].full or ""), False, self._choose_columns)
        self.addMenu(self.columns)
        self.addMenu(self._order_menu())
        self.addSeparator()
        self._add_switches()
        self.addSeparator()
        self.larger = self.addAction(tr("Larger text"))
        self.smaller = self.addAction(tr("Smaller text"))
        for action, keys in ((self.larger, QKeySequence("Ctrl++")), (self.smaller, QKeySequence("Ctrl+-"))):
            action.setShortcut(keys)
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            parent.addAction(action)
        self.larger.triggered.connect(lambda: self._resize(1))
        self.smaller.triggered.connect(lambda: self._resize(-1))
        self.usual = self.addAction(tr("As it was at first"))
        self.usual.triggered.connect(lambda: self._preferences.choose_alarm_list(ListLook()))
        preferences.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what is chosen now."""
        look = self._look
        columns = USUAL if look.columns is None else look.columns
        for name, box in self._boxes.items():
            _set(box, name in columns)
        for name, switch in self.switches.items():
            _set(switch, getattr(look, name))
        self.larger.setEnabled(look.size < SIZES[-1])
        self.smaller.setEnabled(look.size > SIZES[0])

    def show_fit(self, fitting: Collection[str]) -> None:
        """Say of which of the chosen columns there is no room for."""
        for at in OPTIONAL:
            column = COLUMNS[at]
            box, words = self._boxes[column.name], tr(column.full or "")
            is_left_out = box.isChecked() and column.name not in fitting
            box.setText(tr("{column} (no room)").format(column=words) if is_left_out else words)

    def show_order(self, order: Order) -> None:
        """Show the order that was chosen elsewhere."""
        for action in self._orders.actions():
            _set(action, action.data() == order.column)

    @property
    def _look(self) -> ListLook:
        return self._preferences.chosen.alarm_list

    def _order_menu(self) -> StayingMenu:
        menu = StayingMenu(tr("Order"), self)
        self._orders = QActionGroup(self)
        for column in (None, *sorted(SORTABLE)):
            words = tr("State, priority, newest") if column is None else tr(COLUMNS[column].full or "")
            made = menu.tick_box(words, column is None, lambda _: None)
            made.setData(column)
            made.triggered.connect(lambda _checked=False, column=column: self.order_wanted.emit(Order(column)))
            self._orders.addAction(made)
        return menu

    def _add_switches(self) -> None:
        words = {
            "is_tall": tr("Two lines for each alarm"),
            "is_grouped": tr("Alarms below their cause"),
            "is_parted": tr("Acknowledged ones in a table of their own"),
            "has_aside": tr("Also what is put aside"),
        }
        self.switches: Final = {
            name: self.tick_box(each, False, lambda is_on, name=name: self._change(name, is_on))
            for name, each in words.items()
        }

    def _change(self, name: str, is_on: bool) -> None:
        self._preferences.choose_alarm_list(replace(self._look, **{name: is_on}))

    def _choose_columns(self) -> None:
        ticked = tuple(name for name, box in self._boxes.items() if box.isChecked())
        self._preferences.choose_alarm_list(replace(self._look, columns=ticked))

    def _resize(self, by: int) -> None:
        at = SIZES.index(self._look.size) + by
        self._preferences.choose_alarm_list(replace(self._look, size=SIZES[at]))


def _set(box: QAction, is_on: bool) -> None:
    """Tick a box without telling anybody."""
    box.blockSignals(True)
    box.setChecked(is_on)
    box.blockSignals(False)
