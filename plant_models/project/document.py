"""The files of a plant folder as documents that can be written back: canonical ones byte for byte, comments included.

A file that isn't canonical yet (Excel's separator, a byte order mark, other line ends, columns in another order, a
display not laid out one item per line) is normalised by the first save, which says so. Any thread.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from plant_models.project import alarm_rows, equipment_rows, tag_rows
from plant_models.project.display_text import render_display
from plant_models.project.finding import Finding, PlantError
from plant_models.project.json_source import JsonSource, parse_json
from plant_models.project.source import read_text
from plant_models.project.table import Table, parse_table
from plant_models.project.toml_source import TomlSource, parse_toml
from plant_models.project.upgrade import upgrade

TABLES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "equipment.csv": (tuple(equipment_rows.COLUMNS), equipment_rows.NUMBERS),
    "tags.csv": (tuple(tag_rows.COLUMNS), tag_rows.NUMBERS),
    "alarms.csv": (tuple(alarm_rows.COLUMNS), alarm_rows.NUMBERS),
}
"""All columns of each table in their order, and those that hold numbers."""


@dataclass(slots=True)
class PlantDocument:
    """The texts of a plant folder by file name relative to it; `model/` and `symbols/` are not part of it."""

    folder: Path
    tables: dict[str, Table] = field(default_factory=dict)
    settings: dict[str, TomlSource] = field(default_factory=dict)
    displays: dict[str, JsonSource] = field(default_factory=dict)

    def texts(self) -> dict[str, str]:
        """Return the canonical text of every file, in order of their names."""
        texts = {name: table.render() for name, table in self.tables.items()}
        texts |= {name: source.text.rstrip("\n") + "\n" for name, source in self.settings.items()}
        texts |= {name: render_display(source.data) for name, source in self.displays.items()}
        return dict(sorted(texts.items()))


def read_document(folder: Path) -> PlantDocument:
    """Return the files of a plant folder; what they mean isn't checked.

    Raises:
        PlantError: a file can't be read without loss.
    """
    findings: list[Finding] = []
    document = PlantDocument(folder)
    for name, (columns, numbers) in TABLES.items():
        text = read_text(folder / name, name, findings)
        if text is not None:
            table = parse_table(text, name, columns, numbers, findings)
            if table:
                document.tables[name] = table
    for name in _names(folder, "*.toml", "equipment/*.toml"):
        text = read_text(folder / name, name, findings)
        settings = None if text is None else parse_toml(text, name, findings)
        if settings:
            document.settings[name] = settings
    for name in _names(folder, "displays/*.json"):
        text = read_text(folder / name, name, findings)
        display = None if text is None else parse_json(text, name, findings)
        if display and upgrade(display, findings):
            document.displays[name] = display
    if findings:
        raise PlantError(findings)
    return document


def save_plant(document: PlantDocument) -> list[str]:
    """Write every file whose bytes differ from the canonical text; return their names in order.

    Each file is replaced as a whole: a crash leaves the old one or the new one.

    Raises:
        OSError: the folder can't be written.
    """
    changed = []
    for name, text in document.texts().items():
        path = document.folder / name
        data = text.encode()
        if path.is_file() and path.read_bytes() == data:
            continue
        path.parent.mkdir(exist_ok=True)
        replace_file(path, data)
        changed.append(name)
    return changed


def replace_file(path: Path, data: bytes) -> None:
    """Write a file as a whole: a crash leaves the old one or the new one.

    Raises:
        OSError: it can't be written.
    """
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)


def _names(folder: Path, *patterns: str) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for pattern in patterns for path in folder.glob(pattern))
