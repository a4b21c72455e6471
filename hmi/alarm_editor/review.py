"""What will change, old and new, and the line for why. GUI thread."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hmi.alarm_editor.differences import Difference
from hmi.dialogs.reason_field import ReasonField
from hmi.i18n import tr
from hmi.numbers import number_text
from hmi.widgets import column, label, wrapped

_MOST: Final = 200
_HEIGHT: Final = 420
_LEAST: Final = 96


class Review(QWidget):
    """`edited` is emitted with every letter of the reason."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._area = _Area()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self.reason = ReasonField(is_needed=True, title=tr("Reason, kept in the journal"))
        self.reason.edited.connect(self.edited)
        layout = column(self, spacing=16)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.reason)

    def show_changes(self, found: Sequence[Difference], plain: Sequence[str] = ()) -> None:
        """Show changes field by field under the alarm that they are of, after sentences that need no fields."""
        body = QWidget()
        grid = QGridLayout(body)
        grid.setContentsMargins(0, 0, 12, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        for column_at in (1, 2):
            grid.setColumnStretch(column_at, 1)
        at = 0
        for words in plain[:_MOST]:
            grid.addWidget(wrapped(words), at, 0, 1, 3)
            at += 1
        last = ""
        for each in found[:_MOST]:
            if each.alarm != last:
                grid.addWidget(label(each.alarm, "strong"), at, 0, 1, 3)
                last, at = each.alarm, at + 1
            top = Qt.AlignmentFlag.AlignTop
            grid.addWidget(label(each.title, "text2"), at, 0, top)
            grid.addWidget(wrapped(each.old, "text2"), at, 1, top)
            grid.addWidget(wrapped(tr("→ {new}").format(new=each.new)), at, 2, top)
            at += 1
        rest = max(0, len(found) - _MOST) + max(0, len(plain) - _MOST)
        if rest:
            grid.addWidget(label(tr("and {count} more").format(count=number_text(rest, 0)), "text2"), at, 0, 1, 3)
        grid.setRowStretch(at + 1, 1)
        self._area.setWidget(body)
        body.setAutoFillBackground(False)
        self._area.updateGeometry()


class _Area(QScrollArea):
    """As high as its lines where there is room."""

    def sizeHint(self) -> QSize:
        body = self.widget()
        height = _LEAST if body is None else body.sizeHint().height() + 4
        return QSize(super().sizeHint().width(), min(_HEIGHT, height))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), min(_LEAST, self.sizeHint().height()))
