"""The frames of a device as they pass: switched on and off per device, held still, copied. GUI thread."""

from typing import Final

from PySide6.QtWidgets import QApplication, QHBoxLayout, QHeaderView, QTableView, QWidget

from drivers.frames import TraceView
from hmi.context import Context
from hmi.devices.frame_delegate import FrameDelegate
from hmi.devices.frame_lines import ASCII, COLUMNS, FrameLines, trace_text
from hmi.i18n import tr
from hmi.table_view import set_up_table
from hmi.widgets import ElidedLabel, button, column, hairline, row, set_text

_PADDING: Final = 20
_CELL: Final = 8
_ROW: Final = 22
_LEAST: Final = 90
_TICKS_PER_LOOK: Final = 5


class FramesTab(QWidget):
    """Asks the station twice a second while it is seen. Scrolled up, it holds still until it is at the end again."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._device = ""
        self._is_on = self._is_asking = False
        self._ticks = 0
        self.lines = FrameLines()
        self.lines.zone = context.zone
        self.view = QTableView()
        self.switch = button(tr("Trace frames"), icon_name="play")
        self.switch.setCheckable(True)
        self.pause = button(tr("Pause"), icon_name="pause")
        self.pause.setCheckable(True)
        self.copy = button(tr("Copy"), icon_name="copy")
        self.state = ElidedLabel(role="text2")
        self._build()
        self.switch.clicked.connect(self._on_switch)
        self.pause.clicked.connect(self._show_state)
        self.copy.clicked.connect(self._on_copy)
        context.ticker.tick.connect(self._on_tick)

    def show_device(self, name: str) -> None:
        """Show the frames of another device."""
        self._device = name
        self.lines.clear()
        self.pause.setChecked(False)
        self._ticks, self._is_asking = 0, False
        self._take(TraceView())

    def _on_tick(self) -> None:
        if not self.isVisible():
            return
        if self._ticks % _TICKS_PER_LOOK == 0 and not self._is_asking and not self._is_held:
            self._is_asking = True
            self._context.tasks.start(self._look(self._device))
        self._ticks += 1

    @property
    def _is_held(self) -> bool:
        bar = self.view.verticalScrollBar()
        return self.pause.isChecked() or bar.value() < bar.maximum()

    def _on_switch(self, is_on: bool) -> None:
        if is_on:
            self.lines.clear()
            self.pause.setChecked(False)
        self._context.tasks.start(self._switch(self._device, is_on))

    async def _switch(self, device: str, is_on: bool) -> None:
        await self._context.station.trace(device, is_on)
        await self._look(device)

    async def _look(self, device: str) -> None:
        try:
            view = await self._context.station.frames(device, self.lines.newest)
        finally:
            self._is_asking = False
        if device == self._device and not self._is_held:
            self._take(view)

    def _take(self, view: TraceView) -> None:
        self._is_on = view.is_on
        self.switch.setChecked(view.is_on)
        if view.frames:
            self.lines.add(view.frames)
            self.view.scrollToBottom()
        self._show_state()

    def _show_state(self) -> None:
        count = len(self.lines.frames)
        self.pause.setEnabled(self._is_on)
        self.copy.setEnabled(count > 0)
        if not self._is_on and not count:
            words = tr("Off. It can keep the last 200 frames.")
        elif self.pause.isChecked():
            words = tr("Held still: {count} frames").format(count=count)
        elif self._is_on:
            words = tr("{count} of 200 frames").format(count=count)
        else:
            words = tr("Off: {count} frames").format(count=count)
        set_text(self.state, words)

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(trace_text(self.lines.frames, self._context.zone))
        set_text(self.state, tr("Copied {count} frames").format(count=len(self.lines.frames)))

    def _build(self) -> None:
        layout = column(self)
        layout.addLayout(self._make_tools())
        layout.addWidget(hairline())
        view = self.view
        view.setModel(self.lines)
        self._delegate = FrameDelegate()
        view.setItemDelegate(self._delegate)
        set_up_table(view, tr("Frames"), _ROW)
        view.setMinimumHeight(_LEAST)
        head = view.horizontalHeader()
        head.setFixedHeight(_ROW + _CELL)
        for at, each in enumerate(COLUMNS):
            head.setSectionResizeMode(at, QHeaderView.ResizeMode.Fixed)
            view.setColumnWidth(at, each.width or _LEAST)
        head.setSectionResizeMode(ASCII, QHeaderView.ResizeMode.Stretch)
        below = row()
        below.setContentsMargins(_PADDING - _CELL, 0, 0, 0)
        below.addWidget(view)
        layout.addLayout(below, 1)

    def _make_tools(self) -> QHBoxLayout:
        tools = row(spacing=8)
        tools.setContentsMargins(_PADDING, 6, _PADDING, 6)
        for each in (self.switch, self.pause, self.copy):
            tools.addWidget(each)
        tools.addWidget(self.state, 1)
        return tools
