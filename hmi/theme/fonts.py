"""IBM Plex Sans, bundled: its digits are tabular and I, l, 1, 0, O differ. GUI thread."""

from functools import cache
from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from plant_models.paths import RESOURCES

FAMILY: Final = "IBM Plex Sans"
CONDENSED: Final = "IBM Plex Sans Condensed"


@cache
def load_fonts() -> frozenset[str]:
    """Load every font of resources/fonts once; return their families. Needs a QGuiApplication.

    Raises:
        RuntimeError: a font file can't be loaded.
    """
    families = set()
    for path in sorted((RESOURCES / "fonts").glob("*.ttf")):
        number = QFontDatabase.addApplicationFont(str(path))
        if number < 0:
            raise RuntimeError(f"the font {path} can't be loaded")
        families.update(QFontDatabase.applicationFontFamilies(number))
    return frozenset(families)


def font(px: float, weight: int = 400, condensed: bool = False) -> QFont:
    """Return a font of `px` logical pixels; weights 400, 500, 600, 700. Tags are condensed 500."""
    return QFont(_font(px, weight, condensed))


@cache
def _font(px: float, weight: int, condensed: bool) -> QFont:
    result = QFont([CONDENSED if condensed else FAMILY, FAMILY, "DejaVu Sans"])
    result.setPixelSize(max(1, round(px)))
    result.setWeight(QFont.Weight(weight))
    result.setFeature(QFont.Tag("tnum"), 1)  # Plex has it anyway; a fallback family may not
    return result
