"""One page of a faceplate in a scroll area: how high it is, and how much of it fits without cutting. GUI thread."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

PADDING: Final = 16
TOP: Final = 10


class PageArea(QScrollArea):
    """Scrolls upright only; its scroll bar takes its width from the right margin of the page.

    `make_page` gets the parent of the page: what is made elsewhere and moved in is styled twice.
    """

    def __init__(self, make_page: Callable[[QWidget], QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self.page = page = make_page(self.viewport())
        self._make_room_for(0)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        self.viewport().setAutoFillBackground(False)
        page.setAutoFillBackground(False)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda _low, high: self._make_room_for(bar.sizeHint().width() if high else 0))

    def whole_height(self, width: int) -> int:
        """Return the height at which nothing has to scroll."""
        return height_at(self.page, width)

    def height_within(self, most: int, width: int) -> int:
        """Return the height of as many whole parts as fit into `most`; all of it if not even one does."""
        layout = self.page.layout()
        assert layout is not None
        y, fitting = layout.contentsMargins().top(), most
        for widget in (item.widget() for at in range(layout.count()) if (item := layout.itemAt(at)) is not None):
            if widget is None or widget.isHidden():
                continue
            y += height_at(widget, width - 2 * PADDING)
            y += layout.spacing()
            if y > most:
                break
            if widget.property("kind") != "line":  # nothing follows that it could part
                fitting = y
        return fitting

    def _make_room_for(self, bar: int) -> None:
        layout = self.page.layout()
        assert layout is not None
        layout.setContentsMargins(PADDING, TOP, PADDING - bar, PADDING)


def height_at(part: QWidget, width: int) -> int:
    """Return the height at which a part of this width shows all its lines."""
    wanted = part.heightForWidth(width) if part.hasHeightForWidth() else part.sizeHint().height()
    return max(part.minimumHeight(), min(part.maximumHeight(), wanted))
