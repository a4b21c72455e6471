"""The list itself: one table of alarms or two, what stands in its place when it is empty, and the line below.

GUI thread.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QStackedLayout, QWidget

from alarms.snapshot import AlarmRow
from hmi.alarm_list.filter import AlarmFilter
from hmi.alarm_list.pause import Pause
from hmi.alarm_list.shown import Choice, Part
from hmi.alarm_list.table import AlarmTable
from hmi.alarm_list.view import AlarmView
from hmi.alarms.nothing import Nothing
from hmi.alarms.row_menu import RowMenu
from hmi.context import Context
from hmi.i18n import tr
from hmi.preferences.list_look import ListLook
from hmi.widgets import ElidedLabel, button, column, hairline, row, set_text

_CHIP_FROM_TOP: Final = 44


class ListCard(QFrame):
    """`table` and `view` are the upper ones; the lower ones are hidden unless the list is parted."""

    opened = Signal(AlarmRow)
    current_changed = Signal(object)
    details_wanted = Signal()
    menu_wanted = Signal(AlarmView, QModelIndex, QPoint)
    everything_wanted = Signal()
    rows_changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._context = context
        self._is_parted = False
        self.table, self.lower_table = AlarmTable(context), AlarmTable(context, Part.NONE)
        self.view, self.lower_view = AlarmView(context, self.table), AlarmView(context, self.lower_table)
        self.pause = Pause(context)
        self.pause.switched.connect(self._hold)
        self.news = button(kind="", icon_name="up")
        self._foot = ElidedLabel(role="text2")
        self._nothing = Nothing()
        self._nothing.everything_wanted.connect(self.everything_wanted)
        self._sheets = QStackedLayout()
        self._build()
        for view in (self.view, self.lower_view):
            view.opened.connect(self.opened)
            view.model().folded.connect(self.rows_changed)
            view.current_changed.connect(self.current_changed)
            view.doubleClicked.connect(self.details_wanted)
            view.head_clicked.connect(self._sort_by)
            RowMenu(view).wanted.connect(lambda index, at, view=view: self.menu_wanted.emit(view, index, at))
        self.view.anchor.news.connect(self._tell_news)
        self.view.viewport().installEventFilter(self)

    @property
    def views(self) -> Sequence[AlarmView]:
        """Those that are shown."""
        return (self.view, self.lower_view) if self._is_parted else (self.view,)

    @property
    def tables(self) -> Sequence[AlarmTable]:
        """Those that are shown."""
        return (self.table, self.lower_table) if self._is_parted else (self.table,)

    @property
    def active_view(self) -> AlarmView:
        """The one that the keyboard is or was on."""
        return self.lower_view if self._is_parted and self.lower_view.hasFocus() else self.view

    @property
    def count(self) -> int:
        """How many rows are shown."""
        return sum(len(table.alarms) for table in self.tables)

    @property
    def passed(self) -> int:
        """How many rows pass the filter, with those that are folded away."""
        return sum(len(table.all) for table in self.tables)

    def chosen(self) -> list[AlarmRow]:
        """Return the selected alarms."""
        return [row for view in self.views for row in view.chosen()]

    def on_screen(self) -> list[AlarmRow]:
        """Return the alarms that can be read now."""
        return [row for view in self.views for row in view.on_screen()]

    def everything(self) -> list[AlarmRow]:
        """Return what passes the filter, also what is folded away."""
        return [row for table in self.tables for row in table.all]

    def set_look(self, look: ListLook) -> None:
        """Show it with other columns, sizes or parts."""
        self._is_parted = look.is_parted
        self.lower_view.setVisible(look.is_parted)
        self._line.setVisible(look.is_parted)
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if look.is_parted else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        for view in (self.view, self.lower_view):  # so that their columns stand below each other
            view.setVerticalScrollBarPolicy(policy)
        self.view.set_look(look)
        self.lower_view.set_look(look)
        self.choose(
            lambda choice: replace(choice, is_grouped=look.is_grouped, has_aside=look.has_aside),
        )

    def choose(self, change: Callable[[Choice], Choice]) -> None:
        """Change what is shown; `change` is told what is. Another tab may have other columns."""
        before = self.table.choice.tab
        for table in (self.table, self.lower_table):
            upper, lower = (Part.UPPER, Part.LOWER) if self._is_parted else (Part.WHOLE, Part.NONE)
            part = upper if table is self.table else lower
            table.choose(replace(change(table.choice), part=part))
        if self.table.choice.tab is not before:
            for view in (self.view, self.lower_view):
                view.fit()
        self.rows_changed.emit()

    def set_filter(self, wanted: AlarmFilter) -> None:
        """Show what passes another filter."""
        self.choose(lambda choice: replace(choice, filter=wanted))

    def say(self, foot: str, empty: str, is_filtered: bool) -> None:
        """Say what stands below the rows, or in place of them."""
        self._sheets.setCurrentIndex(0 if self.count else 1)
        self._nothing.say(empty, is_filtered=is_filtered)
        set_text(self._foot, foot)

    def let_time_pass(self) -> None:
        """Follow what changes without anything having happened."""
        for table in self.tables:
            table.let_time_pass()

    def write_anew(self) -> None:
        """Write every text again: units are others now."""
        for table in (self.table, self.lower_table):
            table.write_anew()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        del watched
        if event.type() == QEvent.Type.Resize:
            self._place_news()
        return False

    def _sort_by(self, column: int) -> None:
        self.choose(lambda choice: replace(choice, order=choice.order.clicked(column)))

    def _hold(self, is_held: bool) -> None:
        for table in (self.table, self.lower_table):
            table.hold(is_held)
        self.rows_changed.emit()

    def _tell_news(self, count: int) -> None:
        self.news.setVisible(count > 0)
        set_text(self.news, tr("{count} new above").format(count=count))
        self.news.adjustSize()
        self._place_news()

    def _place_news(self) -> None:
        x = (self.view.width() - self.news.width()) // 2
        self.news.move(self.view.mapTo(self, QPoint(x, _CHIP_FROM_TOP)))
        self.news.raise_()

    def _build(self) -> None:
        inside = column(self, margin=1)
        both = QWidget()
        parts = column(both)
        parts.addWidget(self.view, 3)
        self._line = hairline()
        parts.addWidget(self._line)
        parts.addWidget(self.lower_view, 2)
        self._sheets.addWidget(both)
        self._sheets.addWidget(self._nothing)
        inside.addLayout(self._sheets, 1)
        inside.addWidget(self.pause)  # below the rows, which don't move when it comes and goes
        foot = row()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.addWidget(self._foot, 1)
        inside.addLayout(foot)
        self.news.setParent(self)
        self.news.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.news.setProperty("kind", "primary")
        self.news.clicked.connect(self.view.anchor.go_to_top)
        self.news.hide()
