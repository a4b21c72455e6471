"""What of a piece of equipment is watched: its alarm definitions as a quiet table. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from hmi.alarms.distances import distance_text
from hmi.alarms.glyph import Glyph, GlyphLook, draw_glyph, glyph_box
from hmi.alarms.words import kind_word, priority_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.numbers import DASH, amount_text
from hmi.widgets import column, hairline, label, row, wrapped
from plant_models.alarm_definition import DISTANCE_KINDS, LIMIT_KINDS, AlarmDefinition, AlarmKind
from plant_models.equipment import Equipment

_SIDE: Final = 14
_LINE: Final = 18
_DELAY: Final = 40
_ABOVE: Final = 6


def watched(context: Context, equipment: Equipment) -> tuple[AlarmDefinition, ...]:
    """Return the definitions of the alarms of equipment, the most urgent first: those in force now."""
    configured, table = context.station.alarms.configured, context.station.table
    if configured:
        mine = [each.definition for each in configured.values() if each.equipment == equipment.name]
    else:
        tags = {tag.name for tag in table.tags if tag.equipment == equipment.name}
        mine = [each for each in context.plant.alarms if each.tag in tags]
    return tuple(sorted(mine, key=lambda each: each.priority))


class WatchedHead(QWidget):
    """A line, the title of the table, and those of its columns."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        layout = column(self, spacing=4)
        layout.setContentsMargins(0, _ABOVE, 0, 0)
        layout.addWidget(hairline())
        layout.addSpacing(_ABOVE)
        layout.addWidget(label(tr("Watched"), "strong"))
        layout.addLayout(_line(_blank(), label(tr("Condition"), "small"), tr("Limit"), tr("Delay")))


class WatchedRow(QWidget):
    """Priority, what is wrong, limit, and the delay before it is raised; a widget of its own, so that none is cut."""

    def __init__(self, context: Context, definition: AlarmDefinition, parent: QWidget) -> None:
        super().__init__(parent)
        said = tr(definition.text) or kind_word(definition.kind)
        words = wrapped(said if definition.enabled else tr("{alarm} (switched off)").format(alarm=said), "small")
        self.setLayout(_line(_Priority(definition.priority), words, _limit(context, definition), _delay(definition)))


def _line(sign: QWidget, words: QLabel, limit: str, delay: str) -> QHBoxLayout:
    line = row(spacing=8)
    line.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(words, 1)
    line.addWidget(label(limit, "small"), 0, Qt.AlignmentFlag.AlignTop)
    last = label(delay, "small")
    last.setMinimumWidth(_DELAY)
    last.setAlignment(Qt.AlignmentFlag.AlignRight)
    line.addWidget(last, 0, Qt.AlignmentFlag.AlignTop)
    return line


def _blank() -> QWidget:
    made = QWidget()
    made.setFixedSize(round(glyph_box(_SIDE)), _LINE)
    return made


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
    letters = f"{kind_word(definition.kind)} " if definition.kind in LIMIT_KINDS else ""
    if definition.limit_tag:
        return letters + definition.limit_tag
    if definition.limit is None or tag is None or definition.kind is AlarmKind.COMMUNICATION:
        return DASH
    if definition.kind in DISTANCE_KINDS:
        return distance_text(definition.limit, definition.kind, tag)
    return letters + amount_text(definition.limit, tag)


def _delay(definition: AlarmDefinition) -> str:
    return tr("{seconds} s").format(seconds=f"{definition.on_delay_s:g}") if definition.on_delay_s else DASH
