"""Changing the alarms of a plant folder: tried on a copy first, then alarms.csv is replaced as a whole. Any thread.

The folder itself never holds an alarm with a mistake, whenever the program ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from plant_models.alarm_definition import AlarmDefinition
from plant_models.message import message
from plant_models.plant import Plant
from plant_models.project.alarm_defaults import AlarmKey, default_alarms
from plant_models.project.alarm_list import key_of
from plant_models.project.alarm_rows import COLUMNS, row_keys
from plant_models.project.alarm_sheet import put_alarms
from plant_models.project.checked_copy import checkable_copy
from plant_models.project.document import PlantDocument, read_document, replace_file, save_plant
from plant_models.project.load import load_plant
from plant_models.project.rows import read_rows

ALARMS: Final = "alarms.csv"


@dataclass(frozen=True, slots=True)
class AlarmEdit:
    """A checked change: `plant` is what the folder says after `write`."""

    plant: Plant
    _document: PlantDocument
    _before: bytes

    def write(self) -> None:
        """Replace alarms.csv.

        Raises:
            OSError: it can't be written; then nothing has changed.
        """
        save_plant(self._document)

    def take_back(self) -> None:
        """Put alarms.csv back as it was before `write`.

        Raises:
            OSError: it can't be written.
        """
        replace_file(self._document.folder / ALARMS, self._before)


def prepare_alarms(plant: Plant, wanted: Sequence[AlarmDefinition]) -> AlarmEdit:
    """Make alarms.csv of the folder of `plant`, as that is on the disk, say what is `wanted`; nothing is written yet.

    Raises:
        PlantError: the plant would have mistakes; `findings` has all of them.
        ValueError: an alarm can't be written so, or is a default of its type that can only be disabled.
        OSError: the folder can't be read.
    """
    folder = plant.folder
    before = (folder / ALARMS).read_bytes()
    whole = read_document(folder)
    table = whole.tables[ALARMS]
    defaults = default_alarms(plant.tags, plant.equipment, plant.types)
    _keep_defaults(defaults, wanted)
    rows = row_keys(read_rows(table, COLUMNS, []))
    put_alarms(table, rows, plant.alarms, wanted, defaults)
    document = PlantDocument(folder, tables={ALARMS: table})
    with checkable_copy(folder) as copy:
        save_plant(replace(document, folder=copy))
        made = load_plant(copy)
    found = {key_of(alarm): alarm for alarm in made.alarms}
    for alarm in wanted:
        if found.get(key_of(alarm)) != alarm:
            raise ValueError(
                message("{alarm} can't be written as it is: {file} has no place for it", alarm=alarm.name, file=ALARMS)
            )
    return AlarmEdit(replace(made, folder=folder, is_simulated=plant.is_simulated), document, before)


def _keep_defaults(defaults: dict[AlarmKey, dict[str, object]], wanted: Sequence[AlarmDefinition]) -> None:
    """Refuse to leave out a default: it would be there again at the next start."""
    missing = defaults.keys() - {key_of(alarm) for alarm in wanted}
    if missing:
        name = " ".join(filter(None, min(missing)))
        raise ValueError(
            message("{alarm} comes with its equipment type and can't be removed; it can be disabled", alarm=name)
        )
