"""What of a piece of equipment is watched: its alarm definitions as a quiet table. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.alarms.words import kind_word, priority_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, amount_text
from hmi.widgets import column, label, wrapped
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.equipment import Equipment

_SIDE: Final = 14
_LINE: Final = 18
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


def watched(context: Context, equipment: Equipment) -> tuple[AlarmDefinition, ...]:
    """Return the definitions of the alarms of equipment, the most urgent first."""
    table = context.station.table
    mine = (each for each in context.plant.alarms if table.tags[table.index[each.tag]].equipment == equipment.name)
    return tuple(sorted(mine, key=lambda each: each.priority))


class Watched(QWidget):
    """Priority, what is wrong, limit, and the delay before it is raised; made anew when another unit is chosen."""

    def __init__(self, context: Context, definitions: tuple[AlarmDefinition, ...], parent: QWidget) -> None:
        super().__init__(parent)
        layout = column(self, spacing=8)
        layout.addWidget(label(tr("Watched"), "strong"))
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for at, title in enumerate((tr("Condition"), tr("Limit"), tr("Delay")), 1):
            grid.addWidget(label(title, "small"), 0, at, Qt.AlignmentFlag.AlignLeft if at == 1 else _RIGHT)
        for at, each in enumerate(definitions, 1):
            grid.addWidget(_Priority(each.priority), at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(wrapped(tr(each.text) or kind_word(each.kind), "small"), at, 1)
            grid.addWidget(label(_limit(context, each), "small"), at, 2, _RIGHT)
            grid.addWidget(label(_delay(each), "small"), at, 3, _RIGHT)
        layout.addLayout(grid)


class _Priority(QWidget):
    """The hollow, grey sign of a priority: nothing is wrong, so nothing is coloured."""

    def __init__(self, priority: int) -> None:
        super().__init__()
        self._glyph = Glyph(priority, GlyphLook.NONE)
        box = round(glyph_box(_SIDE))
        self.setFixedSize(box, _LINE)
        self.setToolTip(priority_word(priority))
        self.setAccessibleName(priority_word(priority))

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        with QPainter(self) as painter:
            box = glyph_box(_SIDE)
            draw_glyph(painter, QRectF(0, (self.height() - box) / 2, box, box), self._glyph)


def _limit(context: Context, definition: AlarmDefinition) -> str:
    tag = context.tag(definition.tag)
    if definition.limit is None or tag is None or definition.kind is AlarmKind.COMMUNICATION:
        return DASH
    letters = f"{kind_word(definition.kind)} " if definition.kind in LIMIT_KINDS else ""
    return letters + amount_text(definition.limit, tag)


def _delay(definition: AlarmDefinition) -> str:
    return tr("{seconds} s").format(seconds=f"{definition.on_delay_s:g}") if definition.on_delay_s else DASH
