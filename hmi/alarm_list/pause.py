"""Holds the alarm list still for a while, and says all the time that it does and what has come since. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame

from alarms.snapshot import AlarmRow
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import clock_text
from hmi.widgets import IconLabel, button, label, row, set_text

LONGEST_S: Final = 60.0
"""After so long a pause ends by itself."""
_MOST_URGENT: Final = 1


class Pause(QFrame):
    """A bar; `switched` tells whether the list stands still now. Live values go on, or they would be none.

    It ends by itself after `longest_s` seconds, and at once when alarms are no longer evaluated: then nothing that
    stands there may be believed.
    """

    switched = Signal(bool)

    def __init__(self, context: Context, longest_s: float = LONGEST_S) -> None:
        super().__init__()
        self._context, self.longest_s = context, longest_s
        self._since_ns: int | None = None
        self._known: set[tuple[str, int]] = set()
        self.setProperty("kind", "strong")
        layout = row(self, spacing=12)
        layout.setContentsMargins(14, 4, 6, 4)
        layout.addWidget(IconLabel("pause", "primary_text"))
        self._words = label()
        self._since = ""
        layout.addWidget(self._words, 1)
        self.go_on = button(tr("Go on"), icon_name="play")
        self.go_on.clicked.connect(self.end)
        layout.addWidget(self.go_on)
        self.hide()
        context.ticker.tick.connect(self._on_tick)
        context.alarms.changed.connect(self._on_alarms)

    @property
    def is_on(self) -> bool:
        return self._since_ns is not None

    @property
    def words(self) -> str:
        """What the bar says; "" while nothing stands still."""
        return self._words.text() if self.is_on else ""

    def begin(self) -> None:
        """Hold the list."""
        context = self._context
        if self.is_on or not context.alarms.is_evaluated:
            return
        self._since_ns = context.clock.mono_ns()
        self._known = {(row.name, row.occurrence) for row in context.alarms.rows}
        self._since = clock_text(context.clock.wall_us(), context.zone)
        self._say()
        self.show()
        self.switched.emit(True)

    def end(self) -> None:
        """Let the list follow again."""
        if self.is_on:
            self._since_ns, self._known = None, set()
            self.hide()
            self.switched.emit(False)

    def toggle(self) -> None:
        """Begin or end."""
        if self.is_on:
            self.end()
        else:
            self.begin()

    def _on_tick(self) -> None:
        if self._since_ns is not None and self._context.clock.mono_ns() - self._since_ns >= self.longest_s * 1e9:
            self.end()

    def _on_alarms(self) -> None:
        if not self.is_on:
            return
        if self._context.alarms.is_evaluated:
            self._say()
        else:
            self.end()

    def _say(self) -> None:
        waiting = self._context.alarms.unacknowledged
        new: Sequence[AlarmRow] = [row for row in waiting if (row.name, row.occurrence) not in self._known]
        urgent = sum(row.priority == _MOST_URGENT for row in new)
        if urgent:
            words = tr("Paused since {time}: {count} new, {urgent} of priority 1")
        else:
            words = tr("Paused since {time}: {count} new") if new else tr("Paused since {time}: nothing new")
        set_text(self._words, words.format(time=self._since, count=len(new), urgent=urgent))
