"""What a value or symbol is, shown while the pointer rests on it. GUI thread.

Tag, text, raw value, time, device, quality and limits; a piece of equipment shows its state, mode and device instead.
"""

from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QVBoxLayout, QWidget

from hmi.displays.hover_text import HoverText, equipment_text, tag_text
from hmi.displays.items.base import DisplayItem
from hmi.live import Live

WIDTH: Final = 280
DELAY_TICKS: Final = 4
"""The card appears after 400 ms."""
_GAP: Final = 10
_PADDING: Final = 14


class HoverCard(QFrame):
    """A card beside the item under the pointer; follows its values."""

    def __init__(self, live: Live, parent: QWidget) -> None:
        super().__init__(parent)
        self._live = live
        self._zone = ZoneInfo(live.station.plant.time_zone)
        self._item: DisplayItem | None = None
        self._anchor = QRect()
        self._ticks = 0
        self._is_placed = False
        self._shown: HoverText | None = None
        self.setProperty("kind", "floating")
        self.setFixedWidth(WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title, self._text = QLabel(), QLabel()
        self._title.setProperty("role", "strong")
        self._text.setProperty("role", "text2")
        self._text.setWordWrap(True)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(2)
        self._rows.setColumnStretch(1, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(_PADDING, _PADDING - 2, _PADDING, _PADDING)
        box.setSpacing(4)
        box.addWidget(self._title)
        box.addWidget(self._text)
        box.addSpacing(4)
        box.addLayout(self._rows)
        self.hide()

    def text(self) -> str:
        """Return all of the card as text."""
        if self._shown is None:
            return ""
        return "\n".join(
            (self._shown.title, self._shown.text, *(f"{name} {value}" for name, value in self._shown.rows))
        )

    def point_at(self, item: DisplayItem | None, anchor: QRect) -> None:
        """Start to wait at an item that lies at `anchor` in the parent; None hides the card."""
        self._item, self._anchor, self._ticks, self._is_placed = item, anchor, 0, False
        self.hide()

    def on_tick(self) -> None:
        """Show the card when it is time, and its present content."""
        if self._item is None:
            return
        self._ticks += 1
        if self._ticks >= DELAY_TICKS:
            self._show(self._content(self._item))

    def _content(self, item: DisplayItem) -> HoverText | None:
        if item.item.tag:
            return tag_text(self._live, item.item.tag, self._zone)
        return equipment_text(self._live, item.item.equipment, self._zone) if item.item.equipment else None

    def _show(self, content: HoverText | None) -> None:
        if content is None:
            return
        if content != self._shown:
            self._fill(content)
            self._shown = content
        if not self.isVisible():
            self.raise_()
            self.show()
        self._fit()

    def _fill(self, content: HoverText) -> None:
        self._title.setText(content.title)
        self._text.setText(content.text)
        self._text.setVisible(bool(content.text))
        while (old := self._rows.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for index, (name, value) in enumerate(content.rows):
            left, right = QLabel(name), QLabel(value)
            left.setProperty("role", "small")
            right.setWordWrap(True)
            right.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._rows.addWidget(left, index, 0)
            self._rows.addWidget(right, index, 1)

    def _fit(self) -> None:
        """Take the height that the wrapped text needs. Only a shown label knows its font: the card is shown before."""
        layout = self.layout()
        assert layout is not None
        layout.activate()
        height = layout.totalHeightForWidth(WIDTH)
        if height != self.height() or not self._is_placed:
            self.resize(WIDTH, height)
            self.move(self._corner())
            self._is_placed = True

    def _corner(self) -> QPoint:
        """Return where the card goes: below the item, else above it, always inside the display."""
        room, size = self.parentWidget().rect(), self.size()
        y = self._anchor.bottom() + _GAP
        if y + size.height() > room.bottom():
            y = max(0, self._anchor.top() - _GAP - size.height())
        x = min(max(0, self._anchor.center().x() - size.width() // 2), room.width() - size.width())
        return QPoint(x, y)
