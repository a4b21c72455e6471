"""What questions need to know of the plant: its calendar, and what its tags are. Immutable, any thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from zoneinfo import ZoneInfo

from history.aggregates.buckets import MIDNIGHT
from plant_models.plant import Plant
from plant_models.tag import Tag


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Days begin at `day_starts` in `zone`. `tags` are by name; one that isn't among them has no unit."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    day_starts: time = MIDNIGHT
    tags: Mapping[str, Tag] = field(default_factory=dict)


def site_of(plant: Plant) -> Site:
    """Return what the plant says of itself."""
    tags = {tag.name: tag for tag in plant.tags}
    return Site(zone=ZoneInfo(plant.time_zone), day_starts=plant.history.day_starts, tags=tags)
