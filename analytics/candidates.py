"""Which deadbands and delays may be proposed for an alarm, the smallest change first. Pure, any thread.

The limit stays. A deadband is a tenth of the range at most. The on-delay and a scan may take no more of the time to
respond than the philosophy allows; without a time to respond the on-delay stays as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from analytics.ground import Ground
from analytics.starting_points import starting_point
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind

_SHARES: Final = (0.005, 0.01, 0.02, 0.05, 0.1)
_ON_DELAYS_S: Final = (2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 60.0, 120.0, 180.0)
_OFF_DELAYS_S: Final = (5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)


@dataclass(frozen=True, slots=True)
class Change:
    """Another deadband (in the tag's unit) and other delays. `size` compares changes: 1 for each starting point."""

    deadband: float
    on_delay_s: float
    off_delay_s: float
    size: float


def longest_on_delay_s(definition: AlarmDefinition, ground: Ground) -> float | None:
    """Return the longest on-delay that the time to respond allows, None if no such time is given."""
    if definition.respond_min is None:
        return None
    scan_s = ground.scan_s.get(ground.tags[definition.tag].scan, 0.0)
    return max(ground.philosophy.delay_share * definition.respond_min * 60.0 - scan_s, 0.0)


def changes_of(definition: AlarmDefinition, ground: Ground) -> tuple[Change, ...]:
    """Return the changes that may be proposed."""
    return tuple(sorted(_changes(definition, ground), key=lambda change: change.size))


def _changes(definition: AlarmDefinition, ground: Ground) -> Iterator[Change]:
    tag = ground.tags[definition.tag]
    point = starting_point(tag.unit)
    has_deadband = definition.kind in (*LIMIT_KINDS, AlarmKind.DEVIATION)
    width = tag.high - tag.low if has_deadband and tag.low is not None and tag.high is not None else 0.0
    deadbands = [definition.deadband, *(share * width for share in _SHARES if share * width > definition.deadband)]
    longest_s = longest_on_delay_s(definition, ground) or 0.0
    on_delays = [definition.on_delay_s, *(s for s in _ON_DELAYS_S if definition.on_delay_s < s <= longest_s)]
    off_delays = [definition.off_delay_s, *(s for s in _OFF_DELAYS_S if s > definition.off_delay_s)]
    for deadband, on_delay_s, off_delay_s in product(deadbands, on_delays, off_delays):
        wider = (deadband - definition.deadband) / (point.share * width) if width else 0.0
        later = (on_delay_s - definition.on_delay_s) / point.delay_s
        longer = (off_delay_s - definition.off_delay_s) / point.delay_s
        if wider or later or longer:
            yield Change(deadband, on_delay_s, off_delay_s, wider + later + longer)
