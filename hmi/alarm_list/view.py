"""The table of the alarm list: selection, keys, what is on screen, and what of it changes by itself. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QTableView

from alarms.snapshot import AlarmRow
from hmi.alarm_list.anchor import Anchor
from hmi.alarm_list.columns import (
    AGE,
    CHECK,
    COLUMNS,
    CONSEQUENCE,
    GLYPH,
    NOTE,
    TEXT,
    USUAL,
    VALUE,
    names_on,
    widths_within,
)  # fmt: skip
from hmi.alarm_list.delegate import AlarmDelegate, fold_box
from hmi.alarm_list.kept_place import KeptPlace
from hmi.alarm_list.kept_selection import KeptSelection
from hmi.alarm_list.seen_rows import SeenRows
from hmi.alarm_list.strips import Strips
from hmi.alarm_list.table import ROW_ROLE, AlarmTable
from hmi.alarms.looks import glyph_of
from hmi.context import Context
from hmi.i18n import tr
from hmi.preferences.list_look import ListLook
from hmi.table_view import set_up_table
from hmi.theme.theme import theme

_TOGGLE: Final = QItemSelectionModel.SelectionFlag.Toggle | QItemSelectionModel.SelectionFlag.Rows
_OPENING: Final = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_RING: Final = 2
_LIVE_TICKS: Final = 5
_AGE_TICKS: Final = 10


class AlarmView(QTableView):
    """Space selects, Enter opens the display, Ctrl+A selects all, Right and Left unfold and fold what an alarm
    explains; a click into the box selects one more. A click on a head is only told; `fitted` has the names of chosen
    columns that there is room for."""

    opened = Signal(AlarmRow)
    current_changed = Signal(object)
    fitted = Signal(object)
    head_clicked = Signal(int)

    def __init__(self, context: Context, table: AlarmTable) -> None:
        super().__init__()
        self._table = table
        self._delegate = AlarmDelegate(context.ticker, table)
        self._context = context
        self._ticks = 0
        self._texts: dict[tuple[str, int], str] = {}
        self._look_of_list = ListLook()
        self.setModel(table)
        self.setItemDelegate(self._delegate)
        set_up_table(self, tr("Alarms"), has_many=True)
        self.setProperty("fit", "tight")
        self.horizontalHeader().setSectionsClickable(True)
        self.horizontalHeader().sectionClicked.connect(self.head_clicked)
        self.seen = SeenRows(context.clock)
        self.anchor = Anchor(self, table)
        self._kept = KeptSelection(self, table)
        self._place = KeptPlace(self, table, context.alarms)
        self._strips = Strips(table, self._delegate)
        self._cells: dict[int, QRect] = {}
        context.ticker.tick.connect(self._on_tick)
        context.alarms.changed.connect(self._on_alarms)
        self.verticalScrollBar().valueChanged.connect(self._look)
        context.ticker.blink.connect(self._on_blink)

    def chosen(self) -> list[AlarmRow]:
        """Return the selected alarms."""
        return [index.data(ROW_ROLE) for index in self.selectionModel().selectedRows()]

    def choose(self, name: str) -> None:
        """Select an alarm and bring it on screen, if it is shown."""
        index = self._table.index_of(name)
        if index.isValid():
            self.setCurrentIndex(index)
            self.scrollTo(index)

    def visible_span(self) -> range:
        """Return the rows of which anything can be seen."""
        if not self.isVisible() or self.window().isMinimized():
            return range(0)
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return range(0) if first < 0 else range(first, (len(self._table.alarms) - 1 if last < 0 else last) + 1)

    def on_screen(self) -> list[AlarmRow]:
        """Return the alarms whose rows can be read now: half of their height is seen at least."""
        span, half = self.visible_span(), self._delegate.height // 2
        if not span:
            return []
        first = span.start + (self.rowViewportPosition(span.start) < -half)
        last = span.stop - (self.rowViewportPosition(span.stop - 1) > self.viewport().height() - half)
        return list(self._table.alarms[first:last])

    def current_alarm(self) -> AlarmRow | None:
        """Return the alarm on which the keyboard stands."""
        index = self.currentIndex()
        return index.data(ROW_ROLE) if index.isValid() else None

    def told_widths(self) -> dict[int, int]:
        """Return what the rows tell: the columns that are shown with their widths (px), and that of the comments."""
        widths = {at: self.columnWidth(at) for at in range(len(COLUMNS)) if not self.isColumnHidden(at)}
        return widths | {NOTE: COLUMNS[NOTE].width} if self._delegate.marks_notes else widths

    def set_look(self, look: ListLook) -> None:
        """Show other columns, or rows of another height and size."""
        self._look_of_list = self._delegate.look = look
        lines = self.verticalHeader()
        lines.setMinimumSectionSize(self._delegate.height)
        lines.setDefaultSectionSize(self._delegate.height)
        self.fit()
        self.viewport().update()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        self.current_changed.emit(current.data(ROW_ROLE) if current.isValid() else None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        keys: dict[int, Callable[[QModelIndex], None]] = {
            Qt.Key.Key_Space: lambda at: self.selectionModel().select(at, _TOGGLE),
            Qt.Key.Key_Right: self._unfold,
            Qt.Key.Key_Left: self._fold,
            Qt.Key.Key_Home: lambda at: self.setCurrentIndex(at.siblingAtRow(0)),
            Qt.Key.Key_End: lambda at: self.setCurrentIndex(at.siblingAtRow(len(self._table.alarms) - 1)),
            **dict.fromkeys(_OPENING, lambda at: self.opened.emit(at.data(ROW_ROLE))),
        }
        is_plain = not event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.key() in keys and index.isValid() and is_plain:
            keys[event.key()](index)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index, x = self.indexAt(event.position().toPoint()), event.position().x()
        is_left = event.button() is Qt.MouseButton.LeftButton and index.isValid()
        if is_left and index.column() == CHECK:
            self.selectionModel().setCurrentIndex(index, _TOGGLE)
        elif is_left and index.column() == TEXT and self._is_on_fold(index, x):
            alarm = index.data(ROW_ROLE)
            self._table.fold(alarm.name, not self._table.is_open(alarm.name))
        else:
            super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows that have to be drawn, each as a whole; the view would ask for each cell."""
        area, span, height = event.rect(), self.visible_span(), self._delegate.height
        chosen = self.selectionModel()
        self._strips.keep(self._table.alarms[span.start : span.stop])
        with QPainter(self.viewport()) as painter:
            for at in span:
                rect = QRect(0, self.rowViewportPosition(at), self.viewport().width(), height)
                if rect.intersects(area):
                    is_selected = chosen.isRowSelected(at, QModelIndex())
                    self._strips.draw(painter, at, rect, self._cells, is_selected)
                    if at == self.currentIndex().row() and self.hasFocus():
                        painter.setPen(QPen(theme().color("focus"), _RING))
                        painter.drawRect(rect.adjusted(1, 1, -1, -2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show the columns of the tab that there is room for."""
        look = self._look_of_list
        chosen = frozenset(USUAL if look.columns is None else look.columns)
        tab = self._table.choice.tab
        wanted = names_on(tab, chosen)
        kept = widths_within(self.viewport().width(), wanted, look.size, tab.is_aside)
        for at in range(len(COLUMNS)):
            self.setColumnHidden(at, at not in kept)
            if at in kept:
                self.setColumnWidth(at, kept[at])
        self._delegate.marks_notes = NOTE not in kept and COLUMNS[NOTE].name in wanted
        left, self._cells = 0, {}
        for at, width in sorted(kept.items()):
            self._cells[at] = QRect(left, 0, width, self._delegate.height)
            left += width
        told = {*kept, NOTE} if self._delegate.marks_notes else kept
        self.fitted.emit(frozenset(COLUMNS[at].name for at in told) | (chosen - wanted))

    def _is_on_fold(self, index: QModelIndex, x: float) -> bool:
        place = self._table.place(index.data(ROW_ROLE))
        left, right = fold_box(self.columnViewportPosition(TEXT), place)
        return bool(place.below) and left <= x < right

    def _unfold(self, index: QModelIndex) -> None:
        self._table.fold(index.data(ROW_ROLE).name, True)

    def _fold(self, index: QModelIndex) -> None:
        """Fold, or go to the cause of what is no cause itself."""
        depth = self._table.place(index.data(ROW_ROLE)).depth
        if self._table.fold(index.data(ROW_ROLE).name, False) or not depth:
            return
        above = (self._table.index(at, index.column()) for at in range(index.row() - 1, -1, -1))
        self.setCurrentIndex(next(each for each in above if self._table.place(each.data(ROW_ROLE)).depth < depth))

    def _look(self) -> None:
        self.seen.look(self.on_screen())
        self.anchor.remember()

    def _on_tick(self) -> None:
        self._look()
        self._ticks += 1
        if self._ticks % _AGE_TICKS == 0:
            self._refresh(AGE, CONSEQUENCE)
        if self._ticks % _LIVE_TICKS == 0:
            self._refresh(VALUE)

    def _refresh(self, *columns: int) -> None:
        """Paint anew what says something else now, of the rows on screen and nothing besides."""
        span, before = self.visible_span(), self._texts
        kept = {key: text for key, text in before.items() if key[1] not in columns}
        for at in span:
            name = self._table.alarms[at].name
            for column in (each for each in columns if not self.isColumnHidden(each)):
                index = self._table.index(at, column)
                text = kept[name, column] = index.data()
                if before.get((name, column)) != text:
                    self.viewport().update(self.visualRect(index))
        self._texts = kept

    def _on_alarms(self) -> None:
        """Look after the table has followed, never while it moves its rows."""
        self.anchor.restore()
        self._look()
        self.seen.forget_over(self._context.alarms.rows)

    def _on_blink(self) -> None:
        """Repaint the glyphs that blink and can be seen, nothing else."""
        left, width = self.columnViewportPosition(GLYPH), self.columnWidth(GLYPH)
        for at in self.visible_span():
            if glyph_of(self._table.alarms[at]).look.blinks:
                self.viewport().update(left, self.rowViewportPosition(at), width, self._delegate.height)
