"""OPC UA as the pool sees it: a connection for each server."""

from collections.abc import Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.loop_worker import LoopWorker
from drivers.opcua.device import OpcUaDevice
from plant_models.device import Device


class OpcUaDriver:
    """Fulfils `drivers.connection.Driver`."""

    def key_of(self, device: Device) -> Hashable:
        return device.name

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        ((device, tags),) = members
        job = OpcUaDevice(device, tags, context)
        return LoopWorker(f"opcua {device.name}", job, context.clock, job.abort)


DRIVER = OpcUaDriver()
