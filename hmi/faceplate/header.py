"""The head of a faceplate: what it is, its tag prefix and area, and close. GUI thread."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QWidget

from hmi.alarms.sign import Sign
from hmi.alarms.words import state_word
from hmi.context import Context
from hmi.i18n import tr
from hmi.widgets import ElidedLabel, button, column, row
from plant_models.equipment import Equipment

HEIGHT = 56
_SIDE = 24


def equipment_title(context: Context, equipment: Equipment) -> str:
    """Return how people call it: its description, or the title of its type and its name."""
    return equipment.description or f"{tr(context.type_of(equipment).title)} {equipment.name}"


class Header(QWidget):
    """56 px high; the sign of the most urgent alarm stands before the words."""

    closed = Signal()
    trend_wanted = Signal()

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFixedHeight(HEIGHT)
        layout = row(self, spacing=8)
        layout.setContentsMargins(16, 8, 8, 4)
        self._context, self._equipment = context, equipment
        self.sign = Sign(context.ticker, _SIDE, self)
        layout.addWidget(self.sign)
        words = column(spacing=0)
        words.addWidget(ElidedLabel(equipment_title(context, equipment), "card"))
        parts = (equipment.name, context.area_title(equipment.area))
        words.addWidget(ElidedLabel(" · ".join(part for part in parts if part), "text2"))
        layout.addLayout(words, 1)
        trend = button(kind="flat", icon_name="trend")
        trend.setFixedSize(QSize(36, 36))
        trend.setToolTip(tr("Trend"))
        trend.setAccessibleName(tr("Trend"))
        trend.clicked.connect(self.trend_wanted)
        layout.addWidget(trend, 0, Qt.AlignmentFlag.AlignTop)
        close = button(kind="flat", icon_name="close")
        close.setFixedSize(QSize(36, 36))
        close.setToolTip(tr("Close (Esc)"))
        close.setAccessibleName(tr("Close"))
        close.clicked.connect(self.closed)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        context.alarms.changed.connect(self._show_alarm)
        self._show_alarm()

    def _show_alarm(self) -> None:
        """Show the sign of its most urgent alarm; without one its place is given to the words."""
        glyph = self._context.alarms.glyphs.get(self._equipment.name)
        self.sign.show_glyph(glyph)
        self.sign.setVisible(glyph is not None)
        mine = (row for row in self._context.alarms.rows if row.equipment == self._equipment.name)
        words = "\n".join(f"{tr(row.text)} · {state_word(row)}" for row in mine)
        self.sign.setToolTip(words)
        self.sign.setAccessibleName(words)
