"""The command buttons of equipment, as its type names them. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from hmi.context import Context
from hmi.faceplate.intent import Intent
from hmi.faceplate.part import Part, Refused
from hmi.i18n import tr
from hmi.widgets import button
from plant_models.equipment import Equipment

_PER_ROW: Final = 3
_GAP: Final = 8


class CommandButtons(Part):
    """44 px high, three in a row. What the station would refuse is disabled, with the reason in its tool tip."""

    wanted = Signal(Intent)

    def __init__(self, context: Context, intents: tuple[Intent, ...], parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._intents = intents
        self._reasons: list[tuple[str, ...]] = []
        self._buttons = [self._button(intent) for intent in intents]
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(_GAP)
        for index, made in enumerate(self._buttons):
            layout.addWidget(made, index // _PER_ROW, index % _PER_ROW)
            layout.setColumnStretch(index % _PER_ROW, 1)

    def refresh(self) -> None:
        self._reasons = [self._ask(intent) for intent in self._intents]
        for reasons, made in zip(self._reasons, self._buttons, strict=True):
            made.setEnabled(not reasons)
            made.setToolTip("\n".join(reasons))

    @property
    def is_allowed(self) -> bool:
        return any(made.isEnabled() for made in self._buttons)

    def refused(self) -> tuple[Refused, ...]:
        refused = zip(self._intents, self._reasons, strict=True)
        return tuple(Refused(tr(intent.title), reasons) for intent, reasons in refused if reasons)

    def _ask(self, intent: Intent) -> tuple[str, ...]:
        reasons = self._context.station.refusals(intent.request(), self._context.session)
        return tuple(tr(reason) for reason in reasons)

    def _button(self, intent: Intent) -> QPushButton:
        made = button(tr(intent.title), "command")
        made.clicked.connect(lambda: self.wanted.emit(intent))
        return made


def command_intents(context: Context, equipment: Equipment) -> tuple[Intent, ...]:
    """Return what the command buttons of an instance ask; commands whose tag it doesn't have are left out."""
    kind = context.type_of(equipment)
    commands = (kind.command(name) for name in kind.faceplate.commands)
    return tuple(
        Intent(equipment, tag, command.value, command.title, command.effect)
        for command in commands
        if command is not None and (tag := context.member_tag(equipment, command.member)) is not None
    )
