"""Plants of a few tags, made in a line or two."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from plant_models.alarm_definition import AlarmDefinition
from plant_models.device import Device, Endpoint
from plant_models.mqtt_settings import MqttSettings
from plant_models.plant import Plant
from plant_models.tag import DataType, Tag


def modbus_device(name: str, port: int, **settings: Any) -> Device:
    """Return a Modbus device on this machine that gives up quickly."""
    settings = {"timeout_s": 0.3, "back_off_s": 0.2, **settings}
    return Device(name=name, protocol="modbus", endpoint=Endpoint("127.0.0.1", port), **settings)


def opcua_device(name: str, port: int, **settings: Any) -> Device:
    """Return an OPC UA device on this machine that may be reached without encryption."""
    settings = {"timeout_s": 1.0, "back_off_s": 0.2, "security": "None", "insecure_ok": True, **settings}
    return Device(name=name, protocol="opcua", endpoint=Endpoint("127.0.0.1", port), **settings)


def mqtt_device(name: str, port: int, mqtt: MqttSettings | None = None, **settings: Any) -> Device:
    """Return a broker on this machine that may be reached without encryption."""
    settings = {"timeout_s": 1.0, "back_off_s": 0.2, "insecure_ok": True, **settings}
    endpoint = Endpoint("127.0.0.1", port)
    return Device(name=name, protocol="mqtt", endpoint=endpoint, mqtt=mqtt or MqttSettings(tls=False), **settings)


def tag(name: str, device: str, address: str, data_type: DataType = DataType.U16, **settings: Any) -> Tag:
    """Return a tag of the scan class "fast"."""
    return Tag(name=name, device=device, address=address, type=data_type, **{"scan": "fast", **settings})


def small_plant(
    devices: Sequence[Device],
    tags: Sequence[Tag],
    fast_s: float = 0.05,
    alarms: Sequence[AlarmDefinition] = (),
) -> Plant:
    """Return a plant with these devices, tags and alarms and nothing else."""
    return Plant(
        folder=Path("/nowhere"),
        name="Small",
        time_zone="Europe/London",
        home="",
        is_simulated=False,
        areas=(),
        scan_s={"fast": fast_s, "slow": 5.0},
        devices={device.name: device for device in devices},
        types={},
        equipment={},
        tags=tuple(tags),
        alarms=tuple(alarms),
        displays={},
    )
