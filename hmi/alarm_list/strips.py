"""Rows as pictures: in a flood most rows on screen only move, and a row that is drawn once needs no drawing again.

GUI thread. Only the sign of an alarm, which blinks, is drawn each time. A picture takes some 240 kB, so that there is
never one of a row that isn't on screen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from alarms.snapshot import AlarmRow
from hmi.alarm_list.columns import GLYPH, VALUE, VOLATILE
from hmi.alarm_list.delegate import AlarmDelegate
from hmi.alarm_list.table import AlarmTable
from hmi.theme.theme import theme


@dataclass(frozen=True, slots=True)
class _Strip:
    """The picture of a row, and what it shows."""

    alarm: AlarmRow
    looks: tuple[Any, ...]
    picture: QPixmap


class Strips:
    """Asks the delegate for the cells of a row, as the view would."""

    def __init__(self, table: AlarmTable, delegate: AlarmDelegate) -> None:
        self._table, self._delegate = table, delegate
        self._kept: dict[str, _Strip] = {}

    def keep(self, alarms: Iterable[AlarmRow]) -> None:
        """Forget the pictures of all rows but these: call it before they are drawn, lest there be two screens full."""
        for name in self._kept.keys() - {alarm.name for alarm in alarms}:
            del self._kept[name]

    def draw(self, painter: QPainter, at: int, rect: QRect, cells: dict[int, QRect], is_selected: bool) -> None:
        """Draw the row `at` into `rect`; `cells` has the columns that are shown, with their places in it."""
        alarm = self._table.alarms[at]
        ratio = painter.device().devicePixelRatioF()
        looks = self._looks(alarm, cells, is_selected, ratio)
        kept = self._kept.get(alarm.name)
        if kept is None or kept.alarm is not alarm or kept.looks != looks:
            kept = self._kept[alarm.name] = _Strip(alarm, looks, self._paint(at, rect, cells, is_selected, ratio))
        painter.drawPixmap(rect.topLeft(), kept.picture)
        sign = cells[GLYPH].translated(rect.topLeft())
        self._delegate.paint(painter, _option(sign, is_selected), self._table.index(at, GLYPH))

    def _looks(self, alarm: AlarmRow, cells: dict[int, QRect], is_selected: bool, ratio: float) -> tuple[Any, ...]:
        """Return all that a row depends on beside the alarm itself."""
        table = self._table
        texts = tuple(table.text(alarm, column) for column in cells if column in VOLATILE)
        reading = table.reading(alarm) if VALUE in cells else None
        is_usable = reading is not None and reading.is_usable
        place, widths = table.place(alarm), tuple((column, each.width()) for column, each in cells.items())
        is_open = table.is_open(alarm.name)
        return is_selected, is_open, is_usable, place, texts, widths, self._delegate.look, theme().name, ratio

    def _paint(self, at: int, rect: QRect, cells: dict[int, QRect], is_selected: bool, ratio: float) -> QPixmap:
        picture = QPixmap(rect.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(theme().color("panel"))
        with QPainter(picture) as painter:
            for column, place in cells.items():
                if column != GLYPH:
                    self._delegate.paint(painter, _option(place, is_selected), self._table.index(at, column))
        return picture


def _option(rect: QRect, is_selected: bool) -> QStyleOptionViewItem:
    option = QStyleOptionViewItem()
    option.rect = QRect(QPoint(rect.topLeft()), rect.size())
    state = QStyle.StateFlag.State_Enabled
    option.state = state | QStyle.StateFlag.State_Selected if is_selected else state
    return option
