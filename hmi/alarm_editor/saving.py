"""What every dialog that changes alarms does: say why, send once, tell whether the station took it. GUI thread."""

from abc import abstractmethod
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton

from alarms.changing import AlarmChanges
from hmi.context import Context
from hmi.dialogs.outcome import Outcome
from hmi.dialogs.progress import Progress
from hmi.dialogs.sheet import WIDTH, Sheet
from hmi.i18n import tr
from hmi.widgets import button, set_text
from station.protocol import ActResult

_LEAST_WIDTH: Final = 104
_STAY_TICKS: Final = 20


class SavingSheet(Sheet):
    """Changes are taken whole or not at all; after a refusal what was typed is still there, and can be sent again."""

    fills = True

    def __init__(self, context: Context, title: str, subtitle: str, widest: int = WIDTH) -> None:
        super().__init__(title, subtitle, widest)
        self._context = context
        self.is_busy = self.is_done = False
        self._ticks_left: int | None = None
        self.progress = Progress()
        self.cancel_button = button(tr("Cancel"), "command")
        self.cancel_button.clicked.connect(self.close_sheet)
        self.save_button = button(tr("Save"), "primary")
        self.save_button.setProperty("scale", "command")
        self.save_button.clicked.connect(self.save)
        self.footer.addWidget(self.progress, 1)
        for each in (self.cancel_button, self.save_button):
            each.setMinimumWidth(_LEAST_WIDTH)
            self.footer.addWidget(each)
        context.ticker.tick.connect(self._on_tick)

    @property
    def may_close(self) -> bool:
        return not self.is_busy

    def sizeHint(self) -> QSize:
        """As high as its texts are at its greatest width."""
        width = self.maximumWidth()
        return QSize(width, self._layout.heightForWidth(width))

    def hasHeightForWidth(self) -> bool:
        """It may be lower than its texts: its lists scroll, its buttons stay on the screen."""
        return False

    def heightForWidth(self, width: int) -> int:
        return self._layout.minimumHeightForWidth(width)

    def first_focus(self) -> QPushButton:
        return self.cancel_button

    @abstractmethod
    def make_changes(self) -> AlarmChanges | None:
        """Return what is to be saved, None while something is missing."""

    async def carry_out(self, changes: AlarmChanges) -> ActResult:
        """Have the station do it."""
        return await self._context.station.change_alarms(changes, self._context.session)

    def refresh(self) -> None:
        """Follow the entries."""

    def save(self) -> None:
        """Send the changes; a second click finds nothing to do."""
        if self.is_busy or self.is_done or (changes := self.make_changes()) is None:
            return
        self._set_busy(True)
        self.progress.show_writing(tr("Saving…"))
        self._context.tasks.start(self._send(changes))

    async def _send(self, changes: AlarmChanges) -> None:
        try:
            result = await self.carry_out(changes)
        except BaseException:
            self._set_busy(False)
            advice = tr("Look at the list of configured alarms before you try again.")
            self.progress.show_outcome(Outcome(False, tr("The outcome is unknown"), advice))
            raise
        self._set_busy(False)
        words = tr(result.message)
        if not result.is_done:
            self.progress.show_outcome(Outcome(False, tr("Nothing was changed"), words))
            return
        self.is_done = True
        self.save_button.hide()
        set_text(self.cancel_button, tr("Close"))
        self.cancel_button.setFocus(Qt.FocusReason.OtherFocusReason)
        self.progress.show_outcome(Outcome(not words, tr("Saved, and in force"), words))
        self._ticks_left = None if words else _STAY_TICKS

    def _set_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        for each in (self.save_button, self.cancel_button, self.close_button):
            each.setEnabled(not is_busy)

    def _on_tick(self) -> None:
        if self._ticks_left is not None:
            self._ticks_left -= 1
            if self._ticks_left <= 0:
                self._ticks_left = None
                self.close_sheet()
