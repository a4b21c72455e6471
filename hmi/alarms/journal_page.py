"""The journal: what the alarms did and who acknowledged them, read page by page. GUI thread."""

from datetime import timedelta
from typing import Final

from PySide6.QtCore import QModelIndex, QPoint, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QStackedLayout, QTableView, QWidget

from alarms.journal_query import JournalPage, JournalQuery, JournalRow
from alarms.snapshot import PRIORITIES
from database.errors import DatabaseError
from hmi.alarms.filter_bar import filter_field
from hmi.alarms.journal_delegate import JournalDelegate
from hmi.alarms.journal_table import COLUMNS, COMMENT, ROW_ROLE, JournalTable
from hmi.alarms.nothing import Nothing
from hmi.alarms.priority_toggle import PriorityToggle
from hmi.alarms.row_menu import RowMenu
from hmi.alarms.subject import Subject, subject_of
from hmi.alarms.subject_chip import SubjectChip
from hmi.alarms.target import target_of_event
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.table_view import set_up_table
from hmi.widgets import ElidedLabel, button, column, row, set_text
from plant_models.message import message, words_of

ROWS: Final = 200
SPANS: Final = (
    (timedelta(hours=1), message("1 h")),
    (timedelta(hours=8), message("8 h")),
    (timedelta(hours=24), message("24 h")),
    (timedelta(days=7), message("7 d")),
    (None, message("All")),
)
NO_ALARM: Final = 0
"""The priority of events that are about no alarm, such as a loss of events: no choice of priorities hides them."""
_USUAL: Final = 1
_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_TICKS: Final = 5


class JournalView(QWidget):
    """Reads at most twice a second and never twice at once.

    The newest page follows what happens; older pages stand still: what came after the newest page was left isn't
    counted.
    """

    menu_wanted = Signal(object, QPoint)
    trend_at_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._offset, self._total = 0, 0
        self._last_seq: int | None = None
        self._is_reading, self._is_wanted, self._has_read = False, True, False
        self._ticks = 0
        self._problem = ""
        self.table = JournalTable(context)
        self.view = QTableView()
        self.field = filter_field(tr("Tag, text or operator"))
        self.field.textChanged.connect(self._restart)
        self.chip = SubjectChip()
        self.chip.clicked.connect(lambda: self._set_subject(None))
        self._subject: Subject | None = None
        self.spans = QButtonGroup(self)
        self.priorities: dict[int, QPushButton] = {}
        self.newer, self.older = button(tr("Newer")), button(tr("Older"))
        self.newer.clicked.connect(lambda: self._turn(-ROWS))
        self.older.clicked.connect(lambda: self._turn(ROWS))
        self.trend = button(tr("Trend"), icon_name="trend")
        self.trend.clicked.connect(self._want_trend)
        self._count = ElidedLabel(role="text2")
        self._sheets = QStackedLayout()
        self._nothing = Nothing()
        self._nothing.everything_wanted.connect(self._show_everything)
        self._build()
        self.setFocusProxy(self.view)
        RowMenu(self.view).wanted.connect(self._want_menu)
        self.view.selectionModel().selectionChanged.connect(self._on_row)
        self.table.modelReset.connect(self._on_row)
        self._on_row()
        context.alarms.changed.connect(self._on_alarms)
        context.ticker.tick.connect(self._on_tick)

    @property
    def count_words(self) -> str:
        """What stands below the rows, or in place of them."""
        return self._count.text() or self._nothing.words

    def show_events_of(self, name: str) -> None:
        """Show the events of a tag, or of a piece of equipment with its parts."""
        self.field.clear()
        for shown in self.priorities.values():
            shown.setChecked(True)
        self._set_subject(subject_of(self._context.plant, name))

    def step_back(self) -> None:
        """Show the events of everything again."""
        if self._subject is not None:
            self._set_subject(None)

    def _set_subject(self, subject: Subject | None) -> None:
        self._subject = subject
        self.chip.show_subject(subject)
        self._restart()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._want()
        self._start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        margin = _MARGIN if is_wide else _COMPACT_MARGIN
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self.view.setColumnHidden(COMMENT, not is_wide)
        taken = sum(each.width for at, each in enumerate(COLUMNS) if is_wide or at != COMMENT)
        room = event.size().width() - 2 * margin - 4 - self.view.verticalScrollBar().sizeHint().width()
        for at, each in enumerate(COLUMNS):
            self.view.setColumnWidth(at, each.width or max(180, room - taken))

    def _query(self) -> JournalQuery:
        span = SPANS[self.spans.checkedId()][0]
        start = None if span is None else self._context.clock.wall_us() - int(span.total_seconds() * 1e6)
        chosen = frozenset(priority for priority, shown in self.priorities.items() if shown.isChecked())
        return JournalQuery(
            start_us=start,
            text=self.field.text().strip(),
            tags=frozenset() if self._subject is None else self._subject.tags,
            priorities=frozenset() if len(chosen) == len(PRIORITIES) else chosen | {NO_ALARM},
            limit=ROWS,
            offset=self._offset,
            last_seq=self._last_seq,
        )

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS == 0 and self.isVisible():
            self._start()

    def _start(self) -> None:
        if self._is_wanted and not self._is_reading:
            self._is_wanted, self._is_reading = False, True
            self._context.tasks.start(self._read(self._query()))

    async def _read(self, query: JournalQuery) -> None:
        try:
            page = await self._context.station.journal(query)
            self._problem = ""
        except DatabaseError as error:
            page = JournalPage((), 0)
            self._problem = tr(words_of(error))
        finally:
            self._is_reading, self._has_read = False, True
        self._show(page)

    def _show(self, page: JournalPage) -> None:
        self._total = page.total
        self.table.show_rows(page.rows)
        first, last = self._offset + bool(page.rows), self._offset + len(page.rows)
        words = tr("{first} to {last} of {total} events").format(
            first=number_text(first, 0), last=number_text(last, 0), total=number_text(page.total, 0)
        )
        is_empty = not page.rows and self._offset == 0
        self._sheets.setCurrentIndex(1 if is_empty else 0)
        set_text(self._count, "" if is_empty else words)
        self._nothing.say(self._empty_words(), is_filtered=self._has_read and self._is_narrowed and not self._problem)
        self.newer.setEnabled(self._offset > 0)
        self.older.setEnabled(last < page.total)

    @property
    def _is_narrowed(self) -> bool:
        query = self._query()
        return query.start_us is not None or bool(query.text or query.tags or query.priorities)

    def _empty_words(self) -> str:
        """Return what stands in an empty journal: why it can't be read, or why nothing is found."""
        if self._problem:
            return tr("The journal can't be read: {reason}").format(reason=self._problem)
        if not self._has_read:
            return tr("The journal is being read")
        return tr("No event in this time passes the filter.") if self._is_narrowed else tr("No event so far.")

    def _show_everything(self) -> None:
        self.spans.buttons()[-1].setChecked(True)
        self.field.clear()
        for shown in self.priorities.values():
            shown.setChecked(True)
        self._set_subject(None)

    def _want(self) -> None:
        self._is_wanted = True

    def _on_alarms(self) -> None:
        if self._offset == 0:
            self._want()

    def _restart(self) -> None:
        """Read from the newest event on, with the filter of the moment."""
        self._offset, self._last_seq = 0, None
        self._want()

    def _turn(self, by: int) -> None:
        if self._offset == 0 and self.table.rows:
            self._last_seq = self.table.rows[0].seq
        self._offset = max(0, self._offset + by)
        if self._offset == 0:
            self._last_seq = None
        self.view.scrollToTop()
        self._want()

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

    def _build(self) -> None:
        self._outer = column(self, spacing=16)
        tools = row(spacing=12)
        tools.addWidget(self._make_spans())
        tools.addWidget(self._make_priorities())
        tools.addStretch(1)
        tools.addWidget(self.chip)
        tools.addWidget(self.field)
        self._outer.addLayout(tools)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = column(card, margin=1)
        self._set_up_view()
        self._sheets.addWidget(self.view)
        self._sheets.addWidget(self._nothing)
        inside.addLayout(self._sheets, 1)
        foot = row(spacing=8)
        foot.setContentsMargins(14, 8, 14, 8)
        foot.addWidget(self._count, 1)
        foot.addWidget(self.trend)
        foot.addWidget(self.newer)
        foot.addWidget(self.older)
        inside.addLayout(foot)
        self._outer.addWidget(card, 1)
        self._show(JournalPage((), 0))

    def _make_spans(self) -> QWidget:
        bar = QWidget()
        layout = row(bar)
        for at, (_, words) in enumerate(SPANS):
            made = _segment(tr(words), at, len(SPANS))
            made.setChecked(at == _USUAL)
            self.spans.addButton(made, at)
            layout.addWidget(made)
        self.spans.idClicked.connect(self._restart)
        return bar

    def _make_priorities(self) -> QWidget:
        bar = QWidget()
        layout = row(bar, spacing=4)
        for priority in PRIORITIES:
            made = self.priorities[priority] = PriorityToggle(priority)
            made.toggled.connect(self._restart)
            layout.addWidget(made)
        return bar

    def _set_up_view(self) -> None:
        view = self.view
        view.setModel(self.table)
        self._delegate = JournalDelegate()
        view.setItemDelegate(self._delegate)
        set_up_table(view, tr("Journal"))


def _segment(words: str, at: int, count: int) -> QPushButton:
    made = button(words, "segment")
    made.setProperty("place", "first" if at == 0 else "last" if at == count - 1 else "")
    made.setCheckable(True)
    return made
