"""Which deadbands and delays may be proposed for an alarm, the smallest change first. Pure, any thread.

The limit stays. A deadband is a tenth of the range at most. The on-delay, a window and a scan may take no more of
the time to respond than the philosophy allows; without a time to respond the on-delay stays as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from analytics.ground import Ground
from analytics.starting_points import starting_point
from plant_models.alarm_definition import LIMIT_KINDS, AlarmDefinition, AlarmKind

DEADBAND_KINDS: Final = (*LIMIT_KINDS, AlarmKind.DEVIATION)
"""The kinds for which another deadband may be proposed."""
_WINDOWED: Final = (AlarmKind.RATE, AlarmKind.STUCK, AlarmKind.NO_UPDATE)
"""Those whose window takes of the time to respond as well."""
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
    tag = ground.tags.get(definition.tag)
    taken_s = 0.0 if tag is None else ground.scan_s.get(tag.scan, 0.0)
    if definition.kind in _WINDOWED:
        taken_s += definition.window_s
    return max(ground.philosophy.delay_share * definition.respond_min * 60.0 - taken_s, 0.0)


def unit_of(definition: AlarmDefinition, ground: Ground) -> str:
    """Return the unit of an alarm's tag, "" without a tag."""
    tag = ground.tags.get(definition.tag)
    return "" if tag is None else tag.unit


def changes_of(definition: AlarmDefinition, ground: Ground) -> tuple[Change, ...]:
    """Return the changes that may be proposed."""
    return tuple(sorted(_changes(definition, ground), key=lambda change: change.size))


def _changes(definition: AlarmDefinition, ground: Ground) -> Iterator[Change]:
    point = starting_point(unit_of(definition, ground))
    width = _width(definition, ground)
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


def _width(definition: AlarmDefinition, ground: Ground) -> float:
    """Return how wide the range is of which a deadband may be a part, 0 for none."""
    tag = ground.tags.get(definition.tag)
    if tag is None or definition.kind not in DEADBAND_KINDS or tag.low is None or tag.high is None:
        return 0.0
    return tag.high - tag.low
