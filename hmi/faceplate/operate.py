"""What a faceplate opens with: state, mode, commands, setpoints, measurements. GUI thread."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hmi.context import Context
from hmi.faceplate.commands import CommandButtons, command_intents
from hmi.faceplate.foot import COUNTERS
from hmi.faceplate.intent import Intent
from hmi.faceplate.measured import Kept, Measured, Said
from hmi.faceplate.mode import ModeSegment
from hmi.faceplate.part import Part
from hmi.faceplate.reason_box import ReasonBox
from hmi.faceplate.setpoint import SetpointRow, measured_member
from hmi.faceplate.state import State
from hmi.widgets import column, hairline
from plant_models.equipment import Equipment
from plant_models.tag import Tag

_GAP: Final = 10


class OperatePage(QWidget):
    """Parts the type doesn't have are absent."""

    command_wanted = Signal(Intent)
    setpoint_wanted = Signal(Tag)

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._equipment = context, equipment
        self._kind = context.type_of(equipment)
        self._parts: list[Part] = []
        self._reasons = ReasonBox(self)
        self._layout = column(self, spacing=_GAP)
        self._add(State(context, equipment, self))
        self._add_commands()
        self._add_values()
        self._add_kept()
        self._layout.addStretch(1)

    def refresh(self) -> None:
        """Show what holds now."""
        for part in self._parts:
            part.refresh()
        refused = tuple(each for part in self._parts for each in part.refused())
        self._reasons.show_refused(refused, is_everything=not any(part.is_allowed for part in self._parts))

    def _add_commands(self) -> None:
        mode = self._context.member_tag(self._equipment, self._kind.faceplate.mode)
        if mode is not None and mode.states:
            segment = ModeSegment(self._context, self._equipment, mode, self._title(mode), self)
            segment.wanted.connect(self.command_wanted)
            self._add(segment)
        intents = command_intents(self._context, self._equipment)
        if intents:
            buttons = CommandButtons(self._context, intents, self)
            buttons.wanted.connect(self.command_wanted)
            self._add(buttons)
        self._layout.addWidget(self._reasons)

    def _add_values(self) -> None:
        setpoints = self._tags(self._kind.faceplate.setpoints)
        measured = self._tags(self._kind.faceplate.indicators)
        if setpoints or measured:
            self._layout.addWidget(hairline())
        steered = {measured_member(self._context, self._equipment, tag.member): tag for tag in setpoints}
        for tag in measured:
            setpoint = steered.get(tag)
            self._add(Measured(self._context, tag, self._title(tag), setpoint, self))
            if setpoint is not None:
                self._add_setpoint(setpoint)
        for tag in setpoints:
            if measured_member(self._context, self._equipment, tag.member) not in measured:
                self._add_setpoint(tag)

    def _add_setpoint(self, tag: Tag) -> None:
        line = SetpointRow(self._context, tag, self._title(tag), self)
        line.wanted.connect(self.setpoint_wanted)
        self._add(line)

    def _add_kept(self) -> None:
        kept = [tag for tag in self._tags(self._kind.faceplate.maintenance) if tag.member not in COUNTERS]
        if kept:
            self._layout.addWidget(hairline())
        for tag in kept:
            made = Said if tag.is_text else Kept
            self._add(made(self._context, tag, self._title(tag), self))

    def _add(self, part: Part) -> None:
        self._parts.append(part)
        self._layout.addWidget(part)

    def _tags(self, members: tuple[str, ...]) -> tuple[Tag, ...]:
        tags = (self._context.member_tag(self._equipment, name) for name in members)
        return tuple(tag for tag in tags if tag is not None)

    def _title(self, tag: Tag) -> str:
        member = self._kind.member(tag.member)
        return member.title if member is not None else tag.name
