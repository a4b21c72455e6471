"""The page of history: how it is recorded, what it takes, what waits, and when it was backed up. GUI thread.

Figures come from the mirror of the station's health once a second; what files take is asked for when the page is
opened, and once a minute while it is.
"""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from database.errors import DatabaseError
from history.overview import HistoryOverview
from hmi.context import Context
from hmi.history.backup_card import BackupCard
from hmi.history.disk_card import DiskCard
from hmi.history.rates import Rates
from hmi.history.recording_card import AccountCard, RecordingCard
from hmi.history.server_card import ServerCard
from hmi.history.words import standing
from hmi.i18n import tr
from hmi.widgets import IconLabel, column, label, row, set_text, wrapped
from plant_models.message import words_of

_MARGIN: Final = 24
_COMPACT_MARGIN: Final = 16
_WIDE: Final = 1400
_AGAIN_US: Final = 60_000_000


class HistoryPage(QWidget):
    """A sentence above, cards below: three side by side, two where room is short."""

    def __init__(self, context: Context, rates: Rates) -> None:
        super().__init__()
        self._context, self.rates = context, rates
        self._overview: HistoryOverview | None = None
        self._asked_us: int | None = None
        self._is_asking = False
        self._icon = IconLabel("check", "text", 28)
        self.title, self.detail = label(role="title"), wrapped(role="text2")
        self.detail.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.recording, self.account = RecordingCard(rates), AccountCard()
        self.disk, self.server, self.backup = DiskCard(context), ServerCard(context), BackupCard(context)
        self._is_wide: bool | None = None
        self._build()
        context.ticker.blink.connect(self._on_blink)
        self.refresh()

    def refresh(self) -> None:
        """Show the present health."""
        station = self._context.station.health
        health = station.history
        found = standing(health, station.is_evaluated)
        self._icon.set_icon(found.icon)
        set_text(self.title, found.title)
        set_text(self.detail, found.detail)
        self.recording.show_health(health)
        self.account.show_health(health)
        self.server.show_health(health, self._overview.folder if self._overview else "")
        self.backup.show_backup(health.backup)
        if self._overview is not None:
            self.disk.show_overview(self._overview, health.size_bytes)

    def forget_answer(self) -> None:
        """Ask anew what files take."""
        self._asked_us = None
        self._ask()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        self.forget_answer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_wide = event.size().width() >= _WIDE
        margin = _MARGIN if is_wide else _COMPACT_MARGIN
        self._inside.setContentsMargins(margin, margin, margin, margin)
        self._arrange(is_wide)

    def _on_blink(self, is_lit: bool) -> None:
        if is_lit and self.isVisible():
            self.refresh()
            self._ask()

    def _ask(self) -> None:
        now_us = self._context.clock.wall_us()
        is_due = self._asked_us is None or abs(now_us - self._asked_us) >= _AGAIN_US
        if is_due and not self._is_asking and self._context.tasks.is_running:
            self._asked_us, self._is_asking = now_us, True
            self._context.tasks.start(self._load())

    async def _load(self) -> None:
        try:
            self._overview = await self._context.station.history_overview()
        except DatabaseError as error:
            self.disk.show_problem(tr(words_of(error)))
            return
        finally:
            self._is_asking = False
        self.refresh()

    def _arrange(self, is_wide: bool) -> None:
        """Put the cards below one another in three columns, or in two."""
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        wide = ((self.recording, self.account), (self.disk,), (self.server, self.backup))
        compact = ((self.recording, self.server, self.account), (self.backup, self.disk), ())
        for at, (line, cards) in enumerate(zip(self._columns, wide if is_wide else compact, strict=True)):
            for place, card in enumerate(cards):
                line.insertWidget(place, card)
            self._beside.setStretch(at, 1 if cards else 0)

    def _build(self) -> None:
        body = QWidget()
        self._inside = column(body, spacing=16)
        head = row(spacing=14)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        words = column(spacing=2)
        words.addWidget(self.title)
        words.addWidget(self.detail)
        head.addLayout(words, 1)
        self._inside.addLayout(head)
        self._beside, self._columns = row(spacing=16), [column(spacing=16) for _ in range(3)]
        for line in self._columns:
            line.addStretch(1)
            self._beside.addLayout(line)
        self._inside.addLayout(self._beside)
        self._inside.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.viewport().setAutoFillBackground(False)
        scroll.setWidget(body)
        body.setAutoFillBackground(False)
        column(self).addWidget(scroll)
        self._arrange(is_wide=False)
