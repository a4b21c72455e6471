"""Which devices share a connection, and which driver makes it. Pure, any thread."""

import logging
from collections.abc import Hashable, Iterable, Set
from dataclasses import dataclass

from drivers.connection import DeviceTags, Driver
from drivers.health import LinkState
from drivers.left_out import NoDriver
from drivers.registry import driver_of
from drivers.write_words import SWITCHED_OFF, TAKEN_OUT
from plant_models.device import Device, Endpoint
from plant_models.message import message
from plant_models.protocols import known_protocols

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LinkPlan:
    """A connection to make. `key` names it among all of a station."""

    key: Hashable
    driver: Driver
    members: tuple[DeviceTags, ...]

    @property
    def devices(self) -> tuple[Device, ...]:
        return tuple(device for device, _ in self.members)

    @property
    def backup(self) -> Endpoint | None:
        """Where the devices are asked if they don't answer; those with another backup have another key."""
        return self.members[0][0].backup

    @property
    def members_at_backup(self) -> tuple[DeviceTags, ...]:
        return tuple((device.at(device.backup or device.endpoint), tags) for device, tags in self.members)

    def is_same(self, other: "LinkPlan") -> bool:
        """Tell whether a connection of the other plan does for this one; the tags of a device never change."""
        return self.key == other.key and self.devices == other.devices


def link_plans(members: Iterable[DeviceTags], switched_off: Set[str]) -> list[LinkPlan]:
    """Return the connections that reach these devices, in order of their first device.

    `switched_off` names those that are out of service by the plant folder itself.
    """
    found: dict[Hashable, tuple[Driver, list[DeviceTags]]] = {}
    for device, tags in members:
        out = NoDriver(LinkState.DISABLED, SWITCHED_OFF if device.name in switched_off else TAKEN_OUT)
        driver, key = _driver_and_key(device) if device.enabled else (out, (out, device.name))
        found.setdefault(key, (driver, []))[1].append((device, tags))
    return [LinkPlan(key, driver, tuple(devices)) for key, (driver, devices) in found.items()]


def _driver_and_key(device: Device) -> tuple[Driver, Hashable]:
    """Return how a device is reached; whatever goes wrong with it leaves out that device alone."""
    try:
        driver = driver_of(device.protocol)
        return driver, (device.protocol, driver.key_of(device), device.backup)
    except LookupError:
        known = ", ".join(known_protocols())
        words = message("Unknown protocol {protocol!r}; use {known}", protocol=device.protocol, known=known)
    except Exception as error:  # noqa: BLE001 - the border: a driver of another package must not stop the others
        _log.exception("the driver of %s can't be used", device.protocol)
        what = {"protocol": device.protocol, "error": str(error)}
        words = message("The driver of {protocol} can't be used: {error}", **what)
    none = NoDriver(LinkState.DOWN, words)
    return none, (none, device.name)
