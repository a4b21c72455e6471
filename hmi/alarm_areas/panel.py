"""The page for across the room: each area as a large tile, with the areas within it below. GUI thread.

No letter is below 24 px, which can be read at 3 m on a wall display; what waits for somebody has a border that blinks.
"""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QSizePolicy, QWidget

from hmi.alarm_areas.button import AreaButton
from hmi.alarm_areas.line import AreaLine
from hmi.alarm_areas.tally import AreaTally
from hmi.alarm_areas.tile import ACROSS_ROOM, IN_SMALL_WINDOW, AreaTile
from hmi.alarm_areas.tree import AreaTree
from hmi.alarms.looks import calling
from hmi.context import Context
from hmi.i18n import tr
from hmi.widgets import column, label, set_text

_COLUMNS: Final = 3
_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400


class AreaPanel(QScrollArea):
    """`area_wanted` names the area whose alarms somebody wants to see."""

    area_wanted = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._tree = AreaTree(context.plant)
        self._tally = AreaTally(self._tree)
        self.areas: dict[str, AreaButton] = {}
        self._words = label(role="panel")
        self._heard = label(role="panel")
        content = QWidget()
        self._outer = column(content, spacing=16, margin=_MARGIN)
        self._outer.addWidget(self._words)
        self._outer.addWidget(self._heard)
        self._grid = QGridLayout()
        self._outer.addLayout(self._grid)
        self._outer.addStretch(1)
        for at, name in enumerate(self._tree.tops):
            place = at // _COLUMNS, at % _COLUMNS
            self._grid.addWidget(self._make_card(name), *place, Qt.AlignmentFlag.AlignTop)
        for at in range(_COLUMNS):
            self._grid.setColumnStretch(at, 1)
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.viewport().setAutoFillBackground(False)
        content.setAutoFillBackground(False)
        context.alarms.changed.connect(self._on_changed)
        context.sound.changed.connect(self._show_heard)
        self.refresh()
        self._show_heard()

    def minimumSizeHint(self) -> QSize:
        return QSize(320, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        margin = _MARGIN if is_wide else _COMPACT_MARGIN
        for area in self.areas.values():
            if isinstance(area, AreaTile):
                area.set_size(ACROSS_ROOM if is_wide else IN_SMALL_WINDOW)
        self._outer.setContentsMargins(margin, margin, margin, margin)
        self._grid.setSpacing(16)

    def refresh(self) -> None:
        """Follow the alarms."""
        alarms = self._context.alarms
        self._tally.take(alarms.rows)
        for name, area in self.areas.items():
            area.show_state(self._tally.state(name), alarms.is_evaluated)
        waiting = len(calling(alarms.unacknowledged))
        counted = tr("{count} not acknowledged").format(count=waiting) if waiting else tr("Nothing waits")
        set_text(self._words, counted if alarms.is_evaluated else tr("Alarms not evaluated. Watch the values."))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def _on_changed(self) -> None:
        if self.isVisible():
            self.refresh()

    def _show_heard(self) -> None:
        sound = self._context.sound
        words = sound.mute_words or sound.problem
        set_text(self._heard, words)
        self._heard.setVisible(bool(words))

    def _make_card(self, name: str) -> QWidget:
        """Return an area with those within it."""
        ticker = self._context.ticker
        tile = AreaTile(name, self._tree.title(name), IN_SMALL_WINDOW, ticker)
        self._add(tile)
        within = [AreaLine(each, self._tree.title(each), depth, ticker) for each, depth in self._tree.below(name)]
        if not within:
            return tile
        card = QFrame()
        card.setProperty("kind", "card")
        card.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = column(card)
        layout.addWidget(tile)
        for line in within:
            self._add(line)
            layout.addWidget(line)
        layout.addSpacing(4)
        return card

    def _add(self, area: AreaButton) -> None:
        self.areas[area.name] = area
        area.clicked.connect(lambda: self.area_wanted.emit(area.name))
