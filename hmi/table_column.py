"""One column of a table, as every list of the control room describes it. Immutable; GUI thread."""

from dataclasses import dataclass

from PySide6.QtCore import Qt

from hmi.i18n import tr
from plant_models.message import Message


@dataclass(frozen=True, slots=True)
class Column:
    """A title, a width in px (0: what is left), and whether it holds numbers, which stand at the right.

    `least` is what it needs where room is short: its longest words are condensed then, and none is cut. `name` is what
    preferences call it by, `full` what it is called where its title is only a sign.
    """

    title: Message
    width: int
    least: int = 0
    is_number: bool = False
    is_quiet: bool = False
    is_condensed: bool = False
    name: str = ""
    full: Message | None = None

    def heading(self, role: int) -> str | int | None:
        """Return what Qt asks for the head of the column."""
        if role == Qt.ItemDataRole.DisplayRole:
            return tr(self.title)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole) and self.full is not None:
            return tr(self.full)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.is_number else Qt.AlignmentFlag.AlignLeft
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return None
