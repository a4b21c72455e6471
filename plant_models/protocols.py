"""The names of the protocols that devices can speak: those that come with Clearwell, and those of other packages."""

from importlib.metadata import entry_points
from typing import Final

BUILT_IN: Final = ("modbus", "opcua", "mqtt")
GROUP: Final = "clearwell.drivers"
"""The group of entry points by which a package brings a driver; the name of the entry is the protocol."""


def known_protocols() -> tuple[str, ...]:
    """Return every protocol that a device may name, ours first; no driver is imported for it."""
    others = sorted({entry.name for entry in entry_points(group=GROUP)} - set(BUILT_IN))
    return (*BUILT_IN, *others)
