"""What the rows of a plant's tables refer to. Any thread."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

from plant_models.device import Device
from plant_models.equipment import EquipmentType


@dataclass(frozen=True, slots=True)
class DeviceList:
    """The devices without mistakes, and the names of all that are declared; None if these can't be told."""

    by_name: Mapping[str, Device]
    names: Set[str] | None


@dataclass(frozen=True, slots=True)
class TypeList:
    """The equipment types that can be read, and the names of those whose file has a mistake."""

    by_name: Mapping[str, EquipmentType]
    broken: Set[str]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often tags are read, by scan class in s, and the share of the time to respond that an alarm may take."""

    scan_s: Mapping[str, float]
    delay_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The names declared so far; None where they can't be told: one mistake isn't told a thousand times."""

    areas: Set[str] | None
    scan_classes: Set[str] | None
    keeping_classes: Set[str] | None
    devices: DeviceList
    types: TypeList
    displays: Set[str] | None = None
    pace: Pace | None = None
