"""Asks for a new setpoint: present, new, change, where they lie, and what became of it. GUI thread."""

import math
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from hmi.amount import Amount
from hmi.context import Context
from hmi.dialogs.command import CommandDialog
from hmi.dialogs.entry import both_units
from hmi.dialogs.number_field import HEIGHT, NumberField
from hmi.dialogs.reason_field import ReasonField
from hmi.dialogs.scale import SetpointMarks, SetpointScale, setpoint_scale
from hmi.dialogs.warning import WarningBox, warning_of
from hmi.faceplate.header import equipment_title
from hmi.faceplate.intent import Intent
from hmi.faceplate.part import Refused
from hmi.faceplate.reason_box import ReasonBox
from hmi.faceplate.setpoint import measured_member
from hmi.i18n import tr
from hmi.live import Reading
from hmi.numbers import DASH, amount_text, difference_text
from hmi.units.choice import shown_as, units
from hmi.widgets import ICON, IconLabel, column, label, row, set_text, wrapped
from plant_models.equipment import Equipment
from plant_models.tag import Tag
from station.protocol import CommandRequest

_FIGURE: Final = 32


class SetpointDialog(CommandDialog):
    """The present value is the one the device holds now. Nothing can be written while the entry is wrong or empty."""

    def __init__(self, context: Context, equipment: Equipment, tag: Tag) -> None:
        self._equipment, self._tag = equipment, tag
        member = context.type_of(equipment).member(tag.member)
        self._name = member.title if member is not None else tag.name
        self._measured = measured_member(context, equipment, tag.member)
        area = context.area_title(equipment.area)
        title = tr("Change {name}").format(name=_uncapitalised(tr(self._name)))
        whose = (equipment_title(context, equipment), area, tag.name)
        super().__init__(context, title, " · ".join(filter(None, whose)))
        self._present = Amount(_FIGURE, "text", is_right=False)
        self._change = Amount(_FIGURE, "text", is_right=False)
        self._field = NumberField(tag)
        self._problem_icon, self._problem = IconLabel("warning", "text"), wrapped(role="problem")
        self._both = wrapped(role="text2")
        self._warning = WarningBox()
        self._refused = ReasonBox()
        self._reason = ReasonField()
        scale = setpoint_scale(context.plant, tag, self._measured)
        self._scale = None if scale is None else SetpointScale(scale, tag)
        self._build()
        self._field.edited.connect(self.refresh)
        units().changed.connect(self.close_sheet)  # nobody confirms a number that was typed in another unit
        self.refresh()

    def intent(self) -> Intent:
        value = self._field.entry().value
        return Intent(self._equipment, self._tag, math.nan if value is None else value, self._name)

    def make_request(self) -> CommandRequest | None:
        intent, seen = self.intent(), self._reading()
        if not math.isfinite(intent.value):
            return None
        return intent.request(self._reason.text(), seen.value if seen.is_usable else None)

    def enter(self, value: float) -> None:
        """Put a value of the plant's unit into the field, as if it had been typed."""
        self._field.enter(value)

    def present_text(self) -> str:
        """Return the present value as it is shown."""
        return self._present.accessibleName()

    def both_text(self) -> str:
        """Return the new value in the shown and the plant's unit, "" where they are the same."""
        return self._both.text()

    def change_text(self) -> str:
        """Return the change as it is shown."""
        return self._change.accessibleName()

    def warning_text(self) -> str:
        """Return what the dialog warns of, "" for nothing."""
        return self._warning.text()

    def lock(self) -> None:
        self._field.lock()
        self._reason.lock()

    def refresh(self) -> None:
        present, entry = self._reading(), self._field.entry()
        self._show_marks(present, entry.value)
        self._present.show_reading(present)
        if self.is_sent:
            return
        self._change.show_text(*self._change_text(present, entry.value))
        set_text(self._problem, entry.problem)
        for part in (self._problem, self._problem_icon):
            part.setVisible(bool(entry.problem))
        both = "" if entry.value is None else both_units(entry.value, self._tag)
        set_text(self._both, both)
        self._both.setVisible(bool(both))
        self._warning.show_warning(*warning_of(self._context, self._measured, self._tag, entry.value))
        reasons = self._reasons(entry.value)
        refused = (Refused(tr(self._name), reasons),) if reasons else ()
        self._refused.show_refused(refused, is_everything=False)
        wanted = "" if entry.value is None else amount_text(entry.value, self._tag)
        set_text(self.confirm_button, tr("Write {value}").format(value=wanted) if wanted else tr("Write"))
        self.confirm_button.setEnabled(entry.value is not None and not reasons)

    def _reading(self) -> Reading:
        return self._context.live.reading(self._tag.name)

    def _reasons(self, value: float | None) -> tuple[str, ...]:
        if value is None:
            return ()
        request = CommandRequest(tag=self._tag.name, value=value)
        return tuple(tr(reason) for reason in self._context.station.refusals(request, self._context.session))

    def _change_text(self, present: Reading, value: float | None) -> tuple[str, str]:
        if value is None or not present.is_usable:
            return DASH, ""
        text = difference_text(value - present.value, self._tag)
        is_more = value > present.value and text.strip("0.") != ""
        return ("+" + text if is_more else text), shown_as(self._tag).unit

    def _show_marks(self, present: Reading, value: float | None) -> None:
        if self._scale is None:
            return
        measured = None if self._measured is None else self._context.live.reading(self._measured.name)
        now = present.value if present.is_usable else None
        self._scale.show_marks(SetpointMarks(measured, now, value))

    def _build(self) -> None:
        self.body.addLayout(self._figures())
        problem = row(spacing=8)
        problem.addWidget(self._problem_icon, 0, Qt.AlignmentFlag.AlignTop)
        problem.addWidget(self._problem, 1)
        self.body.addLayout(problem)
        self.body.addWidget(self._both)
        if self._scale is not None:
            self.body.addWidget(self._scale)
        self.body.addWidget(self._warning)
        self.body.addWidget(self._refused)
        self.body.addWidget(self._reason)

    def _figures(self) -> QHBoxLayout:
        figures = row(spacing=16)
        figures.addLayout(_titled(tr("Present"), self._present), 1)
        arrow = column()
        arrow.addStretch(1)
        arrow.addWidget(IconLabel("forward"))
        arrow.addSpacing((HEIGHT - ICON) // 2)
        figures.addLayout(arrow)
        figures.addWidget(self._field)
        figures.addLayout(_titled(tr("Change"), self._change), 1)
        return figures


def _titled(title: str, widget: QWidget) -> QVBoxLayout:
    layout = column(spacing=4)
    layout.addWidget(label(title, "text2"))
    widget.setFixedHeight(HEIGHT)
    layout.addWidget(widget)
    return layout


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]
