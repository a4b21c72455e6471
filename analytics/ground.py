"""What of a plant a question to the past needs. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from history.query import holds_us
from plant_models.alarm_philosophy import AlarmPhilosophy
from plant_models.plant import Plant
from plant_models.tag import Tag

DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Ground:
    """Tags by name, how long a sample of each holds at most (µs), the periods of scan classes (s), the philosophy."""

    tags: Mapping[str, Tag]
    holds_us: Mapping[str, int]
    scan_s: Mapping[str, float]
    philosophy: AlarmPhilosophy


def ground_of(plant: Plant) -> Ground:
    """Return what is needed of a plant."""
    names = [tag.name for tag in plant.tags]
    holds = holds_us(plant.tags, plant.longest_scan_s).tolist()
    return Ground(
        dict(zip(names, plant.tags, strict=True)),
        dict(zip(names, holds, strict=True)),
        plant.longest_scan_s,
        plant.philosophy,
    )
