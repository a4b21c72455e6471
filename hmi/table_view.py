"""How every table of rows is set up: whole rows are chosen, all sizes are fixed, nothing is edited. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

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
