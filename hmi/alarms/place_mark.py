"""The sign of the most urgent alarm behind an entry of the navigation, and how many wait. GUI thread."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from hmi.alarms.glyph import Glyph
from hmi.alarms.sign import Sign
from hmi.ticker import Ticker
from hmi.widgets import label, row, set_property, set_text

_SIDE: Final = 14
_GAP: Final = 6
_ROOM: Final = 18
_BEFORE_COUNT: Final = 4
_UNKNOWN: Final = "?"
_AT_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_IN_CORNER: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop


class PlaceMark:
    """Lies in the button of an entry: at its right, or in its corner when words drop."""

    def __init__(self, entry: QPushButton, ticker: Ticker) -> None:
        self._entry = entry
        self.sign = Sign(ticker, _SIDE)
        self._count = label(role="strong")
        self._is_compact = self._is_unknown = False
        self._layout = row(entry)
        self._layout.addStretch(1)
        self._layout.addWidget(self.sign)
        self._layout.addWidget(self._count)
        self._layout.setSpacing(_BEFORE_COUNT)
        for part in (self.sign, self._count):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.set_compact(False)

    @property
    def room(self) -> int:
        """What the words of the entry must leave free for the mark, beside their usual margin."""
        return _ROOM if self._is_unknown or self.sign.glyph is not None else 0

    def set_compact(self, is_compact: bool) -> None:
        """Take the small or the full form."""
        self._is_compact = is_compact
        for part in (self.sign, self._count):
            self._layout.setAlignment(part, _IN_CORNER if is_compact else _AT_RIGHT)
        self._layout.setContentsMargins(0, 0, 0 if is_compact else _GAP, 0)
        self._show_count()

    def show_alarms(self, glyph: Glyph | None, count: int = 0) -> None:
        """Show a sign or none, and a number unless it is 0."""
        self._show(glyph, str(count) if count else "", is_unknown=False)

    def show_unknown(self) -> None:
        """Show that nobody knows what is behind the entry."""
        self._show(None, _UNKNOWN, is_unknown=True)

    def _show(self, glyph: Glyph | None, count: str, is_unknown: bool) -> None:
        self._is_unknown = is_unknown
        self.sign.show_glyph(glyph)
        self.sign.setVisible(not is_unknown)
        beside = "words" if self._entry.icon().isNull() else "icon"
        set_property(self._entry, "marked", beside if self.room else "")
        set_text(self._count, count)
        self._show_count()

    def _show_count(self) -> None:
        self._count.setVisible(bool(self._count.text()) and (self._is_unknown or not self._is_compact))
