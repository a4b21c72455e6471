"""The list of languages. GUI thread."""

from typing import Final

from PySide6.QtCore import QLocale, QRectF, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox

from hmi.i18n import ENGLISH, PSEUDO, languages, tr
from hmi.live import capitalised
from hmi.theme.icons import DEFAULT_SIZE, draw_icon
from hmi.theme.theme import theme

_WIDTH: Final = 300
_RIGHT: Final = 8


class LanguageList(QComboBox):
    """Each language by its own name; emits `chosen` with the code of the one that somebody chose."""

    chosen = Signal(str)

    def __init__(self, language: str) -> None:
        """Show `language`; one without a translation file any more gives way to English."""
        super().__init__()
        self.setAccessibleName(tr("Language"))
        self.setMinimumWidth(_WIDTH)
        for each in languages():
            self.addItem(language_name(each), each)
        self.setCurrentIndex(max(0, self.findData(language)))
        self.activated.connect(lambda at: self.chosen.emit(self.itemData(at)))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side = DEFAULT_SIZE / 2
        with QPainter(self) as painter:
            # The style sheet leaves the arrow out; this is the chevron of the theme, turned downwards.
            painter.translate(self.width() - _RIGHT - side, self.height() / 2)
            painter.rotate(90)
            draw_icon(painter, "chevron", QRectF(-side, -side, 2 * side, 2 * side), theme().color("text2"))


def language_name(language: str) -> str:
    """Return a language by its own name; the name of a file that stands for no known language stays."""
    if language == PSEUDO:
        return tr("Pseudo-language, for translators")
    if language == ENGLISH:
        return "English"
    known = QLocale(language)
    return language if known.language() is QLocale.Language.C else capitalised(known.nativeLanguageName())
