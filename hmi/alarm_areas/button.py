"""What shows an area and can be pressed: the sign of its most urgent alarm beside whatever else. GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from alarms.snapshot import PRIORITIES
from hmi.alarm_areas.tally import AreaState
from hmi.alarms.glyph import draw_glyph, glyph_box
from hmi.i18n import tr
from hmi.theme.fonts import font
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme
from hmi.ticker import Ticker

RADIUS: Final = 8.0
UNKNOWN: Final = "?"
_CHECK: Final = 0.8
"""Side of the check mark of an area without alarms, as a part of that of a glyph."""


class AreaButton(QAbstractButton):
    """Space presses it, as a click does. What blinks follows the one clock."""

    def __init__(self, name: str, title: str, side: int, ticker: Ticker) -> None:
        super().__init__()
        self.name, self.title = name, title
        self._side, self.ticker = side, ticker
        self.state, self.is_known = AreaState(), True
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        ticker.blink.connect(self._on_blink)
        self._say()

    def show_state(self, state: AreaState, is_known: bool) -> None:
        """Show how an area stands; while alarms aren't evaluated nothing of it is known."""
        if (state, is_known) != (self.state, self.is_known):
            self.state, self.is_known = state, is_known
            self._say()
            self.update()

    def set_side(self, side: int) -> None:
        """Draw the sign in another size."""
        self._side = side
        self.update()

    @property
    def box(self) -> float:
        """The side of the square that the sign takes."""
        return glyph_box(self._side)

    def draw_ground(self, painter: QPainter, role: str = "") -> None:
        """Fill the ground while it is pressed, chosen or pointed at, else with `role`, if there is one."""
        if self.isChecked() or self.isDown():
            role = "selection"
        elif self.underMouse():
            role = "hover"
        if role:
            painter.setBrush(theme().color(role))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(QRectF(self.rect()), RADIUS, RADIUS)

    def draw_sign(self, painter: QPainter, left: float) -> None:
        """Draw the sign of the most urgent alarm, a check mark if there is none, a question mark if nobody knows."""
        frame = QRectF(left, (self.height() - self.box) / 2, self.box, self.box)
        if not self.is_known:
            painter.setPen(theme().color("text"))
            painter.setFont(font(self._side, 700))
            painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), UNKNOWN)
        elif self.state.glyph is None:
            inset = (self.box - self._side * _CHECK) / 2
            draw_icon(painter, "check", frame.adjusted(inset, inset, -inset, -inset), theme().color("text2"))
        else:
            draw_glyph(painter, frame, self.state.glyph, self.ticker.is_lit)

    def draw_border(self, painter: QPainter, width: float) -> None:
        """Draw the border of alarms that nobody acknowledged; it blinks."""
        glyph = self.state.glyph
        if not self.is_known or glyph is None or not (glyph.is_filled and glyph.blinks and self.ticker.is_lit):
            return
        inset = width / 2 + 1
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for role, pen in (("text", width + 2), (f"p{glyph.priority}", width)):
            painter.setPen(QPen(theme().color(role), pen))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)

    def _say(self) -> None:
        counts = [(priority, self.state.present[priority]) for priority in PRIORITIES]
        said = [
            tr("priority {priority}: {count}").format(priority=each, count=count) for each, count in counts if count
        ]
        if not self.is_known:
            said = [tr("not evaluated")]
        elif self.state.waiting:
            said.append(tr("{count} not acknowledged").format(count=self.state.waiting))
        self.setAccessibleName(", ".join([self.title, *(said or [tr("No alarms")])]))

    def _on_blink(self) -> None:
        if self.state.glyph is not None and self.state.glyph.blinks and self.isVisible():
            self.update()
