"""The rows of the list of configured alarms: a plain model over what the station has. GUI thread.

A hundred thousand rows open and filter at once: nothing is made for a row that nobody looks at, and the words that are
searched are put together once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from alarms.definitions import Alarm
from alarms.snapshot import AlarmRow
from hmi.alarm_editor.columns import COLUMNS, STATE, cell_text
from hmi.alarm_editor.words import is_rationalised
from hmi.context import Context
from plant_models.alarm_definition import AlarmClass, AlarmKind

ALARM_ROLE: Final = Qt.ItemDataRole.UserRole
"""The Alarm of a row."""
_NOWHERE: Final = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class ConfiguredFilter:
    """Which alarms are shown; None and empty let everything through. `text` may be several words: all must be there."""

    text: str = ""
    priority: int | None = None
    alarm_class: AlarmClass | None = None
    kind: AlarmKind | None = None
    is_incomplete: bool = False
    is_disabled: bool = False

    @property
    def is_on(self) -> bool:
        """Whether anything may be left out."""
        return self != ConfiguredFilter()

    def passes(self, alarm: Alarm) -> bool:
        """Tell whether an alarm is shown, but for the words."""
        definition = alarm.definition
        return (
            (self.priority is None or definition.priority == self.priority)
            and (self.alarm_class is None or definition.alarm_class is self.alarm_class)
            and (self.kind is None or definition.kind is self.kind)
            and not (self.is_incomplete and is_rationalised(definition))
            and not (self.is_disabled and definition.enabled)
        )


class ConfiguredTable(QAbstractTableModel):
    """Follows the station: other definitions make it anew, other states repaint a column."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._version: object = None
        self._all: tuple[Alarm, ...] = ()
        self._words: tuple[str, ...] | None = None
        self._shown: Sequence[Alarm] = ()
        self._now: dict[str, AlarmRow] = {}
        self._filter = ConfiguredFilter()
        context.alarms.changed.connect(self.follow)
        self.follow()

    @property
    def shown(self) -> Sequence[Alarm]:
        """The rows, in their order."""
        return self._shown

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self._all)

    @property
    def filter(self) -> ConfiguredFilter:
        return self._filter

    def set_filter(self, wanted: ConfiguredFilter) -> None:
        """Show only what passes."""
        if wanted != self._filter:
            self._filter = wanted
            self._replace()

    def follow(self) -> None:
        """Take over what the station has now."""
        snapshot = self._context.station.alarms
        self._now = {row.name: row for row in snapshot.rows}
        version = snapshot.version, len(snapshot.configured)
        if version != self._version:
            self._version = version
            self._all, self._words = tuple(snapshot.configured.values()), None
            self._replace()
        elif self._shown:
            self.dataChanged.emit(self.index(0, STATE), self.index(len(self._shown) - 1, STATE))

    def row_of(self, name: str) -> int | None:
        """Return the row of an alarm, None if it isn't shown."""
        return next((at for at, alarm in enumerate(self._shown) if alarm.name == name), None)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        alarm = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return cell_text(self._context, alarm, self._now.get(alarm.name), index.column())
        return alarm if role == ALARM_ROLE else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        return COLUMNS[section].heading(role)

    def _replace(self) -> None:
        self.beginResetModel()
        words = self._filter.text.casefold().split()
        found: Sequence[Alarm] = self._all
        if words:
            pairs = list(zip(self._all, self._haystack(), strict=True))
            for word in words:
                pairs = [pair for pair in pairs if word in pair[1]]
            found = [alarm for alarm, _ in pairs]
        if self._filter.is_on:
            found = [alarm for alarm in found if self._filter.passes(alarm)]
        self._shown = found
        self.endResetModel()

    def _haystack(self) -> tuple[str, ...]:
        """Return what words are looked for in, for each alarm."""
        if self._words is None:
            titles = {area.name: area.title for area in self._context.plant.areas}
            self._words = tuple(
                "\n".join(
                    (alarm.name, alarm.definition.text, alarm.description, titles.get(alarm.area, alarm.area))
                ).casefold()
                for alarm in self._all
            )
        return self._words
