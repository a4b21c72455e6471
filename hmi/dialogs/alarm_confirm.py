"""Asks once before something is done with several alarms that needs no reason. GUI thread."""

from collections.abc import Sequence
from typing import Final

from alarms.handling import AlarmAct, AlarmRequest
from alarms.snapshot import AlarmRow
from hmi.alarms.model import seen_of
from hmi.context import Context
from hmi.dialogs.alarm_act import AlarmActDialog, whose
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import set_text, wrapped
from plant_models.message import message

_TITLES: Final = {
    AlarmAct.RESET: message("Reset"),
    AlarmAct.UNSHELVE: message("Take off the shelf"),
    AlarmAct.RETURN_TO_SERVICE: message("Put back into service"),
}
_EFFECTS: Final = {
    AlarmAct.RESET: message("Their latches are released: what is over and acknowledged leaves the list."),
    AlarmAct.UNSHELVE: message("Those that are active call for attention again at once."),
    AlarmAct.RETURN_TO_SERVICE: message("Those that are active call for attention at once."),
}
_DONE: Final = {
    AlarmAct.RESET: message("{count} alarms are reset"),
    AlarmAct.UNSHELVE: message("{count} alarms are off the shelf"),
    AlarmAct.RETURN_TO_SERVICE: message("{count} alarms are back in service"),
}


class AlarmConfirmDialog(AlarmActDialog):
    """Lists them and says what it leads to."""

    def __init__(self, context: Context, act: AlarmAct, rows: Sequence[AlarmRow]) -> None:
        super().__init__(context, tr(_TITLES[act]), whose(rows), rows, {})
        self._act = act
        self.body.addWidget(wrapped(tr(_EFFECTS[act])))
        self.body.addWidget(self.list)
        set_text(self.confirm_button, tr(_TITLES[act]))

    def make_request(self) -> AlarmRequest | None:
        return AlarmRequest(act=self._act, seen=tuple(seen_of(row) for row in self.allowed))

    def done_words(self) -> str:
        return tr(_DONE[self._act]).format(count=number_text(len(self.allowed), 0))
