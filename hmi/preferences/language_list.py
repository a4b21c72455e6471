"""The list of languages. GUI thread."""

from typing import Final

from PySide6.QtCore import QLocale, Signal

from hmi.drop_list import DropList
from hmi.i18n import ENGLISH, PSEUDO, languages, tr
from hmi.live import capitalised

_WIDTH: Final = 300


class LanguageList(DropList):
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


def language_name(language: str) -> str:
    """Return a language by its own name; the name of a file that stands for no known language stays."""
    if language == PSEUDO:
        return tr("Pseudo-language, for translators")
    if language == ENGLISH:
        return "English"
    known = QLocale(language)
    return language if known.language() is QLocale.Language.C else capitalised(known.nativeLanguageName())
