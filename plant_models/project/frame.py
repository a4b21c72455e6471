"""What the rows of a plant's tables refer to. Any thread."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from plant_models.device import Device
from plant_models.equipment import EquipmentType


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The names declared so far; None where their file can't be read: one mistake isn't told a thousand times."""

    areas: Set[str] | None
    scan_classes: Set[str] | None
    devices: Mapping[str, Device] | None
    types: Mapping[str, EquipmentType]
