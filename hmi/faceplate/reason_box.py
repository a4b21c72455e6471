"""Why something can't be commanded: a lock, what isn't allowed, what is missing. Absent when all is allowed.

GUI thread.
"""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLayoutItem, QVBoxLayout, QWidget

from hmi.faceplate.part import Refused
from hmi.i18n import tr
from hmi.widgets import IconLabel, column, row, wrapped

_BETWEEN: Final = 6


class ReasonBox(QFrame):
    """Groups what is refused for the same reasons."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "reason")
        self._shown: tuple[Refused, ...] = ()
        layout = row(self, spacing=10)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.addWidget(IconLabel("lock", "text"), 0, Qt.AlignmentFlag.AlignTop)
        self._words: QVBoxLayout = column(spacing=2)
        layout.addLayout(self._words, 1)
        self.hide()

    def show_refused(self, refused: tuple[Refused, ...], is_everything: bool) -> None:
        """Show what is refused; `is_everything` says that nothing is left that could be commanded."""
        groups = _grouped(refused, is_everything)
        if groups == self._shown:
            return
        self._shown = groups
        while (item := self._words.takeAt(0)) is not None:
            _drop(item)
        for group in groups:
            if group is not groups[0]:
                self._words.addSpacing(_BETWEEN)
            self._words.addWidget(wrapped(group.title, "strong"))
            for reason in group.reasons:
                self._words.addWidget(wrapped(reason, "text2"))
        self.setVisible(bool(groups))


def _grouped(refused: Iterable[Refused], is_everything: bool) -> tuple[Refused, ...]:
    titles: dict[tuple[str, ...], list[str]] = {}
    for each in refused:
        titles.setdefault(each.reasons, []).append(each.title)
    if is_everything and len(titles) == 1:
        return (Refused(tr("No command is allowed"), next(iter(titles))),)
    return tuple(Refused(_title(names), reasons) for reasons, names in titles.items())


def _title(names: list[str]) -> str:
    if len(names) == 1:
        return tr("{command} is not allowed").format(command=names[0])
    return tr("{commands} are not allowed").format(commands=", ".join(names))


def _drop(item: QLayoutItem) -> None:
    if (widget := item.widget()) is not None:
        widget.hide()
        widget.deleteLater()
