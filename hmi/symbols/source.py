"""Symbol files: SVG on a 64-grid whose elements carry a class that says what they are. GUI thread.

Classes: b body, v vessel, l liquid, o outline, m solid mark, n line mark, e mark outside. The root says where a cross
goes (`data-centre`), how a stop is drawn (`data-stop`: hollow, bar, square, fill), where a bar lies (`data-bar`), and
from where to where a level fills a vessel (`data-vessel`: top, bottom).
"""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree

from PySide6.QtCore import QObject, Signal

from plant_models.paths import RESOURCES
from plant_models.symbol_file import symbol_mistakes

GRID: Final = 64.0
_SVG: Final = "http://www.w3.org/2000/svg"
_BAR_HALF: Final = 14.0

Style = Mapping[str, str]
Restyle = Callable[[str], Style | None]

ElementTree.register_namespace("", _SVG)


@dataclass(frozen=True, slots=True)
class SymbolSource:
    """One parsed file. `centre` is where a cross or square goes, `bar` the ends x1, y1, x2, y2 of the stop bar."""

    name: str
    root: ElementTree.Element
    stop: str
    centre: tuple[float, float]
    bar: tuple[float, float, float, float]
    vessel_top: float
    vessel_bottom: float

    @property
    def is_vessel(self) -> bool:
        return self.vessel_bottom > self.vessel_top

    def restyled(self, restyle: Restyle) -> bytes:
        """Return the SVG with the attributes that `restyle` gives for each class; None leaves the element out."""
        root = deepcopy(self.root)
        for element in list(root):
            style = restyle(element.get("class", ""))
            if style is None:
                root.remove(element)
                continue
            for attribute, value in style.items():
                # What a file leaves unpainted stays so: a line mark has no fill, a vessel no stroke.
                if element.get(attribute) != "none" or value == "none":
                    element.set(attribute, value)
        return ElementTree.tostring(root, encoding="utf-8")


class SymbolLibrary(QObject):
    """The symbols of the program, and over them those of the plant that is open."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._of_plant: dict[str, SymbolSource] = {}

    def set_plant(self, folder: Path | None) -> None:
        """Take the symbols of a plant folder, read now so that nothing can fail while they are drawn; None takes none.

        Raises:
            OSError, ValueError: a file can't be read, or isn't a symbol.
        """
        files = sorted((folder / "symbols").glob("*.svg")) if folder else []
        self._of_plant = {file.stem: _read(file) for file in files}
        self.changed.emit()

    def source(self, name: str) -> SymbolSource:
        """Return a symbol.

        Raises:
            FileNotFoundError: there is no such symbol.
        """
        return self._of_plant.get(name) or _of_program(name)


@cache
def symbol_library() -> SymbolLibrary:
    """Return the application's library."""
    return SymbolLibrary()


def install_symbols(folder: Path) -> Callable[[], None]:
    """Let the symbols of a plant folder be found; return the undo. Raises as `SymbolLibrary.set_plant`."""
    symbol_library().set_plant(folder)
    return lambda: symbol_library().set_plant(None)


def symbol_source(name: str) -> SymbolSource:
    """Return a symbol of the application's library.

    Raises:
        FileNotFoundError: there is no such symbol.
    """
    return symbol_library().source(name)


@cache
def _of_program(name: str) -> SymbolSource:
    return _read(RESOURCES / "symbols" / f"{name}.svg")


def _read(file: Path) -> SymbolSource:
    text = file.read_text(encoding="utf-8-sig")
    if mistake := next(symbol_mistakes(text), None):
        raise ValueError(f"{file}:{mistake.line}:{mistake.column}: {mistake.problem}")
    name, root = file.stem, ElementTree.fromstring(text)  # noqa: S314 has no entities: just checked
    x, y = _numbers(root.get("data-centre", "32 32"))
    bar = _numbers(root.get("data-bar", f"{x} {y - _BAR_HALF} {x} {y + _BAR_HALF}"))
    top, bottom = _numbers(root.get("data-vessel", "0 0"))
    for title in root.findall(f"{{{_SVG}}}title"):
        root.remove(title)
    return SymbolSource(
        name, root, root.get("data-stop", "fill"), (x, y), (bar[0], bar[1], bar[2], bar[3]), top, bottom
    )


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split())
