"""What stays in sight at the foot of a faceplate: run hours and starts, and the last command. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QWidget

from hmi.amount import Amount
from hmi.context import Context
from hmi.faceplate.last_command import LastCommand
from hmi.faceplate.part import Part
from hmi.i18n import tr
from hmi.widgets import ElidedLabel, column, hairline, label, row
from plant_models.equipment import Equipment
from plant_models.tag import Tag

COUNTERS: Final = ("HRS", "STARTS")
"""The members of a type that tell how much it has worked."""
_GAP: Final = 8
_PX: Final = 15


class Foot(QWidget):
    """Empty where a type has neither; then it takes no room."""

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self._parts: list[Part] = []
        wanted = context.type_of(equipment).faceplate.maintenance
        counters = [tag for each in COUNTERS if each in wanted and (tag := context.member_tag(equipment, each))]
        last = LastCommand(context, equipment, self)
        if counters:
            self._parts.append(_Counters(context, equipment, counters, self))
        last.setVisible(last.is_needed)
        if last.is_needed:
            self._parts.append(last)
        layout = column(self, spacing=_GAP)
        if self._parts:
            layout.addWidget(hairline())
        for part in self._parts:
            layout.addWidget(part)

    def refresh(self) -> None:
        """Show what holds now; commands are not in the table, so this is asked for more often than the rest."""
        for part in self._parts:
            part.refresh()


class _Counters(Part):
    """One line, "Run hours / starts": the first tag is the one that a click on it means."""

    def __init__(self, context: Context, equipment: Equipment, tags: list[Tag], parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._tags = context, tags
        self.shown_tag = tags[0].name
        kind = context.type_of(equipment)
        members = [member for tag in tags if (member := kind.member(tag.member)) is not None]
        self._amounts = [Amount(px=_PX) for _ in tags]
        layout = row(self, spacing=_GAP)
        layout.addWidget(ElidedLabel(" / ".join(tr(member.title) for member in members), "text2"), 1)
        for at, amount in enumerate(self._amounts):
            if at:
                layout.addWidget(label("/", "text2"))
            layout.addWidget(amount)

    def refresh(self) -> None:
        for tag, amount in zip(self._tags, self._amounts, strict=True):
            amount.show_reading(self._context.live.reading(tag.name))
