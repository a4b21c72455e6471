"""Tells for as long as it lasts that more alarms come than anybody can handle. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QSizePolicy, QWidget

from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.widgets import IconLabel, label, row, set_text

_TICKS_PER_SECOND: Final = 10


class FloodMark(QWidget):
    """ "Alarm flood since 14:36, 14 in 10 min"; hidden while there is none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._ticks = 0
        self._title, self._words = label(tr("Alarm flood"), "strong"), label()
        layout = row(self, spacing=6)
        layout.addWidget(IconLabel("warning", "text"))
        layout.addSpacing(4)
        layout.addWidget(self._title)
        layout.addWidget(self._words)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.hide()
        context.ticker.tick.connect(self._on_tick)
        self._follow()

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS_PER_SECOND == 0:
            self._follow()

    def _follow(self) -> None:
        """Show the worst flood of all positions."""
        floods = [load for load in self._context.station.alarm_loads if load.is_flood]
        worst = max(floods, key=lambda load: load.last_10_min, default=None)
        self.show_load(worst.flood_since_us if worst else None, worst.last_10_min if worst else 0)

    def show_load(self, since_us: int | None, count: int) -> None:
        """Show since when there is a flood (µs UTC, None for none), and how many alarms came in ten minutes."""
        self.setVisible(since_us is not None)
        if since_us is None:
            return
        since, now = (local_time(each, self._context.zone) for each in (since_us, self._context.clock.wall_us()))
        time = f"{since:%H:%M}" if since.date() == now.date() else f"{since:%Y-%m-%d %H:%M}"
        set_text(self._words, tr("since {time}, {count} in 10 min").format(time=time, count=count))
        self.setAccessibleName(f"{self._title.text()} {self._words.text()}")
