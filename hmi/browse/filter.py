"""Shows of a tree what has words in it, with the way there. GUI thread."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel

from hmi.browse.item import Reading, SpaceItem
from hmi.browse.model import SpaceModel


class SpaceFilter(QSortFilterProxyModel):
    """Looks only at what has been read; below a line that fits, everything is shown."""

    def __init__(self, model: SpaceModel) -> None:
        super().__init__()
        self._model = model
        self._words: tuple[str, ...] = ()
        self.setRecursiveFilteringEnabled(True)
        self.setAutoAcceptChildRows(True)
        self.setSourceModel(model)

    def find(self, text: str) -> None:
        """Show what has all these words in its name, description or address."""
        self.beginFilterChange()
        self._words = tuple(text.casefold().split())
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)

    def item(self, index: QModelIndex | QPersistentModelIndex) -> SpaceItem:
        """Return the line at an index of what is shown."""
        return self._model.item(self.mapToSource(index))

    def filterAcceptsRow(self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex) -> bool:
        if not self._words:
            return True
        above = self._model.item(source_parent)
        if above.reading is not Reading.DONE:
            return True  # that it is being read, or why it can't be
        node = above.children[source_row].node
        known = f"{node.name} {node.description} {node.address}".casefold()
        return all(word in known for word in self._words)
