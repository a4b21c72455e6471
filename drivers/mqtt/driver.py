"""MQTT as the pool sees it: a connection for each broker."""

from collections.abc import Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.loop_worker import LoopWorker
from drivers.mqtt.device import MqttDevice
from plant_models.device import Device


class MqttDriver:
    """Fulfils `drivers.connection.Driver`."""

    def key_of(self, device: Device) -> Hashable:
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        ((device, tags),) = members
        return LoopWorker(f"mqtt {device.name}", MqttDevice(device, tags, context), context.clock)


DRIVER = MqttDriver()
