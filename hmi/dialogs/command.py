"""What every dialog that writes to the plant does: confirm once, send once, tell the end. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from hmi.context import Context
from hmi.dialogs.outcome import outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.sheet import Sheet
from hmi.faceplate.intent import Intent
from hmi.i18n import tr
from hmi.widgets import button, set_text
from station.protocol import CommandRequest, CommandStatus

_LEAST_WIDTH: Final = 104
_STAY_TICKS: Final = 30  # a success stays readable for 3 s, an error until it is closed


class CommandDialog(Sheet):
    """Asks, writes, and shows what was read back. One dialog sends one request, whatever is clicked how often."""

    finished = Signal(object)

    def __init__(self, context: Context, title: str, subtitle: str) -> None:
        super().__init__(title, subtitle)
        self._context = context
        self.is_sent = False
        self._is_writing = False
        self._ticks_left: int | None = None
        self.progress = Progress()
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.confirm_button = button(kind="primary")
        self.confirm_button.setProperty("scale", "command")
        for each in (self.cancel_button, self.confirm_button):
            each.setMinimumWidth(_LEAST_WIDTH)
        self.confirm_button.clicked.connect(self.confirm)
        self.footer.addWidget(self.progress, 1)
        self.footer.addWidget(self.cancel_button)
        self.footer.addWidget(self.confirm_button)
        context.ticker.tick.connect(self._on_tick)

    @property
    def may_close(self) -> bool:
        """A dialog whose command is on its way stays: leaving it must not look like taking it back."""
        return not self._is_writing

    def first_focus(self) -> QWidget:
        return self.cancel_button

    def make_request(self) -> CommandRequest | None:
        """Return the request to send, None while the entry isn't right. Made once, when it is confirmed."""
        raise NotImplementedError

    def intent(self) -> Intent:
        """Return what is asked, for the words about its end."""
        raise NotImplementedError

    def refresh(self) -> None:
        """Follow the plant while the dialog is open."""

    def lock(self) -> None:
        """Disable what can be entered, once the command is on its way."""

    def confirm(self) -> None:
        """Send the request; a second click finds nothing to do."""
        if self.is_sent or (request := self.make_request()) is None:
            return
        self.is_sent = self._is_writing = True
        self.confirm_button.setEnabled(False)
        self.cancel_button.setEnabled(False)
        self.close_button.setEnabled(False)
        self.lock()
        self.progress.show_writing()
        self._context.tasks.start(self._send(request))

    async def _send(self, request: CommandRequest) -> None:
        try:
            status = await self._context.station.command(request, self._context.session)
        except BaseException:
            self._end(None)
            raise
        self._end(status)

    def _end(self, status: CommandStatus | None) -> None:
        self._is_writing = False
        self.close_button.setEnabled(True)
        self.cancel_button.setEnabled(True)
        set_text(self.cancel_button, tr("Close"))
        self.confirm_button.hide()
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if status is None:
            self.progress.show_failure()
            return
        end = outcome(status, self.intent().tag)
        self.progress.show_outcome(end)
        self._ticks_left = _STAY_TICKS if end.is_success else None
        self.finished.emit(status)

    def _on_tick(self) -> None:
        self.refresh()
        if self._ticks_left is not None:
            self._ticks_left -= 1
            if self._ticks_left <= 0:
                self._ticks_left = None
                self.close_sheet()
