"""Asks for how long and why alarms are put on the shelf. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtWidgets import QLineEdit, QVBoxLayout

from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.model import seen_of
from hmi.alarms.rights import longest_shelf_min, shelve_refusal
from hmi.alarms.spans import span_text, typed_minutes
from hmi.context import Context
from hmi.dialogs.alarm_act import AlarmActDialog, whose
from hmi.dialogs.recent_reasons import PickedReason
from hmi.i18n import tr
from hmi.numbers import local_time, moment_text, number_text
from hmi.preferences.segment import Segment
from hmi.tick import Tick
from hmi.widgets import column, label, row, set_property, set_text, wrapped

CHOICES: Final = (15.0, 60.0, 360.0, 720.0, 1440.0)
"""Minutes."""
_OTHER: Final = "other"
_FIELD: Final = 112
_MINUTE_US: Final = 60_000_000


class ShelveDialog(AlarmActDialog):
    """Longer than the class of an alarm allows can't be chosen; who may not shelve one reads so before trying."""

    def __init__(self, context: Context, rows: Sequence[AlarmRow], minutes: float | None = None) -> None:
        refused = {row.name: shelve_refusal(context.station, row, context.session) for row in rows}
        again = all(row.state is AlarmState.SHLVD for row in rows)
        title = tr("Shelve again") if again else tr("Shelve")
        super().__init__(context, title, whose(rows), rows, {name: why for name, why in refused.items() if why})
        self.longest = longest_shelf_min(context.station, self.allowed or self.rows)
        self.lengths = Segment(tr("For how long"), [*((f"{each:g}", span_text(each)) for each in CHOICES), _other()])
        self.other = QLineEdit()
        self._limit, self._until = wrapped(role="text2"), wrapped(role="strong")
        self.one_shot = Tick(tr("Only until it returns to normal, at the latest until then"))
        self.reason = PickedReason(context, tr("Reason, kept in the journal"))
        self._build()
        self._choose(minutes if minutes is not None else context.plant.philosophy.shelve_default_min)
        self.refresh()

    def first_focus(self) -> QLineEdit:
        return self.reason.focus_widget()

    @property
    def minutes(self) -> float | None:
        """How long they are to be shelved, None while that can't be."""
        chosen = self.lengths.choice
        wanted = typed_minutes(self.other.text()) if chosen == _OTHER else float(chosen)
        return wanted if wanted is not None and wanted <= self.longest else None

    def until_text(self) -> str:
        """Return until when they are to be shelved, in the time of the site."""
        return self._until.text()

    def make_request(self) -> AlarmRequest | None:
        minutes, reason = self.minutes, self.reason.text()
        if minutes is None or not reason or not self.allowed:
            return None
        return AlarmRequest(
            act=AlarmAct.SHELVE,
            seen=tuple(seen_of(row) for row in self.allowed),
            comment=reason,
            minutes=minutes,
            is_one_shot=self.one_shot.isChecked(),
        )

    def done_words(self) -> str:
        count = len(self.allowed)
        if count == 1:
            return tr("Shelved {until}").format(until=self._until_words())
        return tr("{count} alarms shelved {until}").format(count=number_text(count, 0), until=self._until_words())

    def refresh(self) -> None:
        minutes = self.minutes
        is_other = self.lengths.choice == _OTHER
        self.other.setVisible(is_other)
        self._hint.setVisible(is_other)
        set_property(self.other, "state", "invalid" if is_other and minutes is None and self.other.text() else "")
        words = self._until_words()
        set_text(self._until, f"{words[:1].upper()}{words[1:]}" if words else tr("Type a time that is allowed"))
        count = len(self.allowed)
        many = tr("Shelve {count} alarms").format(count=number_text(count, 0))
        set_text(self.confirm_button, many if count > 1 else tr("Shelve"))
        self.confirm_button.setEnabled(count > 0 and minutes is not None and bool(self.reason.text()))

    def lock(self) -> None:
        self.reason.lock()
        for each in (self.lengths, self.other, self.one_shot):
            each.setEnabled(False)

    def _until_words(self) -> str:
        if self.minutes is None:
            return ""
        now_us = self._context.clock.wall_us()
        at_us, zone = now_us + round(self.minutes * _MINUTE_US), self._context.zone
        zone_name = local_time(at_us, zone).tzname() or ""
        return tr("until {time} {zone}").format(time=moment_text(at_us, now_us, zone), zone=zone_name)

    def _choose(self, minutes: float) -> None:
        """Choose a length, or the longest that is allowed."""
        wanted = min(minutes, self.longest)
        if wanted in CHOICES:
            self.lengths.show_choice(f"{wanted:g}")
        else:
            self.lengths.show_choice(_OTHER)
            self.other.setText(f"{wanted:g}")

    def _build(self) -> None:
        self.body.addWidget(self.list)
        self.body.addLayout(self._make_lengths())
        self.body.addWidget(self.one_shot)
        self.body.addWidget(self.reason)
        self.lengths.chosen.connect(self.refresh)
        self.other.textChanged.connect(self.refresh)
        self.reason.edited.connect(self.refresh)

    def _make_lengths(self) -> QVBoxLayout:
        longest = span_text(self.longest)
        made = column(spacing=6)
        made.addWidget(label(tr("For how long"), "text2"))
        line = row(spacing=8)
        line.addWidget(self.lengths)
        line.addStretch(1)
        made.addLayout(line)
        self.other.setFixedWidth(_FIELD)
        self.other.setAccessibleName(tr("Minutes, or hours and minutes"))
        self._hint = label(tr("minutes, or hours and minutes as 1:30"), "text2")
        typed = row(spacing=8)
        typed.addWidget(self.other)
        typed.addWidget(self._hint, 1)
        made.addLayout(typed)
        made.addWidget(self._until)
        why = tr("The rules of its class allow {longest} at most.").format(longest=longest)
        for minutes in CHOICES:
            each = self.lengths.buttons[f"{minutes:g}"]
            each.setEnabled(minutes <= self.longest)
            each.setToolTip("" if minutes <= self.longest else why)
        if len(self.rows) > 1:
            why = tr("The rules of their classes allow {longest} at most for all of them.").format(longest=longest)
        set_text(self._limit, why)
        self._limit.setVisible(bool(self.allowed))
        made.addWidget(self._limit)
        return made


def _other() -> tuple[str, str]:
    return _OTHER, tr("Other")
