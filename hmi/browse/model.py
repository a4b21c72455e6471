"""The tree of a server as far as it was opened, and which of its variables are to become tags. GUI thread."""

from collections.abc import Iterable, Mapping
from itertools import count
from typing import Any, Final

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from drivers.address_space import ROOT, SpaceLevel, SpaceNode
from hmi.browse.item import Reading, SpaceItem
from hmi.i18n import tr
from hmi.numbers import number_text
from plant_models.message import Message, message

COLUMNS: Final = (message("Name"), message("Type"), message("Value"), message("Unit and range"))
NAME, TYPE, VALUE, RANGE = range(4)
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE: Final = QModelIndex()
_PLAIN: Final = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_LEAF: Final = _PLAIN | Qt.ItemFlag.ItemNeverHasChildren
_MARKABLE: Final = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable
_MARKABLE_LEAF: Final = _LEAF | Qt.ItemFlag.ItemIsUserCheckable
_EMPTY: Final = message("Nothing lies below.")
_READING: Final = message("Reading…")
_CUT: Final = message("There is more than is shown.")


class SpaceModel(QAbstractItemModel):
    """Lines are read when they are opened: `wanted` says which. `folder_marked` carries a folder and what is wanted.

    `marks` are the lines to become tags, by address, in the order in which they were marked.
    """

    wanted = Signal(object)
    folder_marked = Signal(object, bool)
    marks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ids = count(1)
        self.root = SpaceItem(0, SpaceNode(address=ROOT, name=""))
        self._items = {0: self.root}
        self.marks: dict[str, SpaceItem] = {}

    def item(self, index: _Index) -> SpaceItem:
        """Return the line at an index."""
        return self._items[index.internalId()] if index.isValid() else self.root

    def index_of(self, item: SpaceItem, column: int = 0) -> QModelIndex:
        """Return where a line is."""
        return QModelIndex() if item.parent is None else self.createIndex(item.row, column, item.id)

    def begin(self, item: SpaceItem) -> None:
        """Show that a line is being read."""
        self._replace(item, [self._note(item, _READING)], Reading.NOW)

    def fill(self, item: SpaceItem, level: SpaceLevel, tags: Mapping[str, str]) -> None:
        """Put what was read below a line; `tags` are those that are tags already, by address."""
        lines = [SpaceItem(next(self._ids), node, item, tag=tags.get(node.address, "")) for node in level.nodes]
        if level.is_cut or not lines:
            lines.append(self._note(item, _CUT if lines else _EMPTY))
        self._replace(item, lines, Reading.DONE)

    def fail(self, item: SpaceItem, why: str) -> None:
        """Say below a line why it can't be read; it is read again when it is opened again."""
        self._replace(item, [self._note(item, why)] if why else [], Reading.NOT_YET)

    def set_marks(self, items: Iterable[SpaceItem], is_marked: bool) -> None:
        """Mark lines that can become tags, or take the marks away; one change for all."""
        for item in items:
            if not is_marked:
                self.marks.pop(item.node.address, None)
            elif item.may_be_tag:
                self.marks.setdefault(item.node.address, item)
        self.show_marks()

    def become_tags(self, names: Mapping[str, str]) -> None:
        """Note that nodes (by address) are tags of these names from now on."""
        for item in self.root.all_below():
            item.tag = names.get(item.node.address, item.tag)
        self.marks.clear()
        self.show_marks()

    def show_marks(self) -> None:
        """Have everything drawn again that a mark may change; only what is on screen is asked for."""
        last = self.index_of(self.root.children[-1], len(COLUMNS) - 1) if self.root.children else QModelIndex()
        self.dataChanged.emit(self.index(0, 0), last)
        self.marks_changed.emit()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.column() > 0 else len(self.item(parent).children)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        del parent
        return len(COLUMNS)

    def index(self, row: int, column: int, parent: _Index = _NOWHERE) -> QModelIndex:
        children = self.item(parent).children
        return self.createIndex(row, column, children[row].id) if 0 <= row < len(children) else QModelIndex()

    def parent(self, child: _Index | None = None) -> Any:
        if child is None:
            return QObject.parent(self)
        above = self.item(child).parent
        return QModelIndex() if above is None else self.index_of(above)

    def hasChildren(self, parent: _Index = _NOWHERE) -> bool:
        item = self.item(parent)
        return parent.column() <= 0 and (bool(item.children) or item.is_unread)

    def canFetchMore(self, parent: _Index) -> bool:
        return self.item(parent).is_unread and not self.item(parent).children

    def fetchMore(self, parent: _Index) -> None:
        item = self.item(parent)
        if item.is_unread:
            self.wanted.emit(item)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        item = self.item(index)
        may_mark = index.column() == NAME and _may_mark(item)
        if item.node.is_open:
            return _MARKABLE if may_mark else _PLAIN
        return _MARKABLE_LEAF if may_mark else _LEAF

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return tr(COLUMNS[section])
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        item = self.item(index)
        if role == Qt.ItemDataRole.DisplayRole:
            return line_texts(item)[index.column()]
        if role == Qt.ItemDataRole.CheckStateRole:
            return self._check_state(item) if index.column() == NAME and _may_mark(item) else None
        if role == Qt.ItemDataRole.ToolTipRole and not item.note:
            return " · ".join(part for part in (item.node.description, item.node.address) if part)
        return None

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        item, is_marked = self.item(index), Qt.CheckState(value) is not Qt.CheckState.Unchecked
        if item.node.is_variable:
            self.set_marks([item], is_marked)
        else:
            self.folder_marked.emit(item, is_marked)
        return True

    def _check_state(self, item: SpaceItem) -> Qt.CheckState:
        if item.node.is_variable:
            is_marked = item.node.address in self.marks
            return Qt.CheckState.Checked if is_marked else Qt.CheckState.Unchecked
        seen = {each.node.address in self.marks for each in item.all_below() if each.may_be_tag}
        if True not in seen:
            return Qt.CheckState.Unchecked
        return Qt.CheckState.PartiallyChecked if False in seen else Qt.CheckState.Checked

    def _replace(self, item: SpaceItem, lines: list[SpaceItem], reading: Reading) -> None:
        if self._items.get(item.id) is not item:
            return  # what lies above it was read again meanwhile
        index = self.index_of(item)
        if item.children:
            self.beginRemoveRows(index, 0, len(item.children) - 1)
            for gone in list(item.all_below(with_notes=True)):
                del self._items[gone.id]
            item.children = []
            self.endRemoveRows()
        item.reading = reading
        if lines:
            self.beginInsertRows(index, 0, len(lines) - 1)
            for row, line in enumerate(lines):
                line.row = row
                self._items[line.id] = line
            item.children = lines
            self.endInsertRows()

    def _note(self, parent: SpaceItem, words: str) -> SpaceItem:
        return SpaceItem(next(self._ids), SpaceNode(address="", name="", is_open=False), parent, note=words)


def _may_mark(item: SpaceItem) -> bool:
    """Return whether a line has a box: what can become a tag, and what may hold such things."""
    return not item.note and (item.may_be_tag or not item.node.is_variable)


def line_texts(item: SpaceItem) -> tuple[str, str, str, str]:
    """Return what stands in the columns of a line."""
    node = item.node
    if item.note:
        return tr(item.note), "", "", ""
    more = range_text(node)
    if item.tag:
        more = tr("Tag {name}").format(name=item.tag)
    elif node.problem:
        more = tr(node.problem)
    return node.name, node.type.value if node.type else "", node.value, more


def range_text(node: SpaceNode) -> str:
    """Return unit and range of a variable, as far as its server tells them."""
    if node.low is None or node.high is None:
        return node.unit
    low, high = (number_text(end, 0 if end == int(end) else 2) for end in (node.low, node.high))
    span: str | Message = tr("{low} to {high}").format(low=low, high=high)
    return f"{node.unit}, {span}" if node.unit else span
