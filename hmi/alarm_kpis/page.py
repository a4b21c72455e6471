"""The page "Alarm performance": what the alarms ask of a position now, and how good they were in the last days.

GUI thread. Figures of the moment come from a mirror once a second; reports are asked for when the page is opened, when
something else is chosen, and every few minutes while it is seen. A report that nobody waits for any more is dropped.
"""

import asyncio
from pathlib import Path
from typing import Final

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from alarms.kpi.loads import PositionLoad
from alarms.kpi.report import AlarmReport
from database.errors import DatabaseError
from hmi.alarm_kpis.live_card import LiveCard
from hmi.alarm_kpis.paper import report_pdf
from hmi.alarm_kpis.proposals import bad_actors, proposal_for, with_proposals
from hmi.alarm_kpis.report_body import ReportBody
from hmi.alarm_kpis.sheet_csv import report_csv
from hmi.alarm_kpis.spans import MONTH, SPANS, queries
from hmi.alarm_kpis.words import coverage_text, span_text, summary
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.drop_list import DropList
from hmi.i18n import tr
from hmi.new_file import new_file
from hmi.numbers import local_time
from hmi.preferences.segment import Segment
from hmi.trends.export_sheet import ExportSheet
from hmi.widgets import button, column, label, row, set_text, wrapped
from plant_models.message import words_of

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
AGAIN_US: Final = 300_000_000


class AlarmKpisPage(QWidget):
    """The figures of the moment above, the report below.

    `sheet_wanted` carries a dialog, `journal_wanted` and `alarms_wanted` a tag, `journal_at_wanted` a time (µs UTC),
    `menu_wanted` a target and a place, `file_told` why a file couldn't be written, "" once that is tried again.
    """

    sheet_wanted = Signal(Sheet)
    journal_wanted = Signal(str)
    journal_at_wanted = Signal(object)
    alarms_wanted = Signal(str)
    menu_wanted = Signal(object, QPoint)
    file_told = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._asked_us: int | None = None
        self._number = 0
        self._report: AlarmReport | None = None
        self._before: AlarmReport | None = None
        self.spans = Segment(tr("Time"), [(span, tr(words)) for span, words in SPANS])
        self.spans.show_choice(MONTH)
        self.setFocusProxy(self.spans.buttons[MONTH])
        self.positions = DropList()
        self.title, self.detail = label(role="title"), wrapped(role="text2")
        self.coverage = wrapped(role="strong")
        self.live, self.body = LiveCard(context), ReportBody(context)
        self.state = wrapped(tr("The journal is being read"), "text2")
        self.again = button(tr("Try again"))
        self.pdf, self.csv = button(tr("PDF"), icon_name="export"), button(tr("CSV"), icon_name="export")
        self._build()
        self._connect()
        self.refresh()

    @property
    def report(self) -> AlarmReport | None:
        """The report that is shown, None until one has come."""
        return self._report

    def refresh(self) -> None:
        """Show the load of the moment."""
        station = self._context.station
        self.live.show_load(self._load_of(station.alarm_loads), station.is_evaluated)

    def ask(self) -> None:
        """Ask for the report anew."""
        if not self._context.tasks.is_running:
            return
        self._number += 1
        self._asked_us = self._context.clock.wall_us()
        self._context.tasks.start(self._load(self._number))

    async def export(self, path: Path) -> None:
        """Write what is shown, as the name of the file says: a PDF file, else a CSV file.

        What became of it stands below the title until the next report; a failure until somebody closes it.
        """
        self.file_told.emit("")
        if self._report is None:
            return
        is_pdf = path.suffix.lower() == ".pdf"
        name = f"{self._context.plant.name}, {self.positions.currentText()}"
        if is_pdf:
            content = await report_pdf(self._context, name, self._report, self._before)
        else:
            content = report_csv(self._report, self._before)
        try:
            await asyncio.to_thread(_write, path, content)
        except OSError as error:
            reason = f"{path}: {error.strerror or error}"
            self.file_told.emit(tr("Nothing was exported: {reason}").format(reason=reason))
            return
        set_text(self.detail, tr("Written to {file}").format(file=path.name))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self._ask_if_due()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        margin = _MARGIN if is_wide else _COMPACT_MARGIN
        self._inside.setContentsMargins(margin, margin, margin, margin)
        self.live.arrange(is_wide)

    async def _load(self, number: int) -> None:
        query, before = queries(
            self.spans.choice, self._context.clock.wall_us(), self._context.zone, self.positions.currentData()
        )
        if self._report is None:
            self._say(tr("The journal is being read"))
        try:
            for asked in (query, before):
                report = await self._context.station.alarm_report(asked)
                if number != self._number:
                    return
                self._report, self._before = (report, None) if asked is query else (self._report, report)
                self._show()
            await self._propose(number)
        except DatabaseError as error:
            if number == self._number:
                self._report = self._before = None
                reason = tr("The journal can't be read: {reason}. The figures above are those of the moment.")
                self._say(reason.format(reason=tr(words_of(error))), is_error=True)

    async def _propose(self, number: int) -> None:
        """Ask what would make the bad actors better, and show it with them."""
        report, proposals = self._report, {}
        for alarm in bad_actors(report) if report is not None else ():
            proposals[alarm] = await proposal_for(self._context.station, alarm)
            if number != self._number:
                return
        if report is not None and any(proposals.values()):
            self._report = with_proposals(report, proposals)
            self._show()

    def _show(self) -> None:
        report = self._report
        assert report is not None, "shown only when one has come"
        self.body.show_report(report, self._before)
        set_text(self.title, summary(report.figures))
        set_text(self.detail, span_text(report.query.start_us, report.query.end_us, self._context.zone))
        words = coverage_text(report)
        set_text(self.coverage, words)
        self.coverage.setVisible(bool(words))
        self._say("")

    def _say(self, words: str, is_error: bool = False) -> None:
        """Say why there is no report; an empty text shows it."""
        set_text(self.state, words)
        self.state.setVisible(bool(words))
        self.again.setVisible(is_error)
        is_shown = not words
        for part in (self.body, self.title, self.detail):
            part.setVisible(is_shown)
        if not is_shown:
            self.coverage.hide()
        self.pdf.setEnabled(is_shown)
        self.csv.setEnabled(is_shown)

    def _load_of(self, loads: tuple[PositionLoad, ...]) -> PositionLoad | None:
        name = self.positions.currentData()
        return next((load for load in loads if load.position.name == name), None)

    def _choose(self) -> None:
        self.setFocusProxy(self.spans.buttons[self.spans.choice])
        self._report = None
        self.refresh()
        self.ask()

    def _on_blink(self, is_lit: bool) -> None:
        if is_lit and self.isVisible():
            self.refresh()
            self._ask_if_due()

    def _ask_if_due(self) -> None:
        now_us = self._context.clock.wall_us()
        if self._asked_us is None or abs(now_us - self._asked_us) >= AGAIN_US:
            self.ask()

    def _ask_for_file(self, suffix: str) -> None:
        stamp = local_time(self._context.clock.wall_us(), self._context.zone)
        name = f"alarm-performance-{stamp:%Y-%m-%d}-{self.spans.choice.replace(' ', '')}{suffix}"
        words = tr("The report as it is shown, with its charts") if suffix == ".pdf" else tr("The figures and lists")
        title = tr("Export as PDF") if suffix == ".pdf" else tr("Export as CSV")
        sheet = ExportSheet(name, words, title)
        sheet.chosen.connect(lambda path: self._context.tasks.start(self.export(path)))
        self.sheet_wanted.emit(sheet)

    def _connect(self) -> None:
        self.spans.chosen.connect(self._choose)
        self.positions.currentIndexChanged.connect(self._choose)
        self.again.clicked.connect(self.ask)
        self.pdf.clicked.connect(lambda: self._ask_for_file(".pdf"))
        self.csv.clicked.connect(lambda: self._ask_for_file(".csv"))
        self.body.sheet_wanted.connect(self.sheet_wanted)
        self.body.journal_wanted.connect(self.journal_wanted)
        self.body.journal_at_wanted.connect(self.journal_at_wanted)
        self.body.alarms_wanted.connect(self.alarms_wanted)
        self.body.menu_wanted.connect(self.menu_wanted)
        self._context.ticker.blink.connect(self._on_blink)

    def _build(self) -> None:
        content = QWidget()
        self._inside = column(content, spacing=16)
        tools = row(spacing=12)
        tools.addWidget(self.spans)
        tools.addWidget(self.positions)
        for position in self._context.plant.positions:
            self.positions.addItem(tr(position.title), position.name)
        self.positions.setAccessibleName(tr("Operator position"))
        self.positions.setVisible(self.positions.count() > 1)
        tools.addStretch(1)
        tools.addWidget(self.pdf)
        tools.addWidget(self.csv)
        words = column(spacing=2)
        for part in (self.title, self.detail, self.coverage, self.state):
            words.addWidget(part)
        words.addSpacing(8)
        words.addWidget(self.again, 0, Qt.AlignmentFlag.AlignLeft)
        self._inside.addLayout(tools)
        self._inside.addWidget(self.live)
        self._inside.addLayout(words)
        self._inside.addWidget(self.body)
        self._inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(content)
        content.setAutoFillBackground(False)
        outer = column(self)
        outer.addWidget(scroll)
        self._say(tr("The journal is being read"))


def _write(path: Path, content: bytes) -> None:
    """Write a new file, whole or not at all.

    Raises:
        OSError: it can't be written, or there is one already: nothing is replaced.
    """
    with new_file(path) as beside:
        beside.write_bytes(content)
