"""The buttons of a trend: 56 px, from left to right as a hand needs them. GUI thread."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from hmi.i18n import tr
from hmi.theme.icons import icon
from hmi.trends.model import TrendModel
from hmi.trends.view import SECOND_US
from hmi.widgets import ICON, ICON_GAP, ElidedLabel, button, hairline, row, set_property, set_text

HEIGHT: Final = 56
_ICON_BUTTON: Final = 36
_ZOOM: Final = 0.5
_MINUTE_US: Final = 60 * SECOND_US
_HOUR_US: Final = 60 * _MINUTE_US


@dataclass(frozen=True, slots=True)
class _Tool:
    icon: str
    text: str
    shortcut: str
    act: Callable[[], None]
    is_checkable: bool = False


class Toolbar(QWidget):
    """Acts on the model; what needs a dialog is asked for by signal."""

    add_wanted = Signal()
    export_wanted = Signal()
    zoom_wanted = Signal(float)
    range_wanted = Signal()

    def __init__(self, model: TrendModel) -> None:
        super().__init__()
        self._model = model
        self.setFixedHeight(HEIGHT)
        self._presets: dict[int, QPushButton] = {}
        self._tools: dict[str, QAction] = {}
        self._add = button(tr("Add pens"), icon_name="add")
        self._add.clicked.connect(self.add_wanted)
        self._live = button(tr("Live"), icon_name="pause")
        self._live.setCheckable(True)
        self._live.clicked.connect(self._switch_live)
        self._state = ElidedLabel(role="small")
        self._state.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._layout = row(self, spacing=4)
        self._fill(self._layout)
        model.view_changed.connect(self.refresh)
        model.cursors_changed.connect(self.refresh)
        self.refresh()

    def tool(self, name: str) -> QAction:
        """Return what a button does, by the name of its icon."""
        return self._tools[name]

    @property
    def live_button(self) -> QPushButton:
        return self._live

    def preset(self, span_us: int) -> QPushButton:
        """Return the button of a length of time."""
        return self._presets[span_us]

    def showEvent(self, event: QShowEvent) -> None:
        """Give the first button the room of its longer word, so that no other button moves when it changes."""
        super().showEvent(event)
        for word in (tr("Live"), tr("Paused")):
            set_text(self._live, f"{ICON_GAP}{word}")
            self._live.setMinimumWidth(max(self._live.minimumWidth(), self._live.sizeHint().width()))
        self.refresh()

    def show_state(self, text: str) -> None:
        """Say at the right what the picture is made of."""
        set_text(self._state, text)

    def set_compact(self, is_compact: bool) -> None:
        """Drop the words where room is short."""
        set_text(self._add, "" if is_compact else f"{ICON_GAP}{tr('Add pens')}")
        self._add.setToolTip(tr("Add pens"))
        self._add.setAccessibleName(tr("Add pens"))
        self._state.setVisible(not is_compact)

    def refresh(self) -> None:
        """Show what holds: live or paused, the length of time, what can be undone, which cursors stand."""
        view, views, cursors = self._model.view, self._model.views, self._model.cursors
        self._live.setChecked(view.is_live)
        self._live.setIcon(icon("pause" if view.is_live else "play"))
        set_text(self._live, f"{ICON_GAP}{tr('Live' if view.is_live else 'Paused')}")
        self._live.setToolTip(
            tr("Stop the picture (Ctrl+Space)" if view.is_live else "Follow the present (Ctrl+Space)")
        )
        for span_us, preset in self._presets.items():
            preset.setChecked(span_us == view.span_us)
        self._tools["undo"].setEnabled(views.can_undo)
        self._tools["redo"].setEnabled(views.can_redo)
        self._tools["forward"].setEnabled(not view.is_live)
        self._tools["latest"].setEnabled(not view.is_live)
        self._tools["cursor"].setChecked(cursors[0] is not None)
        self._tools["cursors"].setChecked(cursors[1] is not None)
        self._tools["fit"].setChecked(view.is_fitted)
        self._tools["export"].setEnabled(bool(self._model.pens))

    def _fill(self, layout: QHBoxLayout) -> None:
        layout.addWidget(self._add)
        self._divide(layout)
        layout.addWidget(self._live)
        layout.addSpacing(4)
        layout.addLayout(self._make_presets())
        layout.addSpacing(4)
        for tool in self._times():
            layout.addWidget(self._make_tool(tool))
        self._divide(layout)
        for tool in self._looks():
            layout.addWidget(self._make_tool(tool))
        self._divide(layout)
        layout.addWidget(self._make_tool(_Tool("export", tr("Export as CSV"), "Ctrl+E", self.export_wanted.emit)))
        layout.addStretch(1)
        layout.addWidget(self._state, 100)

    def _times(self) -> tuple[_Tool, ...]:
        model = self._model
        return (
            _Tool("back", tr("Half a window earlier"), "PgUp", lambda: self._step(-1)),
            _Tool("forward", tr("Half a window later"), "PgDown", lambda: self._step(1)),
            _Tool("latest", tr("To the present"), "Ctrl+End", lambda: model.change(lambda view: view.live())),
        )

    def _looks(self) -> tuple[_Tool, ...]:
        model = self._model
        return (
            _Tool("undo", tr("Undo the last change of view"), "Ctrl+Z", model.undo),
            _Tool("redo", tr("Redo the change of view"), "Ctrl+Y", model.redo),
            _Tool("zoom_in", tr("Zoom in (or draw a box, or turn the wheel)"), "Ctrl++", self._zoom_in),
            _Tool("zoom_out", tr("Zoom out"), "Ctrl+-", lambda: self.zoom_wanted.emit(1 / _ZOOM)),
            _Tool("cursor", tr("Cursor"), "Ctrl+1", lambda: self._switch_cursor(0), is_checkable=True),
            _Tool("cursors", tr("Second cursor and difference"), "Ctrl+2", lambda: self._switch_cursor(1), True),
            _Tool("fit", tr("Fit the scales to the values"), "Ctrl+0", self._switch_fit, is_checkable=True),
        )

    def _make_presets(self) -> QHBoxLayout:
        layout, group = row(), QButtonGroup(self)
        group.setExclusive(False)
        for at, (span_us, text) in enumerate(preset_spans()):
            made = button(text, "segment")
            made.setCheckable(True)
            set_property(made, "place", "middle" if at else "first")
            made.clicked.connect(lambda _checked=False, span_us=span_us: self._choose(span_us))
            group.addButton(made)
            layout.addWidget(made)
            self._presets[span_us] = made
        layout.addWidget(self._make_more())
        return layout

    def _make_more(self) -> QPushButton:
        """Return the last piece of the row: further lengths, and two times to type."""
        self.more = button(kind="segment", icon_name="down")
        set_property(self.more, "place", "last")
        self.more.setToolTip(tr("Other lengths of time, or from when to when"))
        self.more.setAccessibleName(self.more.toolTip())
        menu = QMenu(self.more)
        for span_us, text in further_spans():
            menu.addAction(text, lambda span_us=span_us: self._choose(span_us))
        menu.addSeparator()
        menu.addAction(tr("From … to …"), self.range_wanted.emit)
        self.more.setMenu(menu)
        return self.more

    def _make_tool(self, tool: _Tool) -> QToolButton:
        action = QAction(icon(tool.icon), tool.text, self)
        action.setCheckable(tool.is_checkable)
        sequence = QKeySequence(tool.shortcut)
        action.setShortcut(sequence)
        action.setToolTip(f"{tool.text} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})")
        action.triggered.connect(lambda: tool.act())
        made = QToolButton()
        made.setDefaultAction(action)
        made.setIconSize(QSize(ICON, ICON))
        made.setFixedSize(QSize(_ICON_BUTTON, _ICON_BUTTON))
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        made.setAccessibleName(tool.text)
        self._tools[tool.icon] = action
        return made

    def _divide(self, layout: QHBoxLayout) -> None:
        line = hairline(is_upright=True)
        line.setFixedHeight(28)
        layout.addSpacing(6)
        layout.addWidget(line)
        layout.addSpacing(6)

    def _choose(self, span_us: int) -> None:
        self._model.change(lambda view: view.with_span(span_us))
        self.refresh()

    def _step(self, direction: int) -> None:
        self._model.change(lambda view: view.stepped(direction, self._model.now_us))

    def _zoom_in(self) -> None:
        self.zoom_wanted.emit(_ZOOM)

    def _switch_live(self) -> None:
        now_us = self._model.context.clock.wall_us()
        self._model.change(lambda view: view.paused(now_us) if view.is_live else view.live())

    def _switch_fit(self) -> None:
        self._model.change(lambda view: view.fitted(not view.is_fitted))

    def _switch_cursor(self, cursor: int) -> None:
        """Place a cursor in the window (a third from either side), or take it away."""
        model = self._model
        start, end = model.window
        place = start + (end - start) * (1 + cursor) // 3
        model.set_cursor(cursor, place if model.cursors[cursor] is None else None)


def preset_spans() -> tuple[tuple[int, str], ...]:
    """Return the lengths of time that have a button, in µs, with their words."""
    return (
        (10 * _MINUTE_US, tr("10 min")),
        (_HOUR_US, tr("1 h")),
        (8 * _HOUR_US, tr("8 h")),
        (24 * _HOUR_US, tr("24 h")),
        (7 * 24 * _HOUR_US, tr("7 d")),
        (30 * 24 * _HOUR_US, tr("30 d")),
        (365 * 24 * _HOUR_US, tr("1 y")),
    )


def further_spans() -> tuple[tuple[int, str], ...]:
    """Return the lengths of time in the menu, in µs, with their words."""
    minutes = ((at * _MINUTE_US, tr("{minutes} min").format(minutes=at)) for at in (1, 5, 30))
    hours = ((at * _HOUR_US, tr("{hours} h").format(hours=at)) for at in (2, 4, 12))
    days = ((at * 24 * _HOUR_US, tr("{days} d").format(days=at)) for at in (2, 14, 90, 180))
    return (*minutes, *hours, *days)
