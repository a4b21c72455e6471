"""The tabs of the alarm page, each with how many alarms it has. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QTabBar, QWidget

from alarms.states import AlarmState
from hmi.alarm_list.tabs import Tab
from hmi.i18n import tr
from hmi.widgets import column, hairline, label, row, set_text

_HEIGHT: Final = 44
_AFTER: Final = 12


class AlarmTabs(QWidget):
    """`chosen` carries a Tab; History and
    Configured only tell that they are wanted.
    """

    chosen = Signal(object)
    history_wanted = Signal()
    configured_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.bar = QTabBar()
        self.bar.setDrawBase(False)
        self.bar.setExpanding(False)
        self.bar.setElideMode(Qt.TextElideMode.ElideNone)
        self.bar.setUsesScrollButtons(True)
        self.bar.setAccessibleName(tr("Which alarms"))
        self._counts: dict[Tab, QLabel] = {}
        self._last = 0
        outer = column(self)
        self._line = row(spacing=16)
        self._line.addWidget(self.bar, 1)
        outer.addLayout(self._line)
        outer.addWidget(hairline())
        for tab in Tab:
            at = self.bar.addTab(tr(tab.title))
            self.bar.setTabData(at, tab)
            count = self._counts[tab] = label("0", "chip")
            self._show_chip(at, count)
        self._leading = {
            self.bar.addTab(tr("History")): self.history_wanted,
            self.bar.addTab(tr("Configured")): self.configured_wanted,
        }
        self.bar.currentChanged.connect(self._on_tab)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, _HEIGHT)

    @property
    def tab(self) -> Tab:
        """The tab that is chosen."""
        chosen: Tab = self.bar.tabData(self.bar.currentIndex())
        return chosen

    def choose(self, tab: Tab) -> None:
        """Go to a tab."""
        self.bar.setCurrentIndex(list(Tab).index(tab))

    def step(self, by: int) -> None:
        """Go to the next tab or the one before, past those that lead elsewhere."""
        at = (self.bar.currentIndex() + by) % self.bar.count()
        while at in self._leading:
            at = (at + by) % self.bar.count()
        self.bar.setCurrentIndex(at)

    def set_corner(self, widget: QWidget) -> None:
        """Put a widget at the right of the tabs."""
        self._line.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def show_counts(self, in_state: Callable[[AlarmState], int], is_known: bool) -> None:
        """Write how many alarms each tab has; while alarms aren't evaluated no count may be believed."""
        for tab, count in self._counts.items():
            words = str(tab.count(in_state)) if is_known else "?"
            if count.text() != words:
                set_text(count, words)
                at = list(Tab).index(tab)
                self._show_chip(at, count)
                self.bar.setTabToolTip(at, tr("{tab}: {count} alarms").format(tab=tr(tab.title), count=words))

    def _show_chip(self, at: int, count: QLabel) -> None:
        """Put a count at the right of its tab, nearer to its word than to the next; a bar measures it only once."""
        beside = QWidget()
        beside.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside = row(beside)
        inside.setContentsMargins(0, 0, _AFTER, 0)
        inside.addWidget(count)
        beside.adjustSize()
        old = self.bar.tabButton(at, QTabBar.ButtonPosition.RightSide)
        self.bar.setTabButton(at, QTabBar.ButtonPosition.RightSide, beside)
        if old is not None:
            old.deleteLater()

    def _on_tab(self, at: int) -> None:
        if at in self._leading:
            self.bar.setCurrentIndex(self._last)
            self._leading[at].emit()
        elif at != self._last:
            self._last = at
            self.chosen.emit(self.bar.tabData(at))
