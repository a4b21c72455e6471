"""What a person wants done with rows of the alarm list beside acknowledging them: asks what is needed, sends it.

GUI thread. What has a dialog tells there what became of it; what has none tells it where acknowledgements do.
"""

from collections.abc import Callable, Sequence
from typing import Final

from PySide6.QtCore import QObject

from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from alarms.states import AlarmState
from hmi.alarms.model import in_short, seen_of
from hmi.context import Context
from hmi.dialogs.alarm_comment import AlarmCommentDialog
from hmi.dialogs.alarm_confirm import AlarmConfirmDialog
from hmi.dialogs.out_of_service import OutOfServiceDialog
from hmi.dialogs.sheet import Sheet
from hmi.dialogs.shelve import ShelveDialog
from hmi.i18n import tr
from hmi.shell.dialog_layer import DialogLayer
from plant_models.message import message

_MEANT_FOR: Final = {
    AlarmAct.RESET: AlarmState.LATAK,
    AlarmAct.UNSHELVE: AlarmState.SHLVD,
    AlarmAct.RETURN_TO_SERVICE: AlarmState.OOSRV,
}
"""The one state in which these acts do anything."""
_NONE_MEANT: Final = {
    AlarmAct.RESET: message("There is nothing to reset"),
    AlarmAct.UNSHELVE: message("None of these is shelved"),
    AlarmAct.RETURN_TO_SERVICE: message("None of these is out of service"),
}
_NOT_DONE: Final = {
    AlarmAct.RESET: message("Not reset: {refusals}"),
    AlarmAct.UNSHELVE: message("Not taken off the shelf: {refusals}"),
    AlarmAct.RETURN_TO_SERVICE: message("Not put back into service: {refusals}"),
}


class AsideActions(QObject):
    """Works on exactly the rows that it is given: what a person saw and chose, and nothing that came since."""

    def __init__(self, context: Context, dialogs: DialogLayer) -> None:
        super().__init__(dialogs)
        self._context, self._dialogs = context, dialogs
        context.alarms.comment_wanted.connect(self.acknowledge_with_comment)

    def shelve(self, rows: Sequence[AlarmRow], minutes: float | None = None) -> None:
        """Ask how long, unless `minutes` say so, and why these are shelved."""
        self._open(rows, lambda named: ShelveDialog(self._context, named, minutes))

    def act(self, act: AlarmAct, rows: Sequence[AlarmRow]) -> None:
        """Do something with these: with a dialog where something has to be said, or where it is about several."""
        if act is AlarmAct.SHELVE:
            self.shelve(rows)
        elif act is AlarmAct.OUT_OF_SERVICE:
            self._open(rows, lambda named: OutOfServiceDialog(self._context, named))
        elif act is AlarmAct.COMMENT:
            self._open(rows, lambda named: AlarmCommentDialog(self._context, named))
        else:
            self._put_back(act, rows)

    def acknowledge_with_comment(self, rows: Sequence[AlarmRow]) -> None:
        """Ask for the comment that an acknowledgement of these needs."""
        self._open(rows, lambda named: AlarmCommentDialog(self._context, named, is_ack=True))

    def _put_back(self, act: AlarmAct, rows: Sequence[AlarmRow]) -> None:
        meant = [row for row in rows if row.name and row.state is _MEANT_FOR[act]]
        if not meant:
            self._warn(tr(_NONE_MEANT[act]))
            return
        if len(meant) > 1:
            self._open(meant, lambda named: AlarmConfirmDialog(self._context, act, named))
        else:
            self._context.tasks.start(self._send(AlarmRequest(act=act, seen=(seen_of(meant[0]),))))

    async def _send(self, request: AlarmRequest) -> None:
        results = await self._context.alarms.handle(request)
        refusals = [f"{each.name}: {tr(each.message)}" for each in results if not each.is_done]
        notes = [f"{each.name}: {tr(each.message)}" for each in results if each.is_done and each.message]
        if refusals:
            self._warn(tr(_NOT_DONE[request.act]).format(refusals=in_short(refusals)))
        elif notes:
            self._warn(in_short(notes))

    def _open(self, rows: Sequence[AlarmRow], make: Callable[[Sequence[AlarmRow]], Sheet]) -> None:
        named = [row for row in rows if row.name]
        if not named:
            self._warn(tr("No alarm is selected. Click one, or press Space on it."))
        elif self._dialogs.sheet is not None:
            self._warn(tr("Close the dialog that is open first."))
        else:
            self._dialogs.open(make(named))

    def _warn(self, words: str) -> None:
        self._context.alarms.warned.emit(words)
