"""Asks from when to when a trend is to be shown, in the plant's local time. GUI thread."""

from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from hmi.dialogs.sheet import Sheet
from hmi.dialogs.titled import titled
from hmi.i18n import tr
from hmi.numbers import local_time
from hmi.trends.view import LONGEST_US, SHORTEST_US
from hmi.widgets import button, row, set_text, wrapped

_FORMAT: Final = "%Y-%m-%d %H:%M:%S"


class RangeSheet(Sheet):
    """Two times; `chosen` carries them once (µs UTC). It says what is wrong with them while they can't be shown.

    Of an hour that occurs twice the first one is meant.
    """

    chosen = Signal(object, object)

    def __init__(self, window: tuple[int, int], now_us: int, zone: tzinfo) -> None:
        named = local_time(now_us, zone).tzname() or ""
        super().__init__(tr("Show a time"), tr("Local time of the plant, now {zone}").format(zone=named))
        self._zone, self._now_us = zone, now_us
        self.start, self.end = (self._field(at_us) for at_us in window)
        fields = row(spacing=16)
        for text, field in ((tr("From"), self.start), (tr("To"), self.end)):
            fields.addLayout(titled(text, field), 1)
        self.body.addLayout(fields)
        self.problem = wrapped(role="problem")
        self.body.addWidget(self.problem)
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.show_button = button(tr("Show"), "primary")
        self.show_button.setProperty("scale", "command")
        self.show_button.clicked.connect(self._choose)
        self.footer.addStretch(1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.show_button)
        self._check()

    def first_focus(self) -> QLineEdit:
        return self.start

    def _field(self, at_us: int) -> QLineEdit:
        made = QLineEdit(f"{local_time(at_us, self._zone):{_FORMAT}}")
        made.textChanged.connect(self._check)
        made.returnPressed.connect(self._choose)
        return made

    def _times(self) -> tuple[int, int] | None:
        start, end = (time_of(field.text(), self._zone) for field in (self.start, self.end))
        return None if start is None or end is None else (start, end)

    def _check(self) -> None:
        times = self._times()
        example = f"{local_time(self._now_us, self._zone):{_FORMAT}}"
        unreadable = tr("Type date and time like {example}").format(example=example)
        words = unreadable if times is None else range_problem(*times, self._now_us)
        set_text(self.problem, words)
        self.problem.setVisible(bool(words))
        self.show_button.setEnabled(not words)

    def _choose(self) -> None:
        times = self._times()
        if times is not None and self.show_button.isEnabled():
            self.chosen.emit(times[0], min(times[1], self._now_us))
            self.close_sheet()


def time_of(text: str, zone: tzinfo) -> int | None:
    """Return a typed local time in µs UTC, None if it can't be read; seconds, or the time of day, may be left out."""
    try:
        typed = datetime.fromisoformat(text.strip())
        return round(typed.replace(tzinfo=typed.tzinfo or zone).timestamp()) * 1_000_000
    except (ValueError, OverflowError):
        return None


def range_problem(start_us: int, end_us: int, now_us: int) -> str:
    """Return in words why a trend can't show this time, "" if it can."""
    if start_us >= now_us:
        return tr("The beginning lies in the future")
    if min(end_us, now_us) - start_us < SHORTEST_US:
        return tr("The end must be at least 10 s after the beginning")
    return tr("At most 400 days can be shown at once") if end_us - start_us > LONGEST_US else ""
