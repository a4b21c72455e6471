"""How a line of the tree of a server is painted: with a box that can be seen in every theme. GUI thread."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from hmi.browse.filter import SpaceFilter
from hmi.browse.model import NAME
from hmi.theme.icons import draw_icon
from hmi.theme.theme import theme

_ROUND: Final = 3.0
_UNDER_TITLE: Final = 5
_INSIDE: Final = 1.0
_SIGNS: Final = {Qt.CheckState.Checked: "check", Qt.CheckState.PartiallyChecked: "minus"}


class TreeDelegate(QStyledItemDelegate):
    """What can't become a tag is quieter; a marked box has a check, one of a folder that is marked in part a dash."""

    def __init__(self, shown: SpaceFilter) -> None:
        super().__init__()
        self._shown = shown

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        item = self._shown.item(index)
        if index.column() != NAME:
            option.rect.adjust(_UNDER_TITLE, 0, 0, 0)  # type: ignore[attr-defined]
        is_quiet = bool(item.note) or (item.node.is_variable and not item.may_be_tag) or index.column() != NAME
        colour = theme().color("text2" if is_quiet else "text")
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
            option.palette.setColor(role, colour)  # type: ignore[attr-defined]

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        if state is None:
            return
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        style = full.widget.style()  # type: ignore[attr-defined]
        place = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, full, full.widget)  # type: ignore[attr-defined]
        box = QRectF(place).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme().color("edge"), 1))
        painter.setBrush(theme().color("field"))
        painter.drawRoundedRect(box, _ROUND, _ROUND)
        sign = _SIGNS.get(Qt.CheckState(state))
        if sign is not None:
            draw_icon(painter, sign, box.adjusted(_INSIDE, _INSIDE, -_INSIDE, -_INSIDE), theme().color("text"))
        painter.restore()
