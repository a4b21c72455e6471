"""Modbus as the pool sees it: a connection for each endpoint, with all the units behind it."""

from collections.abc import Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.modbus.line import ModbusLine
from drivers.worker import Worker
from plant_models.device import Device


class ModbusDriver:
    """Fulfils `drivers.connection.Driver`."""

    def key_of(self, device: Device) -> Hashable:
        return device.endpoint

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        endpoint = members[0][0].endpoint
        line = ModbusLine(endpoint, members, context)
        return Worker(f"modbus {endpoint.host}:{endpoint.port}", line, context.clock)


DRIVER = ModbusDriver()
