"""What every dialog about alarms does: show which, ask once, send once, tell what became of each. GUI thread."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from alarms.acknowledgement import AckResult
from alarms.handling import AlarmRequest
from alarms.snapshot import AlarmRow
from hmi.context import Context
from hmi.dialogs.alarm_rows import AlarmRowsList
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.sheet import Sheet
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import button, set_text

_LEAST_WIDTH: Final = 104
_STAY_TICKS: Final = 20  # what was done for all stays readable for 2 s, a refusal until it is closed


class AlarmActDialog(Sheet):
    """About the alarms that a person saw, and no others; those with a note in `refused` are shown, but not asked for.

    Subclasses fill the body above the list, and make the request.
    """

    def __init__(
        self, context: Context, title: str, subtitle: str, rows: Sequence[AlarmRow], refused: Mapping[str, str]
    ) -> None:
        super().__init__(title, subtitle)
        self._context = context
        self.rows = tuple(rows)
        self.allowed = tuple(row for row in rows if not refused.get(row.name))
        self.is_sent = self._is_busy = False
        self._ticks_left: int | None = None
        self.list = AlarmRowsList(self.rows)
        self.list.show_notes(refused)
        self.progress = Progress()
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.confirm_button = button(kind="primary")
        self.confirm_button.setProperty("scale", "command")
        self.confirm_button.clicked.connect(self.confirm)
        self.footer.addWidget(self.progress, 1)
        for each in (self.cancel_button, self.confirm_button):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)
        context.ticker.tick.connect(self._on_tick)

    @property
    def may_close(self) -> bool:
        """A dialog whose request is on its way stays: leaving it must not look like taking it back."""
        return not self._is_busy

    def first_focus(self) -> QPushButton:
        return self.cancel_button

    @abstractmethod
    def make_request(self) -> AlarmRequest | None:
        """Return what to send, None while something is missing. Made once, when it is confirmed."""

    @abstractmethod
    def done_words(self) -> str:
        """Return what has been done, for alarms of which all were."""

    def refresh(self) -> None:
        """Follow the entries and the time while the dialog is open."""

    def lock(self) -> None:
        """Disable what can be entered, once the request is on its way."""

    def confirm(self) -> None:
        """Send the request; a second click finds nothing to do."""
        if self.is_sent or not self.confirm_button.isEnabled() or (request := self.make_request()) is None:
            return
        self.is_sent = True
        self._set_busy(True)
        self.lock()
        self.progress.show_writing(tr("Recording…"))
        self._context.tasks.start(self._send(request))

    async def send(self, request: AlarmRequest) -> Sequence[AckResult]:
        """Have the station do it."""
        return await self._context.alarms.handle(request)

    async def _send(self, request: AlarmRequest) -> None:
        try:
            results = await self.send(request)
        except BaseException:
            self._end(Outcome(False, tr("The outcome is unknown"), tr("Look at the list of alarms.")))
            raise
        told = {result.name: tr(result.message) for result in results if result.message}
        done = sum(result.is_done for result in results)
        if told:
            self.list.show_notes({**self.list.notes(), **told})
        counted = tr("{done} of {count} done").format(
            done=number_text(done, 0), count=number_text(len(self.allowed), 0)
        )
        is_whole = done == len(results)
        self._end(Outcome(is_whole and not told, self.done_words() if is_whole else counted))

    def _end(self, end: Outcome) -> None:
        self._set_busy(False)
        set_text(self.cancel_button, tr("Close"))
        self.confirm_button.hide()
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.show_outcome(end)
        self._ticks_left = _STAY_TICKS if end.is_success else None

    def _set_busy(self, is_busy: bool) -> None:
        self._is_busy = is_busy
        for each in (self.confirm_button, self.cancel_button, self.close_button):
            each.setEnabled(not is_busy)

    def _on_tick(self) -> None:
        if not self.is_sent:
            self.refresh()
        elif self._ticks_left is not None:
            self._ticks_left -= 1
            if self._ticks_left <= 0:
                self._ticks_left = None
                self.close_sheet()


def whose(rows: Sequence[AlarmRow]) -> str:
    """Return what stands below the title of a dialog about these alarms."""
    if len(rows) == 1:
        return " · ".join(filter(None, (rows[0].tag or rows[0].name, rows[0].description)))
    return tr("{count} alarms, as they were on the screen").format(count=number_text(len(rows), 0))
