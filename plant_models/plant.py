"""A whole plant, loaded and checked. Immutable: a changed plant folder makes a new Plant."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from plant_models.alarm_definition import AlarmDefinition
from plant_models.alarm_philosophy import EVERYWHERE, AlarmPhilosophy, Position
from plant_models.device import Device
from plant_models.display import Display
from plant_models.equipment import Equipment, EquipmentType
from plant_models.history_settings import HistorySettings
from plant_models.tag import Tag


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the plant that rights, alarms and navigation go by."""

    name: str
    """What tags, equipment and displays name it by."""
    title: str
    """What people read."""
    parent: str = ""
    """The area that it is part of."""
    guidance: str = ""
    """What operators must know in any alarm of it."""
    display: str = ""
    """The display to go to from alarms that have none of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """What a plant folder says.

    `tags` hold the rows of tags.csv and the members of all equipment, in table order. `scan_s` gives the period of
    each scan class in seconds; a class that stands in `rest_s` is leased: read at that period while somebody looks at
    it, else each `rest_s`. `is_simulated` says that the folder carries a model, so that the plant can run without
    hardware.
    """

    folder: Path
    name: str
    time_zone: str
    home: str
    is_simulated: bool
    areas: tuple[Area, ...]
    scan_s: Mapping[str, float]
    devices: Mapping[str, Device]
    types: Mapping[str, EquipmentType]
    equipment: Mapping[str, Equipment]
    tags: tuple[Tag, ...]
    alarms: tuple[AlarmDefinition, ...]
    displays: Mapping[str, Display]
    rest_s: Mapping[str, float] = field(default_factory=dict)
    history: HistorySettings = field(default_factory=HistorySettings)
    philosophy: AlarmPhilosophy = field(default_factory=AlarmPhilosophy)
    positions: tuple[Position, ...] = (EVERYWHERE,)

    @property
    def longest_scan_s(self) -> Mapping[str, float]:
        """The longest time between two readings of each scan class in s."""
        return {**self.scan_s, **self.rest_s}
