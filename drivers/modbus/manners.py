"""How each unit behind a connection wants to be asked. Immutable, any thread."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from plant_models.device import Device


@dataclass(frozen=True, slots=True)
class Manners:
    """`timeout_s` bounds one request, `delay_s` lies between the last frame on the line and the next one to this unit.

    `single_writes`: it takes several registers only one by one.
    """

    timeout_s: float
    delay_s: float = 0.0
    single_writes: bool = False


def manners_of(devices: Iterable[Device]) -> Mapping[int, Manners]:
    """Return the manners by unit; where two devices share a unit, the more patient ones hold."""
    found: dict[int, Manners] = {}
    for device in devices:
        own = Manners(device.timeout_s, device.frame_delay_ms / 1000, device.single_writes)
        other = found.get(device.unit_id, own)
        found[device.unit_id] = Manners(
            max(own.timeout_s, other.timeout_s),
            max(own.delay_s, other.delay_s),
            own.single_writes or other.single_writes,
        )
    return found
