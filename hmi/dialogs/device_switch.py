"""Asks before a device is taken out of service or put back, and tells how it ended. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.widgets import button, set_text, wrapped
from station.protocol import ActResult

_LEAST_WIDTH: Final = 104


class DeviceSwitchDialog(Sheet):
    """One dialog switches one device once, whatever is clicked how often."""

    def __init__(self, context: Context, device: str, is_enabled: bool) -> None:
        question = tr("Put {device} into service?") if is_enabled else tr("Take {device} out of service?")
        super().__init__(question.format(device=device), context.plant.devices[device].description)
        self._context, self._device, self._is_enabled = context, device, is_enabled
        self._is_switching = self._is_sent = False
        self.body.addWidget(wrapped(self._consequence()))
        self._reason = ReasonField()
        self.body.addWidget(self._reason)
        self.progress = Progress()
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.confirm_button = button(tr("Put into service") if is_enabled else tr("Take out of service"), "primary")
        self.confirm_button.setProperty("scale", "command")
        self.confirm_button.clicked.connect(self.confirm)
        self.footer.addWidget(self.progress, 1)
        for each in (self.cancel_button, self.confirm_button):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)

    @property
    def may_close(self) -> bool:
        """A dialog whose switch is on its way stays: leaving it must not look like taking it back."""
        return not self._is_switching

    def first_focus(self) -> QPushButton:
        return self.cancel_button

    def confirm(self) -> None:
        """Switch the device; a second click finds nothing to do."""
        if self._is_sent:
            return
        self._is_sent = True
        self._set_switching(True)
        self._reason.lock()
        self.progress.show_writing(tr("Switching…"))
        self._context.tasks.start(self._switch())

    async def _switch(self) -> None:
        station, session = self._context.station, self._context.session
        try:
            result = await station.switch_device(self._device, self._is_enabled, session, self._reason.text())
        except BaseException:
            self._end(Outcome(False, tr("The outcome is unknown"), tr("Look at the state of the device.")))
            raise
        self._end(self._outcome(result))

    def _outcome(self, result: ActResult) -> Outcome:
        if not result.is_done:
            return Outcome(False, tr("Nothing was changed"), tr(result.message))
        done = tr("The device is in service") if self._is_enabled else tr("The device is out of service")
        return Outcome(not result.message, done, tr(result.message))

    def _end(self, end: Outcome) -> None:
        self._set_switching(False)
        set_text(self.cancel_button, tr("Close"))
        self.confirm_button.hide()
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.show_outcome(end)

    def _set_switching(self, is_switching: bool) -> None:
        self._is_switching = is_switching
        for each in (self.confirm_button, self.cancel_button, self.close_button):
            each.setEnabled(not is_switching)

    def _consequence(self) -> str:
        count = sum(tag.device == self._device for tag in self._context.station.table.tags)
        words = (
            tr("It is connected to and its {count} values are read again.")
            if self._is_enabled
            else tr(
                "Nothing is asked of it any more: its {count} values are not read, can't be commanded and raise no "
                "alarm, until it is put into service again or the station is restarted. Other devices go on."
            )
        )
        return words.format(count=count)
