"""Every text that a person can see or hear of a widget and its children, and which of it is the plant's own data."""

import re
from collections.abc import Iterable, Iterator

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QMenu, QWidget

from hmi.amount import Amount
from hmi.dialogs.scale import SetpointScale
from hmi.shell.navigation import initials
from hmi.theme.theme import theme
from hmi.units.quantities import QUANTITIES
from plant_models.plant import Plant
from station.session import Session

_PROTOCOLS = ("Modbus TCP", "OPC UA", "ms", "B", "kB", "MB")
_KEYS = re.compile(r"\((((Ctrl|Alt|Shift)\+)+(\w+|,)|Esc|Pause|F\d+)\)")
_SIGNS = ("HH", "H", "L", "LL", "S", "D", "O")
_LETTERS = re.compile(r"[A-Za-z]+")


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Yield (where, text) for `root` and everything visible below it."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() or isinstance(widget, QMenu):
            for text in _texts_of(widget):
                if text.strip() and not text.endswith("…"):  # what is shortened stands in a tool tip
                    yield f"{type(widget).__name__} {widget.objectName()}".strip(), text


def painted(widget: QWidget, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Yield what is written by painters while `widget` and its children are drawn anew."""
    found: list[str] = []
    draw = QPainter.drawText

    def record(painter: QPainter, *arguments: object) -> object:
        found.extend(argument for argument in arguments if isinstance(argument, str))
        return draw(painter, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", record)
        theme().changed.emit()  # what is kept as a picture is drawn anew as well
        widget.grab()
    return (("painted", text) for text in found if not text.endswith("…"))  # what is shortened stands in a tool tip


def untranslated(found: Iterable[tuple[str, str]], plant: Plant, session: Session) -> list[str]:
    """Return every text with a plain letter that isn't the plant's data; needs the pseudo-language."""
    known = sorted(set(_plant_data(plant, session)) - {""}, key=len, reverse=True)
    data = re.compile("|".join(rf"(?<![A-Za-z]){re.escape(each)}(?![A-Za-z])" for each in known))
    reduced = ((where, text, data.sub("", _KEYS.sub("", text))) for where, text in found)
    return [f"{where}: {text}" for where, text, rest in reduced if _LETTERS.search(rest)]


def without(found: Iterable[tuple[str, str]], data: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (where, text) without what is the data of a test."""
    given = re.compile("|".join(map(re.escape, data)))
    return ((where, given.sub("", text)) for where, text in found)


def _texts_of(widget: QWidget) -> Iterator[str]:
    yield widget.toolTip()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    if isinstance(widget, QLabel | QAbstractButton):
        yield widget.text()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(at) for at in range(widget.count()))
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
        yield widget.text()
    if isinstance(widget, Amount | SetpointScale):
        yield from widget.shown_texts()
    yield from (action.text() for action in widget.actions())
    yield from (action.toolTip() for action in widget.actions())


def _plant_data(plant: Plant, session: Session) -> Iterator[str]:
    yield from (plant.name, session.user, session.seat, "L1", "L2", "L3", "L4", *_SIGNS, *_PROTOCOLS)
    yield "English"  # a language is called by its own name
    yield from (unit.name for quantity in QUANTITIES for unit in quantity.units)
    for tag in plant.tags:
        yield from (tag.name, tag.unit, tag.description)
    for equipment in plant.equipment.values():
        yield from (equipment.name, equipment.description)
    for device in plant.devices.values():
        yield from (device.name, device.description, device.path)
    yield from plant.scan_s
    yield from (area.title for area in plant.areas)
    for display in plant.displays.values():
        yield display.title
        yield initials(display.title)
        layouts = [layout for layout in (display.layout, display.compact) if layout is not None]
        for option in ("text", "title", "label"):
            yield from (str(item.options.get(option, "")) for layout in layouts for item in layout.items)
    locale = QLocale()
    yield from (locale.dayName(day, QLocale.FormatType.ShortFormat) for day in range(1, 8))
    yield from (locale.monthName(month, QLocale.FormatType.ShortFormat) for month in range(1, 13))
