"""What the parts of one station share. Made once at the start; any thread."""

from dataclasses import dataclass

from drivers.base import Pool
from plant_models.clock import Clock
from plant_models.plant import Plant
from plant_models.tag_table import TagTable
from station.store.audit import Audit


@dataclass(frozen=True, slots=True, kw_only=True)
class StationParts:
    """The plant, its live values, its drivers and its audit."""

    plant: Plant
    table: TagTable
    pool: Pool
    audit: Audit
    clock: Clock
