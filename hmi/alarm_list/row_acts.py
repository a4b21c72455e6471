"""What a person does with rows of the list: acknowledging, and everything else that is only told. GUI thread."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from alarms.snapshot import AlarmRow
from hmi.alarm_list.card import ListCard
from hmi.alarm_list.seen_rows import sift
from hmi.alarms.commands import ACTS, ListCommands
from hmi.alarms.target import target_of_alarm
from hmi.context import Context
from hmi.i18n import tr


class RowActs(QObject):
    """Acts on exactly what is selected, or on screen, when it is asked.

    `shelve_wanted` carries rows and minutes (None: ask), `aside_wanted` an AlarmAct and rows.
    """

    alarm_opened = Signal(AlarmRow)
    trend_at_wanted = Signal(object)
    shelve_wanted = Signal(object, object)
    aside_wanted = Signal(object, object)
    configure_wanted = Signal(str)
    journal_wanted = Signal(str)
    copy_wanted = Signal(str)

    def __init__(self, context: Context, card: ListCard, commands: ListCommands) -> None:
        super().__init__(card)
        self._context, self._model, self._card = context, context.alarms, card
        for minutes, span in commands.spans.items():
            span.triggered.connect(self._shelving(minutes))
        commands.shelve.menuAction().triggered.connect(self._shelving(None))
        for name, act in ACTS.items():
            self._on(commands, name, lambda rows, act=act: self.aside_wanted.emit(act, rows))
        self._on(commands, "display", lambda rows: self.alarm_opened.emit(rows[0]))
        self._on(commands, "trend", self._want_trend)
        self._on(commands, "history_of", lambda rows: self.journal_wanted.emit(rows[0].tag))
        self._on(commands, "configure", lambda rows: self.configure_wanted.emit(rows[0].name))
        self._on(commands, "copy", lambda rows: self.copy_wanted.emit("\n".join(row.name for row in rows)))
        commands.on("ack_rows", self.acknowledge_selected)
        commands.on("ack_all", self.acknowledge_all)

    def acknowledge_selected(self) -> None:
        """Acknowledge the selected alarms that were on screen long enough to be read; say so if none is selected."""
        if chosen := self._chosen():
            self._acknowledge(chosen)

    def acknowledge_visible(self) -> None:
        """Acknowledge the alarms that are on screen, if they have been for long enough to be read."""
        self._acknowledge(self._card.on_screen())

    def acknowledge_all(self) -> None:
        """Acknowledge what passes the filter, as far as it was on screen at some time; say how many were left."""
        self._acknowledge(self._card.everything())

    def _acknowledge(self, rows: Sequence[AlarmRow]) -> None:
        seen = [view.seen for view in self._card.views]
        found = sift((row for row in rows if not self._model.is_pending(row)), *seen)
        self._model.acknowledge(found.read)
        if words := found.words or ("" if found.read else tr("There is nothing to acknowledge in these rows")):
            self._model.warned.emit(words)

    def _chosen(self) -> list[AlarmRow]:
        """Return the selected alarms; say so if there is none."""
        chosen = [row for row in self._card.chosen() if row.name]
        if not chosen:
            self._model.warned.emit(tr("No alarm is selected. Click one, or press Space on it."))
        return chosen

    def _shelving(self, minutes: int | None) -> Callable[[], None]:
        def shelve() -> None:
            if chosen := self._chosen():
                self.shelve_wanted.emit(chosen, minutes)

        return shelve

    def _on(self, commands: ListCommands, name: str, act: Callable[[list[AlarmRow]], object]) -> None:
        def do() -> None:
            if chosen := self._chosen():
                act(chosen)

        commands.on(name, do)

    def _want_trend(self, rows: Sequence[AlarmRow]) -> None:
        target = target_of_alarm(self._context, rows[0])
        if target.trend:
            self.trend_at_wanted.emit(target)
