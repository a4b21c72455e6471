"""The view of all configured alarms: filter, list, and what an engineer does with them. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QPushButton, QStackedLayout, QWidget

from alarms.definitions import Alarm
from hmi.alarm_editor.change_sheet import ChangeSheet, Wanted, disabling, removing
from hmi.alarm_editor.copies import copy_of
from hmi.alarm_editor.csv_sheet import ExportAlarmsSheet, ImportAlarmsSheet
from hmi.alarm_editor.editor import EditSheet
from hmi.alarm_editor.filter_bar import ConfiguredFilterBar
from hmi.alarm_editor.list_view import ConfiguredView
from hmi.alarm_editor.new_sheet import NewAlarmSheet
from hmi.alarm_editor.reload_sheet import ReloadSheet
from hmi.alarm_editor.table import ConfiguredFilter, ConfiguredTable
from hmi.alarms.nothing import Nothing
from hmi.alarms.rights import may_configure
from hmi.context import Context
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.units.choice import units
from hmi.widgets import ICON_GAP, ElidedLabel, button, column, row, set_text
from plant_models.alarm_definition import AlarmDefinition

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1500
_PAUSE_MS: Final = 120
_MOST_AT_ONCE: Final = 200


class ConfiguredPage(QWidget):
    """`sheet_wanted` carries a dialog to open."""

    sheet_wanted = Signal(Sheet)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._may = may_configure(context.session)
        self.table = ConfiguredTable(context)
        self.view = ConfiguredView(self.table)
        self.filter_bar = ConfiguredFilterBar()
        self.edit = button(tr("Edit") if self._may else tr("Show"), "primary", "edit" if self._may else "display")
        self.new = button(tr("New"), icon_name="add")
        self.duplicate = button(tr("Duplicate"), icon_name="copy")
        self.disable = button(tr("Disable"), icon_name="pause")
        self.remove = button(tr("Remove"), icon_name="minus")
        self.export = button(tr("Export"), icon_name="export")
        self.take_in = button(tr("Import"), icon_name="import")
        self.reload = button(tr("Read anew"), icon_name="redo")
        self.reload.setToolTip(tr("Take up alarms.csv after another program changed it"))
        self._foot = ElidedLabel(role="text2")
        self._sheets = QStackedLayout()
        self._nothing = Nothing()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._build()
        self._connect()
        self.setFocusProxy(self.view)
        self.refresh()

    def show_alarm(self, name: str) -> None:
        """Choose an alarm and open it."""
        self.filter_bar.clear()
        self._filter()
        at = self.table.row_of(name)
        if at is not None:
            self.view.selectRow(at)
            self.view.scrollTo(self.table.index(at, 0))
            self._open(self.table.shown[at])

    def refresh(self) -> None:
        """Follow what is shown and chosen."""
        shown, total = len(self.table.shown), self.table.total
        self._sheets.setCurrentIndex(0 if shown else 1)
        words = tr("No alarm passes the filter.") if total else tr("No alarm is configured.")
        self._nothing.say(words, is_filtered=total > 0)
        count = self.view.count_chosen()
        chosen = self.view.chosen() if count <= _MOST_AT_ONCE else []
        counted = tr("{shown} of {count} alarms").format(shown=number_text(shown, 0), count=number_text(total, 0))
        picked = tr("{count} chosen").format(count=number_text(count, 0)) if count > 1 else ""
        set_text(self._foot, " · ".join(filter(None, (counted, picked, self._rule()))))
        declared = [alarm for alarm in chosen if alarm.definition.tag]
        self.edit.setEnabled(len(chosen) == 1)
        self.duplicate.setEnabled(len(declared) == 1)
        is_some = 0 < len(declared) == count
        for each in (self.disable, self.remove):
            each.setEnabled(is_some)
        is_off = is_some and not any(alarm.definition.enabled for alarm in declared)
        set_text(self.disable, f"{ICON_GAP}{tr('Enable') if is_off else tr('Disable')}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        margin = _MARGIN if self.window().width() >= _WIDE else _COMPACT_MARGIN
        self._outer.setContentsMargins(margin, margin, margin, margin)

    def step_back(self) -> None:
        """Undo what narrows the list."""
        if self.filter_bar.filter.is_on:
            self.filter_bar.clear()

    def _rule(self) -> str:
        return "" if self._may else tr("Only an engineer or an administrator changes them.")

    def _filter(self) -> None:
        self._pause.stop()
        self.table.set_filter(self.filter_bar.filter)

    def _on_filter(self, wanted: ConfiguredFilter) -> None:
        """Wait for the end of a word, but follow a choice at once."""
        if wanted.text != self.table.filter.text:
            self._pause.start()
        else:
            self._filter()

    def _open(self, alarm: Alarm) -> None:
        self.sheet_wanted.emit(EditSheet(self._context, alarm.definition, is_known=True))

    def _open_chosen(self) -> None:
        for alarm in self.view.chosen()[:1]:
            self._open(alarm)

    def _want_new(self) -> None:
        sheet = NewAlarmSheet(self._context)
        sheet.chosen.connect(self._open_unknown)
        self.sheet_wanted.emit(sheet)

    def _open_unknown(self, definition: AlarmDefinition) -> None:
        """Open what doesn't exist yet; the dialog that asked for it closes first."""
        QTimer.singleShot(0, self, lambda: self.sheet_wanted.emit(EditSheet(self._context, definition, is_known=False)))

    def _want_copy(self) -> None:
        for alarm in self.view.chosen()[:1]:
            names = self._context.station.alarms.configured
            self.sheet_wanted.emit(EditSheet(self._context, copy_of(alarm.definition, names), is_known=False))

    def _declared(self) -> Sequence[AlarmDefinition]:
        return [alarm.definition for alarm in self.view.chosen() if alarm.definition.tag]

    def _want_disabled(self) -> None:
        chosen = self._declared()
        is_enabled = not any(each.enabled for each in chosen)
        self.sheet_wanted.emit(ChangeSheet(self._context, disabling(chosen, is_enabled)))

    def _want_removed(self) -> None:
        self.sheet_wanted.emit(ChangeSheet(self._context, removing(self._declared())))

    def _want_export(self) -> None:
        self.sheet_wanted.emit(ExportAlarmsSheet(self._context, [alarm.definition for alarm in self.table.shown]))

    def _want_import(self) -> None:
        sheet = ImportAlarmsSheet(self._context)
        sheet.read.connect(self._ask_about)
        self.sheet_wanted.emit(sheet)

    def _want_reload(self) -> None:
        self.sheet_wanted.emit(ReloadSheet(self._context))

    def _ask_about(self, wanted: Wanted) -> None:
        QTimer.singleShot(0, self, lambda: self.sheet_wanted.emit(ChangeSheet(self._context, wanted)))

    def _connect(self) -> None:
        self.view.opened.connect(self._open)
        self.view.chosen_changed.connect(self.refresh)
        self.filter_bar.changed.connect(self._on_filter)
        self._nothing.everything_wanted.connect(self.filter_bar.clear)
        self._pause.timeout.connect(self._filter)
        self.edit.clicked.connect(self._open_chosen)
        self.new.clicked.connect(self._want_new)
        self.duplicate.clicked.connect(self._want_copy)
        self.disable.clicked.connect(self._want_disabled)
        self.remove.clicked.connect(self._want_removed)
        self.export.clicked.connect(self._want_export)
        self.take_in.clicked.connect(self._want_import)
        self.reload.clicked.connect(self._want_reload)
        units().changed.connect(self.view.viewport().update)

    def _build(self) -> None:
        self._outer = column(self, spacing=16)
        tools = row(spacing=8)
        changing: tuple[QPushButton, ...] = (self.new, self.duplicate, self.disable, self.remove)
        tools.addWidget(self.edit)
        for each in changing:
            tools.addWidget(each)
        tools.addStretch(1)
        tools.addWidget(self.reload)
        tools.addWidget(self.take_in)
        tools.addWidget(self.export)
        for each in (*changing, self.reload, self.take_in):
            each.setVisible(self._may)
        self._outer.addLayout(tools)
        self._outer.addWidget(self.filter_bar)
        card = QFrame()
        card.setProperty("kind", "card")
        inside = column(card, margin=1)
        self._sheets.addWidget(self.view)
        self._sheets.addWidget(self._nothing)
        inside.addLayout(self._sheets, 1)
        foot = row()
        foot.setContentsMargins(14, 10, 14, 10)
        foot.addWidget(self._foot, 1)
        inside.addLayout(foot)
        self._outer.addWidget(card, 1)
