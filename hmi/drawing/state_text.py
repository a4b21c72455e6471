"""The two lines beside a drive: its state word, then mode and duty. Pure functions on a QPainter, GUI thread."""

from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from hmi.drawing.text import TextStyle, draw_text
from hmi.live import Condition

WORD_HEIGHT: Final = 22.0
DETAIL_HEIGHT: Final = 20.0


def draw_state(painter: QPainter, rect: QRectF, condition: Condition, align: str = "centre", size: float = 17) -> None:
    """Draw the state from the top of `rect`; a state that can't be known is written as such."""
    is_known = condition.look in ("running", "stopped", "fault")
    word = condition.word if is_known else f"? {condition.word}".rstrip()
    top = QRectF(rect.left(), rect.top(), rect.width(), WORD_HEIGHT)
    draw_text(painter, top, word, TextStyle(size, 600, "text" if is_known else "stale", align))
    below = QRectF(rect.left(), top.bottom(), rect.width(), DETAIL_HEIGHT)
    draw_text(painter, below, condition.detail, TextStyle(15, 400, "text2", align))
