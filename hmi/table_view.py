"""How every table of rows is set up: whole rows are chosen, all sizes are fixed, nothing is edited. GUI thread."""

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem, QTableView

from hmi.drawing.text import TextStyle, draw_text, text_width
from hmi.theme.theme import theme

ROW_HEIGHT: Final = 36


def set_up_table(view: QTableView, title: str, row_height: int = ROW_HEIGHT, has_many: bool = False) -> None:
    """Set up a table without frame; `title` is what a screen reader says, `has_many` lets several rows be chosen.

    Sizes are fixed: to measure contents would cost half a second in a flood.
    """
    mode = QAbstractItemView.SelectionMode
    view.setProperty("kind", "flat")
    view.setAccessibleName(title)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(mode.ExtendedSelection if has_many else mode.SingleSelection)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)
    view.setWordWrap(False)
    lines, head = view.verticalHeader(), view.horizontalHeader()
    lines.hide()
    lines.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    lines.setMinimumSectionSize(row_height)
    lines.setDefaultSectionSize(row_height)
    head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    head.setHighlightSections(False)
    head.setSectionsClickable(False)
    head.setFixedHeight(row_height)


def draw_ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    """Draw what lies under the text of a cell: the choice, and the line below the row."""
    rect = QRectF(option.rect)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(rect, theme().color("selection"))
    painter.setPen(QPen(theme().color("line"), 1))
    painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def draw_fitting(painter: QPainter, rect: QRectF, text: str, style: TextStyle) -> None:
    """Draw the text of a cell; what would be cut is condensed."""
    is_cut = text_width(text, style) > rect.width()
    draw_text(painter, rect, text, replace(style, condensed=True) if is_cut else style)
