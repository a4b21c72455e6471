"""Adding tags to a plant folder: rows at the end of tags.csv, in its own form. Any thread."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from plant_models.project.document import read_document, save_plant
from plant_models.project.finding import PlantError
from plant_models.project.load import check_plant
from plant_models.project.units import is_unit
from plant_models.tag import DataType

_WRONG: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 80


def tag_name(path: Sequence[str], taken: Iterable[str]) -> str:
    """Return a tag name made of the names on the way to a node, one that isn't `taken` yet."""
    parts = [cleaned for part in path if (cleaned := _WRONG.sub("_", part).strip("_"))] or ["TAG"]
    name = ".".join(parts)
    while len(name) > _LONGEST and len(parts) > 1:
        parts = parts[1:]
        name = ".".join(parts)
    name, others, number = name[:_LONGEST], set(taken), 2
    found = name
    while found in others:
        found = f"{name[: _LONGEST - 6]}_{number}"
        number += 1
    return found


def tag_cells(name: str, data_type: DataType, **more: str) -> dict[str, str]:
    """Return the cells of a row that `check` accepts; 64-bit integers are kept as text, unknown units are left out."""
    cells = {"name": name, "type": data_type.value, **more}
    if not is_unit(cells.get("unit", "")):
        cells["unit"] = ""
    if data_type in (DataType.U64, DataType.I64):
        cells["as_text"] = "true"
    if data_type in (DataType.BOOL, DataType.TEXT):
        cells.update({"low": "", "high": "", "unit": ""})
    return cells


def add_tags(folder: Path, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Append rows (cells by column) to tags.csv and return the names of the files that changed.

    Raises:
        PlantError: the plant has mistakes, or would have some with the new rows; nothing has changed then.
        OSError: the folder can't be written.
    """
    if findings := check_plant(folder):
        raise PlantError(findings)
    document = read_document(folder)
    table = document.tables["tags.csv"]
    missing = [column for column in table.columns if column not in table.header]
    table.header += missing
    for row in table.rows:
        row += [""] * len(missing)
    table.rows += [[cells.get(column, "") for column in table.header] for cells in rows]
    before = {name: (folder / name).read_bytes() for name in document.texts()}
    changed = save_plant(document)
    if findings := check_plant(folder):
        for name in changed:
            (folder / name).write_bytes(before[name])
        raise PlantError(findings)
    return changed
