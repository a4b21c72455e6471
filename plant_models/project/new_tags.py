"""Adding tags to a plant folder: rows at the end of tags.csv, in its own form. Any thread."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from plant_models.message import message
from plant_models.project import cells as rules
from plant_models.project.checked_copy import checkable_copy
from plant_models.project.document import read_document, save_plant
from plant_models.project.finding import PlantError, mistakes
from plant_models.project.load import check_plant
from plant_models.project.source import read_text
from plant_models.project.table import parse_table
from plant_models.project.tag_rows import COLUMNS, NUMBERS
from plant_models.project.units import is_unit
from plant_models.tag import DataType

_WRONG: Final = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 80
_LONGEST_DESCRIPTION: Final = 200
TAGS: Final = "tags.csv"


def tag_name(path: Sequence[str], taken: Iterable[str]) -> str:
    """Return a tag name made of the names on the way to a node, one that isn't `taken` yet."""
    parts = [cleaned for part in path if (cleaned := _WRONG.sub("_", part).strip("_"))] or ["TAG"]
    whole = ".".join(parts)
    while len(whole) > _LONGEST and len(parts) > 1:
        parts = parts[1:]
        whole = ".".join(parts)
    whole, others, number = whole[:_LONGEST], taken if isinstance(taken, Set) else set(taken), 2
    found = whole
    while found in others:
        found = f"{whole[: _LONGEST - 6]}_{number}"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTag:
    """A tag to be made of what a server offers; it is never writable: that is for an engineer to say."""

    name: str
    device: str
    address: str
    type: DataType
    description: str = ""
    unit: str = ""
    low: float | None = None
    high: float | None = None

    def cells(self) -> dict[str, str]:
        """Return its row."""
        low, high = ("" if end is None else f"{end:.9g}" for end in (self.low, self.high))
        return tag_cells(
            self.name,
            self.type,
            description=self.description[:_LONGEST_DESCRIPTION],
            device=self.device,
            address=self.address,
            unit=self.unit,
            low=low,
            high=high,
        )


def name_problem(text: str) -> str:
    """Return why a text can't be the name of a tag, in words; "" if it can."""
    if not text:
        return message("A tag needs a name")
    try:
        rules.name(text)
    except ValueError:
        return message("A name has letters, digits, _ and -, in parts joined by dots, {most} in all", most=_LONGEST)
    return ""


def rows_of(folder: Path) -> list[Mapping[str, str]]:
    """Return the rows of tags.csv as they are now, cells by column; none where it can't be read."""
    text = read_text(folder / TAGS, TAGS, [])
    table = None if text is None else parse_table(text, TAGS, tuple(COLUMNS), NUMBERS, [])
    return [] if table is None else [dict(zip(table.header, row, strict=False)) for row in table.rows]


def add_tags(folder: Path, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Append rows (cells by column) to tags.csv and return the names of the files that changed.

    A copy is checked first: the folder itself never holds rows with mistakes, whenever the program ends.

    Raises:
        PlantError: the plant has mistakes, or would have some with the new rows; nothing has changed then.
        OSError: the folder can't be written.
    """
    if findings := mistakes(check_plant(folder)):
        raise PlantError(findings)
    document = read_document(folder)
    table = document.tables[TAGS]
    table.complete_header()
    table.rows += [[cells.get(column, "") for column in table.header] for cells in rows]
    with checkable_copy(folder) as copy:
        save_plant(replace(document, folder=copy))
        if findings := mistakes(check_plant(copy)):
            raise PlantError(findings)
    return save_plant(document)
