"""Asks before a command or a change of mode: what it is now, what is wanted. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from hmi.context import Context
from hmi.dialogs.command import CommandDialog
from hmi.dialogs.reason_field import ReasonField
from hmi.faceplate.header import equipment_title
from hmi.faceplate.intent import Intent
from hmi.faceplate.part import Refused
from hmi.faceplate.reason_box import ReasonBox
from hmi.faceplate.since import since_text, state_since
from hmi.i18n import tr
from hmi.live import Reading, capitalised
from hmi.widgets import IconLabel, column, label, row, set_text, wrapped
from station.protocol import CommandRequest


class ConfirmDialog(CommandDialog):
    """The present state beside the wanted one; what the station would refuse can't be confirmed."""

    def __init__(self, context: Context, intent: Intent) -> None:
        self._intent = intent
        self._is_mode = intent.tag.member == context.type_of(intent.equipment).faceplate.mode
        area = context.area_title(intent.equipment.area)
        super().__init__(context, self._question(context), " · ".join(filter(None, (area, intent.tag.name))))
        self._present, self._detail, self._since = wrapped(role="title"), wrapped(), wrapped(role="text2")
        self._reason = ReasonField()
        self._refused = ReasonBox()
        self.body.addLayout(self._states())
        self.body.addWidget(self._refused)
        self.body.addWidget(self._reason)
        self.confirm_button.setText(tr(intent.title))
        self.refresh()

    def intent(self) -> Intent:
        return self._intent

    def make_request(self) -> CommandRequest | None:
        seen = self._reading()
        return self._intent.request(self._reason.text(), seen.value if seen.is_usable else None)

    def refresh(self) -> None:
        self._show_present()
        if self.is_sent:
            return
        reasons = self._context.station.refusals(self._intent.request(), self._context.session)
        refused = (Refused(tr(self._intent.title), tuple(tr(each) for each in reasons)),) if reasons else ()
        self._refused.show_refused(refused, is_everything=False)
        self.confirm_button.setEnabled(not reasons)

    def _show_present(self) -> None:
        """Show the present state or mode, also once the command is sent: "present" must never be what it was before."""
        present, detail = self._present_texts()
        set_text(self._present, present)
        set_text(self._detail, detail)
        self._detail.setVisible(bool(detail))
        since = self._since_text()
        set_text(self._since, since)
        self._since.setVisible(bool(since))

    def lock(self) -> None:
        self._reason.lock()

    def _question(self, context: Context) -> str:
        names = {"name": equipment_title(context, self._intent.equipment), "act": tr(self._intent.title)}
        return (tr("Switch {name} to {act}?") if self._is_mode else tr("{act} {name}?")).format(**names)

    def _reading(self) -> Reading:
        return self._context.live.reading(self._intent.tag.name)

    def _present_texts(self) -> tuple[str, str]:
        """Return the present mode or state, and what belongs to it."""
        if self._is_mode:
            reading = self._reading()
            return f"{reading.mark} {reading.text}".lstrip(), "" if reading.is_usable else capitalised(reading.word)
        condition = self._context.live.condition(self._intent.equipment.name)
        return condition.word, condition.detail

    def _since_text(self) -> str:
        """Return since when the present state holds, "" for a mode and where nobody knows."""
        if self._is_mode or not self._context.live.is_evaluated:
            return ""
        at_us = state_since(self._context, self._intent.equipment)
        return "" if at_us is None else since_text(self._context, at_us)

    def _states(self) -> QHBoxLayout:
        states = row(spacing=16)
        present = column(spacing=4)
        present.addWidget(label(tr("Present"), "text2"))
        present.addWidget(self._present)
        present.addWidget(self._detail)
        present.addWidget(self._since)
        present.addStretch(1)
        states.addLayout(present, 1)
        states.addWidget(IconLabel("forward"), 0, Qt.AlignmentFlag.AlignVCenter)
        wanted = column(spacing=4)
        wanted.addWidget(label(tr("New") if self._is_mode else tr("Command"), "text2"))
        wanted.addWidget(wrapped(tr(self._intent.title), "title"))
        if self._intent.effect:
            wanted.addWidget(wrapped(tr(self._intent.effect)))
        wanted.addStretch(1)
        states.addLayout(wanted, 1)
        return states
