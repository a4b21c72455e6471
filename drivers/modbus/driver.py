"""Modbus as the pool sees it: a connection for each endpoint or serial line, with all the units behind it."""

from collections.abc import Hashable, Sequence

from drivers.connection import Connection, DeviceTags, DriverContext
from drivers.modbus.line import ModbusLine
from drivers.modbus.transport import key_of
from drivers.worker import Worker
from plant_models.device import Device


class ModbusDriver:
    """Fulfils `drivers.connection.Driver`."""

    def key_of(self, device: Device) -> Hashable:
        return key_of(device)

    def connect(self, members: Sequence[DeviceTags], context: DriverContext) -> Connection:
        return Worker(f"modbus {members[0][0].where}", ModbusLine(members, context), context.clock)


DRIVER = ModbusDriver()
