"""Translation of every text on screen. GUI thread.

Texts stand in the code in English and pass through `tr`, which asks Qt's translators, so that Qt's own texts and ours
have one mechanism. The pseudo-language accents, brackets and lengthens each text: what stays plain on a screenshot was
forgotten, and what is clipped would be clipped in German.
"""

import re
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from plant_models.message import Message
from plant_models.paths import RESOURCES

ENGLISH: Final = "en"
PSEUDO: Final = "pseudo"
TRANSLATIONS: Final = RESOURCES / "translations"
"""Translation files lie here, one a language, named by its code: `de.qm`, `pt_BR.qm`."""

_PLAIN: Final = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ACCENTED: Final = "áβçďéƒğĥíĵķĺмñöþφřšţúνŵχýžÁßÇĎÉҒĞĤÎĴĶĹМÑÖÞΩŘŠŢÚѴŴΧÝŽ"
_TO_ACCENTED: Final = str.maketrans(_PLAIN, _ACCENTED)
_PLACEHOLDER: Final = re.compile(r"(\{[^{}]*\})")
_GROWTH: Final = 0.3
_QT_KEY_NAMES: Final = "QShortcut"


def tr(text: str, *, context: str = "Clearwell") -> str:
    """Return `text` in the chosen language, `text` itself where there is no translation. Placeholders `{name}` stay.

    Of a `Message` the template is translated, then those of its values that are Messages too, and then they are put in.
    """
    if not isinstance(text, Message):
        return QCoreApplication.translate(context, text) if text else text
    words = tr(text.template, context=context)
    if not text.values:
        return words
    values = {name: tr(each) if isinstance(each, Message) else each for name, each in text.values.items()}
    return words.format(**values)


def pseudo(text: str) -> str:
    """Return `text` accented, in brackets and 30 % longer; placeholders stay as they are.

    No letter a-z is left outside placeholders, so any such letter on screen is data or a text that was forgotten.
    """
    parts = _PLACEHOLDER.split(text)
    accented = "".join(part if index % 2 else part.translate(_TO_ACCENTED) for index, part in enumerate(parts))
    return f"[{accented}{' ' if text else ''}{'~' * max(1, round(len(text) * _GROWTH) - 3)}]"


class PseudoTranslator(QTranslator):
    """Translates every text of ours and of Qt, key names excepted (Qt parses those)."""

    def isEmpty(self) -> bool:
        return False

    def translate(
        self,
        context: str | bytes,
        sourceText: str | bytes,  # noqa: N803 - Qt's name, passed by keyword
        disambiguation: str | bytes | None = None,
        n: int = -1,
    ) -> str:
        del disambiguation, n
        text = _as_text(sourceText)
        return text if _as_text(context) == _QT_KEY_NAMES else pseudo(text)


def install_language(app: QApplication, language: str, folder: Path = TRANSLATIONS) -> QTranslator | None:
    """Switch `app` to a language before its widgets are made; return the translator, which Qt doesn't keep alive.

    Raises:
        ValueError: the language is unknown.
    """
    if language == ENGLISH:
        return None
    if language not in languages(folder):
        *some, last = (f'"{each}"' for each in languages(folder))
        raise ValueError(f'the language "{language}" is unknown; there are {", ".join(some)} and {last}')
    translator: QTranslator = PseudoTranslator(app) if language == PSEUDO else QTranslator(app)
    if language != PSEUDO:
        translator.load(str(_file(language, folder)))
    app.installTranslator(translator)
    return translator


@cache
def languages(folder: Path = TRANSLATIONS) -> tuple[str, ...]:
    """Return every language there is: English, the pseudo-language, and those of the files that Qt can read."""
    found = sorted(path.stem for path in folder.glob("*.qm"))
    return ENGLISH, PSEUDO, *(each for each in found if QTranslator().load(str(_file(each, folder))))


def _file(language: str, folder: Path) -> Path:
    return folder / f"{language}.qm"


def _as_text(text: str | bytes) -> str:
    return text.decode("utf-8") if isinstance(text, bytes) else text
