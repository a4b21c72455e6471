"""The rest of the alarm filter beside words and priorities: areas, states and times. GUI thread."""

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QWidget

from alarms.states import AlarmState
from hmi.alarm_areas.tree import OTHER, AreaTree
from hmi.alarms.looks import LOOKS
from hmi.alarms.staying_menu import StayingMenu
from hmi.alarms.words import STATES
from hmi.i18n import tr
from plant_models.message import message
from plant_models.plant import Area, Plant

_HOUR_S: Final = 3600
TIMES: Final = (
    (None, message("Raised at any time")),
    (_HOUR_S / 4, message("In the last 15 minutes")),
    (_HOUR_S, message("In the last hour")),
    (8 * _HOUR_S, message("In the last 8 hours")),
    (24 * _HOUR_S, message("In the last 24 hours")),
    (-24 * _HOUR_S, message("More than 24 hours ago")),
)
"""Spans in seconds, negative for what is older."""
_STEP: Final = "\u2003"
"""How far an area stands in below the one that it is part of."""


class FilterMenu(StayingMenu):
    """`changed` tells that something else is chosen; nothing chosen means everything."""

    changed = Signal()

    def __init__(self, plant: Plant, parent: QWidget) -> None:
        super().__init__(parent)
        self._plant = plant
        self._areas: dict[str, QAction] = {}
        self._states: dict[AlarmState, QAction] = {}
        self._spans = QActionGroup(self)
        self._is_quiet = False
        self.setAccessibleName(tr("Filter"))
        if plant.areas:
            self.heading(tr("Area"))
            for area, depth in _tree(plant, ""):
                self._areas[area.name] = self.tick_box(_STEP * depth + (area.title or area.name), False, self._tell)
            self._areas[OTHER] = self.tick_box(tr("Other"), False, self._tell)
        self.heading(tr("State"))
        for state in LOOKS:
            self._states[state] = self.tick_box(tr(STATES[state]), False, self._tell)
        self.heading(tr("Time"))
        for at, (span_s, words) in enumerate(TIMES):
            made = self.tick_box(tr(words), at == 0, self._tell)
            made.setData(span_s)
            self._spans.addAction(made)

    @property
    def areas(self) -> frozenset[str]:
        """The ticked areas with all that are part of them; "" is what has none."""
        ticked = {name for name, box in self._areas.items() if box.isChecked()}
        rest = AreaTree(self._plant).areas(OTHER) if OTHER in ticked else frozenset()
        named = ticked - {OTHER}
        return rest.union(named, *(_within(self._plant, name) for name in named))

    @property
    def area(self) -> str:
        """The one area that is ticked; "" for none or several."""
        ticked = [name for name, box in self._areas.items() if box.isChecked()]
        return ticked[0] if len(ticked) == 1 else ""

    @property
    def words(self) -> str:
        """What is chosen, in words."""
        ticked = [box.text().strip() for box in (*self._areas.values(), *self._states.values()) if box.isChecked()]
        time = [] if self.span_s is None else [self._spans.checkedAction().text()]
        return ", ".join(ticked + time)

    @property
    def states(self) -> frozenset[AlarmState]:
        return frozenset(state for state, box in self._states.items() if box.isChecked())

    @property
    def span_s(self) -> float | None:
        """How long ago an alarm may have been raised at most; negative: at least."""
        chosen = self._spans.checkedAction()
        return None if chosen is None else chosen.data()  # none between two choices

    def choose_area(self, name: str) -> None:
        """Show one area only, "" for all."""
        self._choose(lambda: [box.setChecked(each == name) for each, box in self._areas.items()])

    def clear_choice(self) -> None:
        """Choose nothing, which shows everything."""
        self._choose(self._untick)

    def _untick(self) -> None:
        for box in (*self._areas.values(), *self._states.values()):
            box.setChecked(False)
        self._spans.actions()[0].setChecked(True)

    def _choose(self, act: Callable[[], object]) -> None:
        self._is_quiet = True
        act()
        self._is_quiet = False
        self._tell()

    def _tell(self) -> None:
        if not self._is_quiet:
            self.changed.emit()


def _tree(plant: Plant, parent: str, depth: int = 0) -> Iterator[tuple[Area, int]]:
    """Yield the areas, each below the one that it is part of."""
    known = {area.name for area in plant.areas}
    for area in plant.areas:
        if (area.parent if area.parent in known else "") == parent:
            yield area, depth
            yield from _tree(plant, area.name, depth + 1)


def _within(plant: Plant, name: str) -> set[str]:
    return {area.name for area, _ in _tree(plant, name)}
