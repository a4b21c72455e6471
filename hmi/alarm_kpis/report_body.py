"""The cards of a report: figures, charts and lists, in two columns. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from alarms.kpi.floods import Flood
from alarms.kpi.report import AlarmReport
from hmi.actions import Target
from hmi.alarm_kpis.chart import Chart
from hmi.alarm_kpis.draw_days import DAYS_HEIGHT, draw_days
from hmi.alarm_kpis.draw_figures import draw_figures, figures_height
from hmi.alarm_kpis.draw_map import draw_map, map_height
from hmi.alarm_kpis.draw_shares import answers_height, draw_answers, draw_mix, mix_height
from hmi.alarm_kpis.flood_sheet import FloodSheet
from hmi.alarm_kpis.lists import (
    ASIDE_COLUMNS,
    CHATTER_COLUMNS,
    FLEETING_COLUMNS,
    FLOOD_COLUMNS,
    STALE_COLUMNS,
    TOP_COLUMNS,
    aside_lines,
    chatter_lines,
    fleeting_lines,
    flood_rows,
    stale_lines,
    top_lines,
)
from hmi.alarm_kpis.rows_table import Line, RowsTable
from hmi.alarm_kpis.words import VERDICTS, title_of, value_text
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.history.card import Card
from hmi.i18n import tr
from hmi.trends.pens import target_of
from hmi.widgets import column, row, wrapped

_GAP: Final = 16


class ReportBody(QWidget):
    """Lists lead on: a flood to its report, a bad actor to its journal, a stale alarm to the list."""

    sheet_wanted = Signal(Sheet)
    journal_wanted = Signal(str)
    journal_at_wanted = Signal(object)
    alarms_wanted = Signal(str)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.figures, self.days, self.map, self.mix, self.answers = (Chart() for _ in range(5))
        self.top = RowsTable(tr("Most frequent alarms"), TOP_COLUMNS)
        self.floods = RowsTable(tr("Floods"), FLOOD_COLUMNS)
        self.chattering = RowsTable(tr("Chattering alarms"), CHATTER_COLUMNS)
        self.fleeting = RowsTable(tr("Fleeting alarms"), FLEETING_COLUMNS)
        self.stale = RowsTable(tr("Stale alarms"), STALE_COLUMNS)
        self.aside = RowsTable(tr("Aside"), ASIDE_COLUMNS)
        self._nothing: dict[RowsTable, Callable[[bool], None]] = {}
        self.floods.opened.connect(self._open_flood)
        for table in (self.top, self.chattering, self.fleeting):
            table.opened.connect(lambda actor: self._lead(self.journal_wanted, actor))
        for table in (self.stale, self.aside):
            table.opened.connect(lambda each: self._lead(self.alarms_wanted, each))
        for table in (self.top, self.chattering, self.fleeting, self.stale, self.aside):
            table.menu_wanted.connect(self._want_menu)
        self._build()

    def show_report(self, report: AlarmReport, before: AlarmReport | None) -> None:
        """Show a report, beside the figures of the time before if they are known."""
        context, zone = self._context, self._context.zone
        targets = context.plant.philosophy.targets
        self.figures.show_picture(
            lambda painter, ink, box: draw_figures(painter, ink, box, (report, before), targets),
            figures_height(),
            "; ".join(
                f"{title_of(each.key, targets)} {value_text(each.key, each.value)} {tr(VERDICTS[each.verdict])}"
                for each in report.figures
            ),
        )
        self.days.show_picture(
            lambda painter, ink, box: draw_days(painter, ink, box, report, targets, zone),
            DAYS_HEIGHT,
            tr("Annunciated a day"),
        )
        self.map.show_picture(
            lambda painter, ink, box: draw_map(painter, ink, box, report, targets, zone),
            map_height(report),
            tr("Annunciated in 10 min, by day and hour"),
        )
        self.mix.show_picture(
            lambda painter, ink, box: draw_mix(painter, ink, box, report), mix_height(), tr("Mix of priorities")
        )
        self.answers.show_picture(
            lambda painter, ink, box: draw_answers(painter, ink, box, report),
            answers_height(),
            tr("Time to acknowledge"),
        )
        self._fill(self.top, top_lines(report))
        self._fill(self.floods, flood_rows(context, report))
        self._fill(self.chattering, chatter_lines(context, report))
        self._fill(self.fleeting, fleeting_lines(report))
        self._fill(self.stale, stale_lines(context, report))
        self._fill(self.aside, aside_lines(context, report))

    def _fill(self, table: RowsTable, lines: list[Line]) -> None:
        table.show_lines(lines)
        table.setVisible(bool(lines))
        self._nothing[table](not lines)

    def _open_flood(self, flood: Flood) -> None:
        sheet = FloodSheet(self._context, flood)
        sheet.journal_wanted.connect(self.journal_at_wanted)
        self.sheet_wanted.emit(sheet)

    def _lead(self, where: "Signal", each: object) -> None:
        target = self._target(each)
        if target.tag:
            where.emit(target.tag)

    def _want_menu(self, each: object, at: QPoint) -> None:
        target = self._target(each)
        if target.tag:
            self.menu_wanted.emit(target, at)

    def _target(self, each: object) -> Target:
        """Return what a row is about; nothing if the plant has no such tag, or none any more."""
        context = self._context
        tag = context.tag(getattr(each, "tag", ""))
        if tag is None:
            return Target("", "", ())
        equipment = tag.equipment if tag.equipment in context.plant.equipment else ""
        return target_of(context.plant, context.station.table, equipment, tag.name)

    def _build(self) -> None:
        beside = row(self, spacing=_GAP)
        left, right = column(spacing=_GAP), column(spacing=_GAP)
        for line in (left, right):
            beside.addLayout(line, 1)
        left.addWidget(_card(tr("Figures and targets"), self.figures))
        left.addWidget(self._list(tr("Most frequent alarms"), self.top, tr("No alarm was annunciated in this time.")))
        left.addWidget(self._list(tr("Stale alarms"), self.stale, tr("None was active for longer than a day.")))
        left.addWidget(
            self._list(tr("Aside at the end"), self.aside, tr("None is shelved, suppressed or out of service."))
        )
        right.addWidget(_card(tr("Annunciated a day"), self.days))
        right.addWidget(_card(tr("Annunciated in 10 min"), self.map))
        right.addWidget(self._list(tr("Floods"), self.floods, tr("There was no flood.")))
        right.addWidget(_card(tr("Mix of priorities"), self.mix))
        right.addWidget(_card(tr("Time to acknowledge"), self.answers))
        right.addWidget(self._list(tr("Chattering alarms"), self.chattering, tr("No alarm chattered.")))
        right.addWidget(
            self._list(tr("Fleeting alarms"), self.fleeting, tr("No alarm was over before anybody could act."))
        )
        left.addStretch(1)
        right.addStretch(1)

    def _list(self, title: str, table: RowsTable, nothing: str) -> Card:
        card = Card(title)
        words = wrapped(nothing, "text2")
        self._nothing[table] = words.setVisible
        card.body.addWidget(words)
        card.body.addWidget(table)
        return card


def _card(title: str, content: QWidget) -> Card:
    card = Card(title)
    card.body.addWidget(content)
    return card
