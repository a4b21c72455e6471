"""The rows of the alarm list: the shared model, filtered, as Qt's views want it. GUI thread.

However many alarms change, a change becomes at most four signals: one permutation, one removal, one insertion and one
permutation, then `dataChanged` for the rows that look otherwise. Persistent indexes are moved along, so selection,
current row and scroll position stay with their alarms. There is no proxy: a dynamic one costs many times more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import count, groupby
from operator import attrgetter
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from alarms.snapshot import AlarmRow
from hmi.alarm_list.columns import COLUMNS, CONSEQUENCE, GLYPH, VOLATILE, cell_of, consequence_text, tip_of
from hmi.alarm_list.filter import AlarmFilter
from hmi.alarm_list.groups import LONELY, Place
from hmi.alarm_list.shown import Choice, Part, Shown
from hmi.alarms.distances import live_reading
from hmi.alarms.model import AlarmModel
from hmi.alarms.sorted_rows import NO_DELTA, Delta
from hmi.alarms.words import priority_word, state_word
from hmi.context import Context
from hmi.live import Reading
from hmi.numbers import local_time

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The AlarmRow of a row."""
_MOST_RUNS: Final = 32
"""So many spans of changed rows are told one by one; more of them as one."""
_ARROWS: Final = {False: "↓", True: "↑"}
_NOWHERE: Final = QModelIndex()
_FEW: Final = 4
"""Up to so many alarms of which somebody holds an index are looked for one by one."""
_NAME: Final = attrgetter("name")
_Index = QModelIndex | QPersistentModelIndex


class AlarmTable(QAbstractTableModel):
    """One row per alarm; the key of a row is the name of its alarm.

    While it `is_held` nothing changes in it. `consequence_of` tells in how many seconds the consequence of an alarm
    comes, None if nobody knows. `moving` is emitted with True before rows change places, and with False afterwards;
    `folded` when somebody folds or unfolds. `following` is emitted with True before alarms of another moment are taken
    over, and with False afterwards.
    """

    moving = Signal(bool)
    following = Signal(bool)
    folded = Signal()

    def __init__(self, context: Context, part: Part = Part.WHOLE) -> None:
        super().__init__()
        self._context = context
        self._model: AlarmModel = context.alarms
        self._shown = Shown(context.area_title, lambda name: self.consequence_of(name))
        self._shown.choose(Choice(part=part))
        self._opened: set[str] = set()
        self._alarms: list[AlarmRow] = []
        self._texts: dict[str, dict[int, str]] = {}
        self._places: dict[str, Place] = {}
        self._pending: frozenset[str] = frozenset()
        self._is_held = False
        self._day: date | None = None
        self.consequence_of: Callable[[str], int | None] = _unknown
        self._model.changed.connect(self.follow)
        self.follow()

    @property
    def alarms(self) -> Sequence[AlarmRow]:
        """What is shown, in order."""
        return self._alarms

    @property
    def all(self) -> Sequence[AlarmRow]:
        """What passes the filter, also what is folded away."""
        return self._shown.all

    @property
    def outside(self) -> int:
        """How many rows are shown only because of their priority."""
        return self._shown.outside

    @property
    def choice(self) -> Choice:
        return self._shown.choice

    def hold(self, is_held: bool) -> None:
        """Stop following, or catch up with what has happened."""
        self._is_held = is_held
        self.follow()

    def choose(self, choice: Choice) -> None:
        """Show another part of the alarms, or in another order; what is held shows it of what is held."""
        if choice == self._shown.choice:
            return
        is_same_order = choice.order == self._shown.choice.order
        self._shown.choose(choice)
        self._apply(is_anew=True)
        if not is_same_order:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def set_filter(self, wanted: AlarmFilter) -> None:
        """Show what passes another filter."""
        self.choose(replace(self.choice, filter=wanted))

    def fold(self, name: str, is_open: bool) -> bool:
        """Fold the alarms that one explains away, or unfold them; return whether there was anything to do."""
        if not self._shown.place(name).below or is_open is (name in self._opened):
            return False
        (self._opened.add if is_open else self._opened.discard)(name)
        self._apply(is_anew=True)
        self.folded.emit()
        return True

    def is_open(self, name: str) -> bool:
        """Tell whether the alarms that one explains are all shown."""
        return name in self._opened

    def index_of(self, name: str) -> QModelIndex:
        """Return where an alarm stands, an invalid index if it isn't shown."""
        at = next((at for at, row in enumerate(self._alarms) if row.name == name), None)
        return _NOWHERE if at is None else self.index(at, GLYPH)

    def follow(self) -> None:
        """Take over the present alarms."""
        if not self._is_held:
            self.following.emit(True)
            self._apply()
            self.following.emit(False)

    def let_time_pass(self) -> None:
        """Write times anew on another day, and put the rows in order again where it depends on what isn't in them."""
        day = local_time(self._context.clock.wall_us(), self._context.zone).date()
        if day != self._day:
            self._day = day
            self.write_anew()
        if self.choice.order.column == CONSEQUENCE and not self._is_held:
            self._shown.choose(self.choice)
            self._apply(is_anew=True)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._alarms)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        alarm = self._alarms[index.row()]
        if role == ROW_ROLE:
            return alarm
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(alarm, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(self._context, alarm, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == GLYPH:
            return f"{priority_word(alarm.priority)}, {state_word(alarm)}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        heading, order = COLUMNS[section].heading(role), self.choice.order
        if role == Qt.ItemDataRole.DisplayRole and order.column == section:
            return f"{heading} {_ARROWS[order.is_reversed]}".lstrip()
        return heading

    def reading(self, alarm: AlarmRow) -> Reading | None:
        """Return the value of this moment of what an alarm is about."""
        return live_reading(self._context, alarm)

    def place(self, alarm: AlarmRow) -> Place:
        """Return where a row stands below its cause."""
        return self._places.get(alarm.name, LONELY)

    def write_anew(self) -> None:
        """Forget every text: units are others now."""
        self._texts.clear()
        self._tell(range(len(self._alarms)))

    def text(self, alarm: AlarmRow, column: int) -> str:
        """Return the text of a cell of an alarm that passes; only what is looked at is ever written."""
        if column in VOLATILE:
            if column == CONSEQUENCE:
                return consequence_text(self.consequence_of(alarm.name))
            return cell_of(self._context, alarm, column)
        texts = self._texts.setdefault(alarm.name, {})
        text = texts.get(column)
        if text is None:
            text = texts[column] = cell_of(self._context, alarm, column)
        return text

    def _apply(self, is_anew: bool = False) -> None:
        """Turn what stands here into what is wanted; `is_anew` if something else is wanted than before."""
        shown, model = self._shown, self._model
        rows = shown.present if self._is_held else model.rows
        delta = NO_DELTA if self._is_held else model.changes_since(shown.present)
        shown.follow(rows, delta, model.causes, self._opened)
        self._turn_over(is_anew or bool(shown.places or self._places))
        changed = self._changed(delta)
        if _names(self._alarms) == _names(shown.rows):
            self._alarms = shown.rows
            self._tell([at for at, row in enumerate(shown.rows) if row.name in changed] if changed else ())
        else:
            self._arrange(shown.rows)
            if changed and self._alarms:  # all of it is drawn anew in any case
                self.dataChanged.emit(self.index(0, 0), self.index(len(self._alarms) - 1, len(COLUMNS) - 1))

    def _turn_over(self, is_anew: bool) -> None:
        """Remove what is no longer shown and append what is new; `is_anew` if more than some rows may have changed."""
        if is_anew:
            wanted, present = set(_names(self._shown.rows)), set(_names(self._alarms))
            self._remove(present - wanted)
            self._append([row for row in self._shown.rows if row.name not in present])
            return
        turnover = self._shown.turnover
        gone, fresh = set(_names(turnover.gone.values())), set(_names(turnover.fresh.values()))
        self._remove(gone - fresh)
        self._append([row for row in turnover.fresh.values() if row.name not in gone])

    def _changed(self, delta: Delta) -> set[str]:
        """Return the names of those that look otherwise than before, and forget their texts."""
        before = {row.name: row for row in delta.gone.values()}
        changed = {row.name for row in delta.fresh.values() if before.get(row.name) != row}
        for name in changed | before.keys():
            self._texts.pop(name, None)
        pending, places = self._model.pending, self._shown.places
        changed |= pending ^ self._pending
        if places or self._places:
            every = places.keys() | self._places.keys()
            changed |= {name for name in every if places.get(name) != self._places.get(name)}
        self._pending, self._places = pending, places
        return changed

    def _remove(self, gone: set[str]) -> None:
        if gone:
            kept = [row for row in self._alarms if row.name not in gone]
            self._arrange(kept + [row for row in self._alarms if row.name in gone])
            self.beginRemoveRows(_NOWHERE, len(kept), len(self._alarms) - 1)
            self._alarms = kept
            self.endRemoveRows()

    def _append(self, new: Sequence[AlarmRow]) -> None:
        if new:
            first = len(self._alarms)
            self.beginInsertRows(_NOWHERE, first, first + len(new) - 1)
            self._alarms = [*self._alarms, *new]
            self.endInsertRows()

    def _arrange(self, wanted: list[AlarmRow]) -> None:
        """Put the same alarms in another order; what somebody holds an index of takes it along."""
        if wanted == self._alarms:
            return
        self.moving.emit(True)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self._alarms[each.row()].name for each in before]
        self._alarms = wanted
        if before:
            order = _names(wanted)
            few = len(set(names)) <= _FEW
            place = {name: order.index(name) for name in names} if few else dict(zip(order, count(), strict=False))
            after = [self.index(place[name], each.column()) for name, each in zip(names, before, strict=True)]
            self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.moving.emit(False)

    def _tell(self, changed: Sequence[int]) -> None:
        runs = [[at for _, at in run] for _, run in groupby(enumerate(changed), lambda each: each[1] - each[0])]
        if len(runs) > _MOST_RUNS:
            runs = [[changed[0], changed[-1]]]
        for run in runs:
            self.dataChanged.emit(self.index(run[0], 0), self.index(run[-1], len(COLUMNS) - 1))


def _names(rows: Iterable[AlarmRow]) -> list[str]:
    return list(map(_NAME, rows))


def _unknown(_name: str) -> int | None:
    return None
