"""Which source times are believed: a device with a wrong clock must not decide when something was. Any thread."""

from typing import Final

TRUST_US: Final = 300_000_000
"""How far a source time may be from the station's clock (5 minutes)."""


def believed_us(source_us: int, station_us: int) -> int:
    """Return the source time if it can be believed, else the station's (both µs UTC)."""
    return source_us if abs(source_us - station_us) <= TRUST_US else station_us
