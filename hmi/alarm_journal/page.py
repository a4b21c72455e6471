"""The journal: what alarms did and people did, as one list that reads on as one scrolls. GUI thread."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QWidget

from alarms.journal_query import JournalRow
from hmi.alarm_journal.cells import COLUMNS, full_time, widths_within
from hmi.alarm_journal.details import JournalDetails
from hmi.alarm_journal.export_bar import JournalExportBar
from hmi.alarm_journal.filter_bar import JournalFilterBar
from hmi.alarm_journal.list_view import JournalList
from hmi.alarm_journal.loader import FRESH_TICKS, JournalLoader
from hmi.alarm_journal.printing import print_shown
from hmi.alarm_journal.range_sheet import jump_sheet
from hmi.alarm_journal.span import ALL, Moment
from hmi.alarm_journal.table import ROW_ROLE, JournalTable
from hmi.alarms.nothing import Nothing
from hmi.alarms.row_menu import RowMenu
from hmi.alarms.target import target_of_event
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import ElidedLabel, button, column, row, set_text

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400


class JournalView(QWidget):
    """Opens with the last eight hours. The newest rows follow what happens until somebody scrolls or chooses a row."""

    menu_wanted = Signal(object, QPoint)
    trend_at_wanted = Signal(object)
    sheet_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ticks = 0
        self.table = JournalTable(context)
        self.view = JournalList(self.table)
        self.bar = JournalFilterBar(context)
        self.loader = JournalLoader(context, self.table, lambda: self.view.is_at_top)
        self.fresh = button(icon_name="up")
        self.newest = button(tr("Newest"), icon_name="latest")
        self.trend = button(tr("Trend"), icon_name="trend")
        self.export = JournalExportBar(context, self.bar.query)
        self._count = ElidedLabel(role="text2")
        self._sheets = QStackedLayout()
        self._nothing = Nothing()
        self._build()
        self._connect()
        self._restart()
        self._on_row()

    @property
    def count_words(self) -> str:
        """What stands below the rows, or in place of them."""
        return self._count.text() or self._nothing.words

    def show_events_of(self, name: str) -> None:
        """Show the events of a tag, or of a piece of equipment with its parts."""
        self.bar.show_events_of(name)

    def step_back(self) -> None:
        """Show the events of everything again."""
        if self.bar.subject is not None:
            self.bar.show_subject(None)

    def go_to(self, at_us: int) -> None:
        """Scroll to a time (µs UTC); what lies outside the shown time is shown with all of it."""
        if not self.bar.span.holds(at_us, self._context.clock.wall_us()):
            self.bar.show_span(ALL)
        self.loader.restart(replace(self.bar.query(), at_us=at_us))
        self.loader.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.loader.want_fresh()
        self.loader.start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margin = _MARGIN if event.size().width() >= _WIDE else _COMPACT_MARGIN
        self._outer.setContentsMargins(margin, margin, margin, margin)
        room = event.size().width() - 2 * margin - 4 - self.view.verticalScrollBar().sizeHint().width()
        widths = widths_within(room)
        for at in range(len(COLUMNS)):
            self.view.setColumnHidden(at, at not in widths)
            self.view.setColumnWidth(at, widths.get(at, 0))

    def _restart(self) -> None:
        self.loader.restart(self.bar.query())
        if self.isVisible():
            self.loader.start()
        self._refresh()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self.isVisible() and self._ticks % FRESH_TICKS == 0:
            self.loader.want_fresh()
        if self.isVisible():
            self.loader.start()

    def _on_loaded(self) -> None:
        self._refresh()
        if self.isVisible():
            self.loader.start()

    def _on_restarted(self) -> None:
        self.view.clearSelection()
        self.view.scrollToTop()

    def _read_on(self, want: Callable[[], None]) -> None:
        want()
        self.loader.start()

    def _refresh(self) -> None:
        loader = self.loader
        is_empty = not self.table.rows
        self._sheets.setCurrentIndex(1 if is_empty else 0)
        set_text(self._count, "" if is_empty else self._count_words())
        can_show_all = loader.has_read and self.bar.is_narrowed and not (loader.problem or loader.is_searching)
        self._nothing.say(self._empty_words(), is_filtered=can_show_all)
        self.fresh.setVisible(bool(loader.fresh))
        count = number_text(loader.fresh, 0)
        more = tr("More than {count} new events") if loader.is_fresh_more else tr("{count} new events")
        one = tr("One new event")
        set_text(self.fresh, f"\u2002{one if loader.fresh == 1 else more.format(count=count)}")
        self.print_action.setEnabled(bool(self.table.rows))

    def _count_words(self) -> str:
        loader = self.loader
        total = number_text(max(loader.total, len(self.table.rows)), 0)
        words = tr("{shown} of more than {total} events") if loader.is_more else tr("{shown} of {total} events")
        words = words.format(shown=number_text(len(self.table.rows), 0), total=total)
        return " · ".join(filter(None, (words, self._search_words(), loader.missing)))

    def _search_words(self) -> str:
        if not self.loader.is_searching or self.loader.searched_us is None:
            return ""
        time = full_time(self._context, self.loader.searched_us)[:16]
        return tr("Searched back to {time}, going on").format(time=time)

    def _empty_words(self) -> str:
        """Return what stands in an empty journal: why it can't be read, or why nothing is found."""
        loader = self.loader
        if loader.problem:
            return tr("The journal can't be read: {reason}").format(reason=loader.problem)
        if not loader.has_read:
            return tr("The journal is being read")
        if loader.is_searching:
            return self._search_words()
        return tr("No event in this time passes the filter.") if self.bar.is_narrowed else tr("No event so far.")

    def _chosen(self) -> JournalRow | None:
        rows = self.view.selectionModel().selectedRows()
        return rows[0].data(ROW_ROLE) if rows else None

    def _on_row(self) -> None:
        chosen = self._chosen()
        self.trend.setEnabled(chosen is not None and bool(target_of_event(self._context, chosen).trend))

    def _want_trend(self) -> None:
        if (chosen := self._chosen()) is not None:
            self.trend_at_wanted.emit(target_of_event(self._context, chosen))

    def _want_menu(self, index: QModelIndex, at: QPoint) -> None:
        target = target_of_event(self._context, index.data(ROW_ROLE))
        if target.name:
            self.menu_wanted.emit(target, at)

    def _open_details(self, index: QModelIndex) -> None:
        self.sheet_wanted.emit(JournalDetails(self._context, index.data(ROW_ROLE)))

    def _ask_where(self) -> None:
        at_us = self.table.rows[0].recorded_us if self.table.rows else self._context.clock.wall_us()
        sheet = jump_sheet(self._context, at_us)
        sheet.chosen.connect(self._go_to_moment)
        self.sheet_wanted.emit(sheet)

    def _go_to_moment(self, moments: list[Moment]) -> None:
        self.go_to(moments[0].at(self._context.clock.wall_us()))

    def _connect(self) -> None:
        self.setFocusProxy(self.view)
        self.bar.changed.connect(self._restart)
        self.bar.sheet_wanted.connect(self.sheet_wanted)
        self.export.sheet_wanted.connect(self.sheet_wanted)
        self.export.closed.connect(self.view.setFocus)
        self.loader.changed.connect(self._on_loaded)
        self.loader.restarted.connect(self._on_restarted)
        self.view.start_near.connect(lambda: self._read_on(self.loader.want_newer))
        self.view.end_near.connect(lambda: self._read_on(self.loader.want_older))
        self.view.opened.connect(self._open_details)
        self.view.selectionModel().selectionChanged.connect(self._on_row)
        self.table.modelReset.connect(self._on_row)
        self._nothing.everything_wanted.connect(self.bar.clear)
        self.fresh.clicked.connect(self._restart)
        self.newest.clicked.connect(self._restart)
        self.trend.clicked.connect(self._want_trend)
        RowMenu(self.view).wanted.connect(self._want_menu)
        self._context.alarms.changed.connect(self.loader.want_fresh)
        self._context.ticker.tick.connect(self._on_tick)

    def _build(self) -> None:
        self._outer = column(self, spacing=16)
        self._outer.addWidget(self.bar)
        for made in self._make_tools():
            self.bar.second.addWidget(made)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = column(card, margin=1)
        self._sheets.addWidget(self.view)
        self._sheets.addWidget(self._nothing)
        inside.addLayout(self._sheets, 1)
        foot = row(spacing=8)
        foot.setContentsMargins(14, 8, 14, 8)
        foot.addWidget(self._count, 1)
        for each in (self.fresh, self.trend, self.newest):
            foot.addWidget(each)
        inside.addLayout(foot)
        inside.addWidget(self.export.progress)
        self._outer.addWidget(card, 1)

    def _make_tools(self) -> tuple[QPushButton, ...]:
        """Return the buttons at the right of the second line; each has a key, and so have two things without one."""
        self.go_action = QAction(tr("Go to a time"), self)
        self.go_action.triggered.connect(self._ask_where)
        self.print_action = QAction(tr("Print the rows in the list"), self)
        self.print_action.triggered.connect(lambda: print_shown(self, self._context, self.table))
        self._add_key("Ctrl+F", self.bar.field.setFocus)
        self._add_key("Ctrl+Home", self.newest.click)
        return (
            self._make_tool(self.go_action, "clock", "Ctrl+G"),
            self._make_tool(self.export.action, "export", "Ctrl+E"),
            self._make_tool(self.print_action, "print", "Ctrl+P"),
        )

    def _make_tool(self, action: QAction, icon_name: str, key: str) -> QPushButton:
        made = button(icon_name=icon_name)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.addAction(action)
        made.setToolTip(f"{action.text()} ({action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)})")
        made.setAccessibleName(action.text())
        made.clicked.connect(action.trigger)
        action.enabledChanged.connect(made.setEnabled)
        return made

    def _add_key(self, key: str, act: Callable[[], None]) -> None:
        action = QAction(self)
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda: act())
        self.addAction(action)
