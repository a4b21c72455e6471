"""The rows of the alarm list: the shared model, filtered, as Qt's views want it. GUI thread.

However many alarms change, a change becomes at most four signals: one permutation, one removal, one insertion and one
permutation, then `dataChanged` for the rows that look otherwise. Persistent indexes are moved along, so selection,
current row and scroll position stay with their alarms. There is no proxy: a dynamic one costs many times more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from alarms.snapshot import AlarmRow
from hmi.alarms.columns import COLUMNS, CONSEQUENCE, GLYPH, VOLATILE, cell_of, tip_of
from hmi.alarms.filter import AlarmFilter
from hmi.alarms.groups import LONELY, Place
from hmi.alarms.model import AlarmModel
from hmi.alarms.order import Order
from hmi.alarms.shown import Choice, Part, Shown
from hmi.alarms.words import priority_word, state_word
from hmi.context import Context
from hmi.live import Reading
from hmi.numbers import clock_text

ROW_ROLE: Final = Qt.ItemDataRole.UserRole
"""The AlarmRow of a row."""
PLACE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
"""Where a row stands below its cause."""
READING_ROLE: Final = Qt.ItemDataRole.UserRole + 2
"""The value of this moment, None without a tag."""
_MOST_RUNS: Final = 32
"""So many spans of changed rows are told one by one; more of them as one."""
_ARROWS: Final = {False: "↓", True: "↑"}
_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(slots=True)
class _Entry:
    """An alarm, whether its acknowledgement is on its way, where it stands, and the texts that were looked at."""

    alarm: AlarmRow
    is_pending: bool
    place: Place
    texts: dict[int, str] = field(default_factory=dict)


class AlarmTable(QAbstractTableModel):
    """One row per alarm; the key of a row is the name of its alarm.

    While it `is_held` nothing changes in it. `consequence_of` tells in how many seconds the consequence of an alarm
    comes, None if nobody knows. `moving` is emitted with True before rows change places, and with False afterwards.
    """

    moving = Signal(bool)

    def __init__(self, context: Context, part: Part = Part.WHOLE) -> None:
        super().__init__()
        self._context = context
        self._model: AlarmModel = context.alarms
        self._shown = Shown(context.area_title, lambda name: self.consequence_of(name))
        self._shown.choose(Choice(part=part))
        self._opened: set[str] = set()
        self._entries: list[_Entry] = []
        self._by_name: dict[str, _Entry] = {}
        self._alarms: list[AlarmRow] = []
        self._is_held = False
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

    @property
    def is_held(self) -> bool:
        return self._is_held

    @property
    def has_consequences(self) -> bool:
        """Whether anybody works out when consequences come."""
        return self.consequence_of is not _unknown

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
        self._apply()
        if not is_same_order:
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    def set_filter(self, wanted: AlarmFilter) -> None:
        """Show what passes another filter."""
        self.choose(replace(self.choice, filter=wanted))

    def set_order(self, order: Order) -> None:
        """Show it in another order."""
        self.choose(replace(self.choice, order=order))

    def fold(self, name: str, is_open: bool) -> bool:
        """Fold the alarms that one explains away, or unfold them; return whether there was anything to do."""
        entry = self._by_name.get(name)
        if entry is None or not entry.place.below or is_open is (name in self._opened):
            return False
        (self._opened.add if is_open else self._opened.discard)(name)
        self._apply()
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
            self._rows = self._model.rows
            self._apply()

    def resort(self) -> None:
        """Put the rows in order again where it depends on what isn't in them."""
        if self.choice.order.column == CONSEQUENCE and not self._is_held:
            self._shown.choose(self.choice)
            self._apply()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self._entries[index.row()]
        if role == ROW_ROLE:
            return entry.alarm
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, index.column())
        if role == PLACE_ROLE:
            return entry.place
        if role == READING_ROLE:
            return self.reading(entry.alarm)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(self._context, entry.alarm, index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == GLYPH:
            return f"{priority_word(entry.alarm.priority)}, {state_word(entry.alarm)}"
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
        return None if self._context.tag(alarm.tag) is None else self._context.live.reading(alarm.tag)

    def write_anew(self) -> None:
        """Forget every text: units are others now."""
        for entry in self._entries:
            entry.texts.clear()
        self._tell(range(len(self._entries)))

    def shown_text(self, alarm: AlarmRow, column: int) -> str:
        """Return the text of a cell of any alarm that passes, as it would stand here."""
        consequence_s = self.consequence_of(alarm.name) if column == CONSEQUENCE else None
        return cell_of(self._context, alarm, column, consequence_s)

    def moment(self) -> str:
        """Return the time of day as it stands on this screen."""
        return clock_text(self._context.clock.wall_us(), self._context.zone)

    def _text(self, entry: _Entry, column: int) -> str:
        """Return the text of a cell; only what is looked at is ever written."""
        if column in VOLATILE:
            return self.shown_text(entry.alarm, column)
        text = entry.texts.get(column)
        if text is None:
            text = entry.texts[column] = self.shown_text(entry.alarm, column)
        return text

    def _apply(self) -> None:
        """Turn what stands here into what is wanted."""
        shown = self._shown
        shown.follow(self._rows, self._model.causes, self._opened)
        wanted = shown.rows
        names = [row.name for row in wanted]
        self._remove(self._by_name.keys() - set(names))
        self._append([row for row in wanted if row.name not in self._by_name])
        if [entry.alarm.name for entry in self._entries] != names:
            place = {entry.alarm.name: at for at, entry in enumerate(self._entries)}
            self._permute([place[name] for name in names])
        self._show(wanted)

    def _remove(self, gone: set[str]) -> None:
        if not gone:
            return
        is_gone = [entry.alarm.name in gone for entry in self._entries]
        kept, count = len(is_gone) - len(gone), len(is_gone)
        self._permute(sorted(range(count), key=is_gone.__getitem__))
        self.beginRemoveRows(_NOWHERE, kept, count - 1)
        del self._entries[kept:]
        del self._alarms[kept:]
        for name in gone:
            del self._by_name[name]
        self.endRemoveRows()

    def _append(self, new: Sequence[AlarmRow]) -> None:
        if new:
            self.beginInsertRows(_NOWHERE, len(self._entries), len(self._entries) + len(new) - 1)
            made = [_Entry(row, self._model.is_pending(row), LONELY) for row in new]
            self._entries += made
            self._alarms += new
            self._by_name.update({entry.alarm.name: entry for entry in made})
            self.endInsertRows()

    def _permute(self, order: list[int]) -> None:
        """Move rows so that the row at `order[n]` comes to stand at n."""
        if order == list(range(len(order))):
            return
        self.moving.emit(True)
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        moved = {old: new for new, old in enumerate(order)} if before else {}
        self._entries = [self._entries[old] for old in order]
        self._alarms = [entry.alarm for entry in self._entries]
        after = [self.index(moved[each.row()], each.column()) for each in before]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()
        self.moving.emit(False)

    def _show(self, wanted: Sequence[AlarmRow]) -> None:
        """Take over rows that stand where they belong, and tell which of them look otherwise."""
        changed, is_pending, places = [], self._model.is_pending, self._shown.places
        for at, (entry, row) in enumerate(zip(self._entries, wanted, strict=True)):
            place = places.get(row.name, LONELY)
            if entry.alarm is row and entry.is_pending == is_pending(row) and entry.place == place:
                continue
            if entry.alarm != row or entry.is_pending != is_pending(row) or entry.place != place:
                entry.texts = {}
                changed.append(at)
            entry.alarm, entry.is_pending, entry.place = row, is_pending(row), place
        self._alarms = list(wanted)
        self._tell(changed)

    def _tell(self, changed: Sequence[int]) -> None:
        runs = [[at for _, at in run] for _, run in groupby(enumerate(changed), lambda each: each[1] - each[0])]
        if len(runs) > _MOST_RUNS:
            runs = [[changed[0], changed[-1]]]
        for run in runs:
            self.dataChanged.emit(self.index(run[0], 0), self.index(run[-1], len(COLUMNS) - 1))


def _unknown(name: str) -> int | None:
    del name
    return None
