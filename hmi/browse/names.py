"""The tags to be made: a name that can be changed for each, and what is wrong with it. GUI thread."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from drivers.address_space import SpaceNode
from hmi.browse.item import SpaceItem
from hmi.i18n import tr
from plant_models.message import message
from plant_models.project.new_tags import NewTag, name_problem, tag_name

COLUMNS: Final = (message("Name of the tag"), message("Node"))
NAME, NODE = range(2)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()


@dataclass(slots=True)
class Proposed:
    """A node and the name that its tag shall have."""

    node: SpaceNode
    name: str


class NamesModel(QAbstractTableModel):
    """In the order in which they were marked. `taken` are names that exist already."""

    def __init__(self, device: str, taken: frozenset[str]) -> None:
        super().__init__()
        self._device = device
        self._taken = set(taken)
        self._rows: list[Proposed] = []
        self._counts: Counter[str] = Counter()

    @property
    def rows(self) -> tuple[Proposed, ...]:
        return tuple(self._rows)

    def take(self, names: Mapping[str, str]) -> None:
        """Note names that can't be had any more."""
        self._taken.update(names.values())

    def show(self, marks: Mapping[str, SpaceItem]) -> None:
        """Hold exactly the marked nodes; names that were given stay."""
        kept = [each for each in self._rows if each.node.address in marks]
        known = {each.node.address for each in kept}
        used = self._taken | {each.name for each in kept}
        for address, item in marks.items():
            if address not in known:
                kept.append(Proposed(item.node, tag_name(item.path, used)))
                used.add(kept[-1].name)
        self.beginResetModel()
        self._rows = kept
        self._counts = Counter(each.name for each in kept)
        self.endResetModel()

    def problem(self, row: int) -> str:
        """Return what is wrong with the name of a row, in words, "" if nothing is."""
        name = self._rows[row].name
        if problem := name_problem(name):
            return tr(problem)
        if name in self._taken:
            return tr("There is a tag of this name already.")
        return tr("Two have this name.") if self._counts[name] > 1 else ""

    def first_problem(self) -> str:
        """Return what is wrong with the first name that something is wrong with."""
        problems = ((self._rows[row].name, self.problem(row)) for row in range(len(self._rows)))
        return next((f"{name}: {problem}" if name else problem for name, problem in problems if problem), "")

    def tags(self) -> tuple[NewTag, ...]:
        """Return the tags as they would be added."""
        return tuple(_new_tag(self._device, each) for each in self._rows)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return base | Qt.ItemFlag.ItemIsEditable if index.column() == NAME else base

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return tr(COLUMNS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        each = self._rows[index.row()]
        if role == Qt.ItemDataRole.EditRole:
            return each.name
        if role == Qt.ItemDataRole.DisplayRole:
            return each.name if index.column() == NAME else self.problem(index.row()) or each.node.address
        return each.node.address if role == Qt.ItemDataRole.ToolTipRole else None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole:
            return False
        each = self._rows[index.row()]
        self._counts[each.name] -= 1
        each.name = str(value).strip()
        self._counts[each.name] += 1
        self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, NODE))
        return True


def _new_tag(device: str, each: Proposed) -> NewTag:
    node = each.node
    assert node.type is not None
    return NewTag(
        name=each.name,
        device=device,
        address=node.address,
        type=node.type,
        description=node.description,
        unit=node.unit,
        low=node.low,
        high=node.high,
    )
