"""The report of one flood, and the journal of its minutes. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal

from alarms.journal_query import JournalPage, JournalQuery
from alarms.kpi.floods import Flood
from database.errors import DatabaseError
from hmi.alarm_journal.cells import event_word
from hmi.alarm_kpis.rows_table import Line, RowsTable
from hmi.alarm_kpis.words import span_text, user_text
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.history.card import Lines
from hmi.history.words import duration_text
from hmi.i18n import tr
from hmi.numbers import clock_text, number_text
from hmi.table_column import Column
from hmi.widgets import button, label, set_text
from plant_models.message import message, words_of

WIDEST: Final = 1000
ROWS: Final = 500
_MOST: Final = 5
_COLUMNS: Final = (
    Column(message("Time"), 92),
    Column(message("Event"), 150),
    Column(message("Alarm"), 190, is_condensed=True),
    Column(message("Text"), 0),
    Column(message("Operator"), 110, is_quiet=True),
)


class FloodSheet(Sheet):
    """Says what the flood was; asks for its journal at once, the oldest rows first.

    `journal_wanted` carries the time (µs UTC) before which it lies in the whole journal.
    """

    journal_wanted = Signal(object)

    def __init__(self, context: Context, flood: Flood) -> None:
        super().__init__(tr("Alarm flood"), span_text(flood.start_us, flood.end_us, context.zone), WIDEST)
        self._context, self._flood = context, flood
        self.lines = Lines()
        self.lines.show_lines(flood_lines(context, flood))
        self.words = label(tr("The journal is being read"), "text2")
        self.table = RowsTable(tr("Journal of these minutes"), _COLUMNS, _MOST)
        self.table.hide()
        self.body.addWidget(self.lines)
        self.body.addWidget(label(tr("Journal of these minutes"), "card"))
        self.body.addWidget(self.words)
        self.body.addWidget(self.table)
        self.show_all = button(tr("Open the journal there"), "command", "journal")
        self.show_all.clicked.connect(self._want_journal)
        self.leave = button(tr("Close"), "command")
        self.leave.clicked.connect(self.close_sheet)
        self.footer.addWidget(self.show_all)
        self.footer.addStretch(1)
        self.footer.addWidget(self.leave)
        if context.tasks.is_running:
            context.tasks.start(self.load())

    async def load(self) -> None:
        """Read the journal of these minutes."""
        query = JournalQuery(start_us=self._flood.start_us, end_us=self._flood.end_us, limit=ROWS)
        try:
            self._show(await self._context.station.journal(query))
        except DatabaseError as error:
            set_text(self.words, tr("The journal can't be read: {reason}").format(reason=tr(words_of(error))))

    def _want_journal(self) -> None:
        self.close_sheet()
        self.journal_wanted.emit(self._flood.end_us)

    def _show(self, page: JournalPage) -> None:
        zone = self._context.zone
        self.table.show_lines(
            [
                Line(
                    (
                        clock_text(row.at_us, zone),
                        event_word(row.event),
                        row.alarm,
                        tr(row.text or row.comment),
                        row.user,
                    ),
                    row,
                )
                for row in reversed(page.rows)
            ]
        )
        self.table.setVisible(bool(page.rows))
        counts = number_text(len(page.rows), 0), number_text(page.total, 0)
        words = tr("{shown} of {total} events; the others stand in the journal").format(
            shown=counts[0], total=counts[1]
        )
        is_cut = page.total > len(page.rows)
        set_text(self.words, words if is_cut else tr("{total} events").format(total=counts[1]))


def flood_lines(context: Context, flood: Flood) -> Sequence[tuple[str, str]]:
    """Return what is to be said of a flood, as names and words."""
    calm = tr("not over yet") if flood.calm_s is None else duration_text(flood.calm_s)
    users = ", ".join(f"{user_text(user)} {number_text(count, 0)}" for user, count in flood.acknowledged)
    return (
        (tr("Annunciated"), number_text(flood.count, 0)),
        (tr("Lasted"), duration_text((flood.end_us - flood.start_us) / 1e6)),
        (tr("Most in 10 min"), number_text(flood.peak, 0)),
        (tr("From the peak until calm"), calm),
        (tr("First alarm"), f"{clock_text(flood.first_us, context.zone)}  {flood.first}  {tr(flood.first_text)}"),
        (tr("Most frequent"), ", ".join(f"{each.alarm} {number_text(each.count, 0)}" for each in flood.most)),
        (
            tr("Priorities"),
            ", ".join(
                tr("priority {priority}: {count}").format(priority=each, count=number_text(count, 0))
                for each, count in sorted(flood.by_priority)
            ),
        ),
        (tr("Acknowledged by"), users or tr("nobody")),
    )
