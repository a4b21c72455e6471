"""The alarms of one piece of equipment: those that are present, and below them what is watched. GUI thread."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QMoveEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from alarms.snapshot import AlarmRow
from hmi.actions import Target
from hmi.alarms.looks import glyph_of
from hmi.context import Context
from hmi.faceplate.alarm_line import AlarmLine
from hmi.faceplate.watched import WatchedHead, WatchedRow, watched
from hmi.i18n import tr
from hmi.units.choice import units
from hmi.widgets import button, column, set_text, wrapped
from plant_models.equipment import Equipment

_GAP = 4


def alarms_of(context: Context, equipment: Equipment) -> tuple[AlarmRow, ...]:
    """Return the present alarms of equipment: not acknowledged ones first, then by priority, then the newest."""
    mine = (row for row in context.alarms.rows if row.equipment == equipment.name)
    return tuple(sorted(mine, key=_order))


def count_of(context: Context, equipment: Equipment) -> int:
    """Return how many alarms of equipment are active or wait for an acknowledgement; those put aside don't count."""
    return sum(not _is_aside(row) for row in alarms_of(context, equipment))


class AlarmPage(QWidget):
    """Lines are made as they are needed and used again, never more than there were alarms at once."""

    trend_at_wanted = Signal(Target)
    list_wanted = Signal()
    shelve_wanted = Signal(AlarmRow)
    reset_wanted = Signal(AlarmRow)

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._equipment = context, equipment
        self._lines: list[AlarmLine] = []
        self._configured = context.station.alarms.configured
        self._watched: list[WatchedRow] = []
        self._empty, self._counts = wrapped(role="text2"), wrapped(role="text2")
        self._head = WatchedHead(self)
        self._list = button(tr("Alarm list"), icon_name="list")
        self._list.setToolTip(tr("Alarms of this"))
        self._list.clicked.connect(self.list_wanted)
        self._list.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._layout = column(self, spacing=_GAP)
        self._layout.addWidget(self._empty)
        self._layout.addWidget(self._counts)
        self._layout.addWidget(self._list)
        self._layout.addWidget(self._head)
        self._layout.addStretch(1)
        context.alarms.changed.connect(self.show_alarms)
        units().changed.connect(self._show_watched)
        self._show_watched()
        self.show_alarms()

    @property
    def lines(self) -> tuple[AlarmLine, ...]:
        """The lines that show an alarm, from the top."""
        return tuple(line for line in self._lines if not line.isHidden())

    def refresh(self) -> None:
        """Let the ages go on."""
        for line in self.lines:
            line.refresh()

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)  # scrolled, by hand or because something below has gone
        self.unsettle()

    def unsettle(self) -> None:
        """Note that every line may be elsewhere now."""
        for line in self._lines:
            line.unsettle()

    def show_alarms(self) -> None:
        """Show the alarms as they are now."""
        alarms = alarms_of(self._context, self._equipment)
        while len(self._lines) < len(alarms):
            self._add_line()
        for line, alarm in zip(self._lines, alarms, strict=False):
            line.show_alarm(alarm)
            line.show()
        for line in self._lines[len(alarms) :]:
            line.hide()
        is_evaluated = self._context.alarms.is_evaluated
        set_text(self._empty, tr("No alarms") if is_evaluated else tr("Alarms are not evaluated. Watch the values."))
        self._empty.setVisible(not alarms or not is_evaluated)
        self._list.setVisible(bool(alarms))
        words = _counts_words(alarms) if is_evaluated else ""
        set_text(self._counts, words)
        self._counts.setVisible(bool(words))
        if self._configured is not self._context.station.alarms.configured:
            self._configured = self._context.station.alarms.configured
            self._show_watched()

    def _add_line(self) -> None:
        line = AlarmLine(self._context, self)
        line.trend_at_wanted.connect(self.trend_at_wanted)
        line.shelve_wanted.connect(self.shelve_wanted)
        line.reset_wanted.connect(self.reset_wanted)
        self._lines.append(line)
        self._layout.insertWidget(self._layout.indexOf(self._list), line)

    def _show_watched(self) -> None:
        """Make the table of what is watched now, in the units that are chosen now."""
        for old in self._watched:
            self._layout.removeWidget(old)
            old.hide()
            old.deleteLater()
        definitions = watched(self._context, self._equipment)
        self._head.setVisible(bool(definitions))
        self._watched = [WatchedRow(self._context, each, self) for each in definitions]
        for made in self._watched:
            self._layout.insertWidget(self._layout.count() - 1, made)


def _order(row: AlarmRow) -> tuple[bool, bool, int, int]:
    return not row.state.is_unacknowledged, _is_aside(row), row.priority, -row.active_us


def _is_aside(row: AlarmRow) -> bool:
    return glyph_of(row).look.is_grey


def _counts_words(alarms: tuple[AlarmRow, ...]) -> str:
    """Return how many wait and how many were put aside, where that isn't plain from one line."""
    waiting, aside = sum(row.state.is_unacknowledged for row in alarms), sum(map(_is_aside, alarms))
    words = [tr("{count} not acknowledged").format(count=waiting)] if waiting else []
    if aside:
        words.append(tr("{count} put aside").format(count=aside))
    return ", ".join(words) if len(alarms) > 1 else ""
