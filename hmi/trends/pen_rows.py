"""What stands in the table of pens: one row per pen, the texts made twice a second at most and kept. GUI thread."""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from hmi.i18n import tr
from hmi.live import capitalised
from hmi.numbers import DASH, difference_text, figure_text, number_text
from hmi.theme.fonts import font
from hmi.theme.theme import theme
from hmi.trends.draw_labels import value_text
from hmi.trends.model import TrendModel
from hmi.trends.pens import Pen
from hmi.trends.scale import PARTS, Scale
from hmi.trends.trace import Value
from hmi.units.choice import shown_as

VISIBLE, LETTER, TAG, TEXT, FIRST, SECOND, DELTA, NOW, UNIT, QUALITY, LOW, MEAN, HIGH, SCALE = COLUMNS = range(14)
_NUMBERS: Final = (FIRST, SECOND, DELTA, NOW, LOW, MEAN, HIGH)
_STRONG: Final = (FIRST, SECOND, NOW)
Index = QModelIndex | QPersistentModelIndex
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)


class PenRows(QAbstractTableModel):
    """The model of the table; `refresh` tells of the rows whose texts have changed."""

    def __init__(self, model: TrendModel) -> None:
        super().__init__()
        self._trend = model
        self._pens: tuple[Pen, ...] = ()
        self._texts: list[tuple[str, ...]] = []

    def pen(self, index: Index) -> Pen | None:
        return self._pens[index.row()] if index.isValid() and index.row() < len(self._pens) else None

    def renew(self) -> None:
        """Take over other pens; the same pens in the same order only change their texts."""
        names = [pen.tag.name for pen in self._pens]
        if names != [pen.tag.name for pen in self._trend.pens]:
            self.beginResetModel()
            self._pens = self._trend.pens
            self._texts = [self._row(pen) for pen in self._pens]
            self.endResetModel()
        self._pens = self._trend.pens
        self.refresh()

    def refresh(self) -> None:
        """Read the values again and repaint the rows that changed."""
        texts = [self._row(pen) for pen in self._pens]
        before, self._texts = self._texts, texts
        for at, row in enumerate(texts):
            if at >= len(before) or row != before[at]:
                self.dataChanged.emit(self.index(at, 0), self.index(at, self.columnCount() - 1))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._pens)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid() or index.row() >= len(self._texts):
            return None
        text, column = self._texts[index.row()][index.column()], index.column()
        answers: dict[int, Callable[[], object]] = {
            _DISPLAY: lambda: text,
            int(Qt.ItemDataRole.ToolTipRole): lambda: text,
            int(Qt.ItemDataRole.AccessibleTextRole): lambda: text,
            int(Qt.ItemDataRole.TextAlignmentRole): lambda: _alignment(column),
            int(Qt.ItemDataRole.FontRole): lambda: _font(column),
            int(Qt.ItemDataRole.ForegroundRole): lambda: self._colour(index),
        }
        answer = answers.get(role)
        return answer() if answer is not None else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return _titles()[section] if role == _DISPLAY else None

    def _colour(self, index: Index) -> QColor:
        pen = self._pens[index.row()]
        if not pen.is_visible:
            return theme().color("disabled")
        return theme().color("value" if index.column() == NOW and not pen.is_strip else "text")

    def _row(self, pen: Pen) -> tuple[str, ...]:
        name = pen.tag.name
        reading = self._trend.context.live.reading(pen.row)
        found = self._trend.statistics(name)
        first, second = (self._trend.value_at(name, cursor) for cursor in (0, 1))
        numbers = (
            ("", "", "")
            if pen.is_strip
            else tuple(figure_text(value, pen.tag) for value in (found.low, found.mean, found.high))
        )
        return (
            tr("Shown" if pen.is_visible else "Hidden"),
            pen.letter,
            name,
            pen.tag.description,
            _bare(pen, first),
            _bare(pen, second),
            "" if pen.is_strip else _delta(pen, first, second),
            " ".join(part for part in (reading.mark, reading.text) if part),
            shown_as(pen.tag).unit,
            capitalised(reading.word),
            *numbers,
            "" if pen.is_strip else _scale_text(self._trend.scale(pen)),
        )


def _titles() -> tuple[str, ...]:
    return (
        "",
        tr("Pen"),
        tr("Tag"),
        tr("Description"),
        tr("Cursor 1"),
        tr("Cursor 2"),
        "Δ",
        tr("Now"),
        tr("Unit"),
        tr("Quality"),
        tr("Min"),
        tr("Avg"),
        tr("Max"),
        tr("Scale"),
    )


def _scale_text(scale: Scale) -> str:
    """Return from where to where the axis of a pen reaches, "0 to 600"."""
    decimals = scale.decimals(1 / PARTS)
    low, high = (number_text(value, decimals) for value in (scale.low, scale.high))
    return tr("{low} to {high}").format(low=low, high=high)


def _bare(pen: Pen, value: Value | None) -> str:
    """Return a value without its unit, which has a column of its own."""
    unit, text = shown_as(pen.tag).unit, value_text(pen, value)
    return text.removesuffix(f"\u00a0{unit}") if unit else text


def _delta(pen: Pen, first: Value | None, second: Value | None) -> str:
    if first is None or second is None or not np.isfinite(first.value) or not np.isfinite(second.value):
        return DASH
    difference = second.value - first.value
    return f"{'+' if difference > 0 else ''}{difference_text(difference, pen.tag)}"


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _font(column: int) -> QFont:
    if column == TAG:
        return font(15, 500, condensed=True)
    return font(15, 600 if column in _STRONG else 400)
