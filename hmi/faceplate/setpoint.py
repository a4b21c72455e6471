"""One setpoint: title, what may be written, value, and the button that changes it.

GUI thread.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from hmi.amount import Amount
from hmi.context import Context
from hmi.dialogs.entry import range_text
from hmi.faceplate.part import Part, Refused
from hmi.i18n import tr
from hmi.units.choice import shown_as
from hmi.widgets import ElidedLabel, button, column, row, set_text
from plant_models.equipment import Equipment
from plant_models.tag import Tag
from station.protocol import CommandRequest

_SUFFIX = "_SP"


def measured_member(context: Context, equipment: Equipment, setpoint: str) -> Tag | None:
    """Return the tag that a setpoint steers: SPEED for SPEED_SP, None if there is none of that name."""
    return context.member_tag(equipment, setpoint.removesuffix(_SUFFIX)) if setpoint.endswith(_SUFFIX) else None


class SetpointRow(Part):
    """The number is the setpoint as the device holds it, never the one that somebody asked for."""

    wanted = Signal(Tag)

    def __init__(self, context: Context, tag: Tag, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._tag, self._title = context, tag, tr(title)
        self.shown_tag = tag.name
        self._reasons: tuple[str, ...] = ()
        self._amount = Amount(role="text")
        self._set = button(tr("Set…"))
        self._set.setAccessibleName(tr("Set {name}").format(name=self._title))
        self._set.clicked.connect(lambda: self.wanted.emit(self._tag))
        layout = row(self, spacing=12)
        words = column()
        words.addWidget(ElidedLabel(self._title, "text2"))
        self._range = ElidedLabel(role="small")
        words.addWidget(self._range)
        layout.addLayout(words, 1)
        layout.addWidget(self._amount)
        layout.addWidget(self._set)

    def refresh(self) -> None:
        self._amount.show_reading(self._context.live.reading(self._tag.name))
        allowed = range_text(self._tag)
        set_text(self._range, f"{allowed} {shown_as(self._tag).unit}".rstrip() if allowed else "")
        self._range.setVisible(bool(allowed))
        self._reasons = self._ask()
        self._set.setEnabled(not self._reasons)
        self._set.setToolTip("\n".join(self._reasons))

    @property
    def is_allowed(self) -> bool:
        return self._set.isEnabled()

    def refused(self) -> tuple[Refused, ...]:
        return (Refused(self._title, self._reasons),) if self._reasons else ()

    def _ask(self) -> tuple[str, ...]:
        request = CommandRequest(tag=self._tag.name, value=allowed_value(self._tag))
        return tuple(tr(reason) for reason in self._context.station.refusals(request, self._context.session))


def allowed_value(tag: Tag) -> float:
    """Return a value within the range that may be written, to ask whether writing is allowed at all."""
    low, high = tag.write_range
    return next((end for end in (low, high) if end is not None), 0.0)
