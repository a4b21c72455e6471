"""How the devices are doing, in words. Pure; GUI thread."""

from typing import Final

from drivers.health import DeviceHealth, LinkState
from hmi.i18n import tr
from plant_models.message import message

_WORDS: Final = {
    LinkState.CONNECTING: message("Connecting"),
    LinkState.CONNECTED: message("Connected"),
    LinkState.DOWN: message("No connection"),
    LinkState.DISABLED: message("Out of service"),
}
_PROTOCOLS: Final = {"modbus": "Modbus TCP", "opcua": "OPC UA", "mqtt": "MQTT"}


def link_word(state: LinkState) -> str:
    """Return the state of a connection in a word or two."""
    return tr(_WORDS[state])


def protocol_name(protocol: str) -> str:
    """Return a protocol's own name, which isn't translated."""
    return _PROTOCOLS.get(protocol, protocol)


def insecure_word(health: DeviceHealth) -> str:
    """Return that a connection can be read and changed by others, or an empty text."""
    return tr("Not encrypted") if health.is_insecure else ""


def connected_count(devices: tuple[DeviceHealth, ...]) -> tuple[int, int]:
    """Return how many devices are connected, and how many should be."""
    wanted = [device for device in devices if device.state is not LinkState.DISABLED]
    return sum(device.state is LinkState.CONNECTED for device in wanted), len(wanted)
