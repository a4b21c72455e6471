"""The faceplate of one piece of equipment, made from its type. GUI thread."""

from typing import Final

import numpy as np
from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from hmi.actions import Target
from hmi.context import Context
from hmi.faceplate.commands import CommandButtons, command_intents
from hmi.faceplate.header import HEIGHT, Header, equipment_title
from hmi.faceplate.intent import Intent
from hmi.faceplate.last_command import LastCommand
from hmi.faceplate.measured import Kept, Measured
from hmi.faceplate.mode import ModeSegment
from hmi.faceplate.part import Part
from hmi.faceplate.reason_box import ReasonBox
from hmi.faceplate.setpoint import SetpointRow, measured_member
from hmi.faceplate.state import State
from hmi.trends.pens import equipment_tags, target_of
from hmi.widgets import column, hairline
from plant_models.equipment import Equipment
from plant_models.tag import Tag

WIDTH: Final = 344
GREATEST_HEIGHT: Final = 920
_PADDING: Final = 16
_TOP: Final = 4
_BORDER: Final = 1
_INSIDE: Final = WIDTH - 2 * _BORDER
_GAP: Final = 10
_SLOW_TICKS: Final = 5


class Faceplate(QFrame):
    """344 px wide, as high as it needs, scrolling when the window is low. Parts the type doesn't have are absent."""

    closed = Signal()
    command_wanted = Signal(Intent)
    setpoint_wanted = Signal(Equipment, Tag)
    trend_wanted = Signal(object)
    menu_wanted = Signal(object, QPoint)

    def __init__(self, context: Context, equipment: Equipment, parent: QWidget) -> None:
        super().__init__(parent)
        self.equipment = equipment
        self._context = context
        self._kind = context.type_of(equipment)
        self._parts: list[Part] = []
        self._reasons = ReasonBox()
        self._last = LastCommand(context, equipment)
        index = context.station.table.index
        names = (equipment.tag_name(member.name) for member in self._kind.members)
        self._rows = np.array([index[name] for name in names if name in index], np.intp)
        self._sequence = 0
        self.refreshes = 0
        self._ticks = 0
        self.setProperty("kind", "floating")
        self.setAccessibleName(equipment_title(context, equipment))
        self.setFixedWidth(WIDTH)
        self._body = QWidget()
        self._build_frame()
        self._fill(column(self._body, spacing=_GAP))
        context.ticker.tick.connect(self._on_tick)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return the size at which nothing has to scroll, within the greatest height."""
        return QSize(WIDTH, self.height_within(GREATEST_HEIGHT))

    def height_within(self, most: int) -> int:
        """Return the height to take when there are `most`: all it needs, else such that no part is cut in two."""
        fixed = HEIGHT + _height(self._foot, _INSIDE) + 2 * _BORDER
        most = min(most, GREATEST_HEIGHT)
        whole = fixed + _height(self._body, _INSIDE)
        return whole if whole <= most else fixed + self._whole_parts(most - fixed)

    def _whole_parts(self, most: int) -> int:
        """Return the height of as many parts of the body as fit into `most`; all of it if not even one does."""
        layout = self._body.layout()
        assert layout is not None
        y, fitting = layout.contentsMargins().top(), most
        for widget in (item.widget() for at in range(layout.count()) if (item := layout.itemAt(at)) is not None):
            if widget is None or widget.isHidden():
                continue
            y += _height(widget, _INSIDE - 2 * _PADDING)
            if y + _GAP > most:
                break
            if widget.property("kind") != "line":  # nothing follows that it could part
                fitting = y + _GAP
            y += layout.spacing()
        return fitting

    def refresh(self) -> None:
        """Show what holds now."""
        self.refreshes += 1
        self._sequence = self._context.station.table.sequence
        for part in self._parts:
            part.refresh()
        refused = tuple(each for part in self._parts for each in part.refused())
        self._reasons.show_refused(refused, is_everything=not any(part.is_allowed for part in self._parts))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for a trend on a click with the middle button."""
        target = self._target(event.position().toPoint())
        if event.button() == Qt.MouseButton.MiddleButton and target.trend:
            self.trend_wanted.emit(target.trend)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_wanted.emit(self._target(event.pos()), event.globalPos())

    def _want_trend(self) -> None:
        table = self._context.station.table
        self.trend_wanted.emit(equipment_tags(self._context.plant, table, self.equipment))

    def _target(self, at: QPoint) -> Target:
        """Return what lies at a place: the value of one part, else the whole equipment."""
        below = self.childAt(at)
        while below is not None and not (isinstance(below, Part) and below.shown_tag):
            below = None if below is self else below.parentWidget()
        tag = below.shown_tag if isinstance(below, Part) else ""
        return target_of(self._context.plant, self._context.station.table, self.equipment.name, tag)

    def _on_tick(self) -> None:
        """Follow the plant at once; what isn't in the table (links, commands of others) twice a second."""
        self._ticks += 1
        has_changed = self._context.station.table.changed_since(self._sequence, self._rows).size > 0
        if has_changed or self._ticks % _SLOW_TICKS == 0:
            self.refresh()
        else:
            self._last.refresh()

    def _build_frame(self) -> None:
        layout = column(self)
        header = Header(self._context, self.equipment)
        header.closed.connect(self.closed)
        header.trend_wanted.connect(self._want_trend)
        layout.addWidget(header)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self._body)
        scroll.viewport().setAutoFillBackground(False)
        self._body.setAutoFillBackground(False)
        bar = scroll.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: self._make_room_for(bar.sizeHint().width() if high else 0))
        layout.addWidget(scroll, 1)
        self._foot = QWidget()
        foot = column(self._foot, spacing=_GAP)
        foot.setContentsMargins(_PADDING, 0, _PADDING, 12)
        if self._last.is_needed:
            foot.addWidget(hairline())
            self._add(foot, self._last)
        layout.addWidget(self._foot)

    def _make_room_for(self, bar: int) -> None:
        """Let a scroll bar take its width from the right margin, so that the parts stay as wide as without it."""
        layout = self._body.layout()
        assert layout is not None
        layout.setContentsMargins(_PADDING, _TOP, _PADDING - bar, _PADDING)

    def _fill(self, layout: QVBoxLayout) -> None:
        layout.setContentsMargins(_PADDING, _TOP, _PADDING, _PADDING)
        self._add(layout, State(self._context, self.equipment))
        self._add_commands(layout)
        self._add_values(layout)
        self._add_kept(layout)
        layout.addStretch(1)

    def _add_commands(self, layout: QVBoxLayout) -> None:
        mode = self._context.member_tag(self.equipment, self._kind.faceplate.mode)
        if mode is not None and mode.states:
            segment = ModeSegment(self._context, self.equipment, mode, self._title(mode))
            segment.wanted.connect(self.command_wanted)
            self._add(layout, segment)
        intents = command_intents(self._context, self.equipment)
        if intents:
            buttons = CommandButtons(self._context, intents)
            buttons.wanted.connect(self.command_wanted)
            self._add(layout, buttons)
        layout.addWidget(self._reasons)

    def _add_values(self, layout: QVBoxLayout) -> None:
        setpoints = self._tags(self._kind.faceplate.setpoints)
        measured = self._tags(self._kind.faceplate.indicators)
        if setpoints or measured:
            layout.addWidget(hairline())
        steered = {measured_member(self._context, self.equipment, tag.member): tag for tag in setpoints}
        for tag in measured:
            setpoint = steered.get(tag)
            self._add(layout, Measured(self._context, tag, self._title(tag), setpoint))
            if setpoint is not None:
                self._add_setpoint(layout, setpoint)
        for tag in setpoints:
            if measured_member(self._context, self.equipment, tag.member) not in measured:
                self._add_setpoint(layout, tag)

    def _add_setpoint(self, layout: QVBoxLayout, tag: Tag) -> None:
        line = SetpointRow(self._context, tag, self._title(tag))
        line.wanted.connect(lambda tag: self.setpoint_wanted.emit(self.equipment, tag))
        self._add(layout, line)

    def _add_kept(self, layout: QVBoxLayout) -> None:
        kept = self._tags(self._kind.faceplate.maintenance)
        if kept:
            layout.addWidget(hairline())
        for tag in kept:
            self._add(layout, Kept(self._context, tag, self._title(tag)))

    def _add(self, layout: QVBoxLayout, part: Part) -> None:
        self._parts.append(part)
        layout.addWidget(part)

    def _tags(self, members: tuple[str, ...]) -> tuple[Tag, ...]:
        tags = (self._context.member_tag(self.equipment, name) for name in members)
        return tuple(tag for tag in tags if tag is not None)

    def _title(self, tag: Tag) -> str:
        member = self._kind.member(tag.member)
        return member.title if member is not None else tag.name


def _height(part: QWidget, width: int) -> int:
    """Return the height at which a part of this width shows all its lines."""
    return part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
