"""The marks of verdicts: told apart by their shape alone, grey at rest. Pure functions on a QPainter, GUI thread.

A tick is good, a hollow diamond can be managed, a filled diamond with "!" needs action, "?" isn't known.
"""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from alarms.kpi.figures import Verdict
from hmi.alarm_kpis.ink import Ink
from hmi.drawing.text import TextStyle

_LINE: Final = 1.6
_ARROW: Final = 4.0


def draw_verdict(painter: QPainter, ink: Ink, box: QRectF, verdict: Verdict) -> None:
    """Draw the mark of a verdict in the middle of `box`, 16 px high."""
    centre = box.center()
    if verdict is Verdict.UNKNOWN:
        ink.write(painter, box, "?", TextStyle(15, 600, "stale", "centre"))
    elif verdict is Verdict.GOOD:
        solid, cap, join = Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(ink.color("text2"), _LINE, solid, cap, join))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([centre + QPointF(x, y) for x, y in ((-5, 0.5), (-1.5, 4), (5, -3.5))]))
    else:
        is_action = verdict is Verdict.ACTION
        painter.setPen(QPen(ink.color("text"), _LINE))
        painter.setBrush(ink.color("text") if is_action else Qt.BrushStyle.NoBrush)
        painter.drawPolygon(QPolygonF([centre + QPointF(x, y) for x, y in ((0, -8), (8, 0), (0, 8), (-8, 0))]))
        if is_action:
            ink.write(painter, box, "!", TextStyle(12, 700, "panel", "centre"))


def draw_change(painter: QPainter, ink: Ink, box: QRectF, change: int) -> None:
    """Draw a small arrow for what is higher (1) or lower (-1) than before; nothing where it is as it was."""
    if change:
        centre, tip = box.center(), -_ARROW * change
        points = (QPointF(0, tip), QPointF(_ARROW, -tip * 0.7), QPointF(-_ARROW, -tip * 0.7))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.color("text2"))
        painter.drawPolygon(QPolygonF([centre + point for point in points]))
