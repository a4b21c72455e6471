"""The theme of the application: which tokens hold now, and the signal that they changed. GUI thread.

Widgets ask `theme().color(role)` while they paint, and drop their pixmaps on `changed`.
"""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from hmi.theme.focus_ring import FocusRing
from hmi.theme.fonts import font, load_fonts
from hmi.theme.palette import make_palette
from hmi.theme.style_sheet import make_style_sheet
from hmi.theme.tokens import load_tokens


class Theme(QObject):
    """The chosen theme, "light" or "dark"."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._name = "light"
        self._tokens = load_tokens()["light"]

    @property
    def name(self) -> str:
        return self._name

    @property
    def pens(self) -> tuple[QColor, ...]:
        """The colours of trend pens A, B, C ... in order."""
        return self._tokens.pens

    def set_name(self, name: str) -> None:
        """Choose a theme.

        Raises:
            KeyError: there is no theme of this name.
        """
        tokens = load_tokens()[name]
        if name != self._name:
            self._name, self._tokens = name, tokens
            self.changed.emit()

    def color(self, role: str) -> QColor:
        """Return the colour of a role of tokens.toml.

        Raises:
            KeyError: there is no such role.
        """
        return self._tokens.colours[role]


@cache
def theme() -> Theme:
    """Return the application's theme."""
    return Theme()


def install_theme(app: QApplication, name: str) -> Callable[[], None]:
    """Give the application the look of theme `name`, now and after every change; return the undo.

    Fusion, the bundled fonts, a palette, the generated style sheet and the focus ring.
    """
    current = theme()
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(font(15))
    current.set_name(name)

    def apply() -> None:
        app.setPalette(make_palette(current.color))
        app.setStyleSheet(make_style_sheet(current.color))

    apply()
    current.changed.connect(apply)
    ring = FocusRing(lambda: current.color("focus"))
    app.focusChanged.connect(ring.follow)

    def remove() -> None:
        current.changed.disconnect(apply)
        app.focusChanged.disconnect(ring.follow)
        ring.remove()
        app.setStyleSheet("")

    return remove
