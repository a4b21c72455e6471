"""The bar at the bottom: the most urgent alarms that nobody has acknowledged, and the way to all. GUI thread.

Diagnostic alarms never come here: nobody is called for them.
"""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QWidget

from alarms.snapshot import AlarmRow
from hmi.actions import Actions
from hmi.alarms.looks import calling
from hmi.alarms.slot import Slot
from hmi.context import Context
from hmi.i18n import tr
from hmi.theme.fonts import font
from hmi.units.choice import units
from hmi.widgets import ICON_GAP, ElidedLabel, IconLabel, button, column, hairline, label, row, set_text

HEIGHT: Final = 60
COMPACT_HEIGHT: Final = 52
MOST_SLOTS: Final = 3
_TICKS_PER_SECOND: Final = 10
_MOST_COUNTED: Final = 999
"""Has its room beside the slots, so that no count moves them."""


class Banner(QFrame):
    """60 px high with up to three slots, 52 with one in a small window; it never moves and is never covered."""

    alarm_opened = Signal(AlarmRow)

    def __init__(self, context: Context, actions: Actions) -> None:
        super().__init__()
        self.setProperty("kind", "chrome")
        self._model = context.alarms
        self._is_compact = False
        self._ticks = 0
        self._places = 0
        self.slots = tuple(Slot(context, self._model) for _ in range(MOST_SLOTS))
        self._words = _Words()
        self._more = label()
        self._more.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._list = button(tr("Alarm list"), icon_name="list")
        self._list.setAccessibleName(tr("Alarm list"))
        self._list.setToolTip(actions["alarms"].toolTip())
        self._list.clicked.connect(actions["alarms"].trigger)
        layout = column(self)
        layout.addWidget(hairline())
        line = row()
        line.addWidget(self._words, 1)
        for slot in self.slots:
            slot.opened.connect(self.alarm_opened)
            slot.ack.released.connect(lambda: QTimer.singleShot(0, self, self.refresh))
            line.addWidget(slot, 1)
        line.addWidget(self._make_end())
        layout.addLayout(line, 1)
        self._model.changed.connect(self.refresh)
        context.ticker.tick.connect(self._on_tick)
        units().changed.connect(self.refresh)
        self.refresh()

    def set_compact(self, is_compact: bool) -> None:
        """Take the small or the full form."""
        self._is_compact = is_compact
        self.setFixedHeight(COMPACT_HEIGHT if is_compact else HEIGHT)
        set_text(self._list, "" if is_compact else f"{ICON_GAP}{tr('Alarm list')}")
        for slot in self.slots:
            slot.set_compact(is_compact)
        self.refresh()

    def acknowledge_first(self) -> None:
        """Acknowledge the alarm in the first slot."""
        if not self.slots[0].isHidden():
            self.slots[0].acknowledge()

    def refresh(self) -> None:
        """Show the most urgent alarms of the moment; a slot whose button is held down stays as and where it is."""
        held = next((slot for slot in self.slots if slot.ack.isDown()), None)
        if held is not None and held.alarm is not None and self._model.is_evaluated:
            self._show_around(held, held.alarm)
            return
        waiting = calling(self._model.unacknowledged)
        room = (1 if self._is_compact else MOST_SLOTS) - (not self._model.is_evaluated)
        shown = waiting[: max(0, room)]
        self._places = len(shown)
        self._show(self.slots, shown)
        self._words.say(self._model.is_evaluated, has_alarms=bool(shown))
        self._count_rest(len(waiting) - len(shown))

    def _show_around(self, held: Slot, alarm: AlarmRow) -> None:
        """Show the most urgent of the others in the other places; how many places there are waits for the release."""
        waiting = [each for each in calling(self._model.unacknowledged) if not each.is_same_as(alarm)]
        others = [slot for slot in self.slots[: self._places] if slot is not held]
        self._show(others, waiting)
        self._count_rest(max(0, len(waiting) - len(others)))

    def _show(self, slots: Sequence[Slot], alarms: Sequence[AlarmRow]) -> None:
        """Fill slots in order; those left over are empty, and keep their room if it is one of the places."""
        for slot, alarm in zip(slots, alarms, strict=False):
            slot.show_alarm(alarm)
        for index, slot in enumerate(slots):
            policy = slot.sizePolicy()
            policy.setRetainSizeWhenHidden(slot in self.slots[: self._places])
            slot.setSizePolicy(policy)
            slot.setVisible(index < len(alarms))

    def _count_rest(self, rest: int) -> None:
        set_text(self._more, tr("+{count} more").format(count=rest) if rest else "")

    def _on_tick(self) -> None:
        self._ticks += 1
        if self._ticks % _TICKS_PER_SECOND == 0:
            for slot in self.slots:
                slot.refresh_age()

    def _make_end(self) -> QWidget:
        end = QWidget()
        layout = row(end, spacing=12)
        layout.setContentsMargins(16, 0, 16, 0)
        widest = tr("+{count} more").format(count=_MOST_COUNTED)
        self._more.setMinimumWidth(QFontMetrics(font(15)).horizontalAdvance(widest))
        layout.addWidget(self._more)
        layout.addWidget(self._list)
        return end


class _Words(QWidget):
    """What stands where there is no alarm to show, or none can be trusted."""

    def __init__(self) -> None:
        super().__init__()
        layout = row(self, spacing=12)
        layout.setContentsMargins(20, 0, 20, 0)
        self._icon = IconLabel("warning", "text")
        self._title, self._more = label(role="strong"), ElidedLabel(role="text2")
        layout.addWidget(self._icon)
        lines = column()
        lines.addStretch(1)
        lines.addWidget(self._title)
        lines.addWidget(self._more)
        lines.addStretch(1)
        layout.addLayout(lines, 1)

    def say(self, is_evaluated: bool, has_alarms: bool) -> None:
        self.setVisible(not (is_evaluated and has_alarms))
        self._icon.setVisible(not is_evaluated)
        set_text(self._title, "" if is_evaluated else tr("Alarms not evaluated"))
        self._title.setVisible(not is_evaluated)
        is_clear = tr("No alarm waits for an acknowledgement")
        set_text(self._more, is_clear if is_evaluated else tr("Watch the values. No new alarm will appear here."))
