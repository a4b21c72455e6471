"""The newest command to equipment: what, who, when, and where it stands. GUI thread."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hmi.context import Context
from hmi.dialogs.outcome import state_word
from hmi.faceplate.part import Part
from hmi.i18n import tr
from hmi.numbers import amount_text, moment_text
from hmi.widgets import ElidedLabel, column, label, row, set_text, wrapped
from plant_models.equipment import Equipment
from plant_models.tag import Tag
from station.protocol import CommandStatus


class LastCommand(Part):
    """Says "None since the start" until there is one."""

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        members = context.type_of(equipment).members
        tags = (context.member_tag(equipment, member.name) for member in members)
        self._tags = tuple(tag for tag in tags if tag is not None and tag.writable)
        self._who, self._what = ElidedLabel(role="text2"), wrapped()
        self._who.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head = row(spacing=12)
        head.addWidget(label(tr("Last command"), "text2"))
        head.addWidget(self._who, 1)
        layout = column(self, spacing=2)
        layout.addLayout(head)
        layout.addWidget(self._what)

    @property
    def is_needed(self) -> bool:
        """Whether the equipment can be commanded at all."""
        return bool(self._tags)

    def refresh(self) -> None:
        newest = self._newest()
        if newest is None:
            set_text(self._who, tr("None since the start"))
        else:
            tag, status = newest
            set_text(self._who, f"{status.user} · {self._when(status)}")
            set_text(self._what, " · ".join((_act(tag, status), state_word(status.state) + _found(tag, status))))
        self._what.setVisible(newest is not None)

    def _newest(self) -> tuple[Tag, CommandStatus] | None:
        known = [(tag, self._context.station.last_command(tag.name)) for tag in self._tags]
        commands = [(tag, status) for tag, status in known if status is not None]
        return max(commands, key=lambda command: command[1].at_us, default=None)

    def _when(self, status: CommandStatus) -> str:
        return moment_text(status.at_us, self._context.clock.wall_us(), self._context.zone)


def _act(tag: Tag, status: CommandStatus) -> str:
    request = status.request
    if tag.states and request.title:
        return tr(request.title)
    return " ".join(filter(None, (tr(request.title), amount_text(request.value, tag))))


def _found(tag: Tag, status: CommandStatus) -> str:
    return f", {amount_text(status.readback, tag)}" if status.readback is not None and not tag.states else ""
