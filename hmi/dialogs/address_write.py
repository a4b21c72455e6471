"""Asks before a single address of a device is written, with what it held and why it is changed. GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton

from drivers.once import OnceAnswer
from hmi.context import Context
from hmi.devices.answer_words import numbers_text, short_numbers, value_words, write_outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import DASH
from hmi.widgets import button, column, label, row, set_text, wrapped
from station.protocol import AddressRequest

_LEAST_WIDTH: Final = 104


class AddressWriteDialog(Sheet):
    """One dialog sends one frame, whatever is clicked how often. It can't be confirmed without a reason."""

    answered = Signal(object)

    def __init__(self, context: Context, request: AddressRequest, present: OnceAnswer | None) -> None:
        assert request.value is not None
        self._new = numbers_text((request.value, *request.more))
        value = short_numbers(self._new, 1 + len(request.more))
        title = tr("Write {value} to {address}?").format(value=value, address=request.address)
        super().__init__(title, " · ".join((request.device, context.plant.devices[request.device].description)))
        self._context, self._request = context, request
        self._is_writing = self._is_sent = False
        self._add_values(present)
        warning = tr("The device gets this value as it is, without scaling, range or permissives. It may act at once.")
        if request.more:
            warning = tr(
                "These values go to {address} and what follows it in one frame, as they are, without scaling, range "
                "or permissives. The device may act at once."
            ).format(address=request.address)
        self.body.addWidget(wrapped(warning))
        self.reason = ReasonField(is_needed=True)
        self.reason.edited.connect(self._refresh)
        self.body.addWidget(self.reason)
        self.progress = Progress()
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.confirm_button = button(tr("Write once"), "primary")
        self.confirm_button.setProperty("scale", "command")
        self.confirm_button.clicked.connect(self.confirm)
        self.footer.addWidget(self.progress, 1)
        for each in (self.cancel_button, self.confirm_button):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)
        self._refresh()

    @property
    def may_close(self) -> bool:
        """A dialog whose frame is on its way stays: leaving it must not look like taking it back."""
        return not self._is_writing

    def first_focus(self) -> QPushButton:
        return self.cancel_button

    def confirm(self) -> None:
        """Write; a second click finds nothing to do."""
        if self._is_sent or not self.reason.text():
            return
        self._is_sent = True
        self._set_writing(True)
        self.reason.lock()
        self.progress.show_writing()
        self._context.tasks.start(self._send(replace(self._request, reason=self.reason.text())))

    async def _send(self, request: AddressRequest) -> None:
        try:
            answer = await self._context.station.ask_address(request, self._context.session)
        except BaseException:
            self._end()
            self.progress.show_failure()
            raise
        self._end()
        self.progress.show_outcome(write_outcome(answer))
        self.answered.emit(answer)

    def _end(self) -> None:
        self._set_writing(False)
        set_text(self.cancel_button, tr("Close"))
        self.confirm_button.hide()
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_writing(self, is_writing: bool) -> None:
        self._is_writing = is_writing
        for each in (self.confirm_button, self.cancel_button, self.close_button):
            each.setEnabled(not is_writing)

    def _refresh(self) -> None:
        self.confirm_button.setEnabled(bool(self.reason.text()) and not self._is_sent)

    def _add_values(self, present: OnceAnswer | None) -> None:
        values = row(spacing=32)
        shown = DASH if present is None else value_words(present) or DASH
        for title, text in ((tr("Read last"), shown), (tr("New"), self._new)):
            cell = column(spacing=4)
            cell.addWidget(label(title, "text2"))
            cell.addWidget(wrapped(text, "title"))
            values.addLayout(cell, 1)
        self.body.addLayout(values)
